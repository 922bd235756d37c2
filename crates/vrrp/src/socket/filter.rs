//! Classic BPF programs: which packets may wake the engine is decided in the kernel.

use socket2::SockFilter;
use vrrp_wire::{Family, PROTOCOL, Vrid};

/// A program that takes nothing, for a socket that is not bound yet.
pub(super) const NOTHING: [SockFilter; 1] = [verdict(false)];

/// A set of VRIDs, as the filter of a socket sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct VridSet([u32; 8]);

/// Which VRIDs a channel hears. Nothing but the VRID is compared, so that malformed packets arrive and are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hears {
    /// Only these; the empty set makes a channel that only sends.
    Only(VridSet),
    /// All but these, and packets too short to name one: what the engine itself does not hear.
    Except(VridSet),
}

impl VridSet {
    /// The set of no VRID.
    pub const EMPTY: Self = Self([0; 8]);

    /// Adds a VRID.
    pub fn insert(&mut self, vrid: Vrid) {
        if let Some(word) = self.0.get_mut(usize::from(vrid.get() >> 5)) {
            *word |= 1 << (vrid.get() & 31);
        }
    }

    /// Takes a VRID out.
    pub fn remove(&mut self, vrid: Vrid) {
        if let Some(word) = self.0.get_mut(usize::from(vrid.get() >> 5)) {
            *word &= !(1 << (vrid.get() & 31));
        }
    }

    /// Says whether `vrid` is in the set.
    pub fn contains(&self, vrid: Vrid) -> bool {
        let word = self.0.get(usize::from(vrid.get() >> 5));
        word.is_some_and(|word| word >> (vrid.get() & 31) & 1 == 1)
    }

    /// Says whether the set has no VRID.
    pub fn is_empty(&self) -> bool {
        *self == Self::EMPTY
    }
}

impl FromIterator<Vrid> for VridSet {
    fn from_iter<I: IntoIterator<Item = Vrid>>(vrids: I) -> Self {
        let mut set = Self::EMPTY;
        vrids.into_iter().for_each(|vrid| set.insert(vrid));
        set
    }
}

/// The program of a raw socket of `family`. IPv4 is filtered from the IP header on, IPv6 from the payload on.
///
/// The VRID, the payload's second octet, selects a word of the set by its upper three bits and a bit of it by its lower five: at most 35
/// instructions, whatever the set.
pub(super) fn by_vrid(family: Family, hears: Hears) -> Vec<SockFilter> {
    let (set, take_found) = match hears {
        Hears::Only(set) => (set, true),
        Hears::Except(set) => (set, false),
    };
    let (found, other) = (|| verdict(take_found), || verdict(!take_found));
    let mut program = Vec::with_capacity(40);
    push_length_check(&mut program, family, other());
    program.extend([
        instruction(libc::BPF_ST, 0),
        instruction(libc::BPF_ALU | libc::BPF_AND | libc::BPF_K, 31),
        instruction(libc::BPF_MISC | libc::BPF_TAX, 0),
        instruction(libc::BPF_LD | libc::BPF_MEM, 0),
        instruction(libc::BPF_ALU | libc::BPF_RSH | libc::BPF_K, 5),
    ]);
    let words = (0..).zip(set.0).filter(|(_, word)| *word != 0);
    let mut ahead = words.clone().count();
    for (index, word) in words {
        ahead -= 1;
        // Past the rest of the words and the verdict for those that are in none.
        let to_test = u32::try_from(ahead * 3 + 1).unwrap_or(0);
        program.extend([
            jump(libc::BPF_JEQ, index, 0, 2),
            instruction(libc::BPF_LD | libc::BPF_IMM, word),
            instruction(libc::BPF_JMP | libc::BPF_JA, to_test),
        ]);
    }
    program.push(other());
    if !set.is_empty() {
        program.extend([
            instruction(libc::BPF_ALU | libc::BPF_RSH | libc::BPF_X, 0),
            jump(libc::BPF_JSET, 1, 0, 1),
            found(),
            other(),
        ]);
    }
    program
}

/// Loads the VRID, or gives the verdict `other` for a packet too short to have one.
fn push_length_check(program: &mut Vec<SockFilter>, family: Family, other: SockFilter) {
    let length = instruction(libc::BPF_LD | libc::BPF_W | libc::BPF_LEN, 0);
    match family {
        Family::V4 => program.extend([
            // X: the header's length; A: what follows it.
            instruction(libc::BPF_LDX | libc::BPF_B | libc::BPF_MSH, 0),
            length,
            instruction(libc::BPF_ALU | libc::BPF_SUB | libc::BPF_X, 0),
            jump(libc::BPF_JGE, 2, 1, 0),
            other,
            instruction(libc::BPF_LD | libc::BPF_B | libc::BPF_IND, 1),
        ]),
        Family::V6 => program.extend([
            length,
            jump(libc::BPF_JGE, 2, 1, 0),
            other,
            instruction(libc::BPF_LD | libc::BPF_B | libc::BPF_ABS, 1),
        ]),
    }
}

/// The program of a tap on a packet socket that delivers from the network header on: VRRP of both families,
/// directly in IP, and not of a VLAN that merely passes through.
pub(super) fn vrrp_frames() -> [SockFilter; 11] {
    let ancillary = |field: i32| {
        let offset = libc::SKF_AD_OFF + field;
        instruction(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, offset.cast_unsigned())
    };
    let octet = |at| instruction(libc::BPF_LD | libc::BPF_B | libc::BPF_ABS, at);
    [
        ancillary(libc::SKF_AD_VLAN_TAG_PRESENT),
        jump(libc::BPF_JEQ, 0, 0, 8),
        ancillary(libc::SKF_AD_PROTOCOL),
        jump(libc::BPF_JEQ, libc::ETH_P_IP.cast_unsigned(), 0, 2),
        octet(9),
        instruction(libc::BPF_JMP | libc::BPF_JA, 2),
        jump(libc::BPF_JEQ, libc::ETH_P_IPV6.cast_unsigned(), 0, 3),
        octet(6),
        jump(libc::BPF_JEQ, u32::from(PROTOCOL), 0, 1),
        verdict(true),
        verdict(false),
    ]
}

/// The program of a packet socket that delivers from the Ethernet header on: ARP, or Neighbor Advertisements.
pub(super) fn answers(family: Family) -> Vec<SockFilter> {
    let octet = |at| instruction(libc::BPF_LD | libc::BPF_B | libc::BPF_ABS, at);
    match family {
        // The operation's lower octet: reply.
        Family::V4 => vec![octet(14 + 7), jump(libc::BPF_JEQ, 2, 0, 1), verdict(true), verdict(false)],
        Family::V6 => vec![
            octet(14 + 6),
            jump(libc::BPF_JEQ, 58, 0, 3),
            octet(14 + 40),
            jump(libc::BPF_JEQ, 136, 0, 1),
            verdict(true),
            verdict(false),
        ],
    }
}

/// The program of a packet socket that delivers from the Ethernet header on: gratuitous ARP in either form, or Neighbor
/// Advertisements.
pub(super) fn announcements(family: Family) -> Vec<SockFilter> {
    let word = |at| instruction(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, at);
    match family {
        // The sender's protocol address is the target's.
        Family::V4 => vec![
            word(14 + 14),
            instruction(libc::BPF_MISC | libc::BPF_TAX, 0),
            word(14 + 24),
            jump_if_x(),
            verdict(true),
            verdict(false),
        ],
        Family::V6 => answers(family),
    }
}

/// The program of a packet socket that only counts: one octet of everything.
pub(super) const fn first_octet() -> [SockFilter; 1] {
    [instruction(libc::BPF_RET | libc::BPF_K, 1)]
}

/// Takes the whole packet, or leaves it to others.
const fn verdict(take: bool) -> SockFilter {
    instruction(libc::BPF_RET | libc::BPF_K, if take { u32::MAX } else { 0 })
}

/// An instruction without a condition.
const fn instruction(code: u32, k: u32) -> SockFilter {
    #[expect(clippy::cast_possible_truncation, reason = "codes are sums of flags below 256")]
    SockFilter::new(code as u16, 0, 0, k)
}

/// Passes over the next instruction unless A is X.
const fn jump_if_x() -> SockFilter {
    #[expect(clippy::cast_possible_truncation, reason = "codes are sums of flags below 256")]
    SockFilter::new((libc::BPF_JMP | libc::BPF_X | libc::BPF_JEQ) as u16, 0, 1, 0)
}

/// A comparison of A with `k`, and how many instructions to pass over if it holds and if not.
const fn jump(comparison: u32, k: u32, if_so: u8, if_not: u8) -> SockFilter {
    #[expect(clippy::cast_possible_truncation, reason = "codes are sums of flags below 256")]
    SockFilter::new((libc::BPF_JMP | libc::BPF_K | comparison) as u16, if_so, if_not, k)
}
