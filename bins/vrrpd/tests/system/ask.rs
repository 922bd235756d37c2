//! The control socket, asked as any language would ask it: bytes over a stream.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;

use serde_json::Value;

use crate::fixture::{Node, RUNTIME, SOON};

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The outcomes of a drain or a takeover.
    pub(crate) fn outcomes(&self) -> Vec<String> {
        assert_eq!(self.status, 200, "{}", self.text);
        let json = self.json();
        json["outcomes"].as_array().unwrap().iter().map(|one| one["outcome"].as_str().unwrap().to_owned()).collect()
    }
}

/// A connection to the control socket of a host's daemon.
pub(crate) fn connect(node: &Node) -> UnixStream {
    let path = format!("{RUNTIME}/vrrpd.sock");
    let stream = node.host.on(|| UnixStream::connect(path)).unwrap().unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    stream
}

pub(crate) fn get(node: &Node, path: &str) -> Answer {
    ask(node, &format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n"))
}

pub(crate) fn post(node: &Node, path: &str, body: &str) -> Answer {
    ask(node, &format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}", body.len()))
}

fn ask(node: &Node, request: &str) -> Answer {
    let mut stream = connect(node);
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, text) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, text: text.to_owned() }
}

/// The one virtual router of a host's daemon.
pub(crate) fn router(node: &Node) -> Value {
    let status = get(node, "/v1/status").json();
    status["routers"][0].clone()
}

/// Events as they come.
pub(crate) struct Followed(BufReader<UnixStream>);

impl Followed {
    pub(crate) fn new(node: &Node) -> Self {
        let mut stream = connect(node);
        stream.write_all(b"GET /v1/events?follow&since=0 HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        Self(BufReader::new(stream))
    }

    /// The next event of which these fields have these words.
    pub(crate) fn wait(&mut self, wanted: &[(&str, &str)]) -> Value {
        let mut line = String::new();
        loop {
            line.clear();
            assert_ne!(self.0.read_line(&mut line).unwrap(), 0, "the stream ended");
            // Heads and the sizes of chunks are no JSON objects.
            let Ok(event @ Value::Object(_)) = serde_json::from_str::<Value>(&line) else { continue };
            if wanted.iter().all(|(field, word)| event[*field] == *word) {
                return event;
            }
        }
    }
}
