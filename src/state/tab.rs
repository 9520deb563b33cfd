//! The tabs of the inspector. The view decides which of them is open, so that links and scripts can open them, too.

use super::view_state::ViewState;
use crate::analysis::Measure;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// The row of the query, as a table.
    Row,
    /// The steps from the vectors to a weight.
    Steps,
    /// The predictions and embeddings of the model.
    Effect,
    /// All heads by a measure, and the time of a run.
    Charts,
}

impl Tab {
    pub const ALL: [Self; 4] = [Self::Row, Self::Steps, Self::Effect, Self::Charts];

    /// The tab that is open in this view, which is the last one if a link opens several.
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
