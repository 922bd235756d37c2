use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::header::{ACCEPT, CONNECTION, HOST, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use hyper::{Request, http};

use super::Url;
use crate::probe::SpecError;

/// What we call ourselves.
const AGENT: &str = concat!("vrrp-health/", env!("CARGO_PKG_VERSION"));

/// How it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// With its body.
    #[default]
    Get,
    /// Without a body: conditions on the body cannot hold.
    Head,
}

impl Method {
    /// Reads `GET` or `HEAD`.
    ///
    /// # Errors
    ///
    /// [`SpecError::Method`] for everything else.
    pub fn parse(text: &str) -> Result<Self, SpecError> {
        match text {
            "GET" => Ok(Self::Get),
            "HEAD" => Ok(Self::Head),
            _ => Err(SpecError::Method(text.into())),
        }
    }
}

/// A header of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub(super) name: HeaderName,
    pub(super) value: HeaderValue,
}

impl Header {
    /// Reads a header's name and value.
    ///
    /// # Errors
    ///
    /// [`SpecError::Header`] where HTTP does not know such a name or value.
    pub fn parse(name: &str, value: &str) -> Result<Self, SpecError> {
        let wrong = || SpecError::Header { name: name.into(), value: value.into() };
        Ok(Self { name: name.parse().map_err(|_| wrong())?, value: value.parse().map_err(|_| wrong())? })
    }
}

/// A request that says of itself that no other follows it. What the check names stands in place of what we would say.
pub(super) fn request(url: &Url, method: Method, headers: &[Header]) -> Request<Empty<Bytes>> {
    let mut request = Request::new(Empty::new());
    *request.method_mut() = match method {
        Method::Get => http::Method::GET,
        Method::Head => http::Method::HEAD,
    };
    *request.uri_mut() = url.target();
    let map = request.headers_mut();
    for header in headers {
        map.append(&header.name, header.value.clone());
    }
    unless_said(map, HOST, url.host());
    unless_said(map, USER_AGENT, HeaderValue::from_static(AGENT));
    unless_said(map, ACCEPT, HeaderValue::from_static("*/*"));
    unless_said(map, CONNECTION, HeaderValue::from_static("close"));
    request
}

fn unless_said(map: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    map.entry(name).or_insert(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_one_of_two() {
        assert_eq!(Method::parse("GET"), Ok(Method::Get));
        assert_eq!(Method::parse("HEAD"), Ok(Method::Head));
        assert_eq!(Method::parse("get"), Err(SpecError::Method("get".into())));
    }

    #[test]
    fn what_a_check_says_stands_in_place_of_what_we_would_say() {
        let url = Url::parse("http://a.example:8080/ping?b").unwrap();
        let headers = [("Host", "b.example"), ("X-Probe", "1"), ("X-Probe", "2")];
        let headers = headers.map(|(name, value)| Header::parse(name, value).unwrap());
        let sent = request(&url, Method::Head, &headers);
        assert_eq!((sent.method(), sent.uri()), (&http::Method::HEAD, &url.target()));
        let said = |name| sent.headers().get_all(name).iter().map(|value| value.to_str().unwrap()).collect::<Vec<_>>();
        assert_eq!((said("host"), said("x-probe")), (vec!["b.example"], vec!["1", "2"]));
        assert_eq!((said("accept"), said("connection"), said("user-agent")), (vec!["*/*"], vec!["close"], vec![AGENT]));
        assert_eq!(request(&url, Method::Get, &[]).headers()["host"], "a.example:8080");
    }

    #[test]
    fn a_header_that_http_does_not_know_is_refused() {
        let refused = |name: &str, value: &str| SpecError::Header { name: name.into(), value: value.into() };
        assert_eq!(Header::parse("a b", "c"), Err(refused("a b", "c")));
        assert_eq!(Header::parse("a", "b\nc"), Err(refused("a", "b\nc")));
    }
}
