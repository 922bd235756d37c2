use hyper::header::{HeaderName, HeaderValue};

use crate::probe::SpecError;

/// How it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// With its body.
    #[default]
    Get,
    /// Without a body: conditions on the body cannot hold.
    Head,
}

impl Method {
    /// Reads `GET` or `HEAD`.
    ///
    /// # Errors
    ///
    /// [`SpecError::Method`] for everything else.
    pub fn parse(text: &str) -> Result<Self, SpecError> {
        match text {
            "GET" => Ok(Self::Get),
            "HEAD" => Ok(Self::Head),
            _ => Err(SpecError::Method(text.into())),
        }
    }
}

/// A header of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub(super) name: HeaderName,
    pub(super) value: HeaderValue,
}

impl Header {
    /// Reads a header's name and value.
    ///
    /// # Errors
    ///
    /// [`SpecError::Header`] where HTTP does not know such a name or value.
    pub fn parse(name: &str, value: &str) -> Result<Self, SpecError> {
        let wrong = || SpecError::Header { name: name.into(), value: value.into() };
        Ok(Self { name: name.parse().map_err(|_| wrong())?, value: value.parse().map_err(|_| wrong())? })
    }
}
