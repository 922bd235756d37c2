use serde_json::{Deserializer, Value};
use vrrp_control::{Event, EventPage};

use super::ReplayError;

/// The event log of one node.
#[derive(Debug, Clone)]
pub struct Log {
    /// The events, by their moments.
    pub events: Vec<Event>,
}

impl Log {
    /// Reads what `vrrpctl events --json` prints, one event after the other, or an answer of `GET /v1/events`.
    ///
    /// # Errors
    /// Where it is neither.
    pub fn parse(text: &str) -> Result<Self, ReplayError> {
        let mut events: Vec<Event> = Vec::new();
        for value in Deserializer::from_str(text).into_iter::<Value>() {
            let value = value?;
            if value.get("events").is_some() {
                events.extend(serde_json::from_value::<EventPage>(value)?.events);
            } else {
                events.push(serde_json::from_value(value)?);
            }
        }
        events.sort_by(|one, other| one.at.0.total_cmp(&other.at.0).then(one.seq.cmp(&other.seq)));
        if events.is_empty() { Err(ReplayError::Empty) } else { Ok(Self { events }) }
    }
}
