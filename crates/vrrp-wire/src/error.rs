use thiserror::Error;

/// A number that no field of an advertisement can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FieldError {
    /// VRID 0.
    #[error("a VRID is 1 to 255, not 0")]
    Vrid,
    /// An interval outside 1 to 25500 centiseconds.
    #[error("an advertisement interval is 0.01 s to 255 s, not {centis} centiseconds")]
    Interval {
        /// The interval asked for, in centiseconds.
        centis: u32,
    },
}

/// Why bytes are no advertisement; one variant for each check of RFC 9568 §7.1 that the bytes alone decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Fewer bytes than the message needs.
    #[error("truncated: {needed} bytes needed, {had} received")]
    Truncated {
        /// Bytes the message needs by its own count of addresses.
        needed: usize,
        /// Bytes received.
        had: usize,
    },
}

/// Why an advertisement cannot be put into bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The buffer is smaller than [`crate::Advertisement::encoded_len`].
    #[error("the buffer holds {had} bytes, the advertisement needs {needed}")]
    BufferTooSmall {
        /// Bytes the advertisement needs.
        needed: usize,
        /// Bytes the buffer has.
        had: usize,
    },
}
