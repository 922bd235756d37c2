use std::path::Path;

use serde::Serialize;
use vrrp_wire::Vrid;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::language::{Reader, start_of_first_file, text_of};
use crate::model::{Command, Model};
use crate::options::Options;
use crate::read::{self, Outcome};
use crate::source::{Location, Sources};
use crate::toml_source;

/// What a file came to: the routers that can run, those that cannot, and every problem.
#[derive(Debug)]
pub struct Loaded {
    /// The globals and the routers without an error of their own.
    pub model: Model,
    /// The routers whose own block is wrong; they are not in the model.
    pub quarantined: Vec<Quarantined>,
    /// Every problem, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
    /// Every interface that the model's routers name, for checks against the host.
    pub interfaces: Vec<NamedInterface>,
    /// Every command that the model runs, for checks against the host.
    pub commands: Vec<NamedCommand>,
    pub(crate) sources: Sources,
    places: Vec<(String, String, Location)>,
}

/// A router whose own block is wrong: it stays in Initialize while the others run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quarantined {
    /// The word after `vrrp_instance`.
    pub name: String,
    /// Its interface, where that much is right.
    pub interface: Option<String>,
    /// Its VRID as a number, where that much is right.
    pub virtual_router_id: Option<u8>,
}

/// An interface that a router names, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedInterface {
    /// The router's name.
    pub instance: String,
    /// The interface's name.
    pub interface: String,
    /// Where the file names it.
    pub location: Location,
    #[serde(skip)]
    span: crate::source::Span,
}

/// A command that is run, and where the file names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedCommand {
    /// What is run, as whom.
    pub command: Command,
    /// The router whose own it is; `None` for a check's, which may be several routers', and for the daemon's.
    pub instance: Option<String>,
    /// Where the file names it.
    pub location: Location,
    #[serde(skip)]
    consequence: &'static str,
    #[serde(skip)]
    span: crate::source::Span,
}

/// Reads a file with everything it includes; files that end in `.toml` are TOML, all others keepalived.conf.
///
/// Never fails: what cannot be read is a diagnostic.
pub fn load(path: &Path, options: &Options) -> Loaded {
    let name = path.to_string_lossy().into_owned();
    match text_of(path, options.limits.file_bytes) {
        Ok(text) => parse(name, text, options, true),
        Err(error) => {
            let mut sources = Sources::default();
            sources.add(name, String::new());
            let mut diagnostics = Diagnostics::default();
            let error = Diagnostic::error(Code::File, start_of_first_file(), error.to_string());
            diagnostics.push(error.help("check the path and its permissions"));
            Loaded::new(Outcome::default(), diagnostics, sources, options)
        }
    }
}

/// Reads text as if it stood in a file of this name; `include` is an error, so that no file is opened.
pub fn parse_str(name: &str, text: &str, options: &Options) -> Loaded {
    parse(name.to_owned(), text.to_owned(), options, false)
}

fn parse(name: String, text: String, options: &Options, follow: bool) -> Loaded {
    let (items, sources, mut diagnostics) = if name.ends_with(".toml") {
        let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
        let file = sources.add(name, text.clone());
        (toml_source::read(file, &text, &mut diagnostics), sources, diagnostics)
    } else {
        let mut reader = Reader::new(options, follow);
        reader.read(name, text);
        reader.finish()
    };
    let outcome = read::read(&items, options, &mut diagnostics);
    Loaded::new(outcome, diagnostics, sources, options)
}

impl Loaded {
    fn new(outcome: Outcome, mut diagnostics: Diagnostics, sources: Sources, options: &Options) -> Self {
        if options.strict {
            for diagnostic in &mut diagnostics.list {
                diagnostic.severity = Severity::Error;
            }
        }
        let quarantined = outcome.quarantined.into_iter().map(|unsound| Quarantined {
            name: unsound.name,
            interface: unsound.interface,
            virtual_router_id: unsound.virtual_router_id.map(Vrid::get),
        });
        let interfaces = outcome.interfaces.into_iter().map(|at| NamedInterface {
            instance: at.instance,
            interface: at.interface,
            location: sources.locate(at.span),
            span: at.span,
        });
        let commands = outcome.commands.into_iter().map(|at| NamedCommand {
            command: at.command,
            instance: at.instance,
            location: sources.locate(at.span),
            consequence: at.consequence,
            span: at.span,
        });
        let places = outcome.places.into_iter().map(|at| (at.instance, at.keyword, sources.locate(at.span)));
        Self {
            places: places.collect(),
            commands: commands.collect(),
            model: outcome.model,
            quarantined: quarantined.collect(),
            interfaces: interfaces.collect(),
            diagnostics: diagnostics.finish(&sources),
            sources,
        }
    }

    /// The errors, in the order of the file.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The warnings, in the order of the file.
    pub fn warnings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Warning)
    }

    /// Whether there is no error at all.
    pub fn is_sound(&self) -> bool {
        self.errors().next().is_none()
    }

    /// Where the `vrrp_instance` of a name has the value of a keyword, if its block has it: of a list its first line, of a
    /// tracked check, asked for as `track NAME`, its line in the list, of `vrrp_instance` its name.
    pub fn place(&self, instance: &str, keyword: &str) -> Option<&Location> {
        let is = |(of, word, _): &&(String, String, Location)| of == instance && word == keyword;
        self.places.iter().find(is).map(|(_, _, location)| location)
    }

    /// Adds a warning for each named interface that `exists` does not know: a fact of the host, not of the file.
    pub fn warn_of_missing_interfaces(&mut self, exists: impl Fn(&str) -> bool) {
        for named in self.interfaces.iter().filter(|named| !exists(&named.interface)) {
            let message = format!("this host has no interface `{}`", named.interface);
            let warning = Diagnostic::warning(Code::Host, named.span, message)
                .help("the router waits in Initialize until it appears; `ip link` lists the interfaces");
            self.diagnostics.push(warning.at(&named.location, Some(&named.instance)));
        }
    }

    /// Adds a warning for each command that cannot run on this host as things are, for the reason that `unrunnable`
    /// gives; a command without a user of its own runs as `script_user` says.
    pub fn warn_of_unrunnable(&mut self, unrunnable: impl Fn(&Command) -> Option<String>) {
        for named in &self.commands {
            let Some(reason) = unrunnable(&named.command) else { continue };
            let message = format!("`{}` cannot run: {reason}", named.command.program());
            let warning = Diagnostic::warning(Code::Host, named.span, message).help(named.consequence);
            self.diagnostics.push(warning.at(&named.location, named.instance.as_ref()));
        }
    }
}
