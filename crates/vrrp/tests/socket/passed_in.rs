//! Sockets that somebody else opened.

use std::io;
use std::os::fd::OwnedFd;

use socket2::{Domain, Protocol, Socket, Type};
use vrrp::socket::{Channel, OpenError};
use vrrp_lab::isolated;
use vrrp_wire::Family;

use crate::lan::{
    ALL, Lan, channel, group, hear, is_readable, lan, only, options, own, payloads, soon, stub, to_group, wait,
};

/// What `work` does on this thread without any capability.
fn unprivileged<R>(work: impl FnOnce() -> R) -> R {
    caps::clear(None, caps::CapSet::Effective).unwrap();
    work()
}

fn opened_elsewhere(family: Family, protocol: i32) -> io::Result<OwnedFd> {
    let domain = match family {
        Family::V4 => Domain::IPV4,
        Family::V6 => Domain::IPV6,
    };
    Socket::new(domain, Type::RAW, Some(Protocol::from(protocol))).map(OwnedFd::from)
}

#[test]
fn a_socket_that_was_passed_in_serves_a_process_without_any_capability() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        for family in [Family::V4, Family::V6] {
            let passed = two.on(|| opened_elsewhere(family, 112)).unwrap().unwrap();
            let mut options = options(two, family, only([7]));
            options.receive_buffer = Some(64 * 1024);
            let source = own(two, family);
            let receiver = two.on(|| {
                unprivileged(|| {
                    assert!(Channel::open(&options).is_err());
                    let channel = Channel::from_fd(passed, &options).unwrap();
                    channel.join(group(family)).unwrap();
                    channel.send(to_group(source, &stub(9))).unwrap();
                    channel
                })
            });
            let receiver = receiver.unwrap();
            let sender = channel(one, family, ALL);
            sender.send(to_group(own(one, family), &stub(8))).unwrap();
            sender.send(to_group(own(one, family), &stub(7))).unwrap();
            assert_eq!(payloads(&hear(&receiver, 1)), [stub(7)]);
        }
    });
}

#[test]
fn a_socket_of_another_protocol_family_or_interface_is_refused() {
    isolated(|| {
        let Lan { two, .. } = &lan();
        let options = options(two, Family::V4, ALL);
        for (family, protocol) in [(Family::V4, 113), (Family::V6, 112)] {
            let wrong = two.on(|| opened_elsewhere(family, protocol)).unwrap();
            let error = Channel::from_fd(wrong.unwrap(), &options).unwrap_err();
            assert!(matches!(error, OpenError::WrongKind { family: Family::V4 }), "{error:?}");
        }
        let elsewhere = two.on(|| {
            let socket = Socket::from(opened_elsewhere(Family::V4, 112).unwrap());
            socket.bind_device(Some(b"lo")).unwrap();
            socket.into()
        });
        let error = Channel::from_fd(elsewhere.unwrap(), &options).unwrap_err();
        assert!(matches!(error, OpenError::BoundElsewhere { bound: 1, .. }), "{error:?}");
    });
}

#[test]
fn what_a_passed_in_socket_had_queued_before_its_filter_is_thrown_away() {
    isolated(|| {
        let Lan { one, two, .. } = &lan();
        let passed = two.on(|| opened_elsewhere(Family::V4, 112)).unwrap();
        let passed = passed.unwrap();
        let witness = channel(two, Family::V4, ALL);
        let sender = channel(one, Family::V4, ALL);
        let source = own(one, Family::V4);
        sender.send(to_group(source, &stub(7))).unwrap();
        wait(&passed, soon());
        assert_eq!(hear(&witness, 1).len(), 1);
        let receiver = Channel::from_fd(passed, &options(two, Family::V4, only([7]))).unwrap();
        assert!(!is_readable(&receiver));
        receiver.join(group(Family::V4)).unwrap();
        sender.send(to_group(source, &stub(7))).unwrap();
        assert_eq!(hear(&receiver, 1).len(), 1);
    });
}
