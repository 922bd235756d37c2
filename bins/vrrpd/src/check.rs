use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use nix::net::if_::if_nametoindex;
use vrrp_config::Loaded;

use crate::args::Check;
use crate::unrunnable;

/// Says what is wrong with a configuration; succeeds if it would run.
pub(crate) fn check(args: &Check) -> ExitCode {
    let mut loaded = vrrp_config::load(&args.file, &args.reading.options());
    loaded.warn_of_missing_interfaces(interface_exists);
    unrunnable::warn_of(&mut loaded);
    let mut out = std::io::stdout().lock();
    let color = out.is_terminal();
    let written = if args.json {
        serde_json::to_string_pretty(&loaded.diagnostics).map_err(Into::into).and_then(|json| writeln!(out, "{json}"))
    } else {
        write!(out, "{}", vrrp_config::render(&loaded, color)).and_then(|()| writeln!(out, "{}", summary(&loaded)))
    };
    // A reader that has gone away (a closed pipe) is told by the exit status all the same.
    drop(written);
    if loaded.is_sound() && !loaded.model.routers.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether there is an interface of this name now, in the network namespace that this runs in.
fn interface_exists(name: &str) -> bool {
    if_nametoindex(name).is_ok()
}

/// One line that says how it stands.
pub(crate) fn summary(loaded: &Loaded) -> String {
    let (errors, warnings) = (loaded.errors().count(), loaded.warnings().count());
    let routers = loaded.model.routers.len();
    let verdict = match (errors, routers) {
        (0, 0) => "nothing to run",
        (0, _) => "would run",
        (_, _) => "would not run as it stands",
    };
    let plural = |count: usize, what: &str| if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") };
    format!(
        "{verdict}: {}, {}, {}",
        plural(routers, "virtual router"),
        plural(errors, "error"),
        plural(warnings, "warning")
    )
}
