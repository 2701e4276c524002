//! Programs that run as long as a test needs them.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

/// A running program, ended when this is dropped.
#[derive(Debug)]
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let child = command.stdin(Stdio::null()).spawn();
        child
            .map(Self)
            .with_context(|| format!("{} could not be started", command.get_program().display()))
    }

    /// Starts a program that tells by one line that it is ready.
    pub(crate) fn start_and_read_line(command: &mut Command) -> Result<(Self, String)> {
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = Self::start(command)?;
        let mut line = String::new();
        let output = process.0.stdout.take().context("no output")?;
        BufReader::new(output).read_line(&mut line)?;
        Ok((process, line.trim().to_owned()))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
