use core::net::SocketAddr;

use super::arity::line_span;
use super::{Context, Given, or};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Item, Word};
use crate::model::Surfaces;
use crate::source::Span;

/// All permission bits that a file of ours may have.
const ALL_BITS: u32 = 0o777;

/// Where it can be asked, as the file gives it.
#[derive(Debug, Default)]
pub(super) struct SurfacesDraft {
    socket: Option<Given<String>>,
    group: Option<Given<String>>,
    mode: Option<Given<u32>>,
    metrics: Option<Given<SocketAddr>>,
    compat: Option<Given<bool>>,
    dump_directory: Option<Given<String>>,
}

impl SurfacesDraft {
    /// Whether a keyword of `global_defs` is read here.
    pub(super) fn takes(keyword: &str) -> bool {
        keyword.starts_with("control_") || keyword.starts_with("metrics_") || keyword == "dump_directory"
    }

    /// Reads a line with one of these keywords.
    pub(super) fn apply(&mut self, keyword: &'static str, item: &Item, span: Span, context: &mut Context<'_>) {
        let span = line_span(item, span);
        let word = item.values().first();
        match keyword {
            "control_socket" => {
                let value = word.and_then(|word| context.absolute(word, "/run/vrrpd/vrrpd.sock"));
                context.set(&mut self.socket, value, keyword, span);
            }
            "control_group" => context.set(&mut self.group, word.map(|word| word.text.clone()), keyword, span),
            "control_mode" => {
                let value = word.and_then(|word| context.mode(word));
                context.set(&mut self.mode, value, keyword, span);
            }
            "metrics_address" => {
                let value = word.and_then(|word| context.socket_address(word));
                context.set(&mut self.metrics, value, keyword, span);
            }
            "metrics_compat" => {
                let value = context.boolean(item);
                context.set(&mut self.compat, value, keyword, span);
            }
            _ => {
                let value = word.and_then(|word| context.absolute(word, "/tmp"));
                context.set(&mut self.dump_directory, value, keyword, span);
            }
        }
    }

    pub(super) fn resolve(self) -> Surfaces {
        Surfaces {
            control_socket: self.socket.map(|given| given.value),
            control_group: self.group.map(|given| given.value),
            control_mode: self.mode.map(|given| given.value),
            metrics_address: self.metrics.map(|given| given.value),
            metrics_compat: or(self.compat.as_ref(), false),
            dump_directory: self.dump_directory.map(|given| given.value),
        }
    }
}

impl Context<'_> {
    /// A word as an absolute path.
    pub(super) fn absolute(&mut self, word: &Word, example: &str) -> Option<String> {
        if word.text.starts_with('/') {
            return Some(word.text.clone());
        }
        let message = format!("`{}` is no absolute path", word.text);
        let error = Diagnostic::error(Code::InvalidValue, word.span, message);
        self.push(error.help(format!("write the whole path, such as {example}")));
        None
    }

    /// A word as permission bits, in octal.
    fn mode(&mut self, word: &Word) -> Option<u32> {
        let octal = word.text.bytes().all(|digit| digit.is_ascii_digit());
        let bits = u32::from_str_radix(&word.text, 8).ok().filter(|bits| octal && *bits <= ALL_BITS);
        if bits.is_none() {
            let message = format!("`{}` is no mode of a file", word.text);
            let error = Diagnostic::error(Code::InvalidValue, word.span, message);
            self.push(error.help("write octal permission bits, such as 0660"));
        }
        bits
    }

    fn socket_address(&mut self, word: &Word) -> Option<SocketAddr> {
        self.parsed(word, "address with a port", "127.0.0.1:9650 or [::1]:9650")
    }
}
