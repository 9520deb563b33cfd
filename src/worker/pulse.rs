//! Whether the worker still answers. The page decides it by counting ticks of its own timer and never reads a clock: while the
//! page is hidden or the computer sleeps there are no ticks, or they are not counted, so that neither is taken for silence.

/// What the page posts to a worker to learn whether it lets messages in, and what the worker answers. It posts the answer also
/// without being asked, from within long work. Neither is a message of [`super::protocol`].
pub const PING: &str = "ping";
pub const BEAT: &str = "beat";

/// Milliseconds between two ticks.
pub const TICK: u64 = 1000;

/// Ticks without an answer after which a worker counts as silent. It answers between slices of its work, most of which last 8
/// milliseconds; what lasts longer gives signs of life between any two products or matrices. What remains is a part of work
/// without either: the longest is a tokenizer of 260,000 words, 2 seconds on a laptop and some 10 on a slow phone.
const LIMIT: u32 = 30;
/// The same for a worker that has not said a word: its program, half a megabyte, may come by a slow network.
const LIMIT_AT_START: u32 = 180;

/// For so many ticks after the last message in either direction the worker is asked, even if nobody is known to wait for it.
const WATCHED: u32 = 3;

/// What is known of a worker's life.
#[derive(Debug, Default)]
pub struct Pulse {
    /// Ticks for which it is watched still.
    watched: u32,
    /// Ticks since it was asked; 0 when it has answered.
    silent: u32,
}

/// What follows from a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing is to be done.
    Rest,
    /// [`PING`] is to be posted.
    Ask,
    /// The worker has been asked and may still answer.
    Wait,
    /// It has not answered for longer than a living one may take.
    Silent,
}

impl Pulse {
    /// Something has been asked of the worker.
    pub fn asked(&mut self) {
        self.watched = WATCHED;
    }

    /// It has said something; `is_reply`: more than that it lives.
    pub fn heard(&mut self, is_reply: bool) {
        self.silent = 0;
        if is_reply {
            self.watched = WATCHED;
        }
    }

    /// One tick of the page. `shown`: readers can see the page, so that its timer runs as it should. `waits`: somebody waits for
    /// an answer. `listens`: the worker has said its first word.
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
