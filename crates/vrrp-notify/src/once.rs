//! Programs that run once: before everything starts, and after everything has ended.

use core::future::pending;
use core::time::Duration;

use tokio::runtime::Builder;
use vrrp_script::{End, Limit, Program, Report, Unrunnable};

/// Runs `startup_script` or `shutdown_script` to its end or its deadline, and waits for it.
///
/// Where a runtime runs already, call [`Program::run`] instead.
#[must_use]
pub fn run_once(program: &Program, timeout: Duration) -> Report {
    let limit = Limit { deadline: Some(timeout), ..Limit::default() };
    match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(program.run(limit, pending())),
        Err(error) => {
            let why = Unrunnable::Start(error.to_string().into());
            Report { end: End::Unrunnable(why), took: Duration::ZERO, output: Box::default() }
        }
    }
}
