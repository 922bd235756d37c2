use core::fmt;

use serde::{Deserialize, Serialize};

/// The password of VRRPv2's `auth_type PASS`: eight octets, zero padded. [`fmt::Debug`] masks it.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret([u8; 8]);

impl Secret {
    /// The first eight octets of `text`, as keepalived cuts it.
    pub fn cut(text: &str) -> Self {
        let mut octets = [0; 8];
        for (octet, byte) in octets.iter_mut().zip(text.bytes()) {
            *octet = byte;
        }
        Self(octets)
    }

    /// The octets as they go over the wire.
    pub const fn octets(self) -> [u8; 8] {
        self.0
    }

    /// Text of which these are the first eight octets; a character that was cut is completed somehow.
    pub(crate) fn text(&self) -> String {
        let mut bytes = self.as_bytes().to_vec();
        if let Err(error) = core::str::from_utf8(&bytes)
            && error.error_len().is_none()
        {
            let second = match bytes.get(error.valid_up_to()..) {
                Some([0xe0]) => 0xa0,
                Some([0xf0]) => 0x90,
                _ => 0x80,
            };
            bytes.push(second);
            while core::str::from_utf8(&bytes).is_err() && bytes.len() < 12 {
                bytes.push(0x80);
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The octets before the padding.
    pub fn as_bytes(&self) -> &[u8] {
        let length = self.0.iter().rposition(|&octet| octet != 0).map_or(0, |last| last + 1);
        self.0.get(..length).unwrap_or_default()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(********)")
    }
}
