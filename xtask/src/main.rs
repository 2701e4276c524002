//! `cargo xtask`: everything a person types to run, test and build the project.

mod bench;
mod cases;
mod check;
mod compress;
mod dist;
mod examples;
mod glue;
mod headers;
mod module;
mod policy;
mod process;
mod references;
mod sbom;
mod serve;
mod setup;
mod sizes;
mod split;
mod template;
mod weights;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::prelude::{Long, Short, Value, ValueExt};

use dist::Profile;
use setup::Browser;
use workspace::Workspace;

const HELP: &str = "\
cargo xtask <command>

  serve   run the page and a local Auth API, rebuild on change
            --port N      where to listen (8080)
            --data DIR    where the Auth API keeps its accounts and tokens
            --release     build as for production
            --faults      open the control port that switches faults on
  test    run every check and test
            --only NAME   one group
            --browser NAME
                          the one browser of the browser tests: chromium,
                          firefox or webkit
  dist    make the release build in dist/ and print its sizes
            --profile     print what the wasm consists of, too
            --record WHY  agree to the sizes, from which they may grow by a hundredth
  bench   measure the page in Chromium against plain JavaScript and React
            --pairs N     how often (15)
  help    print this

What is missing is installed on the first run, outside the clone, in the folder
TOKEN_MANAGER_CACHE (by default ~/.cache/token-manager). Other variables:

  TOKEN_MANAGER_WASM    rustup or debian: where Rust for WebAssembly comes from
  CHROME, CHROMEDRIVER, FIREFOX, GECKODRIVER, MINIBROWSER, WEBKITDRIVER, XVFB
                        the browsers and their drivers, when not on PATH
";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let mut arguments = lexopt::Parser::from_env();
    let command = match arguments.next()? {
        Some(Value(command)) => command.string()?,
        Some(Long("help") | Short('h')) | None => "help".to_owned(),
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "serve" => {
            let options = serve_options(&mut arguments)?;
            process::end_children_on_signals()?;
            serve::serve(&Workspace::find()?, &options)?;
            Ok(ExitCode::SUCCESS)
        }
        "test" => {
            let options = test_options(&mut arguments)?;
            process::end_children_on_signals()?;
            check::run(&Workspace::find()?, &options)
        }
        "dist" => {
            let options = dist_options(&mut arguments)?;
            process::end_children_on_signals()?;
            make_dist(&Workspace::find()?, &options)?;
            Ok(ExitCode::SUCCESS)
        }
        "bench" => {
            let pairs = bench_options(&mut arguments)?;
            process::end_children_on_signals()?;
            bench::run(&Workspace::find()?, pairs)
        }
        "help" => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("there is no command `{other}`; `cargo xtask help` lists them"),
    }
}

fn serve_options(arguments: &mut lexopt::Parser) -> Result<serve::Options> {
    let mut options = serve::Options::default();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("port") => options.port = arguments.value()?.parse()?,
            Long("data") => options.data = Some(arguments.value()?.into()),
            Long("release") => options.release = true,
            Long("faults") => options.faults = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}

fn test_options(arguments: &mut lexopt::Parser) -> Result<check::Options> {
    let mut options = check::Options::default();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("only") => options.only = Some(arguments.value()?.string()?),
            Long("browser") => {
                let name = arguments.value()?.string()?;
                let mut all = Browser::ALL.into_iter();
                options.browser = all.find(|browser| browser.name() == name);
                if options.browser.is_none() {
                    bail!("there is no browser `{name}`; choose chromium, firefox or webkit");
                }
            }
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}

#[derive(Default)]
struct DistOptions {
    /// Prints what the wasm consists of.
    profile: bool,
    /// Agrees to the sizes, for this reason.
    record: Option<String>,
}

fn dist_options(arguments: &mut lexopt::Parser) -> Result<DistOptions> {
    let mut options = DistOptions::default();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("profile") => options.profile = true,
            Long("record") => options.record = Some(arguments.value()?.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}

fn bench_options(arguments: &mut lexopt::Parser) -> Result<Option<u32>> {
    let mut pairs = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("pairs") => pairs = Some(arguments.value()?.parse()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(pairs)
}

fn make_dist(workspace: &Workspace, options: &DistOptions) -> Result<()> {
    let out = workspace.root.join("dist");
    let toolchain = setup::Toolchain::ready(workspace)?;
    println!("Building the release (the first time about 2 minutes, then seconds)…");
    dist::build(workspace, &toolchain, Profile::Release, &out, None)?;
    let report = sizes::Report::of(&out)?;
    report.print();
    if options.profile {
        weights::print(&dist::named_wasm(workspace, &toolchain)?)?;
    }
    if let Some(reason) = &options.record {
        sizes::Budget::record(workspace, &report, &toolchain.compiler()?, reason)?;
    }
    Ok(())
}
