//! The server as a process of its own.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::Value;

/// `demo@example.com:demo`
pub(crate) const DEMO: &str = "Basic ZGVtb0BleGFtcGxlLmNvbTpkZW1v";
pub(crate) const TOKENS: &str = "/auth/v1/tokens";

pub(crate) struct Server {
    pub(crate) address: String,
    process: Child,
    log: BufReader<ChildStderr>,
}

impl Server {
    /// Starts the server, which logs what `log` says.
    pub(crate) fn start(data: &Path, log: &str) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_site"))
            .args(["--listen", "127.0.0.1:0", "--dist"])
            .arg(data)
            .arg("--data")
            .arg(data)
            .env("RUST_LOG", log)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap());
        let mut line = String::new();
        log.read_line(&mut line).unwrap();
        let line: Value = serde_json::from_str(&line).unwrap();
        Self {
            address: line["address"].as_str().unwrap().to_owned(),
            process,
            log,
        }
    }

    /// SIGKILL on Unix: no chance to write anything any more.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Ends the server and answers what it has logged since its start.
    pub(crate) fn log(mut self) -> String {
        self.kill();
        let mut log = String::new();
        self.log.read_to_string(&mut log).unwrap();
        log
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been killed already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
