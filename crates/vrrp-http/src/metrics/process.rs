use core::fmt::Error;

use nix::sys::resource::{Resource, UsageWho, getrlimit, getrusage};
use nix::sys::time::TimeValLike;

use super::page::{Page, count, plain};

/// Ticks of the kernel's clock in a second, as `/proc` has them on every architecture (`USER_HZ`).
const TICKS: f64 = 100.0;

/// What every process tells of itself. What the kernel does not say is left out.
pub(super) fn encode(page: &mut Page<'_>) -> Result<(), Error> {
    if let Ok(usage) = getrusage(UsageWho::RUSAGE_SELF) {
        let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
        let seconds = core::time::Duration::from_micros(u64::try_from(micros).unwrap_or(0)).as_secs_f64();
        let help = "Processor time of this process, user and system";
        page.seconds_counter("process_cpu_seconds", help, seconds)?;
        page.seconds_counter("keepalived_process_cpu_seconds", help, seconds)?;
    }
    if let Some((size, resident)) = memory() {
        page.gauges("process_virtual_memory_bytes", "Size of the address space", plain(size))?;
        page.gauges("process_resident_memory_bytes", "Resident memory", plain(resident))?;
    }
    if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
        page.gauges("process_open_fds", "Open descriptors", plain(count(open.count())))?;
    }
    if let Ok((soft, _)) = getrlimit(Resource::RLIMIT_NOFILE) {
        let most = usize::try_from(soft).unwrap_or(usize::MAX);
        page.gauges("process_max_fds", "How many descriptors it may have open", plain(count(most)))?;
    }
    if let Some(start) = start() {
        page.gauges("process_start_time_seconds", "When the process was started", plain(start))?;
    }
    Ok(())
}

/// The size of the address space and what of it is in memory, in bytes.
fn memory() -> Option<(f64, f64)> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let mut pages = text.split(' ').map(str::parse::<f64>);
    let size = count(rustix::param::page_size());
    Some((pages.next()?.ok()? * size, pages.next()?.ok()? * size))
}

/// When this process was started, in seconds since the Unix epoch.
fn start() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program may hold spaces and parentheses; the 22nd field is the 20th after it.
    let ticks: f64 = stat.rsplit_once(") ")?.1.split(' ').nth(19)?.parse().ok()?;
    let machine = std::fs::read_to_string("/proc/stat").ok()?;
    let boot: f64 = machine.lines().find_map(|line| line.strip_prefix("btime "))?.parse().ok()?;
    Some(boot + ticks / TICKS)
}
