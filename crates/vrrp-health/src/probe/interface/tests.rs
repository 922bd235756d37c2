use super::*;
use crate::probe::testing::{failed, ip, run, telling};
use vrrp_lab::isolated;

#[test]
fn a_link_goes_down_comes_up_loses_carrier_goes_and_comes_back_under_its_name() {
    isolated(|| {
        ip("link add p0 type veth peer name p1");
        ip("link set p1 up");
        run(async {
            let (mut told, _watcher) = telling!(Interface::new("p0"));
            assert_eq!(told.next().await, failed("p0 is down"));
            ip("link set p0 up");
            told.until(Outcome::Ok).await;
            ip("link set p1 down");
            told.until(failed("p0 has no carrier")).await;
            ip("link set p1 up");
            told.until(Outcome::Ok).await;
            ip("link set p0 down");
            told.until(failed("p0 is down")).await;
            ip("link del p0");
            told.until(failed("p0 is absent")).await;
            ip("link add p0 type veth peer name p1");
            told.until(failed("p0 is down")).await;
            ip("link set p1 up");
            ip("link set p0 up");
            told.until(Outcome::Ok).await;
        });
    });
}

#[test]
fn a_link_is_followed_by_its_name_when_another_takes_it() {
    isolated(|| {
        ip("link add p0 type veth peer name p1");
        ip("link set p0 up");
        ip("link set p1 up");
        run(async {
            let (mut told, _watcher) = telling!(Interface::new("p0"));
            told.until(Outcome::Ok).await;
            ip("link set p0 down");
            ip("link set p0 name q0");
            told.until(failed("p0 is absent")).await;
            ip("link set q0 up");
            ip("link set p1 down");
            ip("link set p1 name p0");
            ip("link set p0 up");
            told.until(Outcome::Ok).await;
        });
    });
}

#[test]
fn a_port_that_leaves_its_bridge_is_still_there() {
    isolated(|| {
        ip("link add b0 type bridge");
        ip("link add p0 type veth peer name p1");
        ip("link set p0 master b0 up");
        ip("link set p1 up");
        run(async {
            let (mut told, _watcher) = telling!(Interface::new("p0"));
            told.until(Outcome::Ok).await;
            ip("link set p0 nomaster");
            ip("link set p1 down");
            assert_eq!(told.next().await, failed("p0 has no carrier"));
        });
    });
}

#[test]
fn five_hundred_watchers_share_one_socket_and_the_last_one_closes_it() {
    isolated(|| {
        let sockets = || std::fs::read_to_string("/proc/net/netlink").unwrap().lines().count();
        run(async {
            let before = sockets();
            let mut watchers: Vec<_> = (0..500).map(|_| telling!(Interface::new("absent"))).collect();
            for (told, _watcher) in &mut watchers {
                assert_eq!(told.next().await, failed("absent is absent"));
            }
            assert_eq!(sockets(), before + 1);
            ip("link add absent type veth peer name p1");
            for (told, watcher) in &mut watchers {
                assert_eq!(told.next().await, failed("absent is down"));
                watcher.abort();
                let _cancelled = watcher.await;
            }
            tokio::task::yield_now().await;
            assert_eq!(sockets(), before);
        });
    });
}
