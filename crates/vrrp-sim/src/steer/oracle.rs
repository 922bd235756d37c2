//! What orders may say.

use core::mem::{Discriminant, discriminant};

use vrrp_core::{Condition, Input, Name, OnDegraded, Output, Outputs, RouterId, State, VirtualRouter};
use vrrp_wire::{Advertisement, IpPair, Priority};

use super::choices::group;

/// What the orders so far have said of one virtual router.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) id: RouterId,
    pub(super) at: Name,
    claims: bool,
    /// Whether it was handing over when it last worked.
    leaving: bool,
    held: Vec<Discriminant<Condition>>,
}

/// What made a virtual router work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Occasion {
    Told(Input),
    /// A deadline, or another member of its group.
    Due,
    Reconfigured,
}

impl Told {
    pub(super) const fn new(id: RouterId) -> Self {
        Self { id, at: Name::Initialize, claims: false, leaving: false, held: Vec::new() }
    }

    /// Takes the orders that something gave, and compares them with each other and with where the router now stands;
    /// `grouped` is whether others can pull it.
    pub(super) fn judge(&mut self, grouped: bool, router: &VirtualRouter, why: Occasion, orders: &Outputs) {
        let was = self.at;
        for order in orders.iter() {
            match order {
                Output::Claim => {
                    assert!(!self.claims || why == Occasion::Reconfigured, "claimed twice");
                    self.claims = true;
                }
                Output::Release => {
                    let inherited = was == Name::Initialize && why == Occasion::Told(Input::Resume);
                    assert!(self.claims || inherited, "released what was not claimed");
                    self.claims = false;
                }
                Output::Moved { from, to, .. } => {
                    assert_eq!(self.at, from, "a gap in the moves");
                    assert_ne!(from, to, "moved to where it was");
                    self.at = to;
                }
                Output::Announce => assert!(self.claims, "announced what was not claimed"),
                Output::Probe(_) => assert_eq!(was, Name::Backup, "asked who need not know"),
                Output::Advertise(priority) => {
                    assert!(
                        priority != Priority::RELEASE || was == Name::Active && self.may_resign(grouped, router, why),
                        "resigned because of {why:?}"
                    );
                    sendable(router, priority);
                }
                Output::Raised(condition) => {
                    let kind = discriminant(&condition);
                    assert!(!self.held.contains(&kind), "{condition:?} began twice");
                    self.held.push(kind);
                }
                Output::Cleared(condition) => {
                    let kind = discriminant(&condition);
                    assert!(self.held.contains(&kind), "{condition:?} ended and had not begun");
                    self.held.retain(|other| *other != kind);
                }
                Output::Priority { from, to } => assert_ne!(from, to, "a new priority that is the old one"),
                _ => unreachable!("an order that the oracle does not know: {order:?}"),
            }
        }
        self.agrees_with(router, grouped);
        self.leaving = matches!(router.state(), State::Leaving(_));
    }

    /// What was told is what is.
    fn agrees_with(&self, router: &VirtualRouter, grouped: bool) {
        assert_eq!(router.state().name(), self.at, "a move that was not told");
        assert_eq!(self.claims, self.at == Name::Active, "Active is who claims");
        assert_eq!(router.conditions().count(), self.held.len(), "a condition that was not told");
        assert!(
            grouped || router.causes().is_empty() || self.at == Name::Initialize,
            "takes part though {:?} stands against it",
            router.causes()
        );
    }

    /// Whether an Active router may say priority 0 because of this.
    fn may_resign(&self, grouped: bool, router: &VirtualRouter, why: Occasion) -> bool {
        match why {
            _ if self.leaving => true,
            Occasion::Told(input) => {
                matches!(input, Input::Shutdown(_) | Input::Raise(_) | Input::Drain(_) | Input::Check(..))
            }
            // Where nobody relieved it of a failing check, it asks again after a while.
            Occasion::Due => grouped || router.config().on_degraded == OnDegraded::Resign,
            Occasion::Reconfigured => true,
        }
    }
}

/// What is ordered can be encoded, says no more than the router may, and is read as what it was.
fn sendable(router: &VirtualRouter, priority: Priority) {
    let config = router.config();
    assert!(priority != Priority::OWNER || config.is_owner(), "who owns nothing says that it does");
    assert!(
        !config.is_owner() || matches!(priority, Priority::OWNER | Priority::RELEASE),
        "an owner says {priority:?}"
    );
    let Some(ip) = router.source().and_then(|source| IpPair::new(source, group(config.family()))) else { return };
    let advertisement = router.advertisement(priority);
    let mut buf = [0; 64];
    let encoded = router.encode(priority, &ip, &mut buf);
    let Ok(message) = encoded else { unreachable!("{advertisement} cannot be sent: {encoded:?}") };
    let decoded = Advertisement::decode(message, &ip).map(|(decoded, _)| decoded);
    assert_eq!(decoded, Ok(advertisement), "what was sent is read as something else");
}
