//! Programs that run no longer than the tests.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

/// Runs a program in a folder's service and ends it, with all that it has started, once told so.
///
/// If the tests are gone without a word, even killed, it does the same and removes the folder.
const GUARD: &str = r#"
folder=$1
shift
"$@" </dev/null &
trap '' TERM
read -r word || abandoned=yes
kill -s TERM 0
wait
while [ -n "$abandoned" ] && [ -e "$folder" ]; do
  rm -rf "$folder"
  sleep 1 # What is still ending may write to it again.
done
"#;

/// A running program, ended when this is dropped.
#[derive(Debug)]
pub(crate) struct Process(Child);

impl Process {
    /// Starts a program that uses `folder`, with its output in the file `log`.
    pub(crate) fn start(command: &Command, folder: &Path, log: &File) -> Result<Self> {
        let mut guarded = guarded(command, folder);
        guarded.stdout(log.try_clone()?).stderr(log.try_clone()?);
        Ok(Self(guarded.spawn()?))
    }

    /// Starts a program that tells by one line that it is ready.
    pub(crate) fn start_and_read_line(command: &Command, folder: &Path) -> Result<(Self, String)> {
        let mut guarded = guarded(command, folder);
        guarded.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = Self(guarded.spawn()?);
        let output = process.0.stdout.take().context("no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        Ok((process, line.trim().to_owned()))
    }
}

fn guarded(command: &Command, folder: &Path) -> Command {
    let mut guarded = Command::new("sh");
    guarded.args(["-c", GUARD, "guard"]).arg(folder);
    guarded.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            guarded.env(name, value);
        }
    }
    guarded.stdin(Stdio::piped()).process_group(0);
    guarded
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(mut guard) = self.0.stdin.take() {
            // It may have ended already.
            let _ = writeln!(guard, "end");
        }
        let _ = self.0.wait();
    }
}
