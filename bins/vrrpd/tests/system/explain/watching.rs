//! Why a Backup does not take over.

use vrrp_lab::isolated;

use super::{check, is_explained, tracking};
use crate::fixture::{Lan, VIP, instance};

#[test]
fn a_backup_beside_a_living_router_says_what_keeps_it() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 100, "0.2", ""));
        a.active();
        let b = lan.b.vrrpd(&instance(51, 200, "0.2", "nopreempt"));
        is_explained(&lan.b, "V51", "`nopreempt` keeps it");
        b.reload(&instance(51, 200, "0.2", "failback manual"));
        is_explained(&lan.b, "V51", "`failback manual` keeps it");
        b.reload(&instance(51, 200, "0.2", "failback after 1000"));
        is_explained(&lan.b, "V51", "A delay runs");
        b.reload(&instance(51, 100, "0.2", ""));
        is_explained(&lan.b, "V51", "An equal serves");
        b.reload(&instance(51, 50, "0.2", ""));
        is_explained(&lan.b, "V51", "A better one serves");
        lan.b.script("/tmp/sick", "echo HTTP 503; exit 1");
        let sick = check("sick", "/tmp/sick", "weight -50");
        b.reload(&tracking(&sick, "sick", 120, ""));
        is_explained(&lan.b, "V51", "A failing check took the priority");
        b.reload(&tracking(&sick, "sick", 200, "on_degraded resign"));
        is_explained(&lan.b, "V51", "A check fails under `on_degraded resign`");
        b.reload(&instance(51, 50, "0.2", "").replace(VIP, "10.0.0.77"));
        is_explained(&lan.b, "V51", "Somebody else uses our VRID, or has another list");
    });
}

#[test]
fn a_backup_that_is_cut_off_says_which_check_keeps_it_from_claiming() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "0.2", ""));
        a.active();
        lan.b.script("/tmp/cut", "exit 1");
        let required = instance(51, 100, "0.2", "claim_requires cut");
        let b = lan.b.vrrpd(&format!("{}{required}", check("cut", "/tmp/cut", "")));
        b.moved("backup", "started");
        is_explained(&lan.b, "V51", "A better one serves");
        a.daemon.kill().unwrap();
        is_explained(&lan.b, "V51", "It hears nobody, and a check it requires is not up");
    });
}

#[test]
fn a_backup_whose_silent_peer_answers_says_so_until_it_claims() {
    isolated(|| {
        let lan = Lan::new();
        let a = lan.a.vrrpd(&instance(51, 150, "1", ""));
        a.active();
        let b = lan.b.vrrpd(&instance(51, 100, "1", "confirm_silence"));
        b.moved("backup", "started");
        is_explained(&lan.b, "V51", "A better one serves");
        lan.b.run("nft add table ip t");
        lan.b.run("nft add chain ip t in { type filter hook input priority 0 ; }");
        lan.b.run("nft add rule ip t in meta l4proto 112 drop");
        is_explained(&lan.b, "V51", "Advertisements are missing, but the silent one answers");
    });
}
