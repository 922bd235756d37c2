//! Answers, as HTTP has them.

use core::convert::Infallible;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde::Serialize;
use vrrp_control::Refusal;

use crate::follow::Events;
use crate::host::Failure;

pub(crate) type Body = UnsyncBoxBody<Bytes, Infallible>;

const JSON: &str = "application/json";

/// Yes, in JSON.
pub(crate) fn json(value: &impl Serialize) -> Response<Body> {
    match serde_json::to_vec(value) {
        Ok(mut bytes) => {
            bytes.push(b'\n');
            text(StatusCode::OK, JSON, bytes)
        }
        Err(error) => refusal(StatusCode::INTERNAL_SERVER_ERROR, "internal", &error.to_string()),
    }
}

/// A body of this media type.
pub(crate) fn text(status: StatusCode, media_type: &'static str, body: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(Full::new(body.into()).boxed_unsync());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// Lines of JSON as they come.
pub(crate) fn stream(events: Events) -> Response<Body> {
    let mut response = Response::new(events.boxed_unsync());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    response
}

/// No, with a word for programs and a sentence for people.
pub(crate) fn refusal(status: StatusCode, error: &str, words: &str) -> Response<Body> {
    let refusal = Refusal { error: error.to_owned(), words: words.to_owned() };
    let mut bytes = serde_json::to_vec(&refusal).unwrap_or_default();
    bytes.push(b'\n');
    text(status, JSON, bytes)
}

/// What the host says, or why it does not.
pub(crate) fn of<T: Serialize>(answer: Result<T, Failure>) -> Response<Body> {
    match answer {
        Ok(value) => json(&value),
        Err(failure) => failed(&failure),
    }
}

/// What the host did not do.
pub(crate) fn failed(failure: &Failure) -> Response<Body> {
    let words = failure.to_string();
    match failure {
        Failure::NoSuchRouter(_) => refusal(StatusCode::NOT_FOUND, "no_such_router", &words),
        Failure::BadRequest(_) => refusal(StatusCode::BAD_REQUEST, "bad_request", &words),
        Failure::Unavailable(_) => refusal(StatusCode::SERVICE_UNAVAILABLE, "unavailable", &words),
    }
}

/// Served, but by these methods alone.
pub(crate) fn other_method(methods: &str) -> Response<Body> {
    let words = "this path is served by another method: see /v1/openapi.json";
    let mut response = refusal(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", words);
    if let Ok(methods) = HeaderValue::from_str(methods) {
        response.headers_mut().insert(ALLOW, methods);
    }
    response
}
