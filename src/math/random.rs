//! Random numbers that are the same on every run, for the same seed.

/// SplitMix64 (Steele, Lea & Flood 2014, <https://doi.org/10.1145/2660193.2660195>).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A generator of another sequence, seeded by this one.
    pub fn split(&mut self) -> Self {
        Self(self.bits())
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// An integer from 0 to `end` - 1. The smallest ones are more likely by `end` / 2^64, which is negligible.
    pub fn below(&mut self, end: usize) -> usize {
        (self.bits() % end as u64) as usize
    }

    /// Uniformly distributed between -`bound` and `bound`.
    pub fn within(&mut self, bound: f64) -> f64 {
        bound * (2.0 * self.share() - 1.0)
    }

    /// Normally distributed with mean 0 and variance 1 (Box & Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.share()).ln()).sqrt(); // 1 - share is never 0
        radius * (std::f64::consts::TAU * self.share()).cos()
    }

    /// Uniformly distributed from 0 up to but excluding 1, in steps of 2^-53.
    fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs of the reference implementation for seed 1234567.
    #[test]
    fn the_published_sequence() {
        let mut random = Random::new(1_234_567);
        assert_eq!(random.bits(), 6_457_827_717_110_365_317);
        assert_eq!(random.bits(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        let mut random = Random::new(1);
        let mut moments = |draw: fn(&mut Random) -> f64| {
            let drawn: Vec<f64> = (0..20_000).map(|_| draw(&mut random)).collect();
            let mean = |power: i32| drawn.iter().map(|x| x.powi(power)).sum::<f64>() / drawn.len() as f64;
            (mean(1), mean(2))
        };
        let (mean, square) = moments(Random::normal);
        assert!(mean.abs() < 0.02 && (square - 1.0).abs() < 0.03, "{mean} {square}");
        let (mean, square) = moments(|random| random.within(3.0));
        assert!(mean.abs() < 0.04 && (square - 3.0).abs() < 0.06, "{mean} {square}");
    }
}
