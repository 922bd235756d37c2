use core::mem::replace;

use crate::state::{Announcing, State};
use crate::tracking::Verdicts;
use crate::{Config, Instant, Output, Outputs, VirtualRouter};

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
        match self.state {
            State::Initialize | State::Leaving(_) => {}
            State::Backup(mut backup) => {
                let armed = backup.active_down_timer - waited;
                backup.active_adver_interval = match backup.active {
                    Some(_) => self.adopted(backup.active_adver_interval),
                    None => self.config.interval,
                };
                backup.active_down_timer = armed + self.waits(&backup);
                self.state = State::Backup(backup);
            }
            State::Active(mut active) => {
                active.adver_timer = now + self.config.interval.duration();
                active.unspoken = false;
                if old.addresses != self.config.addresses {
                    active.announcing = Some(Announcing::claim(now));
                }
                self.state = State::Active(active);
                out.push(Output::Advertise(self.priority));
                out.push(Output::Claim);
            }
        }
        if from != self.priority {
            out.push(Output::Priority { from, to: self.priority });
        }
        self.judge_checks(now, &mut out);
        self.count(&out);
        out
    }
}
