use vrrp_core::{Input, Instant, Node, Output};

/// A bug planted between the production core and the simulated world, to see that an invariant catches it.
///
/// Every method lets everything pass unless it is overridden; `router` is the number of the router it happens on.
pub trait Saboteur {
    /// Whether a packet that arrived reaches the core.
    fn hears(&mut self, now: Instant, router: u8, node: &Node) -> bool {
        let _ = (now, router, node);
        true
    }

    /// Whether a timer that is due reaches the core; without a node the daemon is somebody else's.
    fn expires(&mut self, now: Instant, router: u8, node: Option<&Node>) -> bool {
        let _ = (now, router, node);
        true
    }

    /// Whether news from the kernel or from an operator reach the core.
    fn tells(&mut self, now: Instant, router: u8, input: Input) -> bool {
        let _ = (now, router, input);
        true
    }

    /// Whether a daemon that reads an unchanged configuration starts its virtual router over.
    fn restarts_on_reload(&mut self, now: Instant, router: u8) -> bool {
        let _ = (now, router);
        false
    }

    /// Whether a daemon puts the sync groups of its configuration in force.
    fn groups(&mut self, router: u8) -> bool {
        let _ = router;
        true
    }

    /// Whether an order for the virtual router of an index is performed.
    fn performs(&mut self, now: Instant, router: u8, virtual_router: usize, order: Output) -> bool {
        let _ = (now, router, virtual_router, order);
        true
    }
}

/// Nothing planted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Honest;

impl Saboteur for Honest {}
