//! The alert rules and the dashboard that are shipped, under a real Prometheus that scrapes real daemons.
//!
//! `VRRPD_PICTURES` names a directory for the pictures of the book; `docs/pictures` sets it.

mod board;
mod chart;
mod prometheus;
mod story;
mod terminal;

use core::time::Duration;
use std::path::{Path, PathBuf};
use std::process::Command;

use vrrp_lab::Isolation;

use chart::Drawn;
use prometheus::Prometheus;
use story::Site;
use terminal::Screen;

/// Longer than the whole story takes on a busy machine.
const STORY: Duration = Duration::from_secs(600);
/// No picture is larger.
const LARGEST: usize = 60_000;

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dist")
}

/// A file that is shipped.
fn shipped(path: &str) -> String {
    std::fs::read_to_string(directory().join(path)).unwrap()
}

fn promtool(arguments: &[&str], input: &str) {
    let input_file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(input_file.path(), input).unwrap();
    let mut command = Command::new("promtool");
    command.args(arguments).current_dir(directory().join("prometheus")).stdin(input_file.reopen().unwrap());
    let output = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "promtool {arguments:?}: {said}");
}

#[test]
#[ignore = "needs prometheus"]
fn each_alert_fires_in_its_case_and_is_quiet_in_the_contrary_one() {
    promtool(&["check", "rules", "vrrpd.rules.yml"], "");
    promtool(&["test", "rules", "vrrpd.rules.test.yml"], "");
    let (rules, tests) = (shipped("prometheus/vrrpd.rules.yml"), shipped("prometheus/vrrpd.rules.test.yml"));
    let book = shipped("../docs/src/metrics.md");
    let alerts: Vec<&str> = rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    assert!(alerts.len() >= 7, "{alerts:?}");
    for alert in alerts {
        assert!(tests.contains(&format!("alertname: {alert}\n        exp_alerts:\n")), "no test lets {alert} fire");
        assert!(tests.contains(&format!("alertname: {alert}\n        exp_alerts: []")), "no test keeps {alert} quiet");
        assert!(book.contains(&format!("\n| `{alert}` | ")), "{alert} is not in the book");
    }
}

#[test]
#[ignore = "needs prometheus"]
fn every_alert_fires_and_every_panel_has_data_under_a_real_prometheus() {
    let pictures = std::env::var_os("VRRPD_PICTURES").map(PathBuf::from);
    let quiet = Duration::from_secs(if pictures.is_some() { 8 } else { 0 });
    Isolation::default().deadline(STORY).run(|| {
        let site = Site::new(&shipped("prometheus/vrrpd.rules.yml"), quiet);
        let start = site.prometheus.newest();
        site.happen();
        let span = (start, site.prometheus.newest());
        for (alert, expression) in site.prometheus.rules() {
            let fired = site.prometheus.range(&expression, span, 0.5);
            assert!(!fired.is_empty(), "{alert} is never true: {expression}");
        }
        for expression in board::annotations() {
            assert!(!site.prometheus.range(&expression, span, 0.5).is_empty(), "no data: {expression}");
        }
        let panels: Vec<Drawn> =
            board::panels().into_iter().map(|panel| drawn(&site.prometheus, panel, span)).collect();
        lint(&site);
        let screen = Screen::of(&site.screen());
        for (name, svg) in [("dashboard.svg", chart::svg(&panels, span)), ("watch.svg", screen.svg())] {
            assert!((2_000..LARGEST).contains(&svg.len()), "{name} has {} bytes", svg.len());
            if let Some(pictures) = &pictures {
                std::fs::write(pictures.join(name), svg).unwrap();
            }
        }
    });
}

/// A panel with what Prometheus says of each of its targets: each has something to show.
fn drawn(prometheus: &Prometheus, panel: board::Panel, span: (f64, f64)) -> Drawn {
    let mut all = Vec::new();
    for target in &panel.targets {
        let series = prometheus.range(&target.expression, span, ((span.1 - span.0) / 100.0).max(0.5));
        assert!(!series.is_empty(), "{}: no data: {}", panel.title, target.expression);
        all.extend(series.into_iter().map(|series| (board::named(&target.legend, &series.labels), series)));
    }
    Drawn { panel, series: all }
}

/// A scrape as promtool likes it, which reads the older text format: there the name of a counter's family ends in `_total`.
fn lint(site: &Site) {
    let page = crate::ask::get(&site.lan.a, "/metrics?compat").text;
    let counters: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.strip_suffix(" counter")).collect();
    let older = |line: &str| {
        let family = line
            .strip_prefix("# HELP ")
            .or_else(|| line.strip_prefix("# TYPE "))
            .and_then(|rest| rest.split(' ').next());
        let family = family.filter(|family| counters.contains(family));
        let line =
            family.map_or_else(|| line.to_owned(), |family| line.replacen(family, &format!("{family}_total"), 1));
        format!("{line}\n")
    };
    assert!(counters.len() > 20, "{page}");
    promtool(&["check", "metrics"], &page.lines().map(older).collect::<String>());
}
