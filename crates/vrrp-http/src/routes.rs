//! What is served where.

/// The interface as an OpenAPI document.
pub const OPENAPI: &str = include_str!("../openapi.json");

/// What is served at one path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// How it is asked.
    pub method: Method,
    /// Where; `{name}` stands for the name of a virtual router.
    pub path: &'static str,
    /// Whether it is served to everybody who reaches the metrics address, too.
    pub public: bool,
    pub(crate) resource: Resource,
}

/// How something is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// It changes nothing.
    Get,
    /// It changes something.
    Post,
    /// It changes a setting.
    Put,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resource {
    Status,
    Routers,
    Router,
    Checks,
    Counters,
    ExplainAll,
    Explain,
    Events,
    Capture,
    Config,
    Reload,
    Drain,
    Undrain,
    Takeover,
    LogLevel,
    SetLogLevel,
    OpenApi,
    Metrics,
    Health,
}

/// Everything that is served.
pub const ROUTES: &[Route] = &[
    get("/v1/status", Resource::Status),
    get("/v1/routers", Resource::Routers),
    get("/v1/routers/{name}", Resource::Router),
    get("/v1/checks", Resource::Checks),
    get("/v1/counters", Resource::Counters),
    get("/v1/explain", Resource::ExplainAll),
    get("/v1/explain/{name}", Resource::Explain),
    get("/v1/events", Resource::Events),
    get("/v1/capture", Resource::Capture),
    get("/v1/config", Resource::Config),
    post("/v1/reload", Resource::Reload),
    post("/v1/drain", Resource::Drain),
    post("/v1/undrain", Resource::Undrain),
    post("/v1/takeover", Resource::Takeover),
    get("/v1/log-level", Resource::LogLevel),
    Route { method: Method::Put, path: "/v1/log-level", public: false, resource: Resource::SetLogLevel },
    get("/v1/openapi.json", Resource::OpenApi),
    public("/metrics", Resource::Metrics),
    public("/healthz", Resource::Health),
    public("/status.json", Resource::Status),
];

const fn get(path: &'static str, resource: Resource) -> Route {
    Route { method: Method::Get, path, public: false, resource }
}

const fn post(path: &'static str, resource: Resource) -> Route {
    Route { method: Method::Post, path, public: false, resource }
}

const fn public(path: &'static str, resource: Resource) -> Route {
    Route { method: Method::Get, path, public: true, resource }
}

/// What a request is for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// This, with the name in its path.
    Route(&'static Route, Option<String>),
    /// The path is served, by these other methods: what `Allow` says.
    OtherMethod(String),
    Nothing,
}

/// Finds what a request is for; on the public address only what is public.
pub(crate) fn find(method: &hyper::Method, path: &str, public_only: bool) -> Found {
    let mut others = Vec::new();
    for route in ROUTES.iter().filter(|route| route.public || !public_only) {
        let Some(name) = matches(route.path, path) else { continue };
        if route.method.is(method) {
            return Found::Route(route, name);
        }
        others.push(route.method.allows());
    }
    if others.is_empty() { Found::Nothing } else { Found::OtherMethod(others.join(", ")) }
}

impl Method {
    fn is(self, method: &hyper::Method) -> bool {
        match self {
            Self::Get => method == hyper::Method::GET || method == hyper::Method::HEAD,
            Self::Post => method == hyper::Method::POST,
            Self::Put => method == hyper::Method::PUT,
        }
    }

    const fn allows(self) -> &'static str {
        match self {
            Self::Get => "GET, HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// Whether a path is of this pattern; the name in it, if it has one.
fn matches(pattern: &str, path: &str) -> Option<Option<String>> {
    match pattern.strip_suffix("{name}") {
        Some(prefix) => {
            let name = path.strip_prefix(prefix).filter(|name| !name.is_empty() && !name.contains('/'))?;
            Some(Some(decode(name)?))
        }
        None => (pattern == path).then_some(None),
    }
}

/// A segment of a path as text; `None` when it is none.
fn decode(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
            let (high, low) = (digit()?, digit()?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Whether a query has this key, and its value.
pub(crate) fn parameter<'q>(query: Option<&'q str>, key: &str) -> Option<&'q str> {
    let pairs = query.unwrap_or_default().split('&');
    let mut pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.find(|(found, _)| *found == key).map(|(_, value)| value)
}

/// Whether a switch is on: `key` or `key=` with anything but 0 or false.
pub(crate) fn is_set(query: Option<&str>, key: &str) -> bool {
    parameter(query, key).is_some_and(|value| !matches!(value, "0" | "false"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn resource(method: &hyper::Method, path: &str, public: bool) -> Option<(Resource, Option<String>)> {
        match find(method, path, public) {
            Found::Route(route, name) => Some((route.resource, name)),
            Found::OtherMethod(_) | Found::Nothing => None,
        }
    }

    #[test]
    fn names_are_one_segment_with_whatever_is_in_them() {
        let get = hyper::Method::GET;
        let named = |name: &str| Some((Resource::Router, Some(name.to_owned())));
        assert_eq!(resource(&get, "/v1/routers/VI_1", false), named("VI_1"));
        assert_eq!(resource(&get, "/v1/routers/a%2Fb%20c", false), named("a/b c"));
        assert_eq!(resource(&get, "/v1/routers/a/b", false), None);
        assert_eq!(resource(&get, "/v1/routers/", false), None);
        assert_eq!(resource(&get, "/v1/routers/%ff", false), None, "no text");
        assert_eq!(resource(&get, "/v1/routers/%4", false), None, "cut off");
    }

    #[test]
    fn nothing_that_changes_anything_or_names_a_secret_is_public() {
        let public: Vec<&str> = ROUTES.iter().filter(|route| route.public).map(|route| route.path).collect();
        assert_eq!(public, ["/metrics", "/healthz", "/status.json"]);
        assert!(ROUTES.iter().filter(|route| route.public).all(|route| route.method == Method::Get));
        assert_eq!(find(&hyper::Method::POST, "/v1/drain", true), Found::Nothing);
    }

    #[test]
    fn what_is_served_by_other_methods_says_by_which() {
        let other = |methods: &str| Found::OtherMethod(methods.to_owned());
        assert_eq!(find(&hyper::Method::GET, "/v1/drain", false), other("POST"));
        assert_eq!(find(&hyper::Method::DELETE, "/v1/log-level", false), other("GET, HEAD, PUT"));
    }

    #[test]
    fn parameters_are_found_with_and_without_a_value() {
        assert_eq!(parameter(Some("follow&since=7"), "since"), Some("7"));
        assert_eq!(parameter(Some("follow&since=7"), "follow"), Some(""));
        assert_eq!(parameter(Some("followed=1"), "follow"), None);
        assert_eq!(parameter(None, "follow"), None);
    }

    #[test]
    fn a_switch_is_off_if_it_is_missing_0_or_false() {
        for (query, on) in [("follow", true), ("follow=1", true), ("follow=true", true), ("follow=0", false)] {
            assert_eq!(is_set(Some(query), "follow"), on, "{query}");
        }
        assert!(
            !is_set(Some("follow=false"), "follow") && !is_set(Some("since=1"), "follow") && !is_set(None, "follow")
        );
    }

    /// The document says what is served, and nothing else.
    #[test]
    fn every_path_is_in_the_openapi_document_and_no_other() {
        let document: serde_json::Value = serde_json::from_str(OPENAPI).unwrap();
        let mut said = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for method in item.as_object().unwrap().keys() {
                said.push((method.clone(), path.clone()));
            }
        }
        let word = |method| match method {
            Method::Get => "get",
            Method::Post => "post",
            Method::Put => "put",
        };
        let mut served: Vec<(String, String)> =
            ROUTES.iter().map(|route| (word(route.method).to_owned(), route.path.to_owned())).collect();
        said.sort();
        served.sort();
        assert_eq!(said, served);
    }

    proptest! {
        #[test]
        fn no_path_and_no_query_is_too_odd(path in ".*", query in ".*") {
            let _ = find(&hyper::Method::GET, &path, false);
            let _ = find(&hyper::Method::GET, &format!("/v1/routers/{path}"), false);
            let _ = parameter(Some(&query), "since");
        }
    }
}
