//! A thousand random transitions against programs that take their time, in virtual time.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// One hook of one job; the number of the job is its place in the order of what was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    job: usize,
    step: usize,
}

const ENSURE: usize = 99;

#[derive(Debug, Clone, Copy)]
enum Act {
    Tell(Says, usize),
    Prepare(State),
    StandDown,
}

#[derive(Debug, Clone, Copy)]
struct Op {
    pause: Duration,
    act: Act,
    /// How long each hook of it takes, and how long it takes to die.
    takes: Duration,
    dies: Duration,
    succeeds: bool,
}

fn state() -> impl Strategy<Value = State> {
    select(vec![State::Master, State::Master, State::Backup, State::Fault])
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (state(), 0..3_usize).prop_map(|(state, hooks)| Act::Tell(Says::Entered(state), hooks)),
        2 => (0..3_usize).prop_map(|hooks| Act::Tell(Says::Reasserted(State::Master), hooks)),
        2 => Just(Act::Tell(Says::Event, 1)),
        1 => state().prop_map(Act::Prepare),
        1 => Just(Act::StandDown),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    let millis = |most: u64| (0..=most).prop_map(Duration::from_millis);
    let takes = prop_oneof![3 => millis(500), 1 => millis(20_000)];
    (millis(2_000), act(), takes, millis(1_000), any::<bool>()).prop_map(|(pause, act, takes, dies, succeeds)| Op {
        pause,
        act,
        takes,
        dies,
        succeeds,
    })
}

#[derive(Debug, Clone, Copy)]
struct Run {
    step: Step,
    ends: Instant,
    cut: bool,
}

/// What happened to a hook, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fact {
    Started,
    Ran,
    WasCut,
    Skipped,
}

struct World {
    queue: Queue<Step>,
    now: Instant,
    ops: Vec<Op>,
    said: BTreeMap<usize, Says>,
    running: Option<Run>,
    facts: Vec<(Step, Fact)>,
    /// Whether what is being told may end the hook that runs.
    may_end: bool,
}

impl World {
    fn new(policy: OnNewState, ops: Vec<Op>) -> Self {
        let queue = Queue::new(policy, 1);
        let (said, facts) = (BTreeMap::new(), Vec::new());
        Self { queue, now: Instant::now(), ops, said, running: None, facts, may_end: false }
    }

    fn carry_out(&mut self, orders: Vec<Order<Step>>) {
        for order in orders {
            match order {
                Start(step) => self.start(step),
                End => self.end(),
                Skip(step) => self.facts.push((step, Fact::Skipped)),
            }
        }
    }

    fn start(&mut self, step: Step) {
        assert!(self.running.is_none(), "{step:?} starts beside {:?}", self.running);
        assert!(!self.is_stale(step), "{step:?} starts after another state was told");
        self.facts.push((step, Fact::Started));
        self.running = Some(Run { step, ends: self.now + self.ops[step.job].takes, cut: false });
    }

    /// Whether a hook speaks of a state that is past, which only one that waits its turn may.
    fn is_stale(&self, step: Step) -> bool {
        let says = self.said[&step.job];
        let later = self.said.range(step.job + 1..).map(|(_, later)| *later);
        let past = later.filter(|later| later.is_state()).any(|later| later.state() != says.state());
        let may_wait = self.queue.policy == OnNewState::Wait && step.step != ENSURE;
        past && !may_wait
    }

    fn end(&mut self) {
        let run = self.running.as_mut().expect("a hook runs");
        assert!(!run.cut, "{run:?} is ended twice");
        assert!(self.may_end, "{run:?} is ended by an event");
        run.cut = true;
        run.ends = run.ends.min(self.now + self.ops[run.step.job].dies);
    }

    /// Lets time pass: hooks end, what failed is tried again.
    fn pass(&mut self, until: Instant) {
        loop {
            let ends = self.running.map(|run| run.ends);
            let Some(next) = ends.into_iter().chain(self.queue.next_timeout()).min().filter(|next| *next <= until)
            else {
                break;
            };
            self.now = next.max(self.now);
            let orders = match self.running.take_if(|run| run.ends <= self.now) {
                Some(run) => self.finish(run),
                None => self.queue.on_timeout(self.now),
            };
            self.carry_out(orders);
        }
        self.now = until;
    }

    fn finish(&mut self, run: Run) -> Vec<Order<Step>> {
        self.facts.push((run.step, if run.cut { Fact::WasCut } else { Fact::Ran }));
        let ending = match (run.cut, self.ops[run.step.job].succeeds) {
            (true, _) => Ending::Cut,
            (false, true) => Ending::Succeeded,
            (false, false) => Ending::Failed,
        };
        self.queue.ended(self.now, ending)
    }

    fn act(&mut self, number: usize) {
        let op = self.ops[number];
        self.pass(self.now + op.pause);
        let orders = match op.act {
            Act::StandDown => {
                self.may_end = true;
                self.queue.stand_down(self.now)
            }
            Act::Prepare(towards) => self.tell(number, Says::Phase { towards, until: self.now + SECOND }),
            Act::Tell(says, _) => self.tell(number, says),
        };
        self.carry_out(orders);
        self.may_end = false;
    }

    fn tell(&mut self, number: usize, says: Says) -> Vec<Order<Step>> {
        self.may_end = says != Says::Event;
        self.said.insert(number, says);
        let ensure = (says.is_state() && says.state() == State::Master).then_some(Step { job: number, step: ENSURE });
        let hooks = self.hooks(number).collect();
        self.queue.tell(self.now, Job { says, hooks, ensure })
    }

    /// Everything that was told, and then an hour of quiet.
    fn live(policy: OnNewState, ops: Vec<Op>) -> Self {
        let mut world = Self::new(policy, ops);
        (0..world.ops.len()).for_each(|number| world.act(number));
        world.may_end = true;
        let orders = world.queue.stand_down(world.now);
        world.carry_out(orders);
        world.pass(world.now + SECOND * 3600 * 24);
        let attempt = world.running.is_some_and(|run| run.step.step == ENSURE);
        assert!(world.queue.is_idle() || attempt, "a day later something still runs or waits");
        world
    }

    fn hooks(&self, number: usize) -> impl Iterator<Item = Step> + use<> {
        let hooks = match self.ops[number].act {
            Act::Tell(_, hooks) => hooks,
            Act::Prepare(_) => 1,
            Act::StandDown => 0,
        };
        (0..hooks).map(move |step| Step { job: number, step })
    }

    fn facts_of(&self, step: Step) -> Vec<Fact> {
        self.facts.iter().filter(|(of, _)| *of == step).map(|(_, fact)| *fact).collect()
    }

    fn ran(&self, number: usize) -> bool {
        self.hooks(number).all(|step| self.facts_of(step).last() == Some(&Fact::Ran))
    }

    fn states(&self) -> impl DoubleEndedIterator<Item = (usize, State)> {
        self.said.iter().filter(|(_, says)| says.is_state()).map(|(number, says)| (*number, says.state()))
    }

    fn every_hook_has_one_end(&self) {
        for number in self.said.keys() {
            for step in self.hooks(*number) {
                let facts = self.facts_of(step);
                let ends = facts.iter().filter(|fact| matches!(fact, Fact::Ran | Fact::Skipped)).count();
                let cuts = facts.iter().filter(|fact| **fact == Fact::WasCut).count();
                assert!(ends == 1 || (ends == 0 && cuts > 0), "{step:?}: {facts:?}");
            }
        }
    }

    /// Phases run before what waits, and an attempt of `ensure` may come after events; all else is in order.
    fn starts_are_in_order(&self) {
        let ordered = |(step, fact): &&(Step, Fact)| {
            *fact == Fact::Started && step.step != ENSURE && !self.said[&step.job].is_phase()
        };
        let starts: Vec<Step> = self.facts.iter().filter(ordered).map(|(step, _)| *step).collect();
        assert!(starts.is_sorted(), "{starts:?}");
    }

    fn the_last_state_was_delivered(&self) {
        let Some((last, state)) = self.states().next_back() else { return };
        let told_before = || self.states().rev().skip(1).take_while(|(_, before)| *before == state);
        let again = matches!(self.said[&last], Says::Reasserted(_));
        let delivered = self.ran(last) || (again && told_before().any(|(before, _)| self.ran(before)));
        assert!(delivered, "{state:?}, told last, was not delivered: {:?}", self.facts);
    }

    fn only_what_is_so_is_ensured(&self) {
        let (last, state) = self.states().next_back().unwrap_or((0, State::Backup));
        let attempts: Vec<_> = self.facts.iter().filter(|(step, _)| step.step == ENSURE).collect();
        if state != State::Master {
            let ends = attempts.iter().filter(|(_, fact)| *fact == Fact::Started).count();
            assert_eq!(attempts.len(), 2 * ends, "an attempt outlived the state");
        }
        if state == State::Master && matches!(self.said[&last], Says::Entered(_)) {
            let (step, _) = attempts.last().expect("the last state is ensured");
            assert_eq!(step.job, last);
            let attempts = self.facts_of(*step).iter().filter(|fact| **fact == Fact::Ran).count();
            assert_eq!(attempts == 1, self.ops[last].succeeds, "{attempts} attempts");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_thousand_transitions_are_delivered_in_order_and_the_last_always(ops in vec(op(), 0..1000)) {
        let world = World::live(OnNewState::Interrupt, ops);
        world.every_hook_has_one_end();
        world.starts_are_in_order();
        world.the_last_state_was_delivered();
        world.only_what_is_so_is_ensured();
    }

    #[test]
    fn under_wait_a_thousand_transitions_are_delivered_completely(ops in vec(op(), 0..1000)) {
        let world = World::live(OnNewState::Wait, ops);
        world.every_hook_has_one_end();
        world.starts_are_in_order();
        world.the_last_state_was_delivered();
        world.only_what_is_so_is_ensured();
        for (number, _) in world.states().filter(|(number, _)| matches!(world.said[number], Says::Entered(_))) {
            prop_assert!(world.ran(number), "job {number}: {:?}", world.facts);
        }
    }
}
