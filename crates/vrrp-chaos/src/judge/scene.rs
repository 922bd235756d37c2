use core::time::Duration;

use vrrp_core::Name;
use vrrp_sim::{Station, View, Ways};
use vrrp_wire::Priority;

use crate::journal::{CLIENT, Event, Process};
use crate::node::Make;

use super::steps::{CHECKED, Step};

/// What is the case on the LAN at one moment.
#[derive(Debug, Clone)]
pub(super) struct Scene {
    pub(super) routers: [Router; 2],
    open: Ways,
    cached: Option<Station>,
}

/// What is the case with one router.
#[derive(Debug, Clone, Copy)]
pub(super) struct Router {
    make: Make,
    lives: bool,
    ready: bool,
    frozen: bool,
    stopping: bool,
    leaving: bool,
    link: bool,
    well: bool,
    unproven: bool,
    pub(super) claims: bool,
    pub(super) present: bool,
    priority: u8,
    /// From when on its check is known to be well.
    checked: Duration,
}

impl Scene {
    pub(super) fn new(makes: [Make; 2]) -> Self {
        let router = |make| Router {
            make,
            lives: false,
            ready: false,
            frozen: false,
            stopping: false,
            leaving: false,
            link: true,
            well: true,
            unproven: true,
            claims: false,
            present: false,
            priority: 0,
            checked: Duration::ZERO,
        };
        Self { routers: makes.map(router), open: [u16::MAX; 16], cached: None }
    }

    pub(super) fn take(&mut self, at: Duration, step: &Step) {
        match step {
            Step::Seen(event) => self.see(at, event),
            Step::Claim { router, claims } => {
                let one = self.router(*router);
                one.claims = *claims;
                one.leaving &= *claims;
            }
            Step::Leaving { router, leaves } => self.router(*router).leaving = *leaves,
            Step::Due => {}
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the other events change nothing about the LAN")]
    fn see(&mut self, at: Duration, event: &Event) {
        match *event {
            Event::Process { router, is } => self.router(router).became(at, is),
            Event::Link { router, up } => {
                let one = self.router(router);
                (one.link, one.unproven) = (up, up);
            }
            Event::Way { from, to, open } => {
                if let Some(heard) = self.open.get_mut(usize::from(from)) {
                    *heard = if open { *heard | (1 << to) } else { *heard & !(1 << to) };
                }
            }
            Event::Check { router, well } => {
                let one = self.router(router);
                (one.well, one.checked) = (well, at + CHECKED);
            }
            Event::Priority { router, priority } => self.router(router).priority = priority,
            Event::Advertised { router, .. } => {
                let one = self.router(router);
                one.ready |= one.lives && !one.stopping;
                if self.reaches(router, 1 - router) {
                    self.router(1 - router).unproven = false;
                }
            }
            Event::Address { router, present } => self.router(router).present = present,
            Event::Cached { router } => self.cached = Some(router),
            _ => {}
        }
    }

    fn router(&mut self, router: Station) -> &mut Router {
        let [a, b] = &mut self.routers;
        if router == 0 { a } else { b }
    }

    fn links(&self) -> Ways {
        let [a, b] = self.routers.map(|router| router.link);
        let down = u16::from(!a) | u16::from(!b) << 1;
        let mut ways = self.open;
        for (station, heard) in (0..).zip(&mut ways) {
            *heard = if down & (1 << station) == 0 { *heard & !down } else { 0 };
        }
        ways
    }

    /// Whether frames get from one station to another.
    fn reaches(&self, from: Station, to: Station) -> bool {
        self.links().get(usize::from(from)).is_some_and(|heard| heard & (1 << to) != 0)
    }

    /// The routers that have the address where the client can reach them.
    pub(super) fn holders(&self) -> usize {
        let reached = |router: Station| self.reaches(router, CLIENT) && self.reaches(CLIENT, router);
        (0..).zip(&self.routers).filter(|(router, one)| one.present && reached(*router)).count()
    }

    /// Whether some router can be asked to serve the client.
    pub(super) fn somebody_could(&self, at: Duration) -> bool {
        let reached = |router: Station| self.reaches(router, CLIENT) && self.reaches(CLIENT, router);
        (0..).zip(&self.routers).any(|(router, one)| one.fit(at) && reached(router))
    }

    pub(super) fn view(&self, at: Duration) -> View {
        let mut view = View {
            heard_by: self.links(),
            clean: [u16::MAX; 16],
            in_order: [u16::MAX; 16],
            client: CLIENT,
            cached: self.cached,
            ..View::default()
        };
        for (router, one) in (0_u8..).zip(&self.routers) {
            let set = |holds: bool| u16::from(holds) << router;
            let runs = one.runs();
            view.ours |= set(one.make == Make::Ours);
            view.dead |= set(!one.lives);
            view.running |= set(runs);
            view.stopping |= set(runs && one.stopping);
            view.leaving |= set(runs && one.leaving);
            view.group_leaves |= set(runs && (one.leaving || one.stopping));
            view.holding |= set(one.present);
            view.active |= set(one.state() == Name::Active);
            view.backup |= set(one.state() == Name::Backup);
            view.unproven |= set(runs && one.unproven);
            view.fit |= set(one.fit(at));
            view.eligible |= set(one.fit(at));
            if let Some(priority) = view.priority.get_mut(usize::from(router)).filter(|_| one.lives) {
                *priority = Some(Priority::new(one.priority));
            }
        }
        view
    }
}

impl Router {
    fn became(&mut self, at: Duration, is: Process) {
        match is {
            Process::Started => {
                (self.lives, self.ready, self.stopping, self.frozen) = (true, false, false, false);
                self.unproven = true;
            }
            Process::Ready => (self.ready, self.checked) = (true, at + CHECKED),
            Process::Stopping => self.stopping = true,
            Process::Gone | Process::Died => {
                (self.lives, self.ready, self.stopping, self.frozen) = (false, false, false, false)
            }
            Process::Frozen => self.frozen = true,
            Process::Thawed => (self.frozen, self.checked) = (false, at + CHECKED),
        }
    }

    const fn runs(&self) -> bool {
        self.lives && self.ready && !self.frozen
    }

    fn fit(&self, at: Duration) -> bool {
        let checked = at >= self.checked || self.claims;
        self.runs() && !self.stopping && !self.leaving && self.link && self.well && checked
    }

    /// Where it stands, as far as it shows.
    pub(super) const fn state(&self) -> Name {
        match self {
            _ if !self.runs() => Name::Initialize,
            _ if self.claims => Name::Active,
            _ if self.stopping || !self.link || !self.well => Name::Initialize,
            _ => Name::Backup,
        }
    }
}
