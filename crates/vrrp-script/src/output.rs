use core::time::Duration;
use std::io::{self, ErrorKind, PipeReader};

use nix::errno::Errno;
use nix::unistd::read;
use tokio::net::unix::pipe::Receiver;
use tokio::time::sleep;

use crate::tail::Tail;

const CHUNK: usize = 16 * 1024;
/// As much as a pipe holds, in chunks, and some more.
const LEFT_BEHIND: usize = 8;
/// Between two reads of what nobody wants to know any more.
const PACE: Duration = Duration::from_millis(10);

/// What a program writes: read as fast as it comes, only its end kept.
#[derive(Debug)]
pub(crate) struct Output {
    /// None at the end of the output.
    pipe: Option<Receiver>,
    tail: Tail,
}

impl Output {
    /// # Errors
    ///
    /// The pipe cannot be watched.
    pub(crate) fn new(pipe: PipeReader) -> io::Result<Self> {
        Ok(Self { pipe: Some(Receiver::from_owned_fd(pipe.into())?), tail: Tail::default() })
    }

    /// Waits for more and takes it in; for ever when there will be none. May be dropped and called again.
    pub(crate) async fn take_in(&mut self) {
        let Some(pipe) = &self.pipe else { return core::future::pending().await };
        let read = match pipe.readable().await {
            Ok(()) => take_ready(pipe, &mut self.tail),
            Err(error) => Err(error),
        };
        match read {
            Ok(1..) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Ok(0) | Err(_) => self.pipe = None,
        }
    }

    /// Returns the end of what was taken in.
    pub(crate) fn so_far(&self) -> Box<str> {
        self.tail.text()
    }

    /// Returns the end of all that was written until now. Who still holds the other end is not waited for, and may go on writing.
    pub(crate) fn finish(mut self) -> Box<str> {
        let mut chunk = [0; CHUNK];
        for _ in 0..LEFT_BEHIND {
            let Some(pipe) = &self.pipe else { break };
            // Beside the runtime, which may not have heard yet that there is something to read.
            match read(pipe, &mut chunk) {
                Ok(length @ 1..) => self.tail.push(chunk.get(..length).unwrap_or_default()),
                Err(Errno::EINTR) => {}
                Err(Errno::EAGAIN) => break,
                Ok(0) | Err(_) => self.pipe = None,
            }
        }
        if let Some(pipe) = self.pipe {
            tokio::spawn(discard(pipe));
        }
        self.tail.text()
    }
}

fn take_ready(pipe: &Receiver, tail: &mut Tail) -> io::Result<usize> {
    let mut chunk = [0; CHUNK];
    let length = pipe.try_read(&mut chunk)?;
    tail.push(chunk.get(..length).unwrap_or_default());
    Ok(length)
}

/// Reads until the last writer is gone: closed, the pipe would end what a successful program left running (SIGPIPE), and full, stop it.
async fn discard(pipe: Receiver) {
    let mut nowhere = Tail::default();
    while pipe.readable().await.is_ok() {
        match take_ready(&pipe, &mut nowhere) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Ok(1..) => sleep(PACE).await,
            Ok(0) | Err(_) => return,
        }
    }
}
