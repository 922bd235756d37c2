use core::fmt;

use serde::Serialize;

use crate::source::{Location, Sources, Span};

/// Whether a file with this diagnostic can still mean what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It loads, and somebody should look.
    Warning,
    /// The block it is in, or the file, does not load.
    Error,
}

/// What kind of problem it is: stable words for scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Code {
    /// A file cannot be read, or is too large.
    File,
    /// Braces, quotes or TOML that do not parse.
    Syntax,
    /// A limit on nesting, includes or expansion.
    Limit,
    /// A `$NAME` that nothing defines.
    UndefinedReference,
    /// A keyword that nobody knows.
    UnknownKeyword,
    /// A keyword that belongs elsewhere.
    Misplaced,
    /// A keyword of keepalived's that this version cannot honour yet.
    NotBuilt,
    /// A keyword that is accepted and changes nothing here.
    NoEffect,
    /// A load balancer's block, which nobody here would serve.
    LoadBalancing,
    /// A keyword without its value, or a block without a mandatory keyword.
    Missing,
    /// More words than the keyword takes.
    Surplus,
    /// A value that is not of the keyword's kind.
    InvalidValue,
    /// A number or length beyond its limits.
    OutOfRange,
    /// The same thing given twice.
    Duplicate,
    /// Settings that contradict each other.
    Conflict,
    /// A reference to something that does not exist.
    UnknownName,
    /// A value cut to what the protocol carries.
    Truncated,
    /// Legal, and seldom meant.
    Suspicious,
    /// A fact of this host, such as a missing interface.
    Host,
}

/// A place in a file and what is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    /// Where.
    #[serde(flatten)]
    pub location: Location,
    /// What is there; may be empty.
    pub message: String,
    /// Whether this is the place to change, rather than one that explains it.
    pub primary: bool,
    #[serde(skip)]
    pub(crate) span: Span,
}

/// One problem, with the places it is about and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// The kind of problem.
    pub code: Code,
    /// What is wrong, in one line, with the value.
    pub message: String,
    /// The places, the primary one first.
    pub labels: Vec<Label>,
    /// The remedy.
    pub help: Option<String>,
    /// The `vrrp_instance` whose block it concerns; `None` when it concerns the file.
    pub instance: Option<String>,
}

/// Collects diagnostics and knows which instance they concern.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    pub(crate) list: Vec<Diagnostic>,
    pub(crate) instance: Option<String>,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File => "file",
            Self::Syntax => "syntax",
            Self::Limit => "limit",
            Self::UndefinedReference => "undefined-reference",
            Self::UnknownKeyword => "unknown-keyword",
            Self::Misplaced => "misplaced",
            Self::NotBuilt => "not-built",
            Self::NoEffect => "no-effect",
            Self::LoadBalancing => "load-balancing",
            Self::Missing => "missing",
            Self::Surplus => "surplus",
            Self::InvalidValue => "invalid-value",
            Self::OutOfRange => "out-of-range",
            Self::Duplicate => "duplicate",
            Self::Conflict => "conflict",
            Self::UnknownName => "unknown-name",
            Self::Truncated => "truncated",
            Self::Suspicious => "suspicious",
            Self::Host => "host",
        })
    }
}

impl fmt::Display for Diagnostic {
    /// One line: `FILE:LINE:COLUMN: error[CODE]: MESSAGE (HELP)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Label { location, .. }) = self.labels.first() {
            write!(f, "{}:{}:{}: ", location.file, location.line, location.column)?;
        }
        write!(f, "{}[{}]: {}", self.severity, self.code, self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

impl Diagnostic {
    pub(crate) fn new(severity: Severity, code: Code, span: Span, message: impl Into<String>) -> Self {
        let label = Label { location: Location::default(), message: String::new(), primary: true, span };
        Self { severity, code, message: message.into(), labels: vec![label], help: None, instance: None }
    }

    pub(crate) fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, span, message)
    }

    pub(crate) fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, span, message)
    }

    /// Fills in where it is, for a diagnostic that comes after all files are read.
    pub(crate) fn at(mut self, location: &Location, instance: Option<&String>) -> Self {
        for label in &mut self.labels {
            label.location.clone_from(location);
        }
        self.instance = instance.cloned();
        self
    }

    /// Says something at the primary place.
    pub(crate) fn label(mut self, message: impl Into<String>) -> Self {
        if let Some(label) = self.labels.first_mut() {
            label.message = message.into();
        }
        self
    }

    /// Adds a second place.
    pub(crate) fn also(mut self, span: Span, message: impl Into<String>) -> Self {
        let label = Label { location: Location::default(), message: message.into(), primary: false, span };
        self.labels.push(label);
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl Diagnostics {
    pub(crate) fn push(&mut self, mut diagnostic: Diagnostic) {
        if diagnostic.instance.is_none() {
            diagnostic.instance.clone_from(&self.instance);
        }
        self.list.push(diagnostic);
    }

    /// Fills in lines and columns and orders by place.
    pub(crate) fn finish(mut self, sources: &Sources) -> Vec<Diagnostic> {
        for label in self.list.iter_mut().flat_map(|diagnostic| &mut diagnostic.labels) {
            label.location = sources.locate(label.span);
        }
        self.list.sort_by_key(|diagnostic| diagnostic.labels.first().map(|label| (label.span.file, label.span.start)));
        self.list
    }
}
