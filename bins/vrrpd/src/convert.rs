use std::io::Write;
use std::process::ExitCode;

use crate::args::{Convert, Syntax};

/// Writes a configuration in the other language to standard output; what is wrong with it goes to standard error.
pub(crate) fn convert(args: &Convert) -> ExitCode {
    let loaded = vrrp_config::load(&args.file, &args.reading.options());
    let _ = write!(std::io::stderr().lock(), "{}", vrrp_config::render(&loaded, false));
    if !loaded.is_sound() {
        return ExitCode::FAILURE;
    }
    let is_toml = args.file.extension().is_some_and(|extension| extension == "toml");
    let to = args.to.unwrap_or(if is_toml { Syntax::Keepalived } else { Syntax::Toml });
    let text = match to {
        Syntax::Keepalived => vrrp_config::to_keepalived(&loaded.model),
        Syntax::Toml => vrrp_config::to_toml(&loaded.model),
    };
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
