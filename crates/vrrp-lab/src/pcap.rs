use std::io::{self, Write};

use crate::frame::Frame;

/// Classic pcap with nanoseconds, in this machine's byte order.
const MAGIC: u32 = 0xa1b2_3c4d;

/// `LINKTYPE_ETHERNET`.
const ETHERNET: u32 = 1;

/// Writes frames as a classic pcap file with nanosecond time stamps.
pub(crate) fn write(frames: &[Frame], mut out: impl Write) -> io::Result<()> {
    out.write_all(&MAGIC.to_ne_bytes())?;
    for version in [2_u16, 4] {
        out.write_all(&version.to_ne_bytes())?;
    }
    for field in [0, 0, u32::from(u16::MAX), ETHERNET] {
        out.write_all(&field.to_ne_bytes())?;
    }
    for frame in frames {
        let at = frame.stamp.since_epoch();
        let seconds = u32::try_from(at.as_secs()).map_err(io::Error::other)?;
        let taken = u32::try_from(frame.bytes.len()).map_err(io::Error::other)?;
        let length = u32::try_from(frame.length).map_err(io::Error::other)?;
        for field in [seconds, at.subsec_nanos(), taken, length] {
            out.write_all(&field.to_ne_bytes())?;
        }
        out.write_all(&frame.bytes)?;
    }
    out.flush()
}
