use core::fmt;
use core::net::IpAddr;
use core::time::Duration;
use std::sync::Arc;

use vrrp_core::{Cause, Condition, Ineligible, Name, Reject, Verdict};
use vrrp_wire::{Priority, Vrid};

use crate::operator::DrainOutcome;

/// Something that a person or a program may want to know, with the virtual router it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Nanoseconds since the Unix epoch.
    pub at: u64,
    /// The virtual router's name; empty for what concerns the whole node.
    pub router: Arc<str>,
    /// What it is.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// The virtual router moved from one state to another.
    Moved {
        /// The state left.
        from: Name,
        /// The state entered.
        to: Name,
        /// Why, with the evidence.
        why: Cause,
        /// The effective priority.
        priority: Priority,
        /// The interface, check or router that the cause speaks of, if it speaks of one.
        about: Option<Arc<str>>,
    },
    /// It became ineligible for one more reason, or for one fewer.
    Ineligible {
        /// The reason.
        cause: Ineligible,
        /// The interface, check or router that it speaks of, if it speaks of one.
        about: Option<Arc<str>>,
        /// Whether it began.
        began: bool,
    },
    /// Something is odd, or no longer.
    Condition {
        /// What.
        condition: Condition,
        /// Whether it began.
        began: bool,
        /// The check or router that it speaks of, if it speaks of one.
        about: Option<Arc<str>>,
    },
    /// The effective priority changed.
    Priority {
        /// The former one.
        from: Priority,
        /// The present one.
        to: Priority,
    },
    /// A check says something new.
    Check {
        /// Its name.
        name: Arc<str>,
        /// What it says.
        verdict: Verdict,
        /// What it found, in words.
        words: Box<str>,
    },
    /// All but one of the advertisements were missed that would have made this router take over; then the Active router
    /// was heard again.
    NearMiss {
        /// The Active router.
        source: IpAddr,
        /// Advertisements missed.
        missed: u32,
        /// Advertisements whose absence makes a Backup take over.
        of: u32,
        /// How long nothing was heard.
        silent_for: Duration,
    },
    /// What became of a drain.
    Drain {
        /// How it ended.
        outcome: DrainOutcome,
    },
    /// It was told to take over, or no longer.
    Takeover {
        /// Whether it began.
        began: bool,
        /// The priority that it asks for, or has after it.
        priority: Priority,
    },
    /// The addresses went live at the deadline: what was to run before them had not finished (`pre_active`).
    Unprepared,
    /// None of the addresses of a router that is not Active is on this host any more.
    Vacated,
    /// All addresses of an Active router are in place, or all but these.
    Placed {
        /// Those that the kernel does not hold.
        missing: Box<[IpAddr]>,
    },
    /// Somebody removed an address, and it is back.
    Restored {
        /// Which.
        address: IpAddr,
        /// The link it is on.
        link: Arc<str>,
        /// How long it was gone.
        missing_for: Duration,
        /// How many times since the last such event.
        times: u32,
    },
    /// The kernel refuses an address.
    Refused {
        /// Which.
        address: IpAddr,
        /// The link it is for.
        link: Arc<str>,
        /// The kernel's error.
        errno: i32,
        /// The kernel's words, where it had some.
        text: Option<Box<str>>,
    },
    /// An address of a router that is not Active is on this host: two hosts may answer for it.
    Leftover {
        /// Which.
        address: IpAddr,
        /// The link it is on; empty when it ended.
        link: Arc<str>,
        /// Whether it began.
        began: bool,
    },
    /// A packet of this virtual router was discarded; others of the kind were not reported.
    Discarded {
        /// Who sent it.
        source: IpAddr,
        /// Why.
        reject: Reject,
        /// How many like it came since the last report.
        times: u32,
    },
    /// A virtual router that is none of ours advertises on one of our links. Told once for each.
    Stranger {
        /// The link.
        interface: Arc<str>,
        /// Who sends.
        source: IpAddr,
        /// Its VRID; `None` when the packet is too short to have one.
        vrid: Option<Vrid>,
    },
    /// Addresses that an earlier run left behind were removed.
    Swept {
        /// How many.
        removed: u32,
    },
    /// The kernel had more news than fitted its buffer; everything was read anew.
    Resynced,
    /// Something on this host stands in the engine's way; it goes on all the same.
    Trouble {
        /// What, in words.
        words: Box<str>,
    },
    /// A new configuration is in force.
    Reloaded {
        /// Virtual routers that are new.
        added: u32,
        /// Virtual routers that are gone.
        removed: u32,
        /// Virtual routers whose configuration changed.
        changed: u32,
    },
    /// The node has ended by itself, after a panic or because the kernel's socket failed. Its addresses were released.
    Died {
        /// What is known about why.
        reason: Box<str>,
    },
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Moved { from, to, why, priority, about } => {
                write!(f, "{from} -> {to}, {why}")?;
                named(f, about.as_ref())?;
                write!(f, ", priority {priority}")
            }
            Self::Ineligible { cause, about, began: true } => {
                write!(f, "ineligible: {cause}")?;
                named(f, about.as_ref())
            }
            Self::Ineligible { cause, about, began: false } => {
                write!(f, "over: {cause}")?;
                named(f, about.as_ref())
            }
            Self::Condition { condition, began, about } => {
                write!(f, "{}{condition}", if *began { "" } else { "over: " })?;
                named(f, about.as_ref())
            }
            Self::Priority { from, to } => write!(f, "priority {from} -> {to}"),
            Self::Check { name, verdict, words } => {
                write!(f, "check {name}: {}", word(*verdict))?;
                if words.is_empty() { Ok(()) } else { write!(f, ", {words}") }
            }
            Self::NearMiss { source, missed, of, silent_for } => {
                write!(f, "{missed} of {of} advertisements of {source} missed, heard again after {silent_for:.1?}")
            }
            Self::Drain { outcome } => outcome.fmt(f),
            Self::Takeover { began: true, priority } => write!(f, "told to take over, with priority {priority}"),
            Self::Takeover { began: false, priority } => write!(f, "takeover over, priority {priority}"),
            Self::Unprepared => {
                f.write_str("pre_active has not finished by its deadline: the addresses go live all the same")
            }
            Self::Vacated => f.write_str("the addresses are gone from this host"),
            Self::Placed { .. } | Self::Restored { .. } | Self::Refused { .. } | Self::Leftover { .. } => {
                self.fmt_addresses(f)
            }
            Self::Discarded { source, reject, times } => write!(f, "discarded from {source}: {reject} ({times})"),
            Self::Swept { removed } => write!(f, "removed {removed} addresses that an earlier run left behind"),
            Self::Stranger { interface, source, vrid: Some(vrid) } => {
                write!(f, "another virtual router on {interface}: VRID {vrid}, advertised by {source}")
            }
            Self::Stranger { interface, source, vrid: None } => {
                write!(f, "{source} sends on {interface} what is no VRRP, under its protocol number")
            }
            Self::Trouble { words } => f.write_str(words),
            Self::Resynced => f.write_str("the kernel's news overran the buffer; everything was read anew"),
            Self::Reloaded { added, removed, changed } => {
                write!(f, "new configuration in force: {added} added, {removed} removed, {changed} changed")
            }
            Self::Died { reason } => write!(f, "the node has ended: {reason}"),
        }
    }
}

impl What {
    #[expect(clippy::wildcard_enum_match_arm, reason = "what is about addresses")]
    fn fmt_addresses(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Placed { missing } if missing.is_empty() => f.write_str("all addresses in place"),
            Self::Placed { missing } => write!(f, "addresses in place, but not {}", list(missing)),
            Self::Restored { address, link, missing_for, times } => write!(
                f,
                "somebody removed {address} from {link}; put back after {missing_for:.1?}{}",
                if *times > 1 { format!(" ({times} times)") } else { String::new() }
            ),
            Self::Refused { address, link, errno, text } => {
                let words = text
                    .as_deref()
                    .map_or_else(|| std::io::Error::from_raw_os_error(*errno).to_string(), str::to_owned);
                write!(f, "the kernel refuses {address} on {link}: {words}")
            }
            Self::Leftover { address, link, began: true } => {
                write!(f, "{address} is on {link} although this router is not Active: two hosts may answer for it")
            }
            Self::Leftover { address, began: false, .. } => write!(f, "{address} is no longer on this host"),
            _ => Ok(()),
        }
    }

    /// The word that programs read.
    pub const fn token(&self) -> &'static str {
        match self {
            Self::Moved { .. } => "moved",
            Self::Ineligible { .. } => "ineligible",
            Self::Condition { .. } => "condition",
            Self::Priority { .. } => "priority",
            Self::Check { .. } => "check",
            Self::NearMiss { .. } => "near_miss",
            Self::Drain { .. } => "drain",
            Self::Takeover { .. } => "takeover",
            Self::Unprepared => "unprepared",
            Self::Vacated => "vacated",
            Self::Placed { .. } => "placed",
            Self::Restored { .. } => "restored",
            Self::Refused { .. } => "refused",
            Self::Leftover { .. } => "leftover",
            Self::Discarded { .. } => "discarded",
            Self::Swept { .. } => "swept",
            Self::Stranger { .. } => "stranger",
            Self::Trouble { .. } => "trouble",
            Self::Resynced => "resynced",
            Self::Reloaded { .. } => "reloaded",
            Self::Died { .. } => "died",
        }
    }

    /// Whether a person should look.
    pub const fn is_warning(&self) -> bool {
        match self {
            Self::Condition { began, .. } | Self::Leftover { began, .. } => *began,
            // That a check has no result yet is no news, and what holds another member of a group has its own line.
            Self::Ineligible { cause, began, .. } => {
                *began && !matches!(cause, Ineligible::CheckPending(_) | Ineligible::Group(_))
            }
            Self::Placed { missing } => !missing.is_empty(),
            Self::Check { verdict, .. } => matches!(verdict, Verdict::Down | Verdict::Silent),
            Self::Priority { from, to } => to.get() < from.get(),
            Self::Drain { outcome } => matches!(outcome, DrainOutcome::Unrelieved | DrainOutcome::Released),
            Self::Unprepared
            | Self::NearMiss { .. }
            | Self::Restored { .. }
            | Self::Refused { .. }
            | Self::Discarded { .. }
            | Self::Resynced
            | Self::Trouble { .. }
            | Self::Died { .. } => true,
            Self::Moved { .. }
            | Self::Takeover { .. }
            | Self::Vacated
            | Self::Stranger { .. }
            | Self::Swept { .. }
            | Self::Reloaded { .. } => false,
        }
    }
}

fn word(verdict: Verdict) -> String {
    match verdict {
        Verdict::Unknown => "no result yet".to_owned(),
        Verdict::Up => "up".to_owned(),
        Verdict::Down => "down".to_owned(),
        Verdict::Value(value) => value.to_string(),
        Verdict::Silent => "silent".to_owned(),
    }
}

fn named(f: &mut fmt::Formatter<'_>, interface: Option<&Arc<str>>) -> fmt::Result {
    interface.map_or(Ok(()), |name| write!(f, " ({name})"))
}

fn list(addresses: &[IpAddr]) -> String {
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
