//! Sends a million advertisements through a node of a thousand virtual routers, or fires a million of its timers, for
//! `valgrind --tool=callgrind` or `perf stat`: the instructions of a run, less those of `none`, divided by a million.
//!
//! ```text
//! cargo build --release -p vrrp-benches --example core_instructions
//! valgrind --tool=callgrind --callgrind-out-file=/dev/null core_instructions receive
//! ```
#![expect(clippy::panic, reason = "an example stops where its input is wrong")]

use core::hint::black_box;

use vrrp_benches::thousand::Host;
use vrrp_core::Input;

const TIMES: usize = 1_000_000;

fn main() {
    let what = std::env::args().nth(1);
    let begin = if what.as_deref() == Some("fire") { Input::Resume } else { Input::Startup };
    let mut host = Host::new(begin);
    match what.as_deref() {
        Some("none") => {}
        Some("receive") => (0..TIMES).for_each(|_| _ = black_box(host.hear())),
        Some("fire") => (0..TIMES).for_each(|_| _ = black_box(host.fire())),
        other => panic!("{other:?} is none of none, receive, fire"),
    }
    black_box(host.takeovers());
}
