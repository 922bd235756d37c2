/// Whatever comes over a netlink socket is read without a panic; an address that we find in a message is the one that the
/// whole reading of `netlink-packet-route` finds in it.
///
/// The first byte chooses whether lengths and type of the first message are put right: 0 to 5 the type, 6 and above not.
///
/// # Panics
/// When one of these does not hold.
pub fn netlink(data: &[u8]) {
    const KINDS: [u16; 6] = [16, 17, 20, 21, 2, 3];
    let Some((&choice, datagram)) = data.split_first() else { return };
    let mut datagram = datagram.to_vec();
    let kind = KINDS.get(usize::from(choice)).copied();
    if let (Some(kind), Ok(length)) = (kind, u32::try_from(datagram.len()))
        && let Some(header) = datagram.first_chunk_mut::<6>()
    {
        let [a, b, c, d] = length.to_ne_bytes();
        let [e, f] = kind.to_ne_bytes();
        *header = [a, b, c, d, e, f];
    }
    vrrp_netlink::fuzzing::read(&datagram);
}
