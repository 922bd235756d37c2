//! Rehearses the files that are named, and draws what happened: `rehearse node-a.conf node-b.conf > rehearsal.svg`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

use std::path::Path;

use vrrp_config::Options;
use vrrp_rehearsal::{Node, Rehearsal};

fn main() -> Result<(), vrrp_rehearsal::SiteError> {
    let files = std::env::args().skip(1);
    let nodes: Vec<Node> = files.map(|file| Node::load(Path::new(&file), &Options::default())).collect();
    let report = Rehearsal { pairs: true, ..Rehearsal::default() }.run(&nodes)?;
    eprint!("{report}");
    print!("{}", report.svg(&report.outcomes));
    Ok(())
}
