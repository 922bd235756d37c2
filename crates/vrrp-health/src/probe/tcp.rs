use super::connect::connect;
use super::{Endpoint, Origin};
use crate::Outcome;

/// Whether a TCP connection can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tcp {
    /// Where to. All addresses of a name are tried; one that answers is enough.
    pub endpoint: Endpoint,
    /// Where from.
    pub origin: Origin,
}

impl Tcp {
    /// Makes a connection and closes it.
    pub(crate) async fn probe(&self) -> Outcome {
        match connect(&self.endpoint, &self.origin).await {
            Ok(stream) => {
                // A greeting that nobody read would turn the close into a reset.
                let _ = stream.try_read(&mut [0; 1024]);
                Outcome::Ok
            }
            Err(outcome) => outcome,
        }
    }
}
