//! A daemon that gives fixed answers and remembers the bodies of what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// A request line without its version; the status of the answer; its body.
pub(crate) type Answer = (&'static str, u16, Value);

pub(crate) struct Daemon {
    directory: tempfile::TempDir,
    socket: PathBuf,
    asked: Arc<Mutex<Vec<Value>>>,
}

impl Daemon {
    /// One that is not there.
    pub(crate) fn gone() -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self { socket: directory.path().join("vrrpd.sock"), directory, asked: Arc::default() }
    }

    /// One that gives these answers, for as long as the test runs.
    pub(crate) fn answering(answers: &[Answer]) -> Self {
        let daemon = Self::gone();
        let listener = UnixListener::bind(&daemon.socket).unwrap();
        let (answers, asked) = (answers.to_vec(), Arc::clone(&daemon.asked));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &answers, &asked);
            }
        });
        daemon
    }

    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }

    /// A directory that ends with the daemon.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// The bodies of all requests that had one.
    pub(crate) fn asked(&self) -> Vec<Value> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(stream: UnixStream, answers: &[Answer], asked: &Mutex<Vec<Value>>) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let request = line.rsplit_once(' ').map_or_else(String::new, |(request, _version)| request.to_owned());
    let length = content_length(&mut reader);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    if length > 0 {
        asked.lock().unwrap().push(serde_json::from_slice(&body).unwrap());
    }
    let unknown = (request.as_str(), 404, json!({ "error": "not_found", "words": format!("no {request}") }));
    let (_, status, body) = answers
        .iter()
        .find(|(known, ..)| *known == request)
        .map_or(unknown, |(known, status, body)| (*known, *status, body.clone()));
    let body = format!("{body}\n");
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    // A client that has read enough may be gone.
    let _ = reader.get_mut().write_all(format!("{head}{body}").as_bytes());
}

/// Reads to the end of the head.
fn content_length(reader: &mut impl BufRead) -> usize {
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim().to_lowercase().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().unwrap(),
            Some(_) => {}
            None => return length,
        }
    }
}

/// A node with one virtual router, which hears 10.0.0.2.
pub(crate) fn status() -> Value {
    let heard = json!({ "at": 1_763_998_999.6, "source": "10.0.0.2", "priority": 150 });
    let router = json!({
        "name": "web", "interface": "eth0", "vrid": 51, "family": "ipv4", "version": 3, "state": "backup",
        "since": 1_763_998_000.0, "priority": { "base": 100, "effective": 100 }, "preempt": true,
        "advertisement_interval": 1.0, "active_down_interval": 3.609, "source": "10.0.0.1",
        "destinations": ["224.0.0.18"], "group": null, "degraded": false, "drain": null, "takeover": null,
        "causes": [], "conditions": [], "tracks": [], "transition": null, "counters": {}, "recent": [heard],
        "active_router": { "address": "10.0.0.2", "priority": 150, "last_heard": 1_763_998_999.6 },
        "addresses": [{ "address": "10.0.0.100/24", "link": "eth0", "present": false, "advertised": true }],
        "peers": [], "timer": null
    });
    json!({ "version": env!("CARGO_PKG_VERSION"), "at": 1_763_999_000.0, "started": 1_763_990_000.0, "routers": [router] })
}
