//! What the invariants get to see.

use vrrp_core::Name;

use super::World;
use crate::invariants::View;
use crate::lan::bit;
use crate::setup::router_of;
use crate::timeline::Entry;

impl World {
    /// Shows the watches what is the case now, if anything changed.
    pub(super) fn look(&mut self) {
        if !core::mem::take(&mut self.dirty) {
            return;
        }
        for place in 0..self.setup.virtual_routers.len() {
            let reaches = self.reached(place);
            if self.clients.get_mut(place).is_some_and(|client| client.note(self.now, reaches)) {
                let virtual_router = u8::try_from(place).unwrap_or(u8::MAX);
                self.timeline.note(self.now, Entry::Client { virtual_router, reaches });
            }
            let view = self.view(place);
            if let Some(watch) = self.watches.get_mut(place) {
                watch.observe(self.now, &view);
            }
        }
    }

    fn view(&self, place: usize) -> View {
        let segment = self.segment_of(place).unwrap_or(0);
        let cached = self.clients.get(place).and_then(|client| client.cache());
        let mut view = View {
            heard_by: self.heard_by(segment),
            client: self.setup.routers,
            cached: cached.and_then(|mac| router_of(segment, mac)),
            lossy: self.is_lossy(segment),
            ..View::default()
        };
        for one in &self.routers {
            let me = bit(one.number);
            let holds = one.kernel.get(place).is_some_and(|kernel| kernel.present);
            view.holding |= if holds { me } else { 0 };
            let Some(daemon) = one.daemon.as_ref().filter(|daemon| !daemon.stalls(self.now)) else { continue };
            view.running |= me;
            let name = self.core(one.number, place).map(|core| core.state().name());
            view.active |= if name == Some(Name::Active) { me } else { 0 };
            let linked = one.links_down & bit(segment) == 0;
            view.eligible |= if linked && !daemon.stopping { me } else { 0 };
        }
        view
    }

    /// Which stations of a segment hear each station, links taken into account.
    pub(super) fn heard_by(&self, segment: u8) -> [u16; 16] {
        let mut heard = [0; 16];
        let down = self
            .routers
            .iter()
            .filter(|one| one.links_down & bit(segment) != 0)
            .fold(0, |set, one| set | bit(one.number));
        let Some(one) = self.segments.get(usize::from(segment)) else { return heard };
        for (from, set) in (0..=self.setup.routers).zip(&mut heard) {
            if down & bit(from) == 0 {
                *set = one.heard_by(from) & !down;
            }
        }
        heard
    }
}
