//! One request: what it is for, whether it may, and what it gets.

use core::time::Duration;
use std::sync::Arc;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::{Request, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::sync::Semaphore;
use vrrp_control::{LogLevelBody, RouterCounters, Status};

use crate::answer::{self, Body};
use crate::explain::explain;
use crate::follow::Events;
use crate::host::{Failure, Host};
use crate::journal::Journal;
use crate::metrics;
use crate::routes::{self, Found, Method, OPENAPI, Resource, Route};

/// No request is longer.
const LONGEST: usize = 64 * 1024;
/// Nobody takes longer to send one.
const PATIENCE: Duration = Duration::from_secs(5);

/// An engine that does not answer for so long is not healthy.
const HEALTHY: Duration = Duration::from_secs(1);
/// Clients that follow the events at a time: they stay, and the other connections are for those that ask and go.
const FOLLOWERS: usize = 64;

/// What answers requests.
#[derive(Debug)]
pub(crate) struct Service<H> {
    host: H,
    journal: Journal,
    /// Whether metrics have the exporters' names too, unasked.
    compat: bool,
    followers: Arc<Semaphore>,
}

/// What is known of whoever asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asker {
    /// Whether they came by the public address.
    pub(crate) public: bool,
    /// Whether they may change anything.
    pub(crate) may_change: bool,
}

impl<H: Host> Service<H> {
    pub(crate) fn new(host: H, journal: Journal, compat: bool) -> Self {
        Self { host, journal, compat, followers: Arc::new(Semaphore::new(FOLLOWERS)) }
    }

    /// Answers one request.
    pub(crate) async fn answer(self: Arc<Self>, asker: Asker, request: Request<Incoming>) -> Response<Body> {
        let path = request.uri().path().to_owned();
        let query = request.uri().query().map(str::to_owned);
        match routes::find(request.method(), &path, asker.public) {
            Found::Nothing => {
                answer::refusal(StatusCode::NOT_FOUND, "not_found", "nothing is served here: see /v1/openapi.json")
            }
            Found::OtherMethod(methods) => answer::other_method(&methods),
            Found::Route(route, _) if asker.public && route.resource == Resource::Status => self.public_status().await,
            Found::Route(route, name) if route.method == Method::Get => {
                self.read(route.resource, name, query.as_deref()).await
            }
            Found::Route(..) if !asker.may_change => {
                let words = "only root and members of the socket's group may change anything";
                answer::refusal(StatusCode::FORBIDDEN, "forbidden", words)
            }
            Found::Route(route, _) => self.change(route, query, request).await,
        }
    }

    async fn read(&self, resource: Resource, name: Option<String>, query: Option<&str>) -> Response<Body> {
        match resource {
            Resource::OpenApi => answer::text(StatusCode::OK, "application/json", OPENAPI),
            Resource::Events => self.events(query),
            Resource::Capture => match self.host.capture().await {
                Ok(file) => answer::text(StatusCode::OK, "application/vnd.tcpdump.pcap", file),
                Err(failure) => answer::failed(&failure),
            },
            Resource::Config => answer::of(self.host.config().await),
            Resource::LogLevel => answer::json(&LogLevelBody { level: self.host.log_level() }),
            Resource::Health => self.health().await,
            Resource::ExplainAll | Resource::Explain => self.explain(name).await,
            Resource::Status
            | Resource::Routers
            | Resource::Router
            | Resource::Checks
            | Resource::Counters
            | Resource::Metrics => match self.host.status().await {
                Ok(status) => self.of_status(resource, &status, name, query),
                Err(failure) => answer::failed(&failure),
            },
            Resource::Reload | Resource::Drain | Resource::Undrain | Resource::Takeover | Resource::SetLogLevel => {
                answer::other_method("POST, PUT")
            }
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the other resources are no part of a status")]
    fn of_status(
        &self,
        resource: Resource,
        status: &Arc<Status>,
        name: Option<String>,
        query: Option<&str>,
    ) -> Response<Body> {
        let name = name.unwrap_or_default();
        match resource {
            Resource::Routers => answer::json(&status.routers),
            Resource::Router => answer::of(status.router(&name).ok_or_else(|| Failure::NoSuchRouter(name.clone()))),
            Resource::Checks => answer::json(&status.checks),
            Resource::Counters => {
                let counters: Vec<(&str, &RouterCounters)> =
                    status.routers.iter().map(|router| (router.name.as_str(), &router.counters)).collect();
                answer::json(&counters)
            }
            Resource::Metrics => {
                let compat = self.compat || routes::is_set(query, "compat");
                answer::text(StatusCode::OK, metrics::CONTENT_TYPE, metrics::page(status, compat))
            }
            _ => answer::json(&**status),
        }
    }

    /// Explains the virtual router of this name, or all of them.
    async fn explain(&self, name: Option<String>) -> Response<Body> {
        let status = match self.host.status().await {
            Ok(status) => status,
            Err(failure) => return answer::failed(&failure),
        };
        let events = self.journal.recent();
        let Some(name) = name else {
            let conflicts = self.host.conflicts(Arc::clone(&status), None).await;
            let all = status.routers.iter().map(|router| explain(&status, router, &events, &conflicts));
            return answer::json(&all.collect::<Vec<_>>());
        };
        let Some(router) = status.router(&name) else { return answer::failed(&Failure::NoSuchRouter(name)) };
        let conflicts = self.host.conflicts(Arc::clone(&status), Some(name)).await;
        answer::json(&explain(&status, router, &events, &conflicts))
    }

    /// The status for everybody: without what checks print, which may be anything.
    async fn public_status(&self) -> Response<Body> {
        match self.host.status().await {
            Ok(status) => {
                let mut status = Arc::unwrap_or_clone(status);
                status.checks.iter_mut().for_each(|check| check.words.clear());
                answer::json(&status)
            }
            Err(failure) => answer::failed(&failure),
        }
    }

    /// Whether the engine answers.
    async fn health(&self) -> Response<Body> {
        match tokio::time::timeout(HEALTHY, self.host.status()).await {
            Ok(Ok(_)) => answer::text(StatusCode::OK, "text/plain; charset=utf-8", "ok\n"),
            Ok(Err(failure)) => answer::failed(&failure),
            Err(_) => answer::failed(&Failure::Unavailable("the engine does not answer".to_owned())),
        }
    }

    fn events(&self, query: Option<&str>) -> Response<Body> {
        let since = match routes::parameter(query, "since").map(str::parse::<u64>) {
            None => None,
            Some(Ok(since)) => Some(since),
            Some(Err(_)) => return bad_request("since= takes the number of an event"),
        };
        // A number that was not given yet is of a former run: all there is has happened since.
        let since = since.map(|number| if number > self.journal.last() { 0 } else { number });
        if routes::is_set(query, "follow") {
            let Ok(place) = Arc::clone(&self.followers).try_acquire_owned() else {
                let words = "64 clients follow the events already";
                return answer::refusal(StatusCode::SERVICE_UNAVAILABLE, "busy", words);
            };
            let since = since.unwrap_or_else(|| self.journal.last());
            return answer::stream(Events::after(self.journal.clone(), since, place));
        }
        let after = self.journal.after(since.unwrap_or(0));
        let raw = |line: &bytes::Bytes| serde_json::from_slice::<Box<RawValue>>(line);
        let events = after.lines.iter().map(raw).collect::<Result<Vec<_>, _>>();
        match events {
            Ok(events) => answer::json(&Page { first: after.first, last: after.last, lost: after.lost, events }),
            Err(error) => answer::refusal(StatusCode::INTERNAL_SERVER_ERROR, "internal", &error.to_string()),
        }
    }

    /// Does what is asked, also when whoever asked has gone meanwhile.
    async fn change(
        self: Arc<Self>,
        route: &'static Route,
        query: Option<String>,
        request: Request<Incoming>,
    ) -> Response<Body> {
        let body = tokio::time::timeout(PATIENCE, Limited::new(request.into_body(), LONGEST).collect()).await;
        let body = match body {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(_)) => return bad_request("the request is cut off, or longer than 64 KiB"),
            Err(_) => return answer::refusal(StatusCode::REQUEST_TIMEOUT, "timeout", "the request did not come"),
        };
        let task = tokio::spawn(async move { self.carry_out(route.resource, query.as_deref(), &body).await });
        let lost = |_| answer::refusal(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the request was given up");
        task.await.unwrap_or_else(lost)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "everything else only reads")]
    async fn carry_out(&self, resource: Resource, query: Option<&str>, body: &[u8]) -> Response<Body> {
        match resource {
            Resource::Reload => answer::of(self.host.reload(routes::is_set(query, "dry_run")).await),
            Resource::Drain => match parse(body) {
                Ok(request) => answer::of(self.host.drain(request).await),
                Err(refusal) => *refusal,
            },
            Resource::Undrain => match parse(body) {
                Ok(request) => answer::of(self.host.undrain(request).await),
                Err(refusal) => *refusal,
            },
            Resource::Takeover => match parse(body) {
                Ok(request) => answer::of(self.host.takeover(request).await),
                Err(refusal) => *refusal,
            },
            Resource::SetLogLevel => match parse::<LogLevelBody>(body) {
                Ok(LogLevelBody { level }) => {
                    self.host.set_log_level(level);
                    answer::json(&LogLevelBody { level: self.host.log_level() })
                }
                Err(refusal) => *refusal,
            },
            _ => answer::other_method("GET, HEAD"),
        }
    }
}

/// [`vrrp_control::EventPage`] out of lines that are JSON already.
#[derive(serde::Serialize)]
struct Page {
    first: u64,
    last: u64,
    lost: u64,
    events: Vec<Box<RawValue>>,
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Box<Response<Body>>> {
    serde_json::from_slice(body).map_err(|error| Box::new(bad_request(&format!("the request: {error}"))))
}

fn bad_request(words: &str) -> Response<Body> {
    answer::refusal(StatusCode::BAD_REQUEST, "bad_request", words)
}
