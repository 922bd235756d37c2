//! Texts of a status that is made up; beside keepalived itself they are in the system tests.

use vrrp_config::{Options, parse_str};
use vrrp_control::Status;

use super::*;
use writer::{Cleared, text};

const CONFIG: &str = "global_defs { script_user root }
vrrp_script chk { script \"/bin/chk 'a b'\"
 interval 2
 weight -20
}
vrrp_sync_group G { group { V1
 V2
 }
 notify /bin/told
}
vrrp_instance V1 { interface eth0
 virtual_router_id 1
 version 3
 advert_int 0.5
 preempt_delay 1.5
 unicast_src_ip 192.0.2.1
 unicast_peer { 192.0.2.2 min_ttl 3
 }
 unicast_ttl 64
 track_interface { eth1 }
 notify_master \"/bin/m x\"
 smtp_alert
 virtual_ipaddress { 192.0.2.10/24 brd 192.0.2.255
 192.0.2.11 peer 192.0.2.12 no_track
 }
}
vrrp_instance V2 { interface eth0
 virtual_router_id 2
 virtual_ipaddress { 192.0.2.20 }
}
vrrp_instance V3 { interface eth0
 virtual_router_id 3
 authentication { auth_type PASS
 auth_pass s3cret
 }
 track_script { chk }
 virtual_ipaddress { 192.0.2.30 }
}";

fn model() -> Model {
    let loaded = parse_str("keepalived.conf", CONFIG, &Options::default());
    assert!(loaded.is_sound(), "{}", vrrp_config::render(&loaded, false));
    loaded.model
}

fn router(name: &str, vrid: u8, state: &str) -> serde_json::Value {
    serde_json::json!({
        "name": name, "interface": "eth0", "vrid": vrid, "family": "ipv4", "version": if vrid == 1 { 3 } else { 2 },
        "state": state, "since": 1_673_674_892.348_36, "priority": {"base": 100, "effective": 80}, "preempt": true,
        "advertisement_interval": 0.5, "active_down_interval": 1.8, "source": "192.0.2.1", "destinations": [],
        "group": null, "degraded": false, "drain": null, "takeover": null, "causes": [], "conditions": [],
        "active_router": {"address": "192.0.2.2", "priority": 200, "last_heard": 1.0},
        "addresses": [{"address": "192.0.2.10/24", "link": "eth0", "present": true, "advertised": true}],
        "transition": null, "counters": {"received": 7, "rejected": {"hop_limit": 2}}, "recent": [],
        "peers": [{"address": "192.0.2.2", "priority": 200, "interval": 0.7, "last_heard": 1.0, "received": 1, "missed": 0}],
        "timer": {"timer": "active_down", "fires_in": 0.5}
    })
}

fn status() -> Status {
    let check = serde_json::json!({"name": "chk", "verdict": "down"});
    // V2 is quarantined, or gone while somebody asked.
    let routers = [router("V1", 1, "backup"), router("V3", 3, "initialize")];
    serde_json::from_value(serde_json::json!({"at": 86_400.0, "routers": routers, "checks": [check]})).unwrap()
}

fn written(dump: Dump) -> String {
    text(dump, &status(), &model(), &mut Cleared::default())
}

#[test]
fn a_router_reads_as_keepalived_writes_it() {
    let data = written(Dump::Data);
    let topology = data.split("------< VRRP Topology >------\n").nth(1).unwrap();
    let expected = " VRRP Instance = V1
   VRRP Version = 3
   State = BACKUP
   Master router = 192.0.2.2
   Master priority = 200
   Master advert int = 0.70 sec
   Flags:
     Using unicast
   Wantstate = BACKUP
   Number of config faults = 0
   Number of interface and track script faults = 0
   Number of track scripts init = 0
   Last transition = 1673674892.348360 (Sat Jan 14 05:41:32.348360 2023)
   Read timeout = 86400.500000 (Fri Jan  2 00:00:00.500000 1970)
   Master down timer = 1800000 usecs
   Interface = eth0
   Using src_ip = 192.0.2.1 (from configuration)
   Gratuitous ARP delay = 5
   Gratuitous ARP repeat = 5
   Gratuitous ARP refresh = 30
   Gratuitous ARP refresh repeat = 1
   Gratuitous ARP lower priority delay = 5
   Gratuitous ARP lower priority repeat = 5
   Down timer adverts = 3
   Send advert after receive lower priority advert = true
   Send advert after receive higher priority advert = false
   Virtual Router ID = 1
   Priority = 100
   Effective priority = 80
   Total priority = 80
   Advert interval = 500 milli-sec
   Master advert interval = 700 milli-sec
   Accept = enabled
   Preempt = enabled
   Preempt delay = 1.5 secs
   Promote_secondaries = disabled
   Virtual IP (2):
     192.0.2.10/24 brd 192.0.2.255 dev eth0 scope global set
     192.0.2.11 dev eth0 scope global peer 192.0.2.12/32 no_track
   Unicast TTL = 64
   Check unicast src : yes
   Unicast Peer :
     192.0.2.2 min_ttl 3 max_ttl 255
   Unicast checksum compatibility = no
   Tracked interfaces :
     eth1 weight 0
   Using smtp notification = yes
   Notify deleted = Fault
   Master state transition script = '/bin/m' 'x', uid:gid 0:0
   Notify priority changes = false
";
    assert_eq!(&topology[..expected.len()], expected, "{topology}");
}

#[test]
fn no_password_is_written_and_what_is_tracked_is() {
    let data = written(Dump::Data);
    assert!(!data.contains("s3cret") && data.contains("   Password = ********\n"), "{data}");
    assert!(data.contains("   State = FAULT\n") && data.contains("   Read timeout = DISABLED\n"), "{data}");
    let script = "------< VRRP Scripts >------
 VRRP Script = chk
   Command = '/bin/chk' 'a b'
   Interval = 2 sec
   Timeout = 2 sec
   Weight = -20
   Rise = 1
   Fall = 1
   Result = 0
   Insecure = no
   Init state = unknown
   Status = BAD
   Script uid:gid = 0:0
   VRRP instances :
   Tracking instances :
     V3, weight -20
   State = idle
";
    assert!(data.ends_with(script), "{data}");
    let group = "------< VRRP Sync groups >------
 VRRP Sync Group = G, BACKUP
   Num member fault 0, num member init 0
   VRRP member instances :
     V1
   Using smtp notification = no
   Generic state transition script = '/bin/told'";
    assert!(data.contains(group), "{data}");
}

#[test]
fn whole_numbers_have_no_fraction_in_json_for_exporters_take_them_for_integers() {
    let json = written(Dump::Json);
    assert!(!json.contains("s3cret"), "{json}");
    let start = "[{\"data\":{\"iname\":\"V1\",\"dont_track_primary\":0,\"skip_check_adv_addr\":0,\"strict_mode\":0,\
                 \"vmac_ifname\":\"\",\"ifp_ifname\":\"eth0\",\"master_priority\":200,\"last_transition\":1673674892.34836,\
                 \"garp_delay\":5,\"garp_refresh\":30,";
    assert!(json.starts_with(start), "{json}");
    assert!(json.contains("\"adver_int\":0.5,\"master_adver_int\":0.7,\"accept\":1"), "{json}");
    assert!(json.contains("\"stats\":{\"advert_rcvd\":7,\"advert_sent\":0,"), "{json}");
}

#[test]
fn counting_begins_anew_for_the_files_when_somebody_says_so() {
    let (status, model, mut cleared) = (status(), model(), Cleared::default());
    let mut received = |dump| {
        let text = text(dump, &status, &model, &mut cleared);
        text.lines().find_map(|line| line.strip_prefix("    Received: ").map(str::to_owned)).unwrap()
    };
    assert_eq!([Dump::ClearStats, Dump::Stats].map(&mut received), ["7", "0"]);
}
