mod exchange;
mod follow;

use std::path::{Path, PathBuf};

use hyper::Method;
use serde_json::Value;

use crate::error::ClientError;
use crate::{
    CheckStatus, Drain, DrainReply, Event, EventPage, Explanation, LogLevel, LogLevelBody, Reloaded, RouterCounters,
    RouterStatus, Status, Takeover, TakeoverReply, Undrain,
};
pub use follow::Follow;

/// A client of the control socket. Each question is a connection of its own.
///
/// ```no_run
/// # async fn example() -> Result<(), vrrp_control::ClientError> {
/// let client = vrrp_control::Client::new(vrrp_control::DEFAULT_SOCKET);
/// for router in client.status().await?.routers {
///     println!("{} {}", router.name, router.standing());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    path: PathBuf,
}

impl Client {
    /// A client of the daemon whose control socket lies here. Nothing is connected yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where the socket lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How everything stands.
    ///
    /// # Errors
    /// [`ClientError`], as for every question.
    pub async fn status(&self) -> Result<Status, ClientError> {
        self.get("/v1/status").await
    }

    /// The daemon's version, whatever else its status may hold that this crate does not know.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn version(&self) -> Result<String, ClientError> {
        Ok(self.get::<Version>("/v1/status").await?.version)
    }

    /// How one virtual router stands.
    ///
    /// # Errors
    /// [`ClientError`]; refused when there is none of this name.
    pub async fn router(&self, name: &str) -> Result<RouterStatus, ClientError> {
        self.get(&format!("/v1/routers/{}", encode(name))).await
    }

    /// What the checks say.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn checks(&self) -> Result<Vec<CheckStatus>, ClientError> {
        self.get("/v1/checks").await
    }

    /// What each virtual router has counted, by its name.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn counters(&self) -> Result<Vec<(String, RouterCounters)>, ClientError> {
        self.get("/v1/counters").await
    }

    /// Why each virtual router, or this one, is or is not Active.
    ///
    /// # Errors
    /// [`ClientError`]; refused when there is none of this name.
    pub async fn explain(&self, router: Option<&str>) -> Result<Vec<Explanation>, ClientError> {
        match router {
            Some(name) => Ok(vec![self.get(&format!("/v1/explain/{}", encode(name))).await?]),
            None => self.get("/v1/explain").await,
        }
    }

    /// The events after number `since`, as far as they are still kept; all with `None`.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn events(&self, since: Option<u64>) -> Result<EventPage, ClientError> {
        self.get(&format!("/v1/events?since={}", since.unwrap_or(0))).await
    }

    /// Follows the events after number `since`, or from now on with `None`.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn follow(&self, since: Option<u64>) -> Result<Follow<Event>, ClientError> {
        let since = since.map(|since| format!("&since={since}")).unwrap_or_default();
        let body = exchange::open(&self.path, Method::GET, &format!("/v1/events?follow{since}"), None).await?;
        Ok(Follow::new(body))
    }

    /// The configuration as it is running, secrets masked.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn config(&self) -> Result<Value, ClientError> {
        self.get("/v1/config").await
    }

    /// The last advertisements as they were on the wire, received and sent: a pcap file.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn capture(&self) -> Result<Vec<u8>, ClientError> {
        exchange::whole(&self.path, Method::GET, "/v1/capture", None).await
    }

    /// Metrics in the text format of OpenMetrics.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn metrics(&self) -> Result<String, ClientError> {
        let bytes = exchange::whole(&self.path, Method::GET, "/metrics", None).await?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Reads the configuration again; with `dry_run` only says what would come of it.
    ///
    /// # Errors
    /// [`ClientError`]. A configuration that is not taken is no error: see [`Reloaded::applied`].
    pub async fn reload(&self, dry_run: bool) -> Result<Reloaded, ClientError> {
        self.post(if dry_run { "/v1/reload?dry_run" } else { "/v1/reload" }, &()).await
    }

    /// Hands over and stays out. Answered when the outcome is known.
    ///
    /// # Errors
    /// [`ClientError`]. That nobody took over is no error: see [`DrainReply`].
    pub async fn drain(&self, drain: &Drain) -> Result<DrainReply, ClientError> {
        self.post("/v1/drain", drain).await
    }

    /// Ends a drain; gives the names of those that were drained.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn undrain(&self, undrain: &Undrain) -> Result<Vec<String>, ClientError> {
        self.post("/v1/undrain", undrain).await
    }

    /// Raises the priority above the present Active router's, or ends that.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn takeover(&self, takeover: &Takeover) -> Result<TakeoverReply, ClientError> {
        self.post("/v1/takeover", takeover).await
    }

    /// How much is logged.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn log_level(&self) -> Result<LogLevel, ClientError> {
        Ok(self.get::<LogLevelBody>("/v1/log-level").await?.level)
    }

    /// Changes how much is logged, until the daemon ends.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn set_log_level(&self, level: LogLevel) -> Result<LogLevel, ClientError> {
        let body = serde_json::to_vec(&LogLevelBody { level })?;
        let bytes = exchange::whole(&self.path, Method::PUT, "/v1/log-level", Some(body)).await?;
        Ok(serde_json::from_slice::<LogLevelBody>(&bytes)?.level)
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        let bytes = exchange::whole(&self.path, Method::GET, path, None).await?;
        Ok(serde_json::from_slice(&bytes)?)
    }

    async fn post<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        body: &impl serde::Serialize,
    ) -> Result<T, ClientError> {
        let body = serde_json::to_vec(body)?;
        let bytes = exchange::whole(&self.path, Method::POST, path, Some(body)).await?;
        Ok(serde_json::from_slice(&bytes)?)
    }
}

/// The one field of a status that every version has.
#[derive(serde::Deserialize)]
struct Version {
    version: String,
}

/// A name as one segment of a path.
fn encode(name: &str) -> String {
    let mut path = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn a_name_becomes_one_segment_of_a_path_whatever_is_in_it() {
        assert_eq!(encode("VI_1"), "VI_1");
        assert_eq!(encode("a/b c?"), "a%2Fb%20c%3F");
    }
}
