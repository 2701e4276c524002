//! Runs the page and the local Auth API, and rebuilds the page when its sources change.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use notify::{EventKind, RecursiveMode, Watcher};

use crate::dist::{self, Profile};
use crate::process::{self, Job};
use crate::setup::Toolchain;
use crate::workspace::Workspace;

/// What can be chosen on the command line.
pub(crate) struct Options {
    /// Where the page is served.
    pub(crate) port: u16,
    /// Where the Auth API keeps its data.
    pub(crate) data: Option<PathBuf>,
    /// Build as for production.
    pub(crate) release: bool,
    /// Open the control port.
    pub(crate) faults: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 8080,
            data: None,
            release: false,
            faults: false,
        }
    }
}

const ACCOUNTS: &str = "  what it is for   e-mail               password
  one contract     demo@example.com     demo
  two contracts    multi@example.com    demo       contracts 31884391 and 31990210
  2FA              secure@example.com   demo       only a 2FA-secured token may generate
  full             full@example.com     demo       holds 100 tokens
";

/// How long the sources have to be quiet before a rebuild.
const QUIET: Duration = Duration::from_millis(150);
/// How often the server is looked after.
const LOOK: Duration = Duration::from_millis(500);

/// Serves until Ctrl-C.
pub(crate) fn serve(workspace: &Workspace, options: &Options) -> Result<()> {
    let control = match options.faults {
        true => Some(
            options
                .port
                .checked_add(1)
                .context("--faults takes the next port, too")?,
        ),
        false => None,
    };
    for port in [Some(options.port), control].into_iter().flatten() {
        check_free(port)?;
    }
    let page = Page {
        toolchain: Toolchain::ready(workspace)?,
        profile: if options.release {
            Profile::Release
        } else {
            Profile::Debug
        },
        dist: workspace.scratch("serve-dist"),
        workspace,
    };
    println!("Building the page and the server (the first time some minutes, then seconds)…");
    let start = Instant::now();
    let changes = watch(workspace)?;
    page.build()?;
    let server = start_server(workspace, options, &page.dist, control)?;
    println!("Built in {}.\n", seconds(start.elapsed()));
    println!("Token Manager:  http://localhost:{}/#/tokens", options.port);
    if let Some(control) = control {
        println!("Control port:   http://localhost:{control}/");
    }
    println!("\nAccounts of the local Auth API:\n\n{ACCOUNTS}");
    println!("Ctrl-C ends it; a change in src, style or public is built at once.");
    loop {
        if let Some(status) = server.ended()? {
            bail!("the server has stopped ({status})");
        }
        if changed(&changes)? {
            page.rebuild();
        }
    }
}

struct Page<'a> {
    workspace: &'a Workspace,
    toolchain: Toolchain,
    profile: Profile,
    dist: PathBuf,
}

impl Page<'_> {
    fn build(&self) -> Result<()> {
        dist::build(
            self.workspace,
            &self.toolchain,
            self.profile,
            &self.dist,
            None,
        )
    }

    fn rebuild(&self) {
        println!("A source has changed; building…");
        let start = Instant::now();
        match self.build() {
            Ok(()) => println!("Built in {}; reload the page.", seconds(start.elapsed())),
            Err(error) => eprintln!("{error:#}\nThe page stays as it was before the change."),
        }
    }
}

fn start_server(
    workspace: &Workspace,
    options: &Options,
    dist: &Path,
    control: Option<u16>,
) -> Result<Job> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(&workspace.root);
    cargo.args(["build", "--quiet", "--package", "site"]);
    process::run(&mut cargo).context("the server does not build")?;
    let data = match &options.data {
        Some(data) => data.clone(),
        None => workspace.cache.join("data"),
    };
    let mut site = Command::new(workspace.target.join("debug/site"));
    site.arg("--dist").arg(dist).arg("--data").arg(data);
    site.arg("--listen")
        .arg(format!("127.0.0.1:{}", options.port));
    if let Some(control) = control {
        site.arg("--control").arg(format!("127.0.0.1:{control}"));
    }
    Job::start(&mut site)
}

/// Fails with a sentence if something else listens on `port`.
fn check_free(port: u16) -> Result<()> {
    match TcpListener::bind(("127.0.0.1", port)) {
        Ok(_) => Ok(()),
        Err(error) => bail!(
            "port {port} cannot be used ({error}): end what uses it, or choose another with --port"
        ),
    }
}

struct Changes {
    events: mpsc::Receiver<notify::Result<notify::Event>>,
    /// Kept, since dropping it ends the watch.
    _watcher: notify::RecommendedWatcher,
    /// Of the root's files, those that matter.
    root: PathBuf,
}

fn watch(workspace: &Workspace) -> Result<Changes> {
    let (sender, events) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(sender)?;
    for folder in ["src", "style", "public"] {
        watcher.watch(&workspace.root.join(folder), RecursiveMode::Recursive)?;
    }
    // Editors replace a file by another of its name, so the folder is watched, not the file.
    watcher.watch(&workspace.root, RecursiveMode::NonRecursive)?;
    Ok(Changes {
        events,
        _watcher: watcher,
        root: workspace.root.clone(),
    })
}

/// Whether a source has changed since the last call; waits a little for that to happen.
fn changed(changes: &Changes) -> Result<bool> {
    let mut changed = false;
    let mut patience = LOOK;
    loop {
        let event = match changes.events.recv_timeout(patience) {
            Ok(event) => event?,
            Err(RecvTimeoutError::Timeout) => return Ok(changed),
            Err(RecvTimeoutError::Disconnected) => bail!("the sources are no longer watched"),
        };
        if matters(&event, &changes.root) {
            changed = true;
            patience = QUIET;
        } else if !changed {
            patience = Duration::ZERO;
        }
    }
}

fn matters(event: &notify::Event, root: &Path) -> bool {
    let written = matches!(
        event.kind,
        EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_)
    );
    written
        && event.paths.iter().any(|path| {
            let beside_the_sources = path == root || path.parent() == Some(root);
            !beside_the_sources || path.ends_with("Cargo.toml")
        })
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, CreateKind};

    use super::*;

    #[test]
    fn a_used_port_is_a_clear_error() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let error = check_free(port).unwrap_err().to_string();
        assert!(
            error.contains(&port.to_string()) && error.contains("--port"),
            "{error}"
        );
    }

    #[test]
    fn sources_matter_and_reading_them_does_not() {
        let root = Path::new("/clone");
        let event = |kind, path: &str| notify::Event::new(kind).add_path(path.into());
        let created = EventKind::Create(CreateKind::File);
        assert!(matters(&event(created, "/clone/src/lib.rs"), root));
        assert!(matters(&event(created, "/clone/Cargo.toml"), root));
        assert!(!matters(&event(created, "/clone/dist"), root));
        let read = EventKind::Access(AccessKind::Any);
        assert!(!matters(&event(read, "/clone/src/lib.rs"), root));
    }
}
