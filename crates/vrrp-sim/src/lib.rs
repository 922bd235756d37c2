//! A LAN in memory: virtual time, faults, seeds and invariants around the production state machine.
