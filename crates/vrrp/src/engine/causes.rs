//! The causes of ineligibility that the core finds by itself: checks, an operator's wish, another member of the group.
//! Those that this engine raises are told where they are raised.

use vrrp_core::{Ineligible, RouterId};

use super::Engine;
use crate::event::What;

impl Engine {
    /// Tells what has begun to stand against a router, and what no longer does, before it is told what came of it.
    pub(super) fn tell_causes(&mut self, id: RouterId) {
        let (Some(runtime), Some(router)) = (self.routers.get_mut(id), self.node.router(id)) else { return };
        let mut held = router.causes().iter().copied().filter(is_of_the_core).peekable();
        if held.peek().is_none() && runtime.causes.is_empty() {
            return;
        }
        let held: Vec<Ineligible> = held.collect();
        let told = core::mem::replace(&mut runtime.causes, held.clone());
        let beginning = held.iter().filter(|cause| !told.contains(cause)).map(|cause| (*cause, true));
        let over = told.iter().filter(|cause| !held.contains(cause)).map(|cause| (*cause, false));
        for (cause, began) in beginning.chain(over) {
            let about = self.about_cause(cause);
            self.tell_of(id, What::Ineligible { cause, about, began });
        }
    }
}

const fn is_of_the_core(cause: &Ineligible) -> bool {
    cause.check().is_some() || matches!(cause, Ineligible::Drained | Ineligible::Group(_))
}
