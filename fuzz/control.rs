use core::time::Duration;
use std::sync::Arc;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use vrrp_control::{Drain, DrainReply, LogLevel, Reloaded, Status, Takeover, TakeoverReply, Undrain};
use vrrp_http::{Failure, Host, Journal, serve_connection};

/// What an answer may hold; a stream that goes on is read no further.
const ENOUGH: u64 = 1 << 20;
/// How long an answer may take: what is cut off, and a stream that goes on, would take longer.
const PATIENCE: Duration = Duration::from_millis(5);

/// Whatever comes over the control socket is answered in HTTP or not at all, and nothing panics.
///
/// # Panics
/// When that does not hold.
pub fn control(data: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let Ok(runtime) = runtime else { return };
    let answer = runtime.block_on(async {
        let (ours, theirs) = duplex(data.len().max(1));
        let server = tokio::spawn(serve_connection(theirs, Nobody, Journal::new(4)));
        let (mut reader, mut writer) = tokio::io::split(ours);
        let mut answer = Vec::new();
        // A server that has heard enough closes before everything is written.
        let _ = tokio::time::timeout(PATIENCE, writer.write_all(data)).await;
        let _ = tokio::time::timeout(PATIENCE, (&mut reader).take(ENOUGH).read_to_end(&mut answer)).await;
        if server.is_finished() {
            assert!(server.await.is_ok(), "the server panicked");
        }
        answer
    });
    // It may have been cut off anywhere: a busy machine does not say much within our patience.
    let begins = answer.iter().zip(b"HTTP/1.").all(|(is, should)| is == should);
    assert!(begins, "{:?}", String::from_utf8_lossy(&answer));
}

/// A host without virtual routers, which does nothing.
struct Nobody;

impl Host for Nobody {
    async fn status(&self) -> Result<Arc<Status>, Failure> {
        Ok(Arc::new(Status::default()))
    }

    async fn capture(&self) -> Result<Vec<u8>, Failure> {
        Ok(Vec::new())
    }

    async fn config(&self) -> Result<Value, Failure> {
        Ok(Value::Null)
    }

    async fn reload(&self, dry_run: bool) -> Result<Reloaded, Failure> {
        Ok(Reloaded { applied: !dry_run, reason: None, changes: Vec::new(), diagnostics: Vec::new() })
    }

    async fn drain(&self, request: Drain) -> Result<DrainReply, Failure> {
        Err(Failure::NoSuchRouter(request.router.unwrap_or_default()))
    }

    async fn undrain(&self, _: Undrain) -> Result<Vec<String>, Failure> {
        Ok(Vec::new())
    }

    async fn takeover(&self, _: Takeover) -> Result<TakeoverReply, Failure> {
        Ok(TakeoverReply { outcomes: Vec::new() })
    }

    fn log_level(&self) -> LogLevel {
        LogLevel::Info
    }

    fn set_log_level(&self, _: LogLevel) {}
}
