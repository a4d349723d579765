//! The raw figures of a run, and their medians.

use super::measure::Measured;
use std::collections::BTreeMap;

/// A command on a data set, by their names.
pub(crate) type Job = (&'static str, &'static str);

/// Everything that was measured, by data set and command.
#[derive(Default)]
pub(crate) struct Figures {
    /// The runs of each job, in order.
    pub(crate) runs: BTreeMap<Job, Vec<Measured>>,
    /// What did not run, with the reason.
    pub(crate) failed: BTreeMap<Job, String>,
}

/// The medians of one job.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Medians {
    /// In seconds.
    pub(crate) wall: f64,
    /// In seconds.
    pub(crate) processor: f64,
    /// In bytes.
    pub(crate) peak: f64,
    /// In bytes.
    pub(crate) own: Option<f64>,
    /// In bytes.
    pub(crate) written: Option<f64>,
}

impl Figures {
    /// The medians of a job, if it ran and never failed.
    pub(crate) fn medians(&self, dataset: &str, command: &str) -> Option<Medians> {
        let job = (dataset, command);
        if self.failed.contains_key(&job) {
            return None;
        }
        let runs = self.runs.get(&job)?;
        let of = |figure: &dyn Fn(&Measured) -> Option<f64>| median(runs.iter().filter_map(figure).collect());
        Some(Medians {
            wall: of(&|run| Some(run.wall))?,
            processor: of(&|run| Some(run.processor))?,
            peak: of(&|run| Some(bytes(run.peak)))?,
            own: of(&|run| run.own.map(bytes)),
            written: of(&|run| run.written.map(bytes)),
        })
    }
}

/// The middle of some figures, or of the two middle ones.
pub(crate) fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    let upper = *figures.get(middle)?;
    if figures.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(figures[middle - 1], upper))
}

/// A count as a number to calculate with.
#[expect(clippy::cast_precision_loss, reason = "a count beyond 2^53 is none that is measured here")]
pub(crate) fn bytes(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        for (figures, expected) in [
            (vec![], None),
            (vec![3.0], Some(3.0)),
            (vec![9.0, 1.0, 2.0], Some(2.0)),
            (vec![4.0, 1.0, 100.0, 2.0], Some(3.0)),
        ] {
            assert_eq!(median(figures.clone()), expected, "{figures:?}");
        }
    }

    #[test]
    fn each_figure_has_its_own_median_and_a_failed_job_none() {
        let job = ("plain", "triage");
        let run = |wall, processor, peak, own| Measured { wall, processor, peak, own, written: own };
        let mut figures = Figures::default();
        let runs = vec![run(3.0, 4.0, 10, None), run(1.0, 9.0, 30, Some(7)), run(2.0, 5.0, 20, Some(5))];
        figures.runs.insert(job, runs);
        let expected = Medians { wall: 2.0, processor: 5.0, peak: 20.0, own: Some(6.0), written: Some(6.0) };
        assert_eq!(figures.medians(job.0, job.1), Some(expected));
        assert_eq!(figures.medians("plain", "cat"), None);
        figures.failed.insert(job, "no".into());
        assert_eq!(figures.medians(job.0, job.1), None);
    }
}
