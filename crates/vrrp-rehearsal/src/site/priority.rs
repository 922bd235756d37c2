use vrrp_core::{Verdict, Weight};
use vrrp_wire::Priority;

use super::Site;

impl Site {
    /// The effective priority of a router on a node while the checks of these names fail there and all others are well.
    pub(crate) fn priority(&self, router: &vrrp::Router, node: u8, failing: &[&str]) -> i64 {
        let base = i64::from(router.protocol.priority.get());
        if router.protocol.priority == Priority::OWNER {
            return base;
        }
        let points = |(name, weight): &(std::sync::Arc<str>, Weight)| {
            let check = self.checks.iter().find(|check| check.name == **name)?.part(node)?;
            Some(points(if failing.contains(&&**name) { check.failed } else { check.well }, *weight))
        };
        let sum: i64 = router.tracks.iter().filter_map(points).sum();
        (base + sum).clamp(1, 254)
    }
}

/// What a check that says this adds.
fn points(verdict: Verdict, weight: Weight) -> i64 {
    let amount = i64::from(weight.amount);
    match (verdict, weight.reverse) {
        (Verdict::Value(value), false) => value.saturating_mul(amount),
        (Verdict::Value(value), true) => value.saturating_mul(amount).saturating_neg(),
        (Verdict::Up, false) | (Verdict::Down, true) => amount.max(0),
        (Verdict::Down | Verdict::Silent, false) | (Verdict::Up | Verdict::Silent, true) => amount.min(0),
        (Verdict::Unknown, _) => 0,
    }
}
