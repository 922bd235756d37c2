//! keepalived.conf and TOML into one checked model, with diagnostics that point at the line.
//!
//! [`load()`] reads a file, with everything it includes, and always returns a [`Loaded`]: the [`Model`] of the
//! routers that can run, the routers that are [quarantined](Loaded::quarantined) because their own block is
//! wrong, and every [`Diagnostic`] at once. The model means what keepalived makes of the same file, defaults
//! and resets included. [`to_keepalived`] and [`to_toml`] write a model back, and [`render()`] draws the diagnostics.
//!
//! It is not a daemon: it opens no socket, asks the host nothing and runs nothing. Whether an interface exists is
//! for the caller to say, by [`Loaded::warn_of_missing_interfaces`].
//!
//! ```
//! use vrrp_config::{Options, parse_str, render};
//!
//! let text = "
//! vrrp_instance VI_1 {
//!     interface eth0
//!     virtual_router_id 51
//!     priority 150
//!     virtual_ipaddress {
//!         10.0.0.100/24
//!     }
//! }";
//! let loaded = parse_str("keepalived.conf", text, &Options::default());
//! assert!(loaded.is_sound(), "{}", render(&loaded, false));
//! assert_eq!(loaded.model.routers[0].priority.get(), 150);
//! ```
//!
//! # TOML
//!
//! A file whose name ends in `.toml` is TOML. Keywords are keys, blocks are tables, flags are `true`, durations are
//! strings with a unit (`"250ms"`, `"1s"`), lines of a list are strings, and each router is a `[[vrrp_instance]]`
//! with a `name`. It becomes the same tree of keywords, so that checks and messages are the same.
//!
//! # Keywords beyond keepalived's
//!
//! | keyword | where | meaning |
//! |---|---|---|
//! | `checksum pseudo-header\|message\|auto` | `global_defs`, `vrrp_instance` | what the checksum of VRRPv3 over IPv4 covers; `v3_checksum_as_v2` is `message` |
//! | `hand_over [BOOL]` | both | serve on after a stop until the successor is heard; on unless strict |
//! | `last_lower_advert [BOOL]` | both | one advertisement when stepping down for a better router; on |
//! | `resume [BOOL]` | both | Active again at once after a short restart; on |
//! | `check NAME { http URL \| tcp HOST:PORT \| gateway ADDRESS... \| dns SERVER NAME [TYPE] \| unit NAME }` | top level | a health check without a script |
//! | `track_check { NAME [weight NUMBER [reverse]] }` | `vrrp_instance`, `vrrp_sync_group` | tracks it, as `track_script` does a script |
//! | `failback immediate\|after SECONDS\|manual` | `vrrp_instance` | when a recovered router takes over again, in place of `nopreempt` and `preempt_delay` |
//! | `on_degraded resign\|stay` | `vrrp_instance` | what an Active router does when a weight lowers its priority; `stay` |
//! | `claim_requires NAME [prefer-single\|prefer-availability]` | `vrrp_instance` | a check without which the router does not become Active |
//! | `confirm_silence [BOOL]` | `vrrp_instance` | asks once more before it takes a silent Active router for dead; off |
//! | `damp_preemption [BOOL]` | `vrrp_instance` | preempts less and less readily while it flaps; on with `failback`, else off |
//! | `load_balancing_by_others [BOOL]` | `global_defs` | another process serves `virtual_server` and its kin |
//! | `oom_score_adj NUMBER` | `global_defs` | what the out-of-memory killer is told, -1000 to 1000 |
//! | `on_new_state interrupt\|wait` | `vrrp_instance`, `vrrp_sync_group` | what becomes of a hook that runs when the state moves on; `interrupt` |
//! | `notify_timeout SECONDS` | the same two | the deadline of each hook; none |
//! | `ensure CMD` | the same two | run while Active until it succeeds |
//! | `pre_active CMD`, `pre_active_timeout SECONDS` | `vrrp_instance` | run before the addresses are set, which wait so long; 0.3 |
//! | `post_active CMD`, `post_active_timeout SECONDS` | `vrrp_instance` | run when they are gone, before the other hooks; 0.3 |
//!
//! # Commands
//!
//! A command is taken apart as keepalived does it: the line into words, and its first word again, both times with
//! quotes of either kind and backslash escapes. No shell looks at it. What stands behind the first word is the user
//! and the group, so that a command with arguments needs quotes: `notify "/etc/told.sh web"`. In TOML it is a string,
//! or an array of it, its user and its group.
//!
//! # Where it differs from keepalived on purpose
//!
//! - All kinds of checks share one namespace, and a router that tracks one which is not there, or wrong, does not run:
//!   keepalived would run it unchecked. Neither do the members of a group that is wrong or lacks one of them.
//! - References are resolved after the whole file is read: the order of blocks does not matter.
//! - An unknown block is skipped as a block; a missing `}` is found where the next top-level block begins.
//! - `garp_master_refresh` is 30 s where the file says nothing.
//! - What keepalived drops in silence is an error with the remedy.
#![forbid(unsafe_code)]

mod diagnostic;
mod error;
mod glob;
mod keywords;
mod language;
mod load;
pub mod model;
mod options;
mod read;
mod render;
mod source;
mod suggest;
mod toml_source;
mod units;
mod write;

pub use diagnostic::{Code, Diagnostic, Label, Severity};
pub use load::{Loaded, NamedCommand, NamedInterface, Quarantined, load, parse_str};
pub use model::{Global, Model, Router, VirtualAddress};
pub use options::{Limits, Options};
pub use render::render;
pub use source::Location;
pub use write::{to_keepalived, to_toml};
