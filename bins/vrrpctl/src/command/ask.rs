use core::time::Duration;
use std::io::ErrorKind;
use std::path::Path;

use vrrp_control::{Client, ClientError};

use crate::error::Error;

/// A daemon that works answers a question in milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// The daemon, as a command sees it: what goes wrong is told in terms of what a person can do about it.
#[derive(Debug, Clone)]
pub(crate) struct Daemon {
    client: Client,
}

impl Daemon {
    /// The daemon whose control socket lies here.
    pub(crate) fn new(path: &Path) -> Self {
        Self { client: Client::new(path) }
    }

    /// Asks something that is answered at once.
    pub(crate) async fn ask<T>(
        &self,
        question: impl AsyncFnOnce(&Client) -> Result<T, ClientError>,
    ) -> Result<T, Error> {
        let answer = tokio::time::timeout(PATIENCE, self.wait_for(question)).await;
        answer.unwrap_or_else(|_| Err(Error::Silent { path: self.client.path().to_owned(), after: PATIENCE }))
    }

    /// Asks something that is answered when its outcome is known.
    pub(crate) async fn wait_for<T>(
        &self,
        question: impl AsyncFnOnce(&Client) -> Result<T, ClientError>,
    ) -> Result<T, Error> {
        match question(&self.client).await {
            Ok(answer) => Ok(answer),
            Err(error) => Err(self.in_words(error).await),
        }
    }

    /// What an error of the client means here.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what a person can do nothing special about keeps its words")]
    async fn in_words(&self, error: ClientError) -> Error {
        let unknown = matches!(&error, ClientError::Json(_))
            || matches!(&error, ClientError::Refused { refusal, .. } if refusal.error == "not_found");
        if unknown
            && let Ok(daemon) = self.client.version().await
            && daemon != env!("CARGO_PKG_VERSION")
        {
            return Error::OtherVersion { daemon, source: error };
        }
        match error {
            ClientError::Connect { path, source } if source.kind() == ErrorKind::PermissionDenied => {
                Error::NoPermission { path, source }
            }
            ClientError::Connect { path, source } => Error::NoDaemon { path, source },
            ClientError::Refused { status: 403, refusal } => {
                Error::Forbidden { path: self.client.path().to_owned(), words: refusal.words }
            }
            other => Error::Client(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::path::Path;

    use vrrp_control::ClientError;

    use super::Daemon;
    use crate::exit::Exit;

    #[tokio::test]
    async fn a_socket_that_may_not_be_opened_is_no_daemon_that_is_not_there() {
        let daemon = Daemon::new(Path::new("/nowhere/vrrpd.sock"));
        let refused =
            |kind: ErrorKind| ClientError::Connect { path: "/nowhere/vrrpd.sock".into(), source: kind.into() };
        let denied = daemon.in_words(refused(ErrorKind::PermissionDenied)).await;
        assert_eq!(denied.exit(), Exit::NotPermitted);
        assert!(denied.to_string().contains("become root, or join the group"), "{denied}");
        assert_eq!(daemon.in_words(refused(ErrorKind::ConnectionRefused)).await.exit(), Exit::NoDaemon);
    }
}
