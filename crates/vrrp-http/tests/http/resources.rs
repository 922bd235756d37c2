use std::io::{Read, Write};

use vrrp_control::{ClientError, Drain, LogLevel, Takeover, Undrain};

use crate::fixture::Running;

#[tokio::test]
async fn each_resource_answers_through_the_client() {
    let running = Running::new(2);
    let client = running.client();
    assert_eq!(client.status().await.unwrap().routers.len(), 2);
    assert_eq!(client.router("r1").await.unwrap().vrid, 2);
    assert_eq!(client.checks().await.unwrap()[0].name, "chk");
    assert_eq!(client.counters().await.unwrap()[0].1.advertised, 7);
    assert_eq!(client.explain(None).await.unwrap().len(), 2);
    assert_eq!(client.explain(Some("web")).await.unwrap()[0].router, "web");
    assert!(client.config().await.unwrap().is_object());
    assert!(!client.reload(true).await.unwrap().applied);
    assert!(client.reload(false).await.unwrap().applied);
    assert_eq!(client.drain(&Drain::default()).await.unwrap().outcomes.len(), 1);
    assert_eq!(client.undrain(&Undrain::default()).await.unwrap(), ["web"]);
    assert_eq!(client.log_level().await.unwrap(), LogLevel::Info);
    assert_eq!(client.set_log_level(LogLevel::Debug).await.unwrap(), LogLevel::Debug);
    assert_eq!(client.log_level().await.unwrap(), LogLevel::Debug);
}

#[tokio::test]
async fn a_refusal_has_its_status_and_its_word() {
    let running = Running::new(1);
    let client = running.client();
    let refused = |error: ClientError| {
        let ClientError::Refused { status, refusal } = error else { panic!("{error}") };
        (status, refusal.error)
    };
    let word = |status: u16, error: &str| (status, error.to_owned());
    assert_eq!(refused(client.router("none").await.unwrap_err()), word(404, "no_such_router"));
    assert_eq!(refused(client.explain(Some("none")).await.unwrap_err()), word(404, "no_such_router"));
    let none = Drain { router: Some("none".to_owned()), ..Drain::default() };
    assert_eq!(refused(client.drain(&none).await.unwrap_err()), word(404, "no_such_router"));
    assert_eq!(refused(client.takeover(&Takeover::default()).await.unwrap_err()), word(503, "unavailable"));
}

#[tokio::test]
async fn events_come_by_number_and_as_a_stream() {
    let running = Running::new(1);
    let client = running.client();
    let mut from_now = client.follow(None).await.unwrap();
    for words in ["one", "two", "three"] {
        running.push(words);
    }
    let page = client.events(Some(1)).await.unwrap();
    assert_eq!((page.first, page.last, page.lost), (1, 3, 0));
    assert_eq!(page.events.iter().map(|event| event.words.as_str()).collect::<Vec<_>>(), ["two", "three"]);
    assert_eq!(from_now.next().await.unwrap().unwrap().words, "one");
    let mut since = client.follow(Some(2)).await.unwrap();
    assert_eq!(since.next().await.unwrap().unwrap().seq, 3);
    running.push("four");
    assert_eq!(since.next().await.unwrap().unwrap().words, "four");
}

#[tokio::test]
async fn a_number_of_a_former_run_gives_all_that_has_happened_since() {
    let running = Running::new(1);
    running.push("one");
    let page = running.client().events(Some(99)).await.unwrap();
    assert_eq!((page.last, page.lost, page.events.len()), (1, 0, 1));
    let mut follow = running.client().follow(Some(99)).await.unwrap();
    assert_eq!(follow.next().await.unwrap().unwrap().words, "one");
}

/// Sends bytes, and reads until the server closes.
fn converse(running: &Running, request: &str) -> String {
    let mut stream = running.connect();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn what_is_asked_wrongly_is_refused_and_says_why() {
    let running = Running::new(1);
    let post = |path: &str, body: &str| {
        format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}", body.len())
    };
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
    let wrong = [
        (post("/v1/drain", ""), "400", "bad_request"),
        (post("/v1/drain", r#"{"routr": "web"}"#), "400", "routr"),
        (post("/v1/drain", &"x".repeat(70_000)), "400", "bad_request"),
        (get("/v1/drain"), "405", "method_not_allowed"),
        (get("/v1/drain"), "405", "allow: POST\r\n"),
        (get("/v2/status"), "404", "not_found"),
        (get("/v1/events?since=yesterday"), "400", "bad_request"),
    ];
    for (request, status, word) in wrong {
        let answer = converse(&running, &request);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{request:.60}: {answer}");
        assert!(answer.contains(word), "{request:.60}: {answer}");
    }
    let document = converse(&running, &get("/v1/openapi.json"));
    assert!(document.contains(r#""openapi": "3.0.3""#), "{document:.200}");
    assert!(converse(&running, &get("/healthz")).ends_with("ok\n"));
}
