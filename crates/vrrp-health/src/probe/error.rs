use core::ops::RangeInclusive;

/// Why what a check was told cannot be a check.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpecError {
    /// Neither an address nor a host name.
    #[error("{0:?} is neither an address nor a host name")]
    Host(Box<str>),
    /// No `HOST:PORT`.
    #[error("{0:?} is not HOST:PORT")]
    Endpoint(Box<str>),
    /// Not a URL with scheme, host and path, and without a user's name.
    #[error("{0:?} is not http://HOST[:PORT][/PATH] or https://...")]
    Url(Box<str>),
    /// An `https` URL in a build without the feature `tls`.
    #[error("{0:?} needs TLS, which this build is without")]
    TlsLeftOut(Box<str>),
    /// Neither `GET` nor `HEAD`.
    #[error("the method {0:?} is neither GET nor HEAD")]
    Method(Box<str>),
    /// Not a header.
    #[error("{name:?}: {value:?} is not a header")]
    Header {
        /// Its name.
        name: Box<str>,
        /// Its value.
        value: Box<str>,
    },
    /// No statuses, or not between 100 and 599.
    #[error("{0:?} are not statuses between 100 and 599")]
    Statuses(Vec<RangeInclusive<u16>>),
    /// Not a regular expression.
    #[error("{pattern:?} is not a regular expression: {reason}")]
    Pattern {
        /// What was given.
        pattern: Box<str>,
        /// What the compiler of expressions says.
        reason: Box<str>,
    },
    /// Not a path such as `.ready`, `$.a.b[0]` or `/a/b/0`.
    #[error("{path:?} is not a path such as .ready, $.a.b[0] or /a/b/0, from byte {at}")]
    JsonPath {
        /// What was given.
        path: Box<str>,
        /// Where it stops being one, in bytes.
        at: usize,
    },
    /// Not a domain name.
    #[error("{0:?} is not a domain name")]
    DnsName(Box<str>),
    /// Not a type of record.
    #[error("{0:?} is not a type of DNS record")]
    DnsType(Box<str>),
}
