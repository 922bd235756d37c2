use core::fmt::Display;

/// How people are to see an answer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Look {
    /// Whether colours are wanted.
    pub(crate) color: bool,
    /// The width that tables are to fit in; as wide as they are with `None`.
    pub(crate) width: Option<u16>,
}

/// What a text is to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    /// As it is.
    Plain,
    /// A heading.
    Bold,
    /// As it should be.
    Good,
    /// Of no weight.
    Dim,
    /// A person should look.
    Warn,
    /// Broken.
    Bad,
}

impl Paint {
    /// The numbers of the escape sequence.
    const fn sgr(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Bold => Some("1"),
            Self::Good => Some("32"),
            Self::Dim => Some("2"),
            Self::Warn => Some("33"),
            Self::Bad => Some("1;31"),
        }
    }
}

impl Look {
    /// The text, coloured where colours are wanted.
    pub(crate) fn paint(&self, paint: Paint, text: impl Display) -> String {
        match paint.sgr() {
            Some(sgr) if self.color => format!("\x1b[{sgr}m{text}\x1b[0m"),
            _ => text.to_string(),
        }
    }
}
