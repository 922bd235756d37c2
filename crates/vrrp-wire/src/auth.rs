/// What a VRRPv2 advertisement carries in its Auth Type and Authentication Data (RFC 2338 §5.3.6).
///
/// VRRPv3 has no such field: decoding one gives [`Authentication::None`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Authentication {
    /// Type 0. The eight octets are sent as zero and ignored on receipt.
    #[default]
    None,
    /// Type 1, keepalived's `auth_type PASS`: up to eight octets, zero padded.
    Simple([u8; 8]),
    /// A type this codec only names: 2 is IP Authentication Header.
    Other(u8),
}

impl Authentication {
    /// The number in the Auth Type field.
    pub const fn number(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Simple(_) => 1,
            Self::Other(number) => number,
        }
    }
}
