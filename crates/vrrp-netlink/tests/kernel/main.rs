//! The keeper against real kernels, each test in a user and network namespace of its own; no privilege is needed.

mod attack;
mod claim;
mod links;
mod mark;
mod repair;
mod solicited;
mod speed;
mod storm;
mod support;
