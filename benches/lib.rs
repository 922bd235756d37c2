//! What the benches share: the packets they work on, and a plain decoder to compare with.

pub mod straightforward;
pub mod thousand;
pub mod vectors;
