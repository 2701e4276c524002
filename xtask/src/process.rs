//! Running other programs, so that none of them outlives the task that started it.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

/// The children that run; whoever holds the lock decides whether there will be more.
static CHILDREN: Mutex<Vec<Child>> = Mutex::new(Vec::new());

const POLL: Duration = Duration::from_millis(25);
const HEARTBEAT: Duration = Duration::from_secs(30);
const GRACE: Duration = Duration::from_secs(3);

/// A running program and all that it starts: one process group, ended when this is dropped.
pub(crate) struct Job {
    id: u32,
}

impl Job {
    /// Starts `command` without a standard input, since no task may ask for an answer.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let mut children = children();
        command.stdin(Stdio::null()).process_group(0);
        let child = command.spawn().with_context(|| not_started(command))?;
        let id = child.id();
        children.push(child);
        Ok(Self { id })
    }

    /// The exit status, once the program has ended.
    pub(crate) fn ended(&self) -> Result<Option<ExitStatus>> {
        let mut children = children();
        let child = children.iter_mut().find(|child| child.id() == self.id);
        Ok(child.context("the program is gone")?.try_wait()?)
    }

    fn wait(&self, mut at_each_poll: impl FnMut(Duration)) -> Result<ExitStatus> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            at_each_poll(start.elapsed());
            thread::sleep(POLL);
        }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        let mut children = children();
        if let Some(place) = children.iter().position(|child| child.id() == self.id) {
            let child = children.swap_remove(place);
            end(&mut [child]);
        }
    }
}

/// Runs `command` with its output on the terminal.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = Job::start(command)?.wait(|_| ())?;
    if !status.success() {
        bail!("`{}` failed ({status})", line(command));
    }
    Ok(())
}

/// Runs `command` with its output on the terminal; tells whether it succeeded.
pub(crate) fn passes(command: &mut Command) -> Result<bool> {
    Ok(Job::start(command)?.wait(|_| ())?.success())
}

/// Runs `command` and returns what it wrote.
pub(crate) fn output(command: &mut Command) -> Result<Output> {
    command.stdin(Stdio::null());
    command.output().with_context(|| not_started(command))
}

/// The standard output of `command`, without the last line end.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output = output(command)?;
    if !output.status.success() {
        bail!("`{}` failed ({})", line(command), output.status);
    }
    Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
}

/// Runs `command` with its output in the file `log`; tells now and then that it still runs.
pub(crate) fn logged(command: &mut Command, log: &Path) -> Result<ExitStatus> {
    fs::create_dir_all(log.parent().unwrap_or(log))?;
    let file = File::create(log).with_context(|| log.display().to_string())?;
    command.stdout(file.try_clone()?).stderr(file);
    let mut next = HEARTBEAT;
    Job::start(command)?.wait(|elapsed| {
        if elapsed >= next {
            println!("  … {} s: {}", next.as_secs(), last_line(log));
            next += HEARTBEAT;
        }
    })
}

/// Runs `command` silently; false if it fails or takes longer than `limit`.
pub(crate) fn succeeds_within(command: &mut Command, limit: Duration) -> Result<bool> {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let job = Job::start(command)?;
    let start = Instant::now();
    while start.elapsed() < limit {
        if let Some(status) = job.ended()? {
            return Ok(status.success());
        }
        thread::sleep(POLL);
    }
    Ok(false)
}

/// On Ctrl-C or a request to terminate, ends every running child, then this process.
pub(crate) fn end_children_on_signals() -> Result<()> {
    ctrlc::set_handler(|| {
        // Held until the exit: no child is started any more, and none is missed as it ends.
        let mut children = children();
        end(&mut children);
        std::process::exit(130);
    })
    .context("signals cannot be handled")
}

/// Asks the children's process groups to terminate, and kills those that have not after a while.
fn end(children: &mut [Child]) {
    let start = Instant::now();
    signal(children, Some(Signal::SIGTERM));
    while signal(children, None) && start.elapsed() < GRACE {
        thread::sleep(POLL);
    }
    signal(children, Some(Signal::SIGKILL));
}

/// Signals the children's groups; without a signal it only tells whether any group has members.
fn signal(children: &mut [Child], signal: Option<Signal>) -> bool {
    let reached = children.iter_mut().filter_map(|child| {
        // A child that has ended is a member of its group until its status is collected.
        let _ = child.try_wait();
        let group = child.id().try_into().ok().map(Pid::from_raw)?;
        killpg(group, signal).ok()
    });
    reached.count() > 0
}

fn children() -> MutexGuard<'static, Vec<Child>> {
    CHILDREN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn last_line(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    text.lines()
        .next_back()
        .unwrap_or_default()
        .trim()
        .to_owned()
}

fn not_started(command: &Command) -> String {
    format!("`{}` could not be started", program(command))
}

fn line(command: &Command) -> String {
    let mut words = vec![program(command)];
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

fn program(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    name.to_string_lossy().into_owned()
}
