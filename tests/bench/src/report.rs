//! The results as a table and as JSON, and whether they are good enough.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::json;

use crate::figures::{Figure, Figures, Limit};
use crate::statistics::Median;

/// Which of the pages is measured, and which the others are held against.
const APP: usize = 0;
const REFERENCE: usize = 1;

/// The figures of all visits.
pub(crate) struct Report {
    pages: Vec<String>,
    /// For each round those of each page.
    rounds: Vec<Vec<Figures>>,
}

impl Report {
    pub(crate) fn new(pages: Vec<String>) -> Self {
        Self {
            pages,
            rounds: Vec::new(),
        }
    }

    /// Adds a round: the figures of each page, in the order of the pages.
    pub(crate) fn add(&mut self, round: Vec<Figures>) {
        self.rounds.push(round);
    }

    /// Whether every figure of the app keeps its limit.
    pub(crate) fn passes(&self) -> bool {
        Figure::ALL
            .iter()
            .all(|&figure| self.keeps(figure) != Some(false))
    }

    /// Whether the app keeps a figure's limit, if there is one.
    fn keeps(&self, figure: Figure) -> Option<bool> {
        match figure.limit() {
            Limit::Absolute(most) => Some(self.median(APP, figure)?.value <= most),
            Limit::Ratio(most) => Some(self.ratio(APP, figure)?.value <= most),
            Limit::None => None,
        }
    }

    fn median(&self, page: usize, figure: Figure) -> Option<Median> {
        let sample = self.rounds.iter();
        let sample = sample.filter_map(|round| round.get(page)?.get(&figure).copied());
        Median::of(&sample.collect::<Vec<f64>>())
    }

    /// How a page compares with the reference, round by round.
    fn ratio(&self, page: usize, figure: Figure) -> Option<Median> {
        let sample = self.rounds.iter().filter_map(|round| {
            let of = |page: usize| round.get(page)?.get(&figure).copied();
            let reference = of(REFERENCE).filter(|reference| *reference > 0.0)?;
            Some(of(page)? / reference)
        });
        Median::of(&sample.collect::<Vec<f64>>())
    }

    /// Writes all of it as JSON.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        #[derive(Serialize)]
        struct Result {
            median: Option<Median>,
            ratio: Option<Median>,
            sample: Vec<Option<f64>>,
        }
        let mut pages = BTreeMap::new();
        for (index, page) in self.pages.iter().enumerate() {
            let figures = Figure::ALL.map(|figure| {
                let sample = self.rounds.iter();
                let sample = sample.map(|round| round.get(index)?.get(&figure).copied());
                let result = Result {
                    median: self.median(index, figure),
                    ratio: self.ratio(index, figure),
                    sample: sample.collect(),
                };
                (figure.name(), result)
            });
            pages.insert(page.as_str(), BTreeMap::from(figures));
        }
        let results =
            json!({ "rounds": self.rounds.len(), "passes": self.passes(), "pages": pages });
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, serde_json::to_string_pretty(&results)? + "\n")
            .with_context(|| path.display().to_string())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = Figure::ALL.map(|figure| figure.name().len());
        let width = width.into_iter().max().unwrap_or_default();
        write!(f, "\n{:width$}", "medians")?;
        for page in &self.pages {
            write!(f, " {page:>12}")?;
        }
        for (index, page) in self.pages.iter().enumerate() {
            if index != REFERENCE {
                write!(f, " {:>22}", format!("{page}, ratio"))?;
            }
        }
        writeln!(f, " {:>10}", "at most")?;
        for figure in Figure::ALL {
            write!(f, "{:width$}", figure.name())?;
            for page in 0..self.pages.len() {
                let median = self.median(page, figure).map(|median| number(median.value));
                write!(f, " {:>12}", median.unwrap_or_default())?;
            }
            for page in (0..self.pages.len()).filter(|&page| page != REFERENCE) {
                let ratio = self.ratio(page, figure).map(|ratio| {
                    format!("{:.2} [{:.2}, {:.2}]", ratio.value, ratio.low, ratio.high)
                });
                write!(f, " {:>22}", ratio.unwrap_or_default())?;
            }
            let most = match figure.limit() {
                Limit::Absolute(most) => number(most),
                Limit::Ratio(most) => format!("{most} ×"),
                Limit::None => String::new(),
            };
            let verdict = match self.keeps(figure) {
                Some(true) => "passes",
                Some(false) => "FAILS",
                None => "",
            };
            writeln!(f, " {most:>10} {verdict}")?;
        }
        Ok(())
    }
}

fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(app: &[(Figure, f64)], reference: &[(Figure, f64)]) -> Report {
        let figures = |figures: &[(Figure, f64)]| figures.iter().copied().collect();
        let mut report = Report::new(vec!["app".to_owned(), "plain".to_owned()]);
        report.add(vec![figures(app), figures(reference)]);
        report
    }

    #[test]
    fn a_ratio_beyond_its_limit_fails() {
        let usable = |ms| [(Figure::ListUsable, ms)];
        assert!(report(&usable(129.0), &usable(100.0)).passes());
        assert!(!report(&usable(131.0), &usable(100.0)).passes());
    }

    #[test]
    fn an_absolute_limit_does_not_ask_the_reference() {
        let bytes = |bytes| [(Figure::Bytes, bytes)];
        assert!(report(&bytes(75_000.0), &bytes(10.0)).passes());
        assert!(!report(&bytes(75_001.0), &bytes(80_000.0)).passes());
    }

    #[test]
    fn the_table_says_what_fails() {
        let report = report(&[(Figure::WorstEvent, 64.0)], &[(Figure::WorstEvent, 32.0)]);
        let table = report.to_string();
        let line = table.lines().find(|line| line.contains("worst event"));
        let line = line.unwrap();
        assert!(
            line.contains("2.00 [2.00, 2.00]") && line.ends_with("50.0 FAILS"),
            "{line}"
        );
    }
}
