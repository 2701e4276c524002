//! Runs every check and test, and counts.

use std::cell::OnceCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::cases::Cases;
use crate::dist::{self, Profile};
use crate::examples;
use crate::process;
use crate::setup::{self, Browser, Chromium, Toolchain, WebServers};
use crate::sizes;
use crate::workspace::Workspace;

/// The groups, in the order in which they run: what is quick and often fails comes first.
const GROUPS: [Group; 14] = [
    Group {
        name: "fmt",
        run: fmt,
    },
    Group {
        name: "clippy",
        run: clippy,
    },
    Group {
        name: "clippy-wasm",
        run: clippy_wasm,
    },
    Group {
        name: "docs",
        run: docs,
    },
    Group {
        name: "deny",
        run: deny,
    },
    Group {
        name: "types",
        run: types,
    },
    Group {
        name: "unit",
        run: unit,
    },
    Group {
        name: "xtask",
        run: |session| session.package_tests("xtask"),
    },
    Group {
        name: "site",
        run: |session| session.package_tests("site"),
    },
    Group {
        name: "auth-api",
        run: |session| session.package_tests("auth-api"),
    },
    Group {
        name: "wasm",
        run: wasm,
    },
    Group {
        name: "dist",
        run: page,
    },
    Group {
        name: "hosting",
        run: hosting,
    },
    Group {
        name: "e2e",
        run: e2e,
    },
];

/// How much of a failed group's output is shown.
const SHOWN_LINES: usize = 200;

struct Group {
    name: &'static str,
    run: fn(&Session) -> Result<Counts>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Counts {
    passed: usize,
    failed: usize,
}

/// What can be chosen on the command line.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// The one group that runs, in place of all.
    pub(crate) only: Option<String>,
    /// The one browser that the browser tests run in, in place of all.
    pub(crate) browser: Option<Browser>,
}

/// Runs the chosen groups; the last line tells how many tests passed and failed.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let only = options.only.as_deref();
    let selected = |group: &&Group| only.is_none_or(|only| only == group.name);
    let groups: Vec<&Group> = GROUPS.iter().filter(selected).collect();
    if groups.is_empty() {
        let names = GROUPS.map(|group| group.name).join(", ");
        bail!("there is no such group; choose one of: {names}");
    }
    let mut total = Counts::default();
    let mut failures = Vec::new();
    for group in groups {
        println!("{}…", group.name);
        let session = Session::new(workspace, group.name, options.browser);
        let start = Instant::now();
        let counts = session.counts(group.run);
        println!(
            "{}: {} passed, {} failed ({:.1} s)",
            group.name,
            counts.passed,
            counts.failed,
            start.elapsed().as_secs_f64()
        );
        total.passed += counts.passed;
        total.failed += counts.failed;
        if counts.failed > 0 {
            failures.push(format!("  {} (see {})", group.name, session.log.display()));
        }
    }
    if !failures.is_empty() {
        println!("\nFailed:\n{}", failures.join("\n"));
    }
    println!("\n{} passed, {} failed", total.passed, total.failed);
    Ok(if failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// One group's run.
struct Session<'a> {
    workspace: &'a Workspace,
    log: PathBuf,
    browser: Option<Browser>,
    toolchain: OnceCell<Toolchain>,
}

impl<'a> Session<'a> {
    fn new(workspace: &'a Workspace, name: &str, browser: Option<Browser>) -> Self {
        Self {
            workspace,
            log: workspace.scratch("logs").join(format!("{name}.log")),
            browser,
            toolchain: OnceCell::new(),
        }
    }

    fn counts(&self, run: fn(&Self) -> Result<Counts>) -> Counts {
        let failure = match run(self) {
            Ok(Counts {
                passed: 0,
                failed: 0,
            }) => "no test ran".to_owned(),
            Ok(counts) => return counts,
            Err(error) => format!("{error:#}"),
        };
        println!("  {failure}");
        Counts {
            passed: 0,
            failed: 1,
        }
    }

    fn toolchain(&self) -> Result<&Toolchain> {
        if self.toolchain.get().is_none() {
            let ready = Toolchain::ready(self.workspace)?;
            return Ok(self.toolchain.get_or_init(|| ready));
        }
        self.toolchain.get().context("the toolchain is not ready")
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(&self.workspace.root).args(arguments);
        cargo
    }

    fn wasm_cargo(&self, arguments: &[&str]) -> Result<Command> {
        let mut cargo = self.toolchain()?.command(self.workspace, "cargo");
        cargo.args(arguments);
        Ok(cargo)
    }

    /// The page under test; `dist/` is left to the person who asked for it.
    fn dist(&self) -> Result<PathBuf> {
        let dist = self.workspace.scratch("test-dist");
        let built = dist::build(
            self.workspace,
            self.toolchain()?,
            Profile::Release,
            &dist,
            Some(&self.log),
        );
        if built.is_err() && self.log.is_file() {
            self.show_log()?;
        }
        built.map(|()| dist)
    }

    /// Runs a command that either passes or fails.
    fn check(&self, mut command: Command) -> Result<Counts> {
        let passed = process::logged(&mut command, &self.log)?.success();
        if !passed {
            self.show_log()?;
        }
        Ok(Counts {
            passed: passed.into(),
            failed: (!passed).into(),
        })
    }

    /// Runs a command whose tests are counted.
    fn tests(&self, mut command: Command) -> Result<Counts> {
        let passed = process::logged(&mut command, &self.log)?.success();
        let mut counts = Counts::in_output(&fs::read_to_string(&self.log)?);
        if !passed {
            self.show_log()?;
            // It may have failed before or beside its tests.
            counts.failed = counts.failed.max(1);
        }
        Ok(counts)
    }

    fn package_tests(&self, package: &str) -> Result<Counts> {
        self.tests(self.cargo(&["test", "--no-fail-fast", "--package", package]))
    }

    fn show_log(&self) -> Result<()> {
        let text = fs::read_to_string(&self.log)?;
        let lines: Vec<&str> = text.lines().collect();
        let hidden = lines.len().saturating_sub(SHOWN_LINES);
        if hidden > 0 {
            println!("  [{hidden} more lines in {}]", self.log.display());
        }
        println!("{}", lines[hidden..].join("\n"));
        Ok(())
    }
}

impl Counts {
    /// The sum of the `test result:` lines of Rust's test harness.
    fn in_output(text: &str) -> Self {
        let mut sum = Self::default();
        for line in text.lines() {
            let Some((_, result)) = line.split_once("test result: ") else {
                continue;
            };
            let words: Vec<&str> = result.split_whitespace().collect();
            for pair in words.windows(2) {
                let count: usize = pair[0].parse().unwrap_or_default();
                match pair[1] {
                    "passed;" => sum.passed += count,
                    "failed;" => sum.failed += count,
                    _ => {}
                }
            }
        }
        sum
    }
}

fn fmt(session: &Session) -> Result<Counts> {
    setup::lints()?;
    session.check(session.cargo(&["fmt", "--all", "--check"]))
}

fn clippy(session: &Session) -> Result<Counts> {
    setup::lints()?;
    let arguments = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    session.check(session.cargo(&arguments))
}

fn clippy_wasm(session: &Session) -> Result<Counts> {
    let mut cargo =
        session.wasm_cargo(&["clippy", "--target", "wasm32-unknown-unknown", "--lib"])?;
    cargo.args(wasm_tests(&session.workspace.root)?);
    cargo.args(["--", "-D", "warnings"]);
    session.check(cargo)
}

fn docs(session: &Session) -> Result<Counts> {
    let mut cargo = session.cargo(&[
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ]);
    cargo.env("RUSTDOCFLAGS", "-D warnings");
    session.check(cargo)
}

fn types(session: &Session) -> Result<Counts> {
    session.check(examples::type_checker(
        session.workspace,
        session.toolchain()?,
    )?)
}

fn unit(session: &Session) -> Result<Counts> {
    session.package_tests("token-manager")
}

fn wasm(session: &Session) -> Result<Counts> {
    let chromium = Chromium::ready(session.workspace)?;
    let toolchain = session.toolchain()?;
    let capabilities = session.workspace.scratch("webdriver.json");
    fs::create_dir_all(session.workspace.scratch(""))?;
    fs::write(&capabilities, chromium.capabilities())?;
    let mut cargo = session.wasm_cargo(&["test", "--target", "wasm32-unknown-unknown"])?;
    cargo
        .arg("--no-fail-fast")
        .args(wasm_tests(&session.workspace.root)?)
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            toolchain.test_runner(),
        )
        .env("CHROMEDRIVER", &chromium.driver)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &capabilities)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    session.tests(cargo)
}

/// The integration tests that are written for the browser, as cargo's arguments.
fn wasm_tests(root: &Path) -> Result<Vec<String>> {
    let folder = root.join("tests");
    let mut arguments = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs")
            && fs::read_to_string(&path)?.contains("#![cfg(target_arch = \"wasm32\")]")
            && let Some(name) = path.file_stem()
        {
            arguments.extend(["--test".to_owned(), name.to_string_lossy().into_owned()]);
        }
    }
    Ok(arguments)
}

fn page(session: &Session) -> Result<Counts> {
    let dist = session.dist()?;
    let report = sizes::Report::of(&dist)?;
    report.print();
    let mut results = vec![dist::check_paths(session.workspace, &dist)];
    let toolchain = session.toolchain()?;
    // Without that, the page is as large as the compiler makes it.
    if toolchain.builds_small()? {
        let budget = sizes::Budget::read(session.workspace)?;
        results.push(report.check());
        results.push(budget.check(&report, &toolchain.compiler()?));
    }
    let mut counts = Counts::default();
    for result in results {
        match result {
            Ok(()) => counts.passed += 1,
            Err(error) => {
                println!("  {error:#}");
                counts.failed += 1;
            }
        }
    }
    Ok(counts)
}

/// What the dependencies are licensed under, where they come from, and what is known against them.
fn deny(session: &Session) -> Result<Counts> {
    let deny = setup::cargo_deny(session.workspace)?;
    let cargo_deny = |arguments: &[&str]| {
        let mut command = Command::new(&deny);
        command.current_dir(&session.workspace.root);
        command.args(["--locked", "--all-features"]).args(arguments);
        command
    };
    let mut checks = vec![
        "check",
        "--hide-inclusion-graph",
        "licenses",
        "bans",
        "sources",
    ];
    let mut fetch = cargo_deny(&["fetch", "db"]);
    if process::succeeds_within(&mut fetch, Duration::from_secs(60))? {
        checks.extend(["advisories", "--disable-fetch"]);
    } else {
        println!("  the database of advisories is out of reach: not checked");
    }
    session.check(cargo_deny(&checks))
}

fn hosting(session: &Session) -> Result<Counts> {
    let servers = WebServers::ready(session.workspace)?;
    let browser = Browser::Chromium.ready(session.workspace)?;
    let dist = session.dist()?;
    let mut cargo = session.cargo(&["test", "--no-fail-fast", "--package", "hosting", "--"]);
    cargo
        .args(["--test-threads", "2"])
        .env("TOKEN_MANAGER_DIST", &dist)
        .envs(servers.variables())
        .envs(browser);
    session.tests(cargo)
}

fn e2e(session: &Session) -> Result<Counts> {
    let dist = session.dist()?;
    let toolchain = session.toolchain()?;
    let examples = examples::build(session.workspace, toolchain)?;
    let mut sum = Counts::default();
    let mut cases = Cases::default();
    for browser in Browser::ALL {
        if session.browser.is_some_and(|only| only != browser) {
            continue;
        }
        println!("  {}…", browser.name());
        let programs = browser.ready(session.workspace)?;
        let log = session
            .log
            .with_extension(format!("{}.log", browser.name()));
        let session = Session {
            log,
            ..Session::new(session.workspace, "e2e", Some(browser))
        };
        let mut cargo = session.cargo(&["test", "--no-fail-fast", "--package", "e2e", "--"]);
        cargo
            .args(["--test-threads", "2", "--show-output"])
            .env("TOKEN_MANAGER_DIST", &dist)
            .env("TOKEN_MANAGER_EXAMPLES", &examples)
            .env("TOKEN_MANAGER_AXE", toolchain.axe())
            .env("TOKEN_MANAGER_BROWSER", browser.name())
            .envs(programs);
        let counts = session.tests(cargo)?;
        println!(
            "  {}: {} passed, {} failed",
            browser.name(),
            counts.passed,
            counts.failed
        );
        cases.read(browser.name(), &fs::read_to_string(&session.log)?);
        sum.passed += counts.passed;
        sum.failed += counts.failed;
    }
    println!("{cases}");
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_counted_over_all_binaries() {
        let output = "\
test a ... ok
test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s
test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out
";
        let counts = Counts {
            passed: 15,
            failed: 2,
        };
        assert_eq!(Counts::in_output(output), counts);
        assert_eq!(
            Counts::in_output("error: could not compile"),
            Counts::default()
        );
    }

    #[test]
    fn groups_have_names_of_their_own() {
        let mut names = GROUPS.map(|group| group.name).to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), GROUPS.len());
    }

    #[test]
    fn a_group_without_tests_has_failed() {
        let workspace = Workspace::find().unwrap();
        let session = Session::new(&workspace, "nothing", None);
        let counts = session.counts(|_| Ok(Counts::default()));
        assert_eq!(
            counts,
            Counts {
                passed: 0,
                failed: 1
            }
        );
    }
}
