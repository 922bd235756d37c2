//! Journals made by hand: what is well is found well, and every kind of harm is found.

use core::time::Duration;

use vrrp_chaos::{CLIENT, Event, Fault, Finding, Journal, Make, Process, Target, judge};

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// What two routers would have been seen to do, one after the other.
struct Story {
    journal: Journal,
}

impl Story {
    /// Both have started, and the first one serves; a slot with this fault upon it begins at 20 s.
    fn with(fault: Fault, lasts: Duration) -> Self {
        let mut story = Self { journal: Journal::default() };
        for router in [0, 1] {
            story.at(0, Event::Priority { router, priority: if router == 0 { 150 } else { 100 } });
            story.at(10, Event::Process { router, is: Process::Started });
            story.at(50, Event::Process { router, is: Process::Ready });
        }
        story.serves(0, 3_500, 20_000);
        story.at(3_501, Event::Address { router: 0, present: true });
        story.at(3_502, Event::Cached { router: 0 });
        story.at(20_000, Event::Slot { number: 0 });
        story.at(20_001, Event::Struck { fault, router: 0, role: Target::Holder, lasts });
        story
    }

    fn at(&mut self, millis: u64, event: Event) {
        self.journal.note(ms(millis), event);
    }

    /// Advertises once a second between two moments.
    fn serves(&mut self, router: u8, from: u64, to: u64) {
        for at in (from..to).step_by(1_000) {
            self.at(at, Event::Advertised { router, priority: if router == 0 { 150 } else { 100 } });
        }
    }

    /// Takes over, with all that belongs to it.
    fn takes_over(&mut self, router: u8, from: u64, to: u64) {
        self.serves(router, from, to);
        self.at(from + 1, Event::Address { router, present: true });
        self.at(from + 2, Event::Cached { router });
    }

    fn judged(mut self, until: u64) -> Vec<Finding> {
        self.at(until, Event::Gathered);
        self.journal.sort();
        judge(&self.journal, [Make::Ours, Make::Ours]).findings
    }
}

fn has(findings: &[Finding], word: &str) -> bool {
    findings.iter().any(|finding| finding.what.starts_with(word))
}

#[test]
fn a_quiet_pair_is_well() {
    let mut story = Story::with(Fault::Theft, Duration::ZERO);
    story.at(20_002, Event::Address { router: 0, present: false });
    story.at(20_004, Event::Address { router: 0, present: true });
    story.serves(0, 20_500, 60_000);
    assert_eq!(story.judged(60_000), []);
}

#[test]
fn a_stop_that_hands_over_is_well() {
    let mut story = Story::with(Fault::Terminate, ms(3_000));
    story.at(20_002, Event::Process { router: 0, is: Process::Stopping });
    story.at(20_003, Event::Advertised { router: 0, priority: 0 });
    story.takes_over(1, 20_613, 60_000);
    story.at(20_620, Event::Address { router: 0, present: false });
    story.at(20_640, Event::Process { router: 0, is: Process::Gone });
    assert_eq!(story.judged(60_000), []);
}

#[test]
fn a_stolen_address_that_nobody_puts_back_is_found() {
    let mut story = Story::with(Fault::Theft, Duration::ZERO);
    story.at(20_002, Event::Address { router: 0, present: false });
    story.serves(0, 20_500, 30_000);
    assert!(has(&story.judged(30_000), "S4"));
}

#[test]
fn two_that_hear_each_other_and_both_serve_are_found() {
    let mut story = Story::with(Fault::Freeze, ms(1_000));
    story.serves(0, 20_500, 40_000);
    story.takes_over(1, 21_000, 40_000);
    let findings = story.judged(40_000);
    assert!(has(&findings, "S2"), "{findings:?}");
    assert!(has(&findings, "two routers had the address"), "{findings:?}");
}

#[test]
fn two_that_do_not_hear_each_other_may_both_serve_for_as_long_as_that_lasts() {
    let mut story = Story::with(Fault::Partition, ms(10_000));
    for (from, to) in [(0, 1), (1, 0), (0, CLIENT), (CLIENT, 0)] {
        story.at(20_002, Event::Way { from, to, open: false });
        story.at(30_002, Event::Way { from, to, open: true });
    }
    story.serves(0, 20_500, 60_000);
    story.takes_over(1, 23_600, 30_500);
    story.at(30_501, Event::Address { router: 1, present: false });
    story.at(30_502, Event::Cached { router: 0 });
    assert_eq!(story.judged(60_000), []);
}

#[test]
fn an_address_that_nobody_takes_is_found() {
    let mut story = Story::with(Fault::LinkDown, ms(8_000));
    story.at(20_002, Event::Link { router: 0, up: false });
    story.at(20_003, Event::Address { router: 0, present: false });
    story.at(20_003, Event::Unserved { until: ms(35_000) });
    let findings = story.judged(40_000);
    assert!(has(&findings, "L1"), "{findings:?}");
    assert!(has(&findings, "nobody served the client"), "{findings:?}");
}

#[test]
fn a_client_that_is_told_of_the_wrong_router_is_found() {
    let mut story = Story::with(Fault::Mute, ms(1_000));
    story.serves(0, 20_500, 90_000);
    story.at(20_600, Event::Cached { router: 1 });
    assert!(has(&story.judged(90_000), "S3"));
}

#[test]
fn a_move_without_a_need_is_found() {
    let mut story = Story::with(Fault::Theft, Duration::ZERO);
    story.serves(0, 20_500, 50_000);
    story.at(50_000, Event::Address { router: 0, present: false });
    story.takes_over(1, 50_001, 60_000);
    assert!(has(&story.judged(60_000), "S1"));
}

#[test]
fn a_reload_without_a_change_that_moves_somebody_is_found() {
    let mut story = Story::with(Fault::Reload, Duration::ZERO);
    story.at(20_100, Event::Address { router: 0, present: false });
    story.takes_over(1, 20_110, 60_000);
    assert!(has(&story.judged(60_000), "S5"));
}

#[test]
fn a_stop_that_does_not_end_is_found() {
    let mut story = Story::with(Fault::Terminate, ms(3_000));
    story.at(20_002, Event::Process { router: 0, is: Process::Stopping });
    story.serves(0, 20_500, 30_000);
    assert!(has(&story.judged(30_000), "L3"));
}

#[test]
fn a_daemon_that_ends_by_itself_is_found() {
    let mut story = Story::with(Fault::VrrpFlood, ms(1_000));
    story.at(20_500, Event::Process { router: 1, is: Process::Died });
    story.serves(0, 20_500, 30_000);
    assert!(has(&story.judged(30_000), "the daemon of r1"));
}

#[test]
fn what_the_machine_stalled_for_is_no_daemons_fault() {
    let mut story = Story::with(Fault::Theft, Duration::ZERO);
    story.at(20_002, Event::Address { router: 0, present: false });
    story.at(20_003, Event::Stalled { until: ms(22_000), seen_by: "test".to_owned() });
    story.at(20_003, Event::Unserved { until: ms(22_005) });
    story.at(22_004, Event::Address { router: 0, present: true });
    story.serves(0, 20_500, 60_000);
    assert_eq!(story.judged(60_000), []);
}
