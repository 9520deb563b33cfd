//! The tabs of the inspector. Which of them is open follows from the view, so that links and scripts open them, too.

use super::view_state::ViewState;
use crate::analysis::Measure;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// The row of the query, as a table.
    Row,
    /// How one weight is made.
    Steps,
    /// What the model makes of the text.
    Effect,
    /// All heads by one measure, and what a run costs.
    Charts,
}

impl Tab {
    pub const ALL: [Self; 4] = [Self::Row, Self::Steps, Self::Effect, Self::Charts];

    /// The tab that this view has open: the last of them where a link opens several.
    pub fn of(view: &ViewState) -> Self {
        match view {
            _ if view.chart.is_some() => Self::Charts,
            _ if view.downstream => Self::Effect,
            _ if view.inside => Self::Steps,
            _ => Self::Row,
        }
    }

    /// Opens this tab, and closes the others.
    pub fn open(self, view: &mut ViewState) {
        view.inside = self == Self::Steps;
        view.downstream = self == Self::Effect;
        let chart = view.chart.unwrap_or(Measure::Entropy);
        view.chart = (self == Self::Charts).then_some(chart);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_has_one_tab_open() {
        let mut view = ViewState::default();
        for tab in Tab::ALL {
            tab.open(&mut view);
            assert_eq!(Tab::of(&view), tab);
        }
        view.chart = Some(Measure::Distance);
        Tab::Charts.open(&mut view);
        assert_eq!(view.chart, Some(Measure::Distance), "the measure stays");
        (view.inside, view.downstream) = (true, true);
        assert_eq!(Tab::of(&view), Tab::Charts);
    }
}
