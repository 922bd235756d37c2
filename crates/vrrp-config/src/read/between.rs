//! What the routers of a file must not share.

use super::{Context, Given};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::Word;
use crate::model::Router;

/// The routers so far, each with where its VRID is given.
pub(super) struct Between {
    names: Vec<Word>,
    routers: Vec<Given<Identity>>,
}

/// What makes a virtual router the same one on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Identity {
    interface: Option<String>,
    vrid: vrrp_wire::Vrid,
    family: vrrp_wire::Family,
}

impl Between {
    pub(super) const fn new() -> Self {
        Self { names: Vec::new(), routers: Vec::new() }
    }

    /// The names of all routers, right or wrong.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| name.text.as_str())
    }

    /// Whether the name is new; a second block of a name is reported.
    pub(super) fn new_name(&mut self, name: &Word, context: &mut Context<'_>) -> bool {
        if let Some(before) = self.names.iter().find(|before| before.text == name.text) {
            let message = format!("a second vrrp_instance `{}`", name.text);
            let error = Diagnostic::error(Code::Duplicate, name.span, message).also(before.span, "the first");
            context.push(error.label("keepalived skips it").help("give it another name, or remove it"));
            return false;
        }
        self.names.push(name.clone());
        true
    }

    /// Reports a second router of the same interface, family and VRID.
    pub(super) fn new_identity(
        &mut self,
        router: &Router,
        span: crate::source::Span,
        context: &mut Context<'_>,
    ) -> bool {
        let (interface, vrid, family) = (router.interface.clone(), router.virtual_router_id, router.family);
        let identity = Identity { interface, vrid, family };
        if let Some(before) = self.routers.iter().find(|before| before.value == identity) {
            let interface = identity.interface.as_deref().unwrap_or("no interface");
            let message = format!("virtual_router_id {vrid} is taken: {family} on {interface}");
            let error = Diagnostic::error(Code::Duplicate, span, message).also(before.span, "by this router");
            context.push(error.help("give one of them another virtual_router_id, on every router alike"));
            return false;
        }
        self.routers.push(Given { value: identity, span });
        true
    }
}
