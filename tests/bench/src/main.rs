//! Measures pages against each other: visits in turn, so that what else the machine does hits all
//! alike, and medians of the ratios.

mod figures;
mod report;
mod statistics;
mod visit;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use lexopt::prelude::{Long, ValueExt};

use report::Report;
use visit::Candidate;

/// How often each page is visited, if nothing else is said.
const PAIRS: usize = 15;

struct Options {
    /// The measured page, what it is compared with, and further pages that are.
    pages: Vec<(String, PathBuf)>,
    pairs: usize,
    /// Where the results go as JSON.
    out: PathBuf,
}

impl Options {
    fn from_arguments() -> Result<Self> {
        let mut pages = Vec::new();
        let mut pairs = PAIRS;
        let mut out = None;
        let mut arguments = lexopt::Parser::from_env();
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("page") => {
                    let page = arguments.value()?.string()?;
                    let (name, dist) = page.split_once('=').context("--page NAME=FOLDER")?;
                    pages.push((name.to_owned(), dist.into()));
                }
                Long("pairs") => pairs = arguments.value()?.parse()?,
                Long("out") => out = Some(arguments.value()?.into()),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(Self {
            pages,
            pairs,
            out: out.context("--out is missing")?,
        })
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<ExitCode> {
    let options = Options::from_arguments()?;
    let mut candidates = Vec::new();
    for (name, dist) in options.pages {
        candidates.push(Candidate::serve(name, dist).await?);
    }
    let names = candidates.iter().map(|candidate| candidate.name.clone());
    let mut report = Report::new(names.collect());
    for round in 0..options.pairs {
        println!("Round {} of {}…", round + 1, options.pairs);
        let mut visits = Vec::new();
        for (index, candidate) in candidates.iter().enumerate() {
            visits.push((index, candidate));
        }
        // Whoever comes first in one round comes last in the next.
        if round % 2 == 1 {
            visits.reverse();
        }
        let mut figures = Vec::new();
        for (index, candidate) in visits {
            figures.push((index, candidate.visit().await?));
        }
        figures.sort_by_key(|(index, _)| *index);
        report.add(figures.into_iter().map(|(_, figures)| figures).collect());
    }
    print!("{report}");
    report.write(&options.out)?;
    println!("As JSON: {}", options.out.display());
    Ok(match report.passes() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}
