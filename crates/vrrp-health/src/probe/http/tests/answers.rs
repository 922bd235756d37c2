use super::server::answer;
use super::*;
use crate::probe::Origin;
use crate::probe::http::{Conditions, Header, JsonEquals, Method, Pattern, Statuses};

async fn probed(answer: &str, set: impl FnOnce(&mut Http)) -> Outcome {
    let (server, _) = Server::answering(answer).await;
    let mut http = at(&server);
    set(&mut http);
    http.probe().await
}

/// The scripts that ask with `curl -s` whether a body is `pong`, and whether `jq -r .ready` of it is `true`.
#[tokio::test]
async fn what_people_write_curl_scripts_for_is_one_check_each() {
    let (server, asked) = Server::answering(answer("200 OK", "pong\n")).await;
    let mut ping = Http::get(Url::parse(&format!("http://localhost:{}/ping", server.at.port())).unwrap());
    ping.body.equals = Some("pong".into());
    assert_eq!(ping.probe().await, Outcome::Ok);
    assert!(asked.lock().unwrap().starts_with("GET /ping HTTP/1.1\r\n"));

    let (server, asked) = Server::answering(answer("200 OK", r#"{"model": "m", "ready": true}"#)).await;
    let mut status = Http::get(Url::parse(&format!("http://localhost:{}/status", server.at.port())).unwrap());
    status.body.json = vec![JsonEquals::parse(".ready", "true").unwrap()];
    assert_eq!(status.probe().await, Outcome::Ok);
    assert!(asked.lock().unwrap().starts_with("GET /status HTTP/1.1\r\n"));
}

#[tokio::test]
async fn each_condition_fails_in_its_own_words() {
    let pang = answer("200 OK", "pang");
    let equals = |http: &mut Http| http.body.equals = Some("pong".into());
    assert_eq!(probed(&pang, equals).await, failed(r#"body is "pang", expected "pong""#));
    let contains = |http: &mut Http| http.body.contains = Some("pong".into());
    assert_eq!(probed(&pang, contains).await, failed(r#"body is "pang", without "pong""#));
    let matches = |http: &mut Http| http.body.matches = Some(Pattern::parse("^p[eo]ng$").unwrap());
    assert_eq!(probed(&pang, matches).await, failed(r#"body is "pang", which /^p[eo]ng$/ does not match"#));
    let json = |http: &mut Http| http.body.json = vec![JsonEquals::parse("$.ready", "true").unwrap()];
    let sick = answer("200 OK", r#"{"ready": false}"#);
    assert_eq!(probed(&sick, json).await, failed("json $.ready is false, expected true"));
}

#[tokio::test]
async fn a_status_that_is_not_well_is_a_failure_whatever_the_body() {
    let body = |http: &mut Http| http.body.equals = Some("pong".into());
    let outcome = probed(&answer("503 Service Unavailable", "pong"), body).await;
    assert_eq!(outcome, failed("status 503, expected 2xx"));
}

#[tokio::test]
async fn a_redirect_is_a_status_like_any_other() {
    let redirect = "HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(probed(redirect, |_| ()).await, failed("status 302, expected 2xx"));
    let expected = |http: &mut Http| http.status = Statuses::new([200..=204, 302..=302]).unwrap();
    assert_eq!(probed(redirect, expected).await, Outcome::Ok);
}

#[tokio::test]
async fn a_body_may_come_in_chunks_or_until_the_end() {
    let pong = |http: &mut Http| http.body = Conditions { equals: Some("pong".into()), ..Conditions::default() };
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\npo\r\n2\r\nng\r\n0\r\n\r\n";
    assert_eq!(probed(chunked, pong).await, Outcome::Ok);
    assert_eq!(probed("HTTP/1.0 200 OK\r\n\r\npong\n", pong).await, Outcome::Ok);
}

#[tokio::test]
async fn a_service_that_recovers_is_seen_to() {
    let (sick, _) = Server::answering(answer("500 Internal Server Error", "")).await;
    let (well, _) = Server::answering(answer("200 OK", "")).await;
    let mut http = at(&sick);
    assert_eq!(http.probe().await, failed("status 500, expected 2xx"));
    http.url = at(&well).url;
    assert_eq!(http.probe().await, Outcome::Ok);
}

#[tokio::test]
async fn a_head_request_needs_no_body() {
    let (server, asked) = Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n").await;
    let http = Http { method: Method::Head, ..at(&server) };
    assert_eq!(http.probe().await, Outcome::Ok);
    assert!(asked.lock().unwrap().starts_with("HEAD / HTTP/1.1\r\n"));
}

#[tokio::test]
async fn headers_of_the_check_stand_in_place_of_ours() {
    let (server, asked) = Server::answering(answer("200 OK", "")).await;
    assert_eq!(at(&server).probe().await, Outcome::Ok);
    let ours = asked.lock().unwrap().clone();
    for line in [format!("host: {}", server.at), "connection: close".into(), "accept: */*".into()] {
        assert!(ours.contains(&format!("\r\n{line}\r\n")), "{ours}");
    }
    let headers = [("Host", "api.example"), ("X-Probe", "a"), ("X-Probe", "b"), ("User-Agent", "me")];
    let headers = headers.map(|(name, value)| Header::parse(name, value).unwrap()).into();
    assert_eq!(Http { headers, ..at(&server) }.probe().await, Outcome::Ok);
    let theirs = asked.lock().unwrap().clone();
    for line in ["host: api.example", "x-probe: a", "x-probe: b", "user-agent: me"] {
        assert_eq!(theirs.matches(&format!("\r\n{line}\r\n")).count(), 1, "{theirs}");
    }
    assert_eq!(theirs.matches("\r\nhost: ").count(), 1, "{theirs}");
}

#[tokio::test]
async fn an_origin_that_cannot_be_had_is_no_answer_about_the_service() {
    let (server, _) = Server::answering(answer("200 OK", "")).await;
    let origin = Origin { source: Some("192.0.2.1".parse().unwrap()), ..Origin::default() };
    let outcome = Http { origin, ..at(&server) }.probe().await;
    assert!(matches!(outcome, Outcome::CouldNotRun(_)), "{outcome:?}");
}

#[tokio::test]
async fn a_name_that_is_none_is_a_failure() {
    let url = Url::parse(&format!("http://{}/", "a".repeat(64))).unwrap();
    let outcome = Http::get(url).probe().await;
    assert!(matches!(&outcome, Outcome::Failed(words) if words.starts_with("cannot resolve aaaa")), "{outcome:?}");
}
