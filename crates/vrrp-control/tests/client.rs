//! The client against a daemon of a few lines.
#![cfg(feature = "client")]
#![expect(clippy::unwrap_used, reason = "a test's helper fails the test it is called from")]

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixListener;
use vrrp_control::{Client, ClientError, Drain, DrainOutcome, Event};

/// Answers one request with these bytes; gives what was asked.
async fn one_answer(answer: String) -> (Client, tokio::task::JoinHandle<String>, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("control.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 4096];
        let length = stream.read(&mut request).await.unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
        request.truncate(length);
        String::from_utf8(request).unwrap()
    });
    (Client::new(path), asked, directory)
}

fn http(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn a_drain_is_asked_for_in_json_and_its_outcome_comes_back() {
    let body =
        r#"{"outcomes": [{"router": "web", "outcome": "relieved", "by": "10.0.0.2", "until": null, "words": ""}]}"#;
    let (client, asked, _directory) = one_answer(http("200 OK", body)).await;
    let drain = Drain { router: Some("web".to_owned()), ..Drain::default() };
    let reply = client.drain(&drain).await.unwrap();
    assert_eq!(reply.outcomes.first().map(|drained| drained.outcome), Some(DrainOutcome::Relieved));
    let asked = asked.await.unwrap();
    assert!(asked.starts_with("POST /v1/drain HTTP/1.1\r\n"), "{asked}");
    assert!(asked.ends_with(r#"{"router":"web","ttl":null,"force":false}"#), "{asked}");
}

#[tokio::test]
async fn a_refusal_comes_back_with_its_word_and_status() {
    let (client, _asked, _directory) =
        one_answer(http("404 Not Found", r#"{"error": "no_such_router", "words": "no virtual router x"}"#)).await;
    let Err(ClientError::Refused { status: 404, refusal }) = client.router("x").await else {
        panic!("it was to be refused");
    };
    assert_eq!(refusal.error, "no_such_router");
}

#[tokio::test]
async fn a_followed_stream_ends_where_the_daemon_ends_it_and_empty_lines_say_nothing() {
    let line = r#"{"seq": 7, "at": 1.5, "event": "moved", "words": "Backup -> Active", "to": "active"}"#;
    let (client, _asked, _directory) = one_answer(http("200 OK", &format!("\n{line}\n\n"))).await;
    let mut follow = client.follow(Some(6)).await.unwrap();
    let event: Event = follow.next().await.unwrap().unwrap();
    assert_eq!((event.seq, event.to.as_deref()), (7, Some("active")));
    assert!(follow.next().await.unwrap().is_none());
}

#[tokio::test]
async fn that_nobody_is_there_is_said_with_the_path() {
    let error = Client::new("/nowhere/control.sock").status().await.unwrap_err();
    assert!(error.to_string().contains("/nowhere/control.sock"), "{error}");
}
