use core::marker::PhantomData;

use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde::de::DeserializeOwned;

use crate::error::ClientError;

/// A line longer than this is no event.
const LONGEST: usize = 1024 * 1024;

/// A stream of JSON values, one a line, as the daemon sends them.
#[derive(Debug)]
pub struct Follow<T> {
    body: Incoming,
    unread: Vec<u8>,
    kind: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Follow<T> {
    pub(super) const fn new(body: Incoming) -> Self {
        Self { body, unread: Vec::new(), kind: PhantomData }
    }

    /// The next one; `None` once the daemon has ended the stream. Losing the future loses nothing.
    ///
    /// # Errors
    /// [`ClientError`]; the stream is of no use after it.
    pub async fn next(&mut self) -> Result<Option<T>, ClientError> {
        loop {
            if let Some(end) = self.unread.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.unread.drain(..=end).collect();
                // An empty line only says that the daemon is there.
                if line.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                return Ok(Some(serde_json::from_slice(&line)?));
            }
            if self.unread.len() > LONGEST {
                return Err(ClientError::TooLong { limit: LONGEST });
            }
            let Some(frame) = self.body.frame().await else { return Ok(None) };
            if let Some(data) = frame?.data_ref() {
                self.unread.extend_from_slice(data);
            }
        }
    }
}
