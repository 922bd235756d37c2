use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

use nix::errno::Errno;
use nix::sys::eventfd::{EfdFlags, EventFd};

/// Wakes the engine's loop from any thread: an eventfd that the loop polls for reading.
#[derive(Debug, Clone)]
pub struct Waker(Arc<EventFd>);

impl Waker {
    /// A waker that nobody has used yet.
    ///
    /// # Errors
    /// The kernel's, when it has no descriptor left.
    pub fn new() -> io::Result<Self> {
        let flags = EfdFlags::EFD_NONBLOCK | EfdFlags::EFD_CLOEXEC;
        Ok(Self(Arc::new(EventFd::from_value_and_flags(0, flags)?)))
    }

    /// Makes the descriptor readable until the next [`Waker::clear`]. Never waits.
    pub fn wake(&self) {
        // The one failure of a write to it is a counter at its limit, which is readable all the same.
        let _full = self.0.write(1);
    }

    /// Says whether somebody called [`Waker::wake`] since the last call, however often. To be called before looking
    /// for what they had to say, so that no call is lost between.
    pub fn clear(&self) -> bool {
        match self.0.read() {
            Ok(_) => true,
            Err(Errno::EAGAIN) => false,
            // Whatever else: looking once too often does no harm.
            Err(_) => true,
        }
    }
}

impl AsFd for Waker {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waker_is_readable_from_a_wake_on_another_thread_until_it_is_cleared() {
        let waker = Waker::new().unwrap();
        assert!(!waker.clear());
        let other = waker.clone();
        std::thread::spawn(move || {
            other.wake();
            other.wake();
        })
        .join()
        .unwrap();
        assert!(waker.clear());
        assert!(!waker.clear());
    }
}
