//! As much of an HTTP client as the tests need: one request on one connection.

use std::io::{self, Read, Write};
use std::net::TcpStream;

/// A whole answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

/// Sends a request and reads the answer to its end.
pub(crate) fn send(
    address: &str,
    method: &str,
    path: &str,
    authorization: Option<&str>,
) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    let authorization = authorization.map(|value| format!("Authorization: {value}\r\n"));
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{}\r\n",
        authorization.unwrap_or_default()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    parse(&answer).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

fn parse(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))?;
    let length: usize = length.parse().ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    (body.len() == length).then(|| Answer {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}
