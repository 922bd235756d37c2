use vrrp_core::{Instant, Node, Output, RouterId};

/// A bug planted between the production core and the simulated world, to see that an invariant catches it.
///
/// Every method lets everything pass unless it is overridden; `router` is the number of the router it happens on.
pub trait Saboteur {
    /// Whether a packet that arrived reaches the core.
    fn hears(&mut self, now: Instant, router: u8, node: &Node) -> bool {
        let _ = (now, router, node);
        true
    }

    /// Whether a timer that is due reaches the core.
    fn expires(&mut self, now: Instant, router: u8) -> bool {
        let _ = (now, router);
        true
    }

    /// Whether an order of the core is performed.
    fn performs(&mut self, now: Instant, router: u8, id: RouterId, order: Output) -> bool {
        let _ = (now, router, id, order);
        true
    }
}

/// Nothing planted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Honest;

impl Saboteur for Honest {}
