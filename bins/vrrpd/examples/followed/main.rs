//! Whether followers of events, a scraper and clients that never read move anything: failover and punctuality with and
//! without them, in turns, so that what else the machine does is in both.
//!
//! ```sh
//! cargo build --release -p vrrpd
//! cargo run --release -p vrrpd --example followed -- --followers 50 --hostile 10 --pairs 10
//! ```
#![expect(clippy::print_stdout, reason = "a program that prints figures")]

mod crowd;
mod figures;
mod punctuality;
mod stage;
mod takeover;

use core::error::Error;
use std::process::ExitCode;

use clap::Parser;
use vrrp_lab::Entered;

/// Failover and punctuality with and without followers, a scraper and clients that never read.
#[derive(Debug, Parser)]
struct Args {
    /// How many clients follow the events of each daemon.
    #[arg(long, default_value_t = 50)]
    followers: usize,
    /// How many clients of each daemon ask for everything, or half of it, and never read.
    #[arg(long, default_value_t = 10)]
    hostile: usize,
    /// How often with and how often without them.
    #[arg(long, default_value_t = 10)]
    pairs: usize,
    /// Virtual routers, each with an interval of a second, while punctuality is measured.
    #[arg(long, default_value_t = 250)]
    routers: u8,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args = Args::parse();
    match vrrp_lab::enter()? {
        Entered::Finished(code) => return Ok(code),
        Entered::Inside => {}
    }
    let asked = crowd::Asked { followers: args.followers, hostile: args.hostile };
    println!("{} followers, {} clients that never read, a scrape each 100 ms", args.followers, args.hostile);
    print!("{}", takeover::measure(args.pairs, asked)?);
    print!("{}", punctuality::measure(args.pairs, args.routers, asked)?);
    Ok(ExitCode::SUCCESS)
}
