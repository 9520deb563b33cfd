//! Whether the worker still answers. The page counts ticks of its own timer instead of reading a clock. While the page
//! is hidden or the computer sleeps there are no ticks, or they are not counted, so that this time does not count as
//! silence.

/// The message with which the page asks a worker for a sign of life. It is not a message of [`super::protocol`].
pub const PING: &str = "ping";
/// The worker's answer, which it also posts without a request during long work.
pub const BEAT: &str = "beat";

/// Milliseconds between two ticks.
pub const TICK: u64 = 1000;

/// Ticks without an answer after which a worker counts as silent. It answers between slices of its work, most of which
/// take 8 milliseconds. Longer work gives signs of life between products and between matrices. The longest work without
/// either is building a tokenizer of 260,000 words, which takes 2 seconds on a laptop and about 10 on a slow phone.
const LIMIT: u32 = 30;
/// The same for a worker that has not sent a message yet, because its program of half a megabyte may be loaded over a
/// slow network.
const LIMIT_AT_START: u32 = 180;

/// The number of ticks after the last message in either direction during which the worker is asked for signs of life,
/// even if no request is known to wait.
const WATCHED: u32 = 3;

/// The state of the watch over a worker.
#[derive(Debug, Default)]
pub struct Pulse {
    /// The number of ticks for which it is still watched.
    watched: u32,
    /// The number of ticks since it was asked, or 0 if it has answered.
    silent: u32,
}

/// What to do after a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing.
    Rest,
    /// Post [`PING`].
    Ask,
    /// Wait, because the worker was asked and may still answer.
    Wait,
    /// Report that the worker has not answered for longer than its longest work takes.
    Silent,
}

impl Pulse {
    /// To be called for every request to the worker.
    pub fn asked(&mut self) {
        self.watched = WATCHED;
    }

    /// To be called for every message from the worker. `is_reply`: it is more than a sign of life.
    pub fn heard(&mut self, is_reply: bool) {
        self.silent = 0;
        if is_reply {
            self.watched = WATCHED;
        }
    }

    /// To be called at every tick of the page's timer. `shown`: the page is visible, so that its timer is regular.
    /// `waits`: a request waits for an answer. `listens`: the worker has sent its first message.
    pub fn tick(&mut self, shown: bool, waits: bool, listens: bool) -> Step {
        if !shown {
            self.silent = 0;
            return Step::Rest;
        }
        if !waits && self.watched == 0 && self.silent == 0 {
            return Step::Rest;
        }
        self.watched = self.watched.saturating_sub(1);
        self.silent += 1;
        match self.silent {
            1 => Step::Ask,
            silent if silent > if listens { LIMIT } else { LIMIT_AT_START } => Step::Silent,
            _ => Step::Wait,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ticks of a shown page on a worker that does not answer, until it counts as silent.
    fn until_silent(pulse: &mut Pulse, waits: bool, listens: bool) -> Option<u32> {
        (1..=10 * LIMIT_AT_START).find(|_| pulse.tick(true, waits, listens) == Step::Silent)
    }

    #[test]
    fn a_worker_that_answers_is_asked_again_and_never_counts_as_silent() {
        let mut pulse = Pulse::default();
        for _ in 0..10 * LIMIT {
            assert_eq!(pulse.tick(true, true, true), Step::Ask);
            pulse.heard(false);
        }
    }

    #[test]
    fn a_slow_worker_that_answers_at_the_last_moment_never_counts_as_silent() {
        let mut pulse = Pulse::default();
        for _ in 0..10 {
            for tick in 0..LIMIT {
                let want = if tick == 0 { Step::Ask } else { Step::Wait };
                assert_eq!(pulse.tick(true, true, true), want);
            }
            pulse.heard(false);
        }
    }

    #[test]
    fn a_worker_that_stops_counts_as_silent_until_it_goes_on() {
        let mut pulse = Pulse::default();
        assert_eq!(until_silent(&mut pulse, true, true), Some(LIMIT + 1));
        assert_eq!(pulse.tick(true, true, true), Step::Silent);
        pulse.heard(true);
        assert_eq!(pulse.tick(true, true, true), Step::Ask);
    }

    #[test]
    fn what_nobody_waits_for_is_noticed_too_where_it_was_just_asked() {
        let mut pulse = Pulse::default();
        assert_eq!(until_silent(&mut pulse, false, true), None, "an idle worker is left alone");
        pulse.asked();
        assert_eq!(until_silent(&mut pulse, false, true), Some(LIMIT + 1));
        // A training that nobody is known to wait for tells of itself again and again; then it hangs.
        let mut pulse = Pulse::default();
        for _ in 0..5 {
            pulse.heard(true);
            assert_eq!(pulse.tick(true, false, true), Step::Ask);
        }
        assert_eq!(until_silent(&mut pulse, false, true), Some(LIMIT));
    }

    #[test]
    fn answers_alone_do_not_keep_an_idle_worker_awake() {
        let mut pulse = Pulse::default();
        pulse.asked();
        let asked = (0..LIMIT).filter(|_| {
            let step = pulse.tick(true, false, true);
            pulse.heard(false);
            step == Step::Ask
        });
        assert_eq!(asked.count(), WATCHED as usize);
    }

    #[test]
    fn a_hidden_page_takes_nothing_for_silence() {
        let mut pulse = Pulse::default();
        for _ in 0..LIMIT {
            pulse.tick(true, true, true);
        }
        for _ in 0..10 * LIMIT {
            assert_eq!(pulse.tick(false, true, true), Step::Rest);
        }
        assert_eq!(
            until_silent(&mut pulse, true, true),
            Some(LIMIT + 1),
            "it is given the whole time once it is shown"
        );
    }

    #[test]
    fn a_worker_that_is_still_being_fetched_has_more_time() {
        assert_eq!(until_silent(&mut Pulse::default(), true, false), Some(LIMIT_AT_START + 1));
    }
}
