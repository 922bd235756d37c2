//! The simulated LAN: random episodes, planted bugs, and scenarios that read as timelines.

mod episodes;
