//! Clients of one daemon's control socket, as many as there are screens in a control room.

use core::error::Error;
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Instant;

use vrrp_lab::Host;

const SOCKET: &str = "/run/vrrpd/vrrpd.sock";
/// Ten times a second.
const SCRAPE: Duration = Duration::from_millis(100);

/// How many of which kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) followers: usize,
    pub(crate) hostile: usize,
}

/// The clients of one daemon; they leave when it is dropped.
pub(crate) struct Crowd {
    gone: Arc<AtomicBool>,
    streams: Vec<UnixStream>,
    threads: Vec<JoinHandle<()>>,
}

impl Crowd {
    /// All of them, connected.
    pub(crate) fn around(host: &Host, asked: Asked) -> Result<Self, Box<dyn Error>> {
        let mut crowd = Self { gone: Arc::default(), streams: Vec::new(), threads: Vec::new() };
        for _ in 0..asked.followers {
            let stream = connect(host, "GET /v1/events?follow&since=0 HTTP/1.1\r\nhost: x\r\n\r\n")?;
            crowd.streams.push(stream.try_clone()?);
            crowd.threads.push(thread::spawn(move || read_all(stream)));
        }
        let hostile = ["GET /v1/status HTTP/1.1\r\nhost: x\r\n\r\n", "GET /v1/events?follow&since=0 HT", "\u{0}\u{1}"];
        for request in hostile.iter().cycle().take(asked.hostile) {
            crowd.streams.push(connect(host, request)?);
        }
        let (gone, host) = (Arc::clone(&crowd.gone), host.clone());
        crowd.threads.push(thread::spawn(move || {
            while !gone.load(Ordering::Relaxed) {
                let due = Instant::now() + SCRAPE;
                // A daemon that was killed is scraped again when it is back.
                let _ = connect(&host, "GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n").map(read_all);
                thread::sleep(due.saturating_duration_since(Instant::now()));
            }
        }));
        Ok(crowd)
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.gone.store(true, Ordering::Relaxed);
        for stream in &self.streams {
            // The daemon may have ended it.
            let _ = stream.shutdown(Shutdown::Both);
        }
        for thread in self.threads.drain(..) {
            let _panicked = thread.join();
        }
    }
}

/// The answer to a question, its head left out.
pub(crate) fn ask(host: &Host, path: &str) -> Result<String, Box<dyn Error>> {
    let mut stream = connect(host, &format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n"))?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
}

fn connect(host: &Host, request: &str) -> Result<UnixStream, Box<dyn Error>> {
    let mut stream = host.on(|| UnixStream::connect(SOCKET))??;
    stream.write_all(request.as_bytes())?;
    Ok(stream)
}

fn read_all(mut stream: UnixStream) {
    let _ = io::copy(&mut stream, &mut io::sink());
}
