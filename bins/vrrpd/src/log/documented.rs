//! The patterns that `docs/src/logging.md` gives to Promtail and Filebeat, against real lines.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use regex::Regex;
use serde_json::Value;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use vrrp::{Cause, Event, Heard, Name, Priority, What};

use super::outlet::{self, Lines};
use crate::args::{LogFormat, LogTo, Logging};

const PAGE: &str = include_str!("../../../../docs/src/logging.md");

/// What was written.
#[derive(Debug, Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Paper {
    type Writer = Self;

    fn make_writer(&'a self) -> Self::Writer {
        self.clone()
    }
}

/// A move of a virtual router, with as much to it as one can have.
fn moved() -> Event {
    let last =
        Heard { source: "10.0.0.2".parse().unwrap(), priority: Priority::new(150), at: vrrp::Instant::default() };
    let why = Cause::Preempting { lower: last };
    let what = What::Moved { from: Name::Backup, to: Name::Active, why, priority: Priority::new(200), about: None };
    Event { at: 0, router: "web".into(), what }
}

fn written(logging: Logging, lines: impl FnOnce(Paper) -> Lines, events: &[Event]) -> String {
    let paper = Paper::default();
    let subscriber = tracing_subscriber::registry().with(lines(paper.clone()));
    tracing::subscriber::with_default(subscriber, || events.iter().for_each(|event| super::event(logging, event)));
    let bytes = paper.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

fn logging(log_format: LogFormat, log_to: LogTo) -> Logging {
    Logging { log_format, log_to, log_facility: "local0".parse().unwrap() }
}

/// What rsyslog makes of a line on its socket, in its traditional form and in that of RFC 3339.
fn in_files(event: Event) -> [String; 2] {
    let logging = logging(LogFormat::Text, LogTo::Syslog);
    let line = written(logging, |paper| outlet::to_syslog(LogFormat::Text, paper), &[event]);
    ["Nov  2 16:16:15", "2026-11-02T16:16:15.495087+00:00"]
        .map(|time| format!("{time} node-a vrrpd[42]: {}", line.trim_end()))
}

/// The values of a key in the page's examples.
fn patterns(key: &str) -> Vec<&'static str> {
    let lines = PAGE.lines().filter_map(|line| line.trim().strip_prefix(key)?.strip_prefix(": '"));
    lines.map(|rest| rest.strip_suffix('\'').unwrap()).collect()
}

#[test]
fn promtail_s_patterns_take_a_move_apart() {
    let [line, sentence]: [Regex; 2] =
        patterns("expression").into_iter().map(|p| Regex::new(p).unwrap()).collect::<Vec<_>>().try_into().unwrap();
    for text in in_files(moved()) {
        let parts = line.captures(&text).unwrap_or_else(|| panic!("no match: {text}"));
        assert_eq!((&parts["host"], &parts["pid"], &parts["router"]), ("node-a", "42", "web"), "{text}");
        let parts = sentence.captures(&parts["message"]).unwrap_or_else(|| panic!("no match: {text}"));
        assert_eq!((&parts["from"], &parts["to"], &parts["priority"]), ("Backup", "Active", "200"), "{text}");
        assert!(parts["cause"].contains("10.0.0.2"), "{text}");
    }
}

#[test]
fn promtail_s_pattern_takes_a_line_of_the_whole_node() {
    let line = Regex::new(patterns("expression")[0]).unwrap();
    let event = Event { at: 0, router: "".into(), what: What::Resynced };
    for text in in_files(event) {
        let parts = line.captures(&text).unwrap_or_else(|| panic!("no match: {text}"));
        assert!(parts.name("router").is_none() && parts["message"].contains("read anew"), "{text}");
    }
}

/// What Filebeat's `dissect` makes of a line: text between keys stands for itself, `->` passes repeated spaces over.
fn dissect<'a>(tokenizer: &'a str, line: &'a str) -> Option<HashMap<&'a str, &'a str>> {
    let mut parts = tokenizer.split("%{");
    let mut rest = line.strip_prefix(parts.next()?)?;
    let mut found = HashMap::new();
    for part in parts {
        let (key, delimiter) = part.split_once('}')?;
        let (value, after) = if delimiter.is_empty() { (rest, "") } else { rest.split_once(delimiter)? };
        rest = if key.ends_with("->") { after.trim_start_matches(delimiter) } else { after };
        found.insert(key.trim_end_matches("->"), value);
    }
    Some(found)
}

#[test]
fn filebeat_s_tokenizer_takes_a_move_apart() {
    let [tokenizer] = patterns("tokenizer").try_into().unwrap();
    let [text, _] = in_files(moved());
    let parts = dissect(tokenizer, &text).unwrap_or_else(|| panic!("no match: {text}"));
    assert_eq!((parts["router"], parts["pid"], parts["host"]), ("web", "42", "node-a"), "{parts:?}");
    assert!(parts["sentence"].starts_with("Backup (BACKUP) -> Active (MASTER), "), "{parts:?}");
}

#[test]
fn every_field_of_a_line_in_json_is_in_the_table() {
    let events = [moved(), Event { at: 0, router: "web".into(), what: What::Vacated }];
    let logging = logging(LogFormat::Json, LogTo::Stderr);
    let text = written(logging, |paper| outlet::to_terminal(LogFormat::Json, paper, false), &events);
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (&lines[0]["event"], &lines[0]["to"], &lines[0]["priority"]),
        (&"moved".into(), &"active".into(), &200.into())
    );
    for field in lines.iter().flat_map(|line| line.as_object().unwrap().keys()) {
        assert!(PAGE.contains(&format!("`{field}`")), "docs/src/logging.md lacks {field}");
    }
}

#[test]
fn lines_in_keepalived_s_words_have_the_time_and_no_severity() {
    let logging = logging(LogFormat::Keepalived, LogTo::Stderr);
    let text = written(logging, |paper| outlet::to_terminal(LogFormat::Keepalived, paper, false), &[moved()]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(lines[2].ends_with("Z (web) Entering MASTER STATE"), "{text}");
}
