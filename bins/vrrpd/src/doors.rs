//! Where others ask and command: the control socket and the metrics address, as the command line says, else the
//! configuration, else the defaults.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use tracing::warn;
use vrrp_config::Model;
use vrrp_http::{Bound, Options, ServeError};

use crate::args::Run;

/// Takes the places before anything else begins, so that a daemon that cannot have them has moved no address. A place
/// that was asked for must be had; the default one is missed with a warning.
///
/// # Errors
/// The reason, in words.
pub(crate) fn bind(args: &Run, model: &Model) -> Result<Option<Bound>, String> {
    let surfaces = &model.global.surfaces;
    let named = args.control.is_some() || surfaces.control_socket.is_some();
    let explicit = named || args.control_group.is_some() || surfaces.control_group.is_some();
    if !named {
        // What is wrong with it is said when nothing can be bound there.
        let _ = DirBuilder::new().recursive(true).mode(0o755).create(&args.runtime_dir);
    }
    let options = options(args, model);
    let without_control = Options::clone(&options);
    match Bound::bind(options) {
        Err(error) if !explicit && !matches!(error, ServeError::Metrics { .. }) => {
            warn!(event = "control", "nobody can ask or command this daemon: {error}");
            let mut options = without_control;
            options.control = None;
            let metrics = options.metrics.map(|_| Bound::bind(options));
            metrics.transpose().map_err(|error| error.to_string())
        }
        bound => bound.map(Some).map_err(|error| error.to_string()),
    }
}

/// Whether a reload asks for other places than those that were taken: they stay until the next start.
pub(crate) fn differ(args: &Run, running: &Model, wanted: &Model) -> bool {
    let [running, wanted] = [running, wanted].map(|model| options(args, model));
    running.control != wanted.control
        || running.control_group != wanted.control_group
        || running.control_mode != wanted.control_mode
        || running.metrics != wanted.metrics
        || running.compat != wanted.compat
}

fn options(args: &Run, model: &Model) -> Options {
    let surfaces = &model.global.surfaces;
    let configured = surfaces.control_socket.as_ref().map(PathBuf::from);
    let control = args.control.clone().or(configured).unwrap_or_else(|| args.runtime_dir.join("vrrpd.sock"));
    let mut options = Options::default();
    options.control = Some(control);
    options.control_group = args.control_group.clone().or_else(|| surfaces.control_group.clone());
    options.control_mode = surfaces.control_mode;
    options.metrics = args.metrics.or(surfaces.metrics_address);
    options.compat = args.metrics_compat || surfaces.metrics_compat;
    options
}
