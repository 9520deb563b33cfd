//! Where a reader is in the lesson, as an address: `#/lesson`, `#/lesson/heads`, `#/lesson/heads?steps=puzzle,heads`.

/// The steps of the lesson, in its own order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Puzzle,
    Dictionary,
    Softmax,
    Cross,
    Rnn,
    Price,
    Heads,
    Order,
    Layers,
    Family,
}

impl Step {
    pub const ALL: [Self; 10] = [
        Self::Puzzle,
        Self::Dictionary,
        Self::Softmax,
        Self::Cross,
        Self::Rnn,
        Self::Price,
        Self::Heads,
        Self::Order,
        Self::Layers,
        Self::Family,
    ];

    /// Its name in links and attributes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Puzzle => "puzzle",
            Self::Dictionary => "dictionary",
            Self::Softmax => "softmax",
            Self::Cross => "cross",
            Self::Rnn => "rnn",
            Self::Price => "price",
            Self::Heads => "heads",
            Self::Order => "order",
            Self::Layers => "layers",
            Self::Family => "family",
        }
    }

    fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }
}

/// A lesson of some steps, and the one on screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Where the address names none, where the reader was last is as good.
    pub step: Option<Step>,
    /// Not empty.
    pub steps: Vec<Step>,
    /// What the address names and no step is called.
    pub unknown: Vec<String>,
}

/// More names than this are no list of steps.
const MOST_NAMES: usize = 100;

impl Place {
    /// From what follows the `#`; none for an address that is not the lesson's.
    pub fn read(address: &str) -> Option<Self> {
        let rest = address.strip_prefix("/lesson")?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        if !(path.is_empty() || path.starts_with('/')) {
            return None;
        }
        let named = path.trim_matches('/');
        let (steps, mut unknown) = steps(query.strip_prefix("steps=").unwrap_or(""));
        let steps = if steps.is_empty() { Step::ALL.to_vec() } else { steps };
        let step = Step::of(named).filter(|step| steps.contains(step));
        if step.is_none() && !named.is_empty() {
            unknown.insert(0, short(named));
        }
        Some(Self { step, steps, unknown })
    }

    /// The address of a step of this lesson.
    pub fn address(&self, step: Step) -> String {
        let of = if self.is_whole() { String::new() } else { format!("?steps={}", names(&self.steps)) };
        format!("/lesson/{}{of}", step.name())
    }

    /// All steps in the lesson's own order.
    pub fn is_whole(&self) -> bool {
        self.steps == Step::ALL
    }
}

/// The steps that a list names, each once, and what names none.
pub fn steps(list: &str) -> (Vec<Step>, Vec<String>) {
    let (mut steps, mut unknown) = (Vec::new(), Vec::new());
    for name in list.split([',', ' ', '+']).filter(|name| !name.is_empty()).take(MOST_NAMES) {
        match Step::of(name) {
            Some(step) if steps.contains(&step) => {}
            Some(step) => steps.push(step),
            None => unknown.push(short(name)),
        }
    }
    (steps, unknown)
}

/// Their names as a list.
pub fn names(steps: &[Step]) -> String {
    steps.iter().map(|step| step.name()).collect::<Vec<_>>().join(",")
}

fn short(name: &str) -> String {
    name.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &str) -> Place {
        Place::read(address).unwrap_or_else(|| panic!("{address} is the lesson's"))
    }

    #[test]
    fn an_address_is_a_place() {
        let whole = read("/lesson");
        assert_eq!((whole.step, whole.steps.len(), whole.is_whole()), (None, 10, true));
        assert_eq!(read("/lesson/"), whole);
        assert_eq!(read("/lesson/heads").step, Some(Step::Heads));
        let three = read("/lesson/heads?steps=price,heads,puzzle,heads");
        assert_eq!((three.step, &three.steps[..]), (Some(Step::Heads), &[Step::Price, Step::Heads, Step::Puzzle][..]));
        for other in ["", "v=1&text=a", "/lessons", "/other", "lesson"] {
            assert_eq!(Place::read(other), None, "{other}");
        }
    }

    #[test]
    fn every_place_comes_back() {
        for steps in [Step::ALL.to_vec(), vec![Step::Order], vec![Step::Family, Step::Rnn]] {
            for &step in &steps {
                let place = Place { step: Some(step), steps: steps.clone(), unknown: Vec::new() };
                assert_eq!(read(&place.address(step)), place);
            }
        }
        assert_eq!(read("/lesson").address(Step::Heads), "/lesson/heads");
    }

    #[test]
    fn what_no_step_is_called_is_told() {
        let place = read("/lesson/head?steps=puzzle,<b>,order");
        assert_eq!((place.step, place.steps), (None, vec![Step::Puzzle, Step::Order]));
        assert_eq!(place.unknown, ["head", "<b>"]);
        assert_eq!(read("/lesson/heads?steps=puzzle").unknown, ["heads"], "not in this lesson");
        assert_eq!(read("/lesson?steps=nothing").steps.len(), 10);
        assert_eq!(read(&format!("/lesson/{}", "x".repeat(999))).unknown[0].len(), 40);
        assert_eq!(read(&format!("/lesson?steps={}", "x,".repeat(9999))).unknown.len(), 100);
    }
}
