//! The dashboard that is shipped, read as Grafana reads it.

use serde_json::Value;

use super::shipped;

/// The window of rates, where Grafana takes four scrape intervals or more.
const WINDOW: &str = "5s";

pub(super) struct Panel {
    pub(super) title: String,
    pub(super) description: String,
    /// Bars of words and not lines.
    pub(super) is_timeline: bool,
    pub(super) unit: String,
    /// The words and colours of values.
    pub(super) mappings: Value,
    pub(super) targets: Vec<Target>,
}

pub(super) struct Target {
    /// With every variable at All.
    pub(super) expression: String,
    pub(super) legend: String,
}

/// The panels, from the top.
pub(super) fn panels() -> Vec<Panel> {
    let board: Value = serde_json::from_str(&shipped("grafana/vrrpd.json")).unwrap();
    board["panels"].as_array().unwrap().iter().map(panel).collect()
}

/// The expressions that are not in a panel: annotations.
pub(super) fn annotations() -> Vec<String> {
    let board: Value = serde_json::from_str(&shipped("grafana/vrrpd.json")).unwrap();
    let annotations = board["annotations"]["list"].as_array().unwrap();
    annotations.iter().map(|annotation| with_all(annotation["expr"].as_str().unwrap())).collect()
}

fn panel(panel: &Value) -> Panel {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let target = |target: &Value| Target {
        expression: with_all(target["expr"].as_str().unwrap()),
        legend: text(&target["legendFormat"]),
    };
    let defaults = &panel["fieldConfig"]["defaults"];
    Panel {
        title: text(&panel["title"]),
        description: text(&panel["description"]),
        is_timeline: panel["type"] == "state-timeline",
        unit: text(&defaults["unit"]),
        mappings: defaults["mappings"][0]["options"].clone(),
        targets: panel["targets"].as_array().unwrap().iter().map(target).collect(),
    }
}

fn with_all(expression: &str) -> String {
    let expression =
        ["$job", "$instance", "$router"].iter().fold(expression.to_owned(), |text, name| text.replace(name, ".*"));
    let expression = expression.replace("$__rate_interval", WINDOW);
    assert!(!expression.contains('$'), "a variable of the dashboard that is not known here: {expression}");
    expression
}

/// A legend with the labels of a series.
pub(super) fn named(legend: &str, labels: &Value) -> String {
    let mut text = legend.to_owned();
    for (label, value) in labels.as_object().unwrap() {
        text = text.replace(&format!("{{{{{label}}}}}"), value.as_str().unwrap());
    }
    text
}
