//! A Prometheus on a host of the lab, and its HTTP interface.

use core::fmt::Write as _;
use core::time::Duration;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Instant;

use serde_json::Value;
use vrrp_lab::{Daemon, Host};

use crate::fixture::{Node, ms};

/// Beyond what a scrape, an evaluation and a busy machine take.
const LONG: Duration = Duration::from_secs(60);

pub(super) struct Prometheus {
    host: Host,
    daemon: Daemon,
}

/// A series with its labels, and its points: seconds since the Unix epoch, and values.
#[derive(Debug, Clone)]
pub(super) struct Series {
    pub(super) labels: Value,
    pub(super) points: Vec<(f64, f64)>,
}

impl Prometheus {
    /// Starts one that scrapes these instances each second, by the alert rules as they are shipped, except that none waits.
    pub(super) fn start(node: &Node, rules: &str, instances: &[(&str, &str)]) -> Self {
        let at_once: Vec<&str> = rules.lines().filter(|line| !line.trim_start().starts_with("for: ")).collect();
        node.write("/tmp/vrrpd.rules.yml", &at_once.join("\n"));
        node.write("/tmp/prometheus.yml", &config(instances));
        let mut command = Command::new("prometheus");
        command.args(["--config.file=/tmp/prometheus.yml", "--storage.tsdb.path=/tmp/prometheus"]);
        command.args(["--web.listen-address=127.0.0.1:9090", "--log.level=warn"]).env("GOMAXPROCS", "1");
        let prometheus = Self { host: node.host.clone(), daemon: node.host.spawn(command).unwrap() };
        prometheus.until("it is ready", || prometheus.get("/-/ready").filter(|text| text.contains("200 OK")));
        prometheus
    }

    /// What an expression says now.
    pub(super) fn query(&self, expression: &str) -> Vec<Series> {
        series(&self.ask(&format!("/api/v1/query?query={}", encoded(expression))))
    }

    /// What an expression said between two moments.
    pub(super) fn range(&self, expression: &str, (start, end): (f64, f64), step: f64) -> Vec<Series> {
        let query = encoded(expression);
        series(&self.ask(&format!("/api/v1/query_range?query={query}&start={start}&end={end}&step={step}")))
    }

    /// The newest moment that was scraped.
    pub(super) fn newest(&self) -> f64 {
        let newest = |series: &Vec<Series>| series.first().map(|series| series.points[0].1);
        self.until("it has scraped", || newest(&self.query("max(timestamp(up))")))
    }

    /// The names of the alerts with their expressions, as it has read them.
    pub(super) fn rules(&self) -> Vec<(String, String)> {
        let rules = self.ask("/api/v1/rules");
        let rules = rules["groups"][0]["rules"].as_array().unwrap().clone();
        let text = |rule: &Value, key: &str| rule[key].as_str().unwrap().to_owned();
        rules.iter().map(|rule| (text(rule, "name"), text(rule, "query"))).collect()
    }

    /// Waits until an alert with these labels fires.
    pub(super) fn firing(&self, name: &str, labels: &[(&str, &str)]) {
        let named = |alert: &Value| alert["state"] == "firing" && alert["labels"]["alertname"] == name;
        let is = |alert: &Value| named(alert) && labels.iter().all(|(label, value)| alert["labels"][*label] == **value);
        self.until(name, || {
            let alerts = self.ask("/api/v1/alerts");
            alerts["alerts"].as_array().unwrap().iter().any(is).then_some(())
        });
    }

    /// Waits until an alert does not fire any more.
    pub(super) fn quiet(&self, name: &str) {
        self.until(&format!("no {name}"), || {
            let alerts = self.ask("/api/v1/alerts");
            alerts["alerts"].as_array().unwrap().iter().all(|alert| alert["labels"]["alertname"] != name).then_some(())
        });
    }

    /// Asks again and again until there is an answer.
    pub(super) fn until<T>(&self, what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
        let began = Instant::now();
        loop {
            if let Some(answer) = ask() {
                return answer;
            }
            assert!(began.elapsed() < LONG, "waited in vain: {what}\n{}", self.daemon.log().tail(20));
            std::thread::sleep(ms(100));
        }
    }

    fn ask(&self, path: &str) -> Value {
        let text = self.get(path).unwrap();
        let answer: Value = serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap();
        assert_eq!(answer["status"], "success", "{path}: {answer}");
        answer["data"].clone()
    }

    fn get(&self, path: &str) -> Option<String> {
        let mut stream = self.host.on(|| TcpStream::connect("127.0.0.1:9090")).unwrap().ok()?;
        write!(stream, "GET {path} HTTP/1.0\r\nhost: x\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        Some(answer)
    }
}

fn config(instances: &[(&str, &str)]) -> String {
    let mut text = "global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\n  evaluation_interval: 500ms\n\
        rule_files: [/tmp/vrrpd.rules.yml]\nscrape_configs:\n  - job_name: vrrpd\n    static_configs:\n"
        .to_owned();
    for (name, address) in instances {
        let _ = writeln!(text, "      - targets: ['{address}']\n        labels: {{instance: {name}}}");
    }
    text
}

/// A vector as series of one point, a matrix as it is.
fn series(data: &Value) -> Vec<Series> {
    let point = |point: &Value| (point[0].as_f64().unwrap(), point[1].as_str().unwrap().parse().unwrap());
    let one = |series: &Value| Series {
        labels: series["metric"].clone(),
        points: match series["values"].as_array() {
            Some(values) => values.iter().map(point).collect(),
            None => vec![point(&series["value"])],
        },
    };
    data["result"].as_array().unwrap().iter().map(one).collect()
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
