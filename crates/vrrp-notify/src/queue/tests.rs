//! Single situations. `properties` drives the same queue through random ones.

use core::time::Duration;

use super::Order::{End, Skip, Start};
use super::*;

mod properties;

type Hook = &'static str;

const SECOND: Duration = Duration::from_secs(1);

fn interrupting() -> Queue<Hook> {
    Queue::new(OnNewState::Interrupt, 1)
}

fn waiting() -> Queue<Hook> {
    Queue::new(OnNewState::Wait, 1)
}

fn job(says: Says, hooks: &[Hook]) -> Job<Hook> {
    Job { says, hooks: hooks.iter().copied().collect(), ensure: None }
}

fn entered(state: State, hooks: &[Hook]) -> Job<Hook> {
    job(Says::Entered(state), hooks)
}

fn ensured(hooks: &[Hook]) -> Job<Hook> {
    Job { ensure: Some("ensure"), ..entered(State::Master, hooks) }
}

fn phase(towards: State, until: Instant) -> Job<Hook> {
    job(Says::Phase { towards, until }, &["phase"])
}

#[test]
fn the_hook_of_the_state_runs_before_the_generic_one() {
    let (mut queue, now) = (interrupting(), Instant::now());
    assert_eq!(queue.tell(now, entered(State::Master, &["notify_master", "notify"])), [Start("notify_master")]);
    assert_eq!(queue.ended(now, Ending::Failed), [Start("notify")]);
    assert_eq!(queue.ended(now, Ending::Succeeded), []);
    assert!(queue.is_idle());
}

#[test]
fn a_newer_state_ends_the_running_hook_and_starts_when_that_has_ended() {
    let (mut queue, now) = (interrupting(), Instant::now());
    let _ = queue.tell(now, entered(State::Master, &["master", "any"]));
    assert_eq!(queue.tell(now, entered(State::Backup, &["backup"])), [End]);
    assert_eq!(queue.ended(now, Ending::Cut), [Skip("any"), Start("backup")]);
}

#[test]
fn a_state_that_was_not_begun_gives_way_to_a_newer_one() {
    let (mut queue, now) = (interrupting(), Instant::now());
    let _ = queue.tell(now, entered(State::Backup, &["backup"]));
    assert_eq!(queue.tell(now, entered(State::Fault, &["fault"])), [End]);
    assert_eq!(queue.tell(now, entered(State::Backup, &["backup again"])), [Skip("fault")]);
    assert_eq!(queue.ended(now, Ending::Cut), [Start("backup again")]);
}

#[test]
fn under_wait_every_state_runs_in_order() {
    let (mut queue, now) = (waiting(), Instant::now());
    assert_eq!(queue.tell(now, entered(State::Backup, &["1"])), [Start("1")]);
    assert_eq!(queue.tell(now, entered(State::Master, &["2"])), []);
    assert_eq!(queue.tell(now, entered(State::Fault, &["3"])), []);
    assert_eq!(queue.ended(now, Ending::Succeeded), [Start("2")]);
    assert_eq!(queue.ended(now, Ending::Succeeded), [Start("3")]);
}

#[test]
fn an_event_waits_its_turn_and_only_the_last_of_its_kind_does() {
    let (mut queue, now) = (interrupting(), Instant::now());
    let _ = queue.tell(now, entered(State::Master, &["master"]));
    assert_eq!(queue.tell(now, job(Says::Event, &["lower 1"])), []);
    assert_eq!(queue.tell(now, job(Says::Event, &["lower 2"])), [Skip("lower 1")]);
    assert_eq!(queue.ended(now, Ending::Succeeded), [Start("lower 2")]);
}

#[test]
fn a_contest_that_was_won_runs_the_hooks_again_and_ends_none_of_them() {
    let (mut queue, now) = (interrupting(), Instant::now());
    let _ = queue.tell(now, entered(State::Master, &["master"]));
    let _ = queue.tell(now, job(Says::Event, &["lower"]));
    assert_eq!(queue.tell(now, job(Says::Reasserted(State::Master), &["again"])), []);
    assert_eq!(queue.tell(now, job(Says::Reasserted(State::Master), &["again 2"])), [Skip("again 2")]);
    assert_eq!(queue.ended(now, Ending::Succeeded), [Start("lower")]);
    assert_eq!(queue.ended(now, Ending::Succeeded), [Start("again")]);
}

#[test]
fn what_must_be_ensured_backs_off_until_it_succeeds() {
    let (mut queue, mut now) = (interrupting(), Instant::now());
    let _ = queue.tell(now, ensured(&["master"]));
    assert_eq!(queue.ended(now, Ending::Failed), [Start("ensure")]);
    for base in [1, 2, 4, 8] {
        assert_eq!(queue.ended(now, Ending::Failed), []);
        let due = queue.next_timeout().unwrap();
        assert!(due >= now + SECOND * base && due <= now + SECOND * base * 5 / 4);
        assert_eq!(queue.on_timeout(due - SECOND / 2), []);
        assert_eq!(queue.on_timeout(due), [Start("ensure")]);
        now = due;
    }
    assert_eq!(queue.ended(now, Ending::Succeeded), []);
    assert_eq!(queue.next_timeout(), None);
}

#[test]
fn nothing_is_ensured_any_longer_once_the_state_moves_on() {
    for mut queue in [interrupting(), waiting()] {
        let now = Instant::now();
        assert_eq!(queue.tell(now, ensured(&[])), [Start("ensure")]);
        assert_eq!(queue.tell(now, entered(State::Backup, &["backup"])), [End]);
        assert_eq!(queue.ended(now, Ending::Cut), [Start("backup")]);
        assert_eq!(queue.ended(now, Ending::Succeeded), []);
        assert_eq!(queue.next_timeout(), None);
    }
}

#[test]
fn a_contest_that_was_won_ensures_again() {
    let (mut queue, now) = (interrupting(), Instant::now());
    let _ = queue.tell(now, ensured(&[]));
    let _ = queue.ended(now, Ending::Succeeded);
    let again = Job { says: Says::Reasserted(State::Master), ..ensured(&["again"]) };
    assert_eq!(queue.tell(now, again), [Start("again")]);
    assert_eq!(queue.ended(now, Ending::Succeeded), [Start("ensure")]);
}

#[test]
fn a_phase_sets_the_running_hook_aside_and_holds_the_rest_until_the_state_is_told() {
    let (mut queue, now) = (interrupting(), Instant::now());
    let _ = queue.tell(now, entered(State::Backup, &["backup"]));
    assert_eq!(queue.tell(now, phase(State::Master, now + SECOND)), [End]);
    assert_eq!(queue.ended(now, Ending::Cut), [Start("phase")]);
    assert_eq!(queue.ended(now, Ending::Succeeded), []);
    assert_eq!(queue.tell(now, entered(State::Master, &["master"])), [Skip("backup"), Start("master")]);
}

#[test]
fn what_a_phase_set_aside_resumes_when_the_address_stays_where_it_is() {
    let (mut queue, now) = (interrupting(), Instant::now());
    let _ = queue.tell(now, entered(State::Backup, &["backup", "any"]));
    let _ = queue.tell(now, phase(State::Master, now + SECOND));
    let _ = queue.ended(now, Ending::Cut);
    assert_eq!(queue.stand_down(now), [End]);
    assert_eq!(queue.ended(now, Ending::Cut), [Start("backup")]);
    assert_eq!(queue.ended(now, Ending::Succeeded), [Start("any")]);
}

#[test]
fn a_phase_is_not_begun_after_its_deadline_nor_after_the_state() {
    let (mut queue, now) = (waiting(), Instant::now());
    let _ = queue.tell(now, entered(State::Backup, &["backup"]));
    assert_eq!(queue.tell(now, phase(State::Master, now + SECOND)), []);
    assert_eq!(queue.ended(now + SECOND, Ending::Succeeded), [Skip("phase")]);
    assert_eq!(queue.tell(now, entered(State::Master, &["master"])), [Start("master")]);
    assert_eq!(queue.tell(now, phase(State::Backup, now + SECOND)), []);
    assert_eq!(queue.tell(now, entered(State::Backup, &["backup"])), [Skip("phase")]);
    assert_eq!(queue.ended(now, Ending::Succeeded), [Start("backup")]);
}

#[test]
fn a_hook_that_ended_by_itself_when_set_aside_does_not_run_twice() {
    let (mut queue, now) = (interrupting(), Instant::now());
    let _ = queue.tell(now, entered(State::Backup, &["backup"]));
    assert_eq!(queue.tell(now, phase(State::Master, now + SECOND)), [End]);
    assert_eq!(queue.ended(now, Ending::Succeeded), [Start("phase")]);
    assert_eq!(queue.stand_down(now), [End]);
    assert_eq!(queue.ended(now, Ending::Cut), []);
    assert!(queue.is_idle());
}

#[test]
fn draining_delivers_what_waits_and_abandoning_does_not() {
    let (mut queue, now) = (waiting(), Instant::now());
    let _ = queue.tell(now, ensured(&["1"]));
    let _ = queue.tell(now, entered(State::Stop, &["2"]));
    let _ = queue.tell(now, ensured(&["3"]));
    assert_eq!(queue.drain(now), []);
    assert_eq!(queue.ended(now, Ending::Succeeded), [Start("2")]);
    assert_eq!(queue.abandon(now), [Skip("3"), End]);
    assert_eq!(queue.ended(now, Ending::Cut), []);
    assert!(queue.is_idle());
}

#[test]
fn behind_a_hook_that_never_ends_the_oldest_give_way() {
    let (mut queue, now) = (waiting(), Instant::now());
    let _ = queue.tell(now, entered(State::Backup, &["stuck"]));
    for _ in 0..LONGEST {
        assert_eq!(queue.tell(now, entered(State::Master, &["old"])), []);
    }
    assert_eq!(queue.tell(now, entered(State::Fault, &["new"])), [Skip("old")]);
}
