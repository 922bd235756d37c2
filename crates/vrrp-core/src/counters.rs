use crate::Reject;

/// What one virtual router has counted since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Advertisements that passed every check.
    pub received: u64,
    /// Advertisements ordered, priority 0 among them.
    pub advertised: u64,
    /// Priority 0 heard.
    pub release_received: u32,
    /// Priority 0 ordered.
    pub release_sent: u32,
    /// Times it became Active.
    pub became_active: u32,
    /// Times it ceased to be Active.
    pub ceased_active: u32,
    rejected: [u32; Reject::KINDS],
}

impl Counters {
    pub(crate) fn reject(&mut self, reject: &Reject) {
        if let Some(count) = self.rejected.get_mut(reject.kind()) {
            *count = count.saturating_add(1);
        }
    }

    /// Packets discarded for the reason that `reject` is an example of.
    pub fn rejected(&self, reject: &Reject) -> u32 {
        self.rejected.get(reject.kind()).copied().unwrap_or(0)
    }

    /// Packets discarded, by the word of the reason; only reasons that there were.
    pub fn rejections(&self) -> impl Iterator<Item = (&'static str, u32)> + '_ {
        Reject::TOKENS.into_iter().zip(self.rejected).filter(|(_, count)| *count > 0)
    }

    /// Packets discarded, for whatever reason.
    pub fn rejected_in_all(&self) -> u64 {
        self.rejected.iter().map(|&count| u64::from(count)).sum()
    }
}
