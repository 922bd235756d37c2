use core::time::Duration;
use std::io::{ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::time::Instant;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::fixture::Running;

/// Beyond every patience of the server.
const SOON: Duration = Duration::from_secs(20);

/// Reads until the server closes, or has lost its patience in another way.
fn until_closed(stream: &mut UnixStream) -> Vec<u8> {
    stream.set_read_timeout(Some(SOON)).unwrap();
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    loop {
        match stream.read(&mut part) {
            Ok(0) => return answer,
            Ok(length) => answer.extend_from_slice(part.get(..length).unwrap()),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return answer,
            Err(error) => panic!("the server keeps the connection: {error}"),
        }
    }
}

#[tokio::test]
async fn garbage_and_half_a_line_and_silence_are_given_up_and_others_are_served_meanwhile() {
    let running = Running::new(1);
    let mut garbage = running.connect();
    // The server may close before it has read everything.
    let _ = garbage.write_all(&[0xff; 100_000]);
    let mut half = running.connect();
    half.write_all(b"GET /v1/sta").unwrap();
    let mut silent = running.connect();
    let mut body = running.connect();
    body.write_all(b"POST /v1/drain HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{").unwrap();
    let began = Instant::now();
    assert_eq!(running.client().status().await.unwrap().routers.len(), 1);
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    tokio::task::spawn_blocking(move || {
        for stream in [&mut garbage, &mut half, &mut silent] {
            let answer = until_closed(stream);
            assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"), "{answer:?}");
        }
        let answer = until_closed(&mut body);
        assert!(answer.starts_with(b"HTTP/1.1 408 "), "{}", String::from_utf8_lossy(&answer));
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_follower_that_never_reads_loses_its_stream_and_delays_nobody() {
    let running = Running::new(1);
    let mut deaf = running.connect();
    deaf.write_all(b"GET /v1/events?follow HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut head = [0; 12];
    deaf.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");
    let mut follower = running.client().follow(None).await.unwrap();
    let long = "x".repeat(8192);
    for number in 0..300 {
        let began = Instant::now();
        running.push(&format!("{number} {long}"));
        assert!(began.elapsed() < Duration::from_secs(1), "a push waits for nobody");
        let event = follower.next().await.unwrap().unwrap();
        assert!(event.words.starts_with(&format!("{number} ")), "{:.20}", event.words);
    }
    // What the kernel's buffer holds can still be read; then it is over, far from the end of what there was.
    let read = tokio::task::spawn_blocking(move || {
        // Without events asked for, only the other end's leaving wakes it.
        let mut fds = [PollFd::new(deaf.as_fd(), PollFlags::empty())];
        let patience = PollTimeout::try_from(SOON).unwrap();
        assert_eq!(poll(&mut fds, patience).unwrap(), 1, "the server keeps one that does not read");
        until_closed(&mut deaf)
    });
    let read = read.await.unwrap();
    assert!(read.len() < 300 * 8192 / 2, "{} bytes were kept for one that does not read", read.len());
}

#[test]
fn more_connections_than_there_are_places_are_closed_and_the_places_come_back() {
    let running = Running::new(1);
    let mut crowd: Vec<UnixStream> = (0..200).map(|_| running.connect()).collect();
    let closed = |stream: &mut UnixStream| {
        stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        matches!(stream.read(&mut [0; 1]), Ok(0))
    };
    let closed = crowd.iter_mut().map(closed).filter(|closed| *closed).count();
    assert!(closed >= 72, "{closed}");
    drop(crowd);
    let mut stream = (0..100)
        .find_map(|_| {
            let mut stream = running.connect();
            stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").ok()?;
            stream.set_read_timeout(Some(SOON)).unwrap();
            let mut answer = [0; 12];
            stream.read_exact(&mut answer).ok()?;
            (&answer == b"HTTP/1.1 200").then_some(stream)
        })
        .unwrap();
    assert!(!until_closed(&mut stream).is_empty());
}

#[tokio::test]
async fn however_many_follow_whoever_asks_and_goes_is_served() {
    let running = Running::new(1);
    let mut followers: Vec<UnixStream> = (0..70).map(|_| running.connect()).collect();
    let mut refused = 0;
    for stream in &mut followers {
        stream.write_all(b"GET /v1/events?follow HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        let mut line = [0; 12];
        stream.set_read_timeout(Some(SOON)).unwrap();
        stream.read_exact(&mut line).unwrap();
        refused += usize::from(&line == b"HTTP/1.1 503");
    }
    assert_eq!(refused, 6);
    assert_eq!(running.client().status().await.unwrap().routers.len(), 1);
}
