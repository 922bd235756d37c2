use core::time::Duration;

use vrrp_core::Instant;
use vrrp_wire::MacAddr;

use super::Station;

/// How long an entry lives that no frame renews: what most switches and the Linux bridge do.
const AGE: Duration = Duration::from_secs(300);

/// The forwarding table of a switch: behind which port a hardware address was last seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct ForwardingTable(Vec<(MacAddr, Station, Instant)>);

impl ForwardingTable {
    /// A frame from `mac` came in by the port of `station`: that is where frames to `mac` go from now on.
    pub(crate) fn learn(&mut self, now: Instant, mac: MacAddr, station: Station) {
        match self.0.iter_mut().find(|(known, ..)| *known == mac) {
            Some(entry) => *entry = (mac, station, now),
            None => self.0.push((mac, station, now)),
        }
    }

    /// The port of `mac`; without one its frames go to every port.
    pub(crate) fn port(&self, now: Instant, mac: MacAddr) -> Option<Station> {
        let entry = self.0.iter().find(|(known, _, seen)| *known == mac && now < *seen + AGE);
        entry.map(|(_, station, _)| *station)
    }

    /// A port went down, and what was learned behind it with it.
    pub(crate) fn forget_port(&mut self, station: Station) {
        self.0.retain(|(_, port, _)| *port != station);
    }

    /// The topology changed.
    pub(crate) fn flush(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAC: MacAddr = MacAddr::new([0, 0, 0x5e, 0, 1, 51]);

    #[test]
    fn a_frame_moves_the_entry_of_its_source() {
        let mut table = ForwardingTable::default();
        table.learn(Instant::ORIGIN, MAC, 0);
        table.learn(Instant::ORIGIN, MAC, 1);
        assert_eq!(table.port(Instant::ORIGIN, MAC), Some(1));
    }

    #[test]
    fn an_entry_ages_unless_it_is_renewed() {
        let mut table = ForwardingTable::default();
        table.learn(Instant::ORIGIN, MAC, 0);
        let later = Instant::ORIGIN + AGE;
        assert_eq!(table.port(later, MAC), None);
        table.learn(later, MAC, 0);
        assert_eq!(table.port(later, MAC), Some(0));
    }

    #[test]
    fn a_port_that_goes_down_takes_its_entries_along() {
        let mut table = ForwardingTable::default();
        table.learn(Instant::ORIGIN, MAC, 0);
        table.forget_port(1);
        assert_eq!(table.port(Instant::ORIGIN, MAC), Some(0));
        table.forget_port(0);
        assert_eq!(table.port(Instant::ORIGIN, MAC), None);
    }
}
