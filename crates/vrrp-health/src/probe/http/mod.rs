mod conditions;
mod exchange;
mod json;
mod request;
mod statuses;
#[cfg(test)]
mod tests;
mod tls;
mod url;

pub use conditions::{Conditions, Pattern};
pub use json::JsonEquals;
pub use request::{Header, Method};
pub use statuses::Statuses;
pub use tls::{Tls, Trust};
pub use url::{Scheme, Url};

use tokio::io::{AsyncRead, AsyncWrite};

use super::Origin;
use super::connect::connect;
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

    /// Asks the server, over a connection of its own. Whoever stops waiting drops this, and with it the connection.
    pub async fn probe(&self) -> Outcome {
        match self.ask().await {
            Ok(()) => Outcome::Ok,
            Err(outcome) => outcome,
        }
    }

    async fn ask(&self) -> Result<(), Outcome> {
        let stream = connect(self.url.endpoint(), &self.origin).await?;
        match self.url.scheme() {
            Scheme::Http => self.ask_over(stream).await,
            Scheme::Https => self.ask_over(self.tls.handshake(&self.url.endpoint().host, stream).await?).await,
        }
    }

    async fn ask_over(&self, stream: impl AsyncRead + AsyncWrite + Unpin) -> Result<(), Outcome> {
        let failed = |words: String| Outcome::Failed(words.into());
        let wanted = |status: hyper::StatusCode| self.status.contains(status.as_u16()) && !self.body.is_empty();
        let request = request::request(&self.url, self.method, &self.headers);
        let answer = exchange::exchange(stream, request, wanted).await.map_err(|fault| failed(fault.to_string()))?;
        let status = answer.status.as_u16();
        if !self.status.contains(status) {
            return Err(failed(format!("status {status}, expected {}", self.status)));
        }
        self.body.judge(&answer.body).map_err(failed)
    }
}
