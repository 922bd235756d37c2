use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use vrrp_control::{
    Client, Drain, DrainOutcome, DrainReply, Drained, LogLevel, Reloaded, Status, Takeover, TakeoverReply, Undrain,
};
use vrrp_http::{Failure, Host, Journal, Options, Server};

/// A host that answers from memory.
#[derive(Debug, Clone)]
pub(crate) struct Fake {
    pub(crate) status: Arc<Status>,
    pub(crate) level: Arc<Mutex<LogLevel>>,
}

impl Host for Fake {
    async fn status(&self) -> Result<Arc<Status>, Failure> {
        Ok(Arc::clone(&self.status))
    }

    async fn capture(&self) -> Result<Vec<u8>, Failure> {
        Ok(b"pcap".to_vec())
    }

    async fn config(&self) -> Result<Value, Failure> {
        Ok(json!({"routers": []}))
    }

    async fn reload(&self, dry_run: bool) -> Result<Reloaded, Failure> {
        Ok(Reloaded { applied: !dry_run, reason: None, changes: Vec::new(), diagnostics: Vec::new() })
    }

    async fn drain(&self, request: Drain) -> Result<DrainReply, Failure> {
        let router = request.router.unwrap_or_else(|| "web".to_owned());
        if self.status.router(&router).is_none() {
            return Err(Failure::NoSuchRouter(router));
        }
        let (outcome, words) = (DrainOutcome::Relieved, String::new());
        Ok(DrainReply { outcomes: vec![Drained { router, outcome, by: None, until: None, words }] })
    }

    async fn undrain(&self, _: Undrain) -> Result<Vec<String>, Failure> {
        Ok(vec!["web".to_owned()])
    }

    async fn takeover(&self, _: Takeover) -> Result<TakeoverReply, Failure> {
        Err(Failure::Unavailable("the node is stopping".to_owned()))
    }

    fn log_level(&self) -> LogLevel {
        *self.level.lock().unwrap()
    }

    fn set_log_level(&self, level: LogLevel) {
        *self.level.lock().unwrap() = level;
    }
}

/// A status of so many virtual routers.
pub(crate) fn status(routers: usize) -> Status {
    let router = |number: usize| {
        json!({
            "name": if number == 0 { "web".to_owned() } else { format!("r{number}") },
            "interface": "eth0", "vrid": number % 255 + 1, "family": "ipv4", "version": 3, "state": "active",
            "since": 990.0, "priority": {"base": 100, "effective": 90}, "preempt": true,
            "advertisement_interval": 1.0, "active_down_interval": 3.6, "source": "10.0.0.1",
            "destinations": ["224.0.0.18"], "group": null, "degraded": true, "drain": null, "takeover": null,
            "causes": [{"token": "check", "words": "check chk fails"}], "conditions": [{"token": "contested", "words": "contested by 10.0.0.2"}],
            "active_router": {"address": "10.0.0.2", "priority": 80, "last_heard": 999.0},
            "addresses": [
                {"address": "10.0.0.100/24", "link": "eth0", "present": true, "advertised": true},
                {"address": "10.0.1.100/24", "link": "eth1", "present": true, "advertised": false},
            ],
            "transition": null,
            "counters": {"advertised": 7, "received": 3, "rejected": {"checksum": 2, "truncated": 1},
                "transitions": {"active_down": 2, "started": 1}, "became_active": 2},
            "recent": [],
            "peers": [{"address": "10.0.0.2", "priority": 80, "interval": 1.0, "last_heard": 999.0, "received": 3, "missed": 1}],
            "timer": null,
            "inter_arrival": {"bounds": [0.5, 1.1], "counts": [0, 2, 1], "sum": 4.0},
        })
    };
    let routers: Vec<Value> = (0..routers).map(router).collect();
    serde_json::from_value(json!({
        "version": "1.2.3", "at": 1000.0, "started": 900.0, "routers": routers,
        "checks": [
            {"name": "chk", "verdict": "down", "words": "exit status 1: hunter4", "runs": 5, "failures": 4, "took": 0.25,
                "durations": {"bounds": [0.1], "counts": [2, 3], "sum": 0.9}},
            {"name": "level", "verdict": {"value": -20}},
        ],
        "hooks": [{"hook": "notify", "succeeded": 2, "failed": 1, "superseded": 0}],
        "engine": {"lag": {"bounds": [0.001], "counts": [9, 1], "sum": 0.02}, "worst_lag": 0.015},
    }))
    .unwrap()
}

/// A running server on a control socket and a metrics address of its own.
pub(crate) struct Running {
    pub(crate) server: Server,
    pub(crate) journal: Journal,
    pub(crate) path: PathBuf,
    _directory: tempfile::TempDir,
}

impl Running {
    pub(crate) fn new(routers: usize) -> Self {
        Self::of(status(routers))
    }

    pub(crate) fn of(status: Status) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("control.sock");
        let mut options = Options::default();
        options.control = Some(path.clone());
        options.metrics = Some(([127, 0, 0, 1], 0).into());
        let journal = Journal::new(500);
        let host = Fake { status: Arc::new(status), level: Arc::new(Mutex::new(LogLevel::Info)) };
        let server = Server::start(options, host, journal.clone()).unwrap();
        Self { server, journal, path, _directory: directory }
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(&self.path)
    }

    /// A bare connection to the control socket.
    pub(crate) fn connect(&self) -> UnixStream {
        UnixStream::connect(&self.path).unwrap()
    }

    pub(crate) fn push(&self, words: &str) {
        let event = json!({"seq": 0, "at": 1.0, "event": "trouble", "words": words});
        self.journal.push(serde_json::from_value(event).unwrap());
    }
}
