use core::mem::replace;
use core::time::Duration;

use crate::state::{Announcing, State};
use crate::tracking::Verdicts;
use crate::{Active, Backup, Config, Instant, Output, Outputs, VirtualRouter};

impl VirtualRouter {
    /// Takes a new configuration of the same virtual router at `now`; keeps the state and, where nothing that times
    /// it changed, its timers. Checks keep their verdicts; one that is new and has none yet stops nothing that runs.
    pub fn reconfigure(&mut self, now: Instant, config: Config) -> Outputs {
        let mut out = Outputs::new();
        if config == self.config {
            return out;
        }
        let waited = if let State::Backup(backup) = &self.state { self.waits(backup) } else { Default::default() };
        if config.priority != self.config.priority {
            self.base = config.priority;
        }
        let old = replace(&mut self.config, config);
        self.verdicts = Verdicts::of(&self.config, &self.verdicts);
        let to = self.effective();
        let from = replace(&mut self.priority, to);
        if let State::Backup(backup) = self.state {
            self.rearm(backup, waited);
        }
        if from != to {
            out.push(Output::Priority { from, to });
        }
        let served = matches!(self.state, State::Active(_));
        self.judge_checks(now, &mut out);
        let addresses_differ = old.addresses != self.config.addresses;
        match &self.state {
            State::Active(active) if served => self.claim_again(now, *active, addresses_differ, &mut out),
            // It may serve on for good, even one that is told to stop, if it is started again and drained: where nobody
            // relieves it, it claims nothing anew.
            State::Leaving(_) if addresses_differ => out.push(Output::Claim),
            State::Initialize | State::Backup(_) | State::Active(_) | State::Leaving(_) => {}
        }
        self.count(&out);
        out
    }

    /// Brings the timer of a Backup, set to `waited` by the former configuration, in line with this one.
    fn rearm(&mut self, mut backup: Backup, waited: Duration) {
        let armed = backup.active_down_timer - waited;
        backup.active_adver_interval = match backup.active {
            Some(_) => self.adopted(backup.active_adver_interval),
            None => self.config.interval,
        };
        backup.active_down_timer = armed + self.waits(&backup);
        self.state = State::Backup(self.yielding(backup));
    }

    /// An Active router says at once what it is now, and claims what it has now.
    fn claim_again(&mut self, now: Instant, mut active: Active, addresses_differ: bool, out: &mut Outputs) {
        self.note_stall(now, &mut active, out);
        active.adver_timer = now + self.config.interval.duration();
        active.unspoken = false;
        if addresses_differ {
            active.announcing = Some(Announcing::claim(now));
        }
        self.state = State::Active(active);
        out.push(Output::Advertise(self.priority));
        out.push(Output::Claim);
    }
}
