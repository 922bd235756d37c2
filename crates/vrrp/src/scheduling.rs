//! What the engine asks of the scheduler and of memory management.

use core::time::Duration;
use std::io;

use nix::sched::{CpuSet, sched_setaffinity};
use nix::unistd::Pid;

/// How the engine's thread is to be scheduled and how its memory is to be kept. The default asks for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scheduling {
    /// Real-time priority, 1 to 99, under `SCHED_RR` (`vrrp_rt_priority`). Needs `CAP_SYS_NICE`.
    pub realtime: Option<u8>,
    /// Nice value, -20 to 19 (`vrrp_priority`). Raising it needs `CAP_SYS_NICE`.
    pub nice: Option<i8>,
    /// Whether all memory is locked (`vrrp_no_swap`). Needs `CAP_IPC_LOCK`.
    pub no_swap: bool,
    /// The highest real-time priority the engine gives itself when it finds that it runs late (`max_auto_priority`).
    pub max_auto: Option<u8>,
    /// The lateness that makes the engine do so (`min_auto_priority_delay`).
    pub auto_delay: Duration,
    /// The processors the engine may run on (`vrrp_cpu_affinity`); empty for all.
    pub cpus: Cpus,
    /// What the out-of-memory killer is told, -1000 to 1000. Lowering it needs `CAP_SYS_RESOURCE`.
    pub oom_score_adj: Option<i16>,
}

/// A set of processors, from 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cpus([u64; 4]);

impl Cpus {
    /// The set with one processor more. A number beyond 255 changes nothing.
    #[must_use]
    pub fn with(mut self, cpu: u16) -> Self {
        if let Some(word) = self.0.get_mut(usize::from(cpu / 64)) {
            *word |= 1 << (cpu % 64);
        }
        self
    }

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..256).filter(|cpu| self.0.get(cpu / 64).is_some_and(|word| word >> (cpu % 64) & 1 == 1))
    }

    /// Binds the calling thread to the set.
    fn apply(&self) -> io::Result<()> {
        let mut set = CpuSet::new();
        self.iter().try_for_each(|cpu| set.set(cpu))?;
        Ok(sched_setaffinity(Pid::from_raw(0), &set)?)
    }
}

impl Default for Scheduling {
    fn default() -> Self {
        Self {
            realtime: None,
            nice: None,
            no_swap: false,
            max_auto: None,
            auto_delay: Duration::from_secs(1),
            cpus: Cpus::default(),
            oom_score_adj: None,
        }
    }
}

impl Scheduling {
    /// Applies it to the calling thread (priorities) and to the process (memory).
    ///
    /// Gives what could not be had, with the capability that is missing; the rest holds all the same.
    pub(crate) fn apply(&self) -> Vec<Unmet> {
        let mut unmet = Vec::new();
        let mut ask = |what, capability, asked: io::Result<()>| {
            if let Err(error) = asked {
                unmet.push(Unmet { what, capability, error: error.raw_os_error().unwrap_or(0) });
            }
        };
        if self.cpus != Cpus::default() {
            ask("vrrp_cpu_affinity", "processors of that number", self.cpus.apply());
        }
        if let Some(nice) = self.nice {
            ask("vrrp_priority", "CAP_SYS_NICE", crate::sys::set_nice(i32::from(nice)));
        }
        if let Some(priority) = self.realtime {
            ask("vrrp_rt_priority", "CAP_SYS_NICE", crate::sys::set_realtime(i32::from(priority)));
        }
        if self.no_swap {
            let flags = nix::sys::mman::MlockAllFlags::MCL_CURRENT | nix::sys::mman::MlockAllFlags::MCL_FUTURE;
            ask("vrrp_no_swap", "CAP_IPC_LOCK", nix::sys::mman::mlockall(flags).map_err(io::Error::from));
        }
        if let Some(score) = self.oom_score_adj {
            let written = std::fs::write("/proc/self/oom_score_adj", score.to_string());
            ask("oom_score_adj", "CAP_SYS_RESOURCE", written);
        }
        unmet
    }
}

/// Something that the scheduler or the memory manager refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unmet {
    /// The keyword that asked for it.
    pub what: &'static str,
    /// The capability that allows it.
    pub capability: &'static str,
    /// The kernel's error number.
    pub error: i32,
}

impl core::fmt::Display for Unmet {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let error = io::Error::from_raw_os_error(self.error);
        write!(f, "{} could not be had ({error}): it needs {}", self.what, self.capability)
    }
}
