use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use super::server::{answer, request, say};
use super::*;
use crate::probe::http::Conditions;
use crate::probe::http::exchange::MOST_BODY;

fn anything() -> Conditions {
    Conditions { contains: Some("".into()), ..Conditions::default() }
}

#[tokio::test]
async fn a_refused_connection_is_named_with_its_address() {
    let (server, _) = Server::answering("").await;
    let (http, address) = (at(&server), server.at);
    server.stop().await;
    assert_eq!(http.probe().await, failed(format!("connection refused ({address})")));
}

/// Runs a probe until the server has said what it says, drops it, and waits for the server to see the end of it.
async fn dropped_half_way(head: &'static [u8]) {
    let (sender, mut seen) = mpsc::unbounded_channel();
    let sender = Arc::new(sender);
    let server = Server::start(move |mut stream: TcpStream| {
        let sender = Arc::clone(&sender);
        async move {
            request(&mut stream).await;
            stream.write_all(head).await.unwrap();
            sender.send("asked").unwrap();
            let end = stream.read(&mut [0; 1]).await;
            sender.send(if matches!(end, Ok(0)) { "closed" } else { "reset" }).unwrap();
        }
    });
    let server = server.await;
    let http = Http { body: anything(), ..at(&server) };
    tokio::select! {
        outcome = http.probe() => panic!("{outcome:?}"),
        step = seen.recv() => assert_eq!(step, Some("asked")),
    }
    assert!(seen.recv().await.is_some(), "the connection ends with the probe");
}

#[tokio::test]
async fn a_server_that_is_silent_leaves_nothing_when_the_probe_is_dropped() {
    dropped_half_way(b"").await;
}

#[tokio::test]
async fn headers_that_trickle_leave_nothing_when_the_probe_is_dropped() {
    dropped_half_way(b"HTTP/1.1 200 OK\r\nX-A: b\r\nX-").await;
}

#[tokio::test]
async fn a_body_that_trickles_leaves_nothing_when_the_probe_is_dropped() {
    dropped_half_way(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npo").await;
}

#[tokio::test]
async fn a_trickling_server_is_not_waited_for_once_the_answer_is_there() {
    let server = Server::start(|mut stream: TcpStream| async move {
        request(&mut stream).await;
        stream.write_all(answer("200 OK", "pong").as_bytes()).await.unwrap();
        core::future::pending::<()>().await;
    });
    let server = server.await;
    assert_eq!(Http { body: anything(), ..at(&server) }.probe().await, Outcome::Ok);
}

#[tokio::test]
async fn a_connection_that_is_closed_early_is_a_failure() {
    let cut = failed("connection closed before the answer was complete");
    for said in ["", "HTTP/1.1 200 OK\r\nContent-", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npong"] {
        let (server, _) = Server::answering(said).await;
        assert_eq!(Http { body: anything(), ..at(&server) }.probe().await, cut, "{said:?}");
    }
}

#[tokio::test]
async fn a_connection_that_is_reset_is_a_failure() {
    let server = Server::start(|mut stream: TcpStream| async move {
        request(&mut stream).await;
        socket2::SockRef::from(&stream).set_linger(Some(core::time::Duration::ZERO)).unwrap();
    });
    let server = server.await;
    assert_eq!(at(&server).probe().await, failed("connection reset by peer"));
}

/// Half-closed: the server has said that nothing will come, and goes on listening.
#[tokio::test]
async fn a_server_that_only_listens_is_a_failure() {
    let server = Server::start(|mut stream: TcpStream| async move {
        stream.shutdown().await.unwrap();
        request(&mut stream).await;
        core::future::pending::<()>().await;
    });
    let server = server.await;
    let outcome = at(&server).probe().await;
    assert_eq!(outcome, failed("connection closed before the answer was complete"));
}

#[tokio::test]
async fn an_endless_body_is_read_no_further_than_the_limit() {
    let server = Server::start(|mut stream: TcpStream| async move {
        request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        while stream.write_all(&[b'a'; 4096]).await.is_ok() {}
    });
    let server = server.await;
    let outcome = Http { body: anything(), ..at(&server) }.probe().await;
    assert_eq!(outcome, failed(format!("body is longer than {MOST_BODY} bytes")));
    assert_eq!(at(&server).probe().await, Outcome::Ok, "a body that nobody wants is not read");
}

#[tokio::test]
async fn a_body_of_just_the_limit_is_read() {
    let (server, _) = Server::answering(answer("200 OK", &"a".repeat(MOST_BODY))).await;
    assert_eq!(Http { body: anything(), ..at(&server) }.probe().await, Outcome::Ok);
}

#[tokio::test]
async fn endless_headers_are_a_failure() {
    let server = Server::start(|mut stream: TcpStream| async move {
        request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\nX: ").await.unwrap();
        while stream.write_all(&[b'a'; 4096]).await.is_ok() {}
    });
    let server = server.await;
    let outcome = at(&server).probe().await;
    assert_eq!(outcome, failed("the answer cannot be read as HTTP: message head is too large"));
}

#[tokio::test]
async fn too_many_headers_are_a_failure() {
    let many = "A: b\r\n".repeat(1000);
    let (server, _) = Server::answering(format!("HTTP/1.1 200 OK\r\n{many}\r\n")).await;
    let outcome = at(&server).probe().await;
    assert_eq!(outcome, failed("the answer cannot be read as HTTP: message head is too large"));
}

#[tokio::test]
async fn what_is_not_http_is_a_failure() {
    for said in ["SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"] {
        let (server, _) = Server::answering(said).await;
        let outcome = at(&server).probe().await;
        let words = "the answer cannot be read as HTTP: ";
        assert!(matches!(&outcome, Outcome::Failed(said) if said.starts_with(words)), "{said:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_server_that_speaks_before_it_is_asked_is_a_failure_or_an_answer_but_no_panic() {
    let server = Server::start(|mut stream: TcpStream| async move {
        say(&mut stream, b"220 mail.example ESMTP\r\n").await;
    });
    let server = server.await;
    let outcome = at(&server).probe().await;
    assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}");
}
