use super::*;

#[test]
fn a_refusal_is_retried_from_ten_milliseconds_up_to_a_second_and_reported_seldom() {
    let mut now = Instant::now();
    let start = now;
    let mut refused = Refused::new(now);
    let mut waits = Vec::new();
    let mut reports = Vec::new();
    for _ in 0..20 {
        let (next, report) = refused.again(now, 13);
        waits.push((next - now).as_millis());
        reports.extend(report.map(|_| (now - start).as_millis()));
        now = next;
    }
    assert_eq!(waits[..8], [10, 20, 40, 80, 160, 320, 640, 1000]);
    assert_eq!(waits[19], 1000);
    assert_eq!(reports, [0, 1270, 11270]);
}

#[test]
fn another_error_is_reported_at_once() {
    let now = Instant::now();
    let mut refused = Refused::new(now);
    assert!(refused.again(now, 13).1.is_some());
    assert!(refused.again(now, 13).1.is_none());
    assert!(refused.again(now, 22).1.is_some());
}

#[test]
fn a_thief_in_a_loop_meets_growing_delays_and_is_reported_once_a_second() {
    let mut now = Instant::now();
    let mut stolen = Stolen::new(now);
    let mut reports = Vec::new();
    let mut delays = Vec::new();
    for _ in 0..200 {
        let back = stolen.again(now);
        delays.push((back - now).as_millis());
        now = back + Duration::from_millis(1);
        reports.extend(stolen.restored(now));
    }
    assert!(delays[..8].iter().all(|delay| *delay == 0), "{delays:?}");
    assert_eq!(delays[8..15], [1, 2, 4, 8, 16, 32, 50]);
    assert!(reports.len() < 8 + 12, "{}", reports.len());
    now += QUIET;
    reports.extend(stolen.due(now));
    assert_eq!(reports.iter().map(|report| report.times).sum::<u32>(), 200);
    assert!(stolen.over(now));
    assert_eq!(stolen.again(now), now, "after a quiet second patience is back");
}

#[test]
fn only_the_timer_of_the_latest_refusal_retries() {
    let now = Instant::now();
    let mut refused = Refused::new(now);
    let (first, _) = refused.again(now, 13);
    assert!(refused.retries(first));
    let (second, _) = refused.again(first, 13);
    assert!(refused.retries(second) && !refused.retries(first));
}

#[test]
fn an_address_is_missing_until_it_is_back_and_only_the_latest_timer_returns_it() {
    let now = Instant::now();
    let mut stolen = Stolen::new(now);
    assert!(!stolen.is_missing() && !stolen.returns(now));
    for _ in 0..PATIENT_THEFTS {
        assert_eq!(stolen.again(now), now);
    }
    assert!(stolen.is_missing() && stolen.returns(now));
    let back = stolen.again(now);
    assert!(stolen.returns(back) && !stolen.returns(now));
    assert!(!stolen.over(now + QUIET * 2), "a thief that has the address is not forgotten");
    stolen.restored(back);
    assert!(!stolen.is_missing() && !stolen.returns(back));
    assert!(!stolen.over(now + QUIET / 2) && stolen.over(now + QUIET));
}

#[test]
fn a_watch_is_arranged_once_and_used_up_by_its_own_timer() {
    let now = Instant::now();
    let mut stolen = Stolen::new(now);
    assert!(!stolen.watched(now));
    assert_eq!(stolen.arrange_watch(now), Some(now + QUIET));
    assert_eq!(stolen.arrange_watch(now + QUIET / 2), None);
    assert!(!stolen.watched(now), "another's timer");
    assert!(stolen.watched(now + QUIET));
    assert!(!stolen.watched(now + QUIET));
    assert_eq!(stolen.arrange_watch(now + QUIET), Some(now + QUIET * 2));
}

#[test]
fn the_first_thefts_are_told_one_by_one_and_the_next_together_a_second_later() {
    let start = Instant::now();
    let away = Duration::from_millis(3);
    let mut stolen = Stolen::new(start);
    let mut now = start;
    assert_eq!(stolen.restored(now), None, "it was never away");
    let mut theft = |stolen: &mut Stolen| {
        stolen.again(now);
        now += away;
        stolen.restored(now)
    };
    for _ in 0..PATIENT_THEFTS {
        assert_eq!(theft(&mut stolen), Some(TheftReport { missing_for: away, times: 1 }));
    }
    assert_eq!((theft(&mut stolen), theft(&mut stolen)), (None, None));
    assert_eq!(stolen.due(now + QUIET / 2), None);
    assert_eq!(stolen.due(now + QUIET), Some(TheftReport { missing_for: away, times: 2 }));
    assert_eq!(stolen.due(now + QUIET * 3), None, "there is nothing more to tell");
}
