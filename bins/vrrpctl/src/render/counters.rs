use std::collections::BTreeMap;

use vrrp_control::RouterCounters;

use super::{Look, Paint};

/// What virtual routers have counted, one after another.
pub(crate) fn counters(all: &[(String, RouterCounters)], look: &Look) -> String {
    all.iter().map(|(name, counters)| router(name, counters, look)).collect::<Vec<_>>().join("\n")
}

fn router(name: &str, counters: &RouterCounters, look: &Look) -> String {
    let plain = [
        ("advertised", counters.advertised),
        ("send failed", counters.send_failed),
        ("received", counters.received),
        ("priority 0 received", counters.release_received),
        ("priority 0 sent", counters.release_sent),
        ("became Active", counters.became_active),
        ("ceased to be Active", counters.ceased_active),
        ("near misses", counters.near_misses),
        ("rounds of announcements", counters.announced),
    ];
    let mut lines: Vec<(String, u64)> = plain.map(|(what, count)| (what.to_owned(), count)).into();
    let mut add = |of: &BTreeMap<String, u64>, what: &str| {
        lines.extend(of.iter().map(|(token, count)| (format!("{what} ({token})"), *count)));
    };
    add(&counters.rejected, "rejected");
    add(&counters.transitions, "transitions");
    let width = lines.iter().map(|(what, _)| what.chars().count()).max().unwrap_or(0);
    let lines = lines.iter().map(|(what, count)| format!("  {what:<width$}  {count:>12}\n"));
    format!("{}\n{}", look.paint(Paint::Bold, name), lines.collect::<String>())
}

#[cfg(test)]
mod tests {
    use vrrp_control::RouterCounters;

    use super::{Look, counters};

    #[test]
    fn each_reason_to_reject_is_counted_by_itself() {
        let mut of = RouterCounters { advertised: 12, ..RouterCounters::default() };
        of.rejected.insert("ttl".to_owned(), 3);
        let text = counters(&[("web".to_owned(), of)], &Look::default());
        let line =
            |what: &str| text.lines().find(|line| line.contains(what)).map(|line| line.split_whitespace().last());
        assert_eq!(line("advertised"), Some(Some("12")), "{text}");
        assert_eq!(line("rejected (ttl)"), Some(Some("3")), "{text}");
        assert!(text.starts_with("web\n"), "{text}");
    }
}
