mod conditions;
mod json;
mod request;
mod statuses;
mod tls;
mod url;

pub use conditions::{Conditions, Pattern};
pub use json::JsonEquals;
pub use request::{Header, Method};
pub use statuses::Statuses;
pub use tls::{Tls, Trust};
pub use url::{Scheme, Url};

use super::Origin;
use crate::Outcome;

/// An HTTP or HTTPS answer; everything that is given must hold. Redirects are not followed: their status shows.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Http {
    /// What is asked for.
    pub url: Url,
    /// How.
    pub method: Method,
    /// Further headers; one named `Host` is sent rather than the URL's.
    pub headers: Vec<Header>,
    /// The statuses that are well.
    pub status: Statuses,
    /// What must hold of the body, of which up to 1 MiB is read.
    pub body: Conditions,
    /// Where from.
    pub origin: Origin,
    /// How the server of an `https` URL proves who it is.
    pub tls: Tls,
}

impl Http {
    /// A check that `GET` has a status from 200 to 299; its fields say more.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self {
            url,
            method: Method::Get,
            headers: Vec::new(),
            status: Statuses::default(),
            body: Conditions::default(),
            origin: Origin::default(),
            tls: Tls::default(),
        }
    }

    /// Asks the server.
    pub(crate) async fn probe(&self) -> Outcome {
        Outcome::CouldNotRun("not built".into())
    }
}
