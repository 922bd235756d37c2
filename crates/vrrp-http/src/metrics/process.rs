use core::fmt::Error;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

use super::page::{Page, count, plain};

/// Pages of the kernel; right on every machine that this runs on, and wrong nowhere by more than its size.
const PAGE_SIZE: f64 = 4096.0;

/// What every process tells of itself.
pub(super) fn encode(page: &mut Page<'_>) -> Result<(), Error> {
    if let Ok(usage) = getrusage(UsageWho::RUSAGE_SELF) {
        let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
        let seconds = core::time::Duration::from_micros(u64::try_from(micros).unwrap_or(0)).as_secs_f64();
        let help = "Processor time of this process, user and system";
        page.seconds_counter("process_cpu_seconds", help, seconds)?;
        page.seconds_counter("keepalived_process_cpu_seconds", help, seconds)?;
    }
    let resident = std::fs::read_to_string("/proc/self/statm").ok();
    let resident = resident.and_then(|text| text.split(' ').nth(1)?.parse::<f64>().ok());
    if let Some(pages) = resident {
        page.gauges("process_resident_memory_bytes", "Resident memory", plain(pages * PAGE_SIZE))?;
    }
    if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
        page.gauges("process_open_fds", "Open descriptors", plain(count(open.count())))?;
    }
    Ok(())
}
