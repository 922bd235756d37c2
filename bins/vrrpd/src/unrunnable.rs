//! Scripts that could not be run on this host, or that somebody else could replace.

use vrrp_config::Loaded;

/// Warns of every script that cannot be run here, with the component, owner and mode that are to blame.
pub(crate) fn warn_of(loaded: &mut Loaded) {
    let scripts = loaded.model.global.scripts.clone();
    loaded.warn_of_unrunnable(|command| vrrp::health::unrunnable(command, &scripts));
}
