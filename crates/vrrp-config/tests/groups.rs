//! Sync groups, and what routers do about recovery, degradation and claiming.
#![expect(clippy::indexing_slicing, reason = "a test that fails, fails")]

use core::time::Duration;

use vrrp_config::model::{ClaimRequires, Failback, OnDegraded, Otherwise, Router};
use vrrp_config::{Code, Loaded, Options, parse_str, render};

fn router(name: &str, lines: &str) -> String {
    let vrid = name.bytes().map(u32::from).sum::<u32>() % 200 + 1;
    format!(
        "vrrp_instance {name} {{\ninterface eth0\nvirtual_router_id {vrid}\nvirtual_ipaddress {{\n10.0.0.{vrid}\n}}\n{lines}\n}}\n"
    )
}

fn parse(text: &str) -> Loaded {
    parse_str("keepalived.conf", text, &Options::default())
}

fn codes(loaded: &Loaded) -> Vec<Code> {
    loaded.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

#[track_caller]
fn sound(lines: &str) -> Router {
    let loaded = parse(&format!("check c {{\nunit nginx\n}}\n{}", router("A", &format!("{lines}\nclaim_requires c"))));
    assert!(loaded.diagnostics.is_empty(), "{lines}: {}", render(&loaded, false));
    loaded.model.routers[0].clone()
}

#[track_caller]
fn problem(lines: &str) -> Code {
    let loaded = parse(&router("A", lines));
    assert_eq!(loaded.diagnostics.len(), 1, "{lines}: {}", render(&loaded, false));
    assert!(loaded.diagnostics[0].help.is_some());
    loaded.diagnostics[0].code
}

#[test]
fn a_group_may_stand_before_its_members() {
    let group = "vrrp_script s { script /bin/x }\n\
                 vrrp_sync_group G {\ngroup {\nA\nB\n}\ntrack_script {\ns weight -5\n}\ntrack_interface {\neth0\n}\n}\n";
    let loaded = parse(&(group.to_owned() + &router("A", "") + &router("B", "")));
    assert!(loaded.diagnostics.is_empty(), "{}", render(&loaded, false));
    let group = &loaded.model.sync_groups[0];
    assert_eq!((group.name.as_str(), group.members.as_slice()), ("G", &["A".to_owned(), "B".to_owned()][..]));
    assert_eq!(group.track.iter().map(|track| track.check.as_str()).collect::<Vec<_>>(), ["s", "interface eth0"]);
    assert!(loaded.model.checks.iter().any(|check| check.name == "interface eth0"));
}

#[test]
fn members_of_a_group_that_is_wrong_do_not_run_alone() {
    let (a, b, c) = (router("A", ""), router("B", ""), router("C", ""));
    for (group, code) in [
        ("vrrp_sync_group G {\ngroup {\nA\nB\nX\n}\n}\n", Code::UnknownName),
        ("vrrp_sync_group G {\ngroup {\nA B\n}\n}\n", Code::Surplus),
        ("vrrp_sync_group G {\ngroup {\nA\nA\nB\n}\n}\n", Code::Duplicate),
        ("vrrp_sync_group G {\ngroup {\nA\nB\n}\ntrack_script {\nnothing\n}\n}\n", Code::UnknownName),
    ] {
        let loaded = parse(&format!("{a}{b}{c}{group}"));
        assert!(loaded.errors().any(|error| error.code == code), "{}", render(&loaded, false));
        assert!(!loaded.model.routers.iter().any(|router| router.name == "A"), "{group}");
        assert!(loaded.model.routers.iter().any(|router| router.name == "C"), "{group}");
        assert!(loaded.model.sync_groups.is_empty());
    }
}

#[test]
fn a_group_whose_member_is_wrong_does_not_run() {
    let text = router("A", "") + &router("B", "prority 5") + &router("C", "");
    let loaded = parse(&(text + "vrrp_sync_group G {\ngroup {\nA\nB\n}\n}\n"));
    assert_eq!(loaded.model.routers.iter().map(|router| router.name.as_str()).collect::<Vec<_>>(), ["C"]);
    assert_eq!(loaded.quarantined.len(), 2);
    assert!(loaded.interfaces.iter().all(|named| named.instance == "C"));
}

#[test]
fn a_router_is_in_one_group() {
    let text = router("A", "") + &router("B", "") + &router("C", "") + &router("D", "");
    let groups = "vrrp_sync_group G {\ngroup {\nA\nB\n}\n}\nvrrp_sync_group H {\ngroup {\nB\nC\n}\n}\n";
    let loaded = parse(&(text + groups));
    assert_eq!(codes(&loaded), [Code::Duplicate]);
    assert_eq!(loaded.model.sync_groups.len(), 0, "neither is whole");
    assert_eq!(loaded.model.routers.len(), 1);
}

#[test]
fn odd_groups_are_told() {
    let one = parse(&(router("A", "") + "vrrp_sync_group G {\ngroup {\nA\n}\n}\n"));
    assert_eq!(codes(&one), [Code::Suspicious]);
    assert!(one.is_sound());
    let text = router("A", "priority 150") + &router("B", "") + "vrrp_sync_group G {\ngroup {\nA\nB\n}\n}\n";
    let unlike = parse(&text);
    assert_eq!(codes(&unlike), [Code::Suspicious]);
    assert!(unlike.diagnostics[0].message.ends_with("A 150, B 100"));
    let text = text + "vrrp_sync_group G {\ngroup {\nC\n}\n}\n" + &router("C", "");
    assert!(parse(&text).errors().any(|error| error.code == Code::Duplicate));
    assert_eq!(codes(&parse("vrrp_sync_group G {\n}\n")), [Code::Missing]);
    let text = router("A", "") + &router("B", "") + "vrrp_sync_group G {\ngroup {\nA\nB\n}\nglobal_tracking\n}\n";
    assert_eq!(codes(&parse(&text)), [Code::NoEffect]);
}

#[test]
fn policies_have_their_defaults() {
    let router = sound("");
    assert_eq!((router.failback, router.on_degraded, router.confirm_silence), (None, OnDegraded::Stay, false));
    assert!(!router.damp_preemption, "keepalived knows nothing of it");
    assert!(sound("failback immediate").damp_preemption);
    let required = ClaimRequires { check: "c".to_owned(), otherwise: Otherwise::PreferSingle };
    assert_eq!(router.claim_requires, [required]);
}

#[test]
fn policies_are_what_their_words_say() {
    assert_eq!(sound("failback immediate").failback, Some(Failback::Immediate));
    assert_eq!(sound("failback manual").failback, Some(Failback::Manual));
    assert_eq!(sound("failback after 1.5").failback, Some(Failback::After(Duration::from_millis(1500))));
    let router = sound("failback immediate\non_degraded resign\nconfirm_silence\ndamp_preemption no");
    assert_eq!((router.on_degraded, router.confirm_silence, router.damp_preemption), (OnDegraded::Resign, true, false));
    let loaded = parse(&format!(
        "check c {{\nunit x\n}}\ncheck d {{\nunit y\n}}\n{}",
        self::router("A", "claim_requires c prefer-availability\nclaim_requires d prefer-single")
    ));
    let required = &loaded.model.routers[0].claim_requires;
    assert_eq!(
        required.iter().map(|required| required.otherwise).collect::<Vec<_>>(),
        [Otherwise::PreferAvailability, Otherwise::PreferSingle]
    );
}

#[test]
fn policies_that_contradict_are_errors() {
    for (lines, code) in [
        ("failback manual\nnopreempt", Code::Conflict),
        ("failback immediate\npreempt", Code::Conflict),
        ("failback after 5\npreempt_delay 5", Code::Conflict),
        ("failback manual\npriority 255", Code::Conflict),
        ("failback never", Code::InvalidValue),
        ("failback after", Code::InvalidValue),
        ("failback after soon", Code::InvalidValue),
        ("failback after 1001", Code::OutOfRange),
        ("on_degraded leave", Code::InvalidValue),
        ("claim_requires nothing", Code::UnknownName),
        ("claim_requires a b", Code::InvalidValue),
        ("damp_preemption perhaps", Code::InvalidValue),
    ] {
        assert_eq!(problem(lines), code, "{lines}");
    }
}

#[test]
fn toml_has_the_same_words() {
    let text = "[[vrrp_script]]\nname = \"s\"\nscript = \"/bin/x 'a \\\"b'\"\ninterval = \"500ms\"\nweight = [\"-5\", \"reverse\"]\n\
                [[check]]\nname = \"h\"\nhttp = \"http://10.0.0.9/\"\nbody_contains = \"\\\"ok\\\"\"\njson = [\"/a\", \"1\"]\n\
                header = [\"X-A 1\", \"X-B '2'\"]\nstatus = [200, \"300-399\"]\n\
                [[vrrp_instance]]\nname = \"A\"\ninterface = \"eth0\"\nvirtual_router_id = 1\n\
                virtual_ipaddress = [\"10.0.0.1\"]\ntrack_script = [\"s\"]\nclaim_requires = [\"h prefer-availability\"]\n\
                failback = [\"after\", \"1500ms\"]\n";
    let loaded = parse_str("x.toml", text, &Options::default());
    assert!(loaded.diagnostics.is_empty(), "{}", render(&loaded, false));
    let router = &loaded.model.routers[0];
    assert_eq!(router.failback, Some(Failback::After(Duration::from_millis(1500))));
    assert_eq!(router.claim_requires[0].otherwise, Otherwise::PreferAvailability);
    assert_eq!((router.track[0].weight.amount, router.track[0].weight.reverse), (-5, true));
    assert_eq!(loaded.commands[0].command.argv, ["/bin/x", "a \"b"]);
    let refused = parse_str("x.toml", &text.replace("\\\"ok\\\"", "it's \\\"ok\\\""), &Options::default());
    assert!(refused.errors().any(|error| error.code == Code::InvalidValue), "no keepalived.conf could hold it");
}
