//! A bus of our own, and on it something that speaks as systemd does.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::{fs, io, io::BufRead};

use zbus::object_server::InterfaceRef;
use zbus::zvariant::{ObjectPath, OwnedObjectPath};
use zbus::{Connection, connection, interface};

use super::*;
use crate::probe::testing::{PATIENCE, failed};

/// A `dbus-daemon`, ended by its number.
struct Bus(Child);

impl Bus {
    fn start(directory: &Path) -> Self {
        let config = directory.join("bus.conf");
        let listen = format!("unix:path={}", directory.join("bus").display());
        let text = format!(
            "<busconfig><type>session</type><listen>{listen}</listen><auth>EXTERNAL</auth><policy context=\"default\">\
             <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>"
        );
        fs::write(&config, text).unwrap();
        let config = format!("--config-file={}", config.display());
        let mut daemon = Command::new("dbus-daemon")
            .args([&config, "--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        io::BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("unix:"), "{line}");
        Self(daemon)
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _already_dead = self.0.kill();
        let _status = self.0.wait();
    }
}

struct Manager;

#[interface(name = "org.freedesktop.systemd1.Manager")]
impl Manager {
    fn subscribe(&self) {}

    fn load_unit(&self, name: &str) -> OwnedObjectPath {
        let path = format!("/org/freedesktop/systemd1/unit/{}", name.replace('.', "_2e"));
        ObjectPath::try_from(path).unwrap().into()
    }
}

struct Nginx {
    active: &'static str,
    load: &'static str,
}

#[interface(name = "org.freedesktop.systemd1.Unit")]
impl Nginx {
    #[zbus(property)]
    fn active_state(&self) -> &str {
        self.active
    }

    #[zbus(property)]
    fn load_state(&self) -> &str {
        self.load
    }
}

struct Systemd {
    connection: Connection,
    unit: InterfaceRef<Nginx>,
}

impl Systemd {
    async fn start(address: &str, active: &'static str, load: &'static str) -> Self {
        let path = "/org/freedesktop/systemd1/unit/nginx_2eservice";
        let builder = connection::Builder::address(address).unwrap();
        let builder = builder.serve_at("/org/freedesktop/systemd1", Manager).unwrap();
        let builder = builder.serve_at(path, Nginx { active, load }).unwrap();
        let connection = builder.name("org.freedesktop.systemd1").unwrap().build().await.unwrap();
        let unit = connection.object_server().interface(path).await.unwrap();
        Self { connection, unit }
    }

    async fn becomes(&self, active: &'static str) {
        let mut unit = self.unit.get_mut().await;
        unit.active = active;
        unit.active_state_changed(self.unit.signal_emitter()).await.unwrap();
    }
}

fn unit(directory: &Path) -> Unit {
    let address = format!("unix:path={}", directory.join("bus").display());
    Unit { bus: Some(address.into()), ..Unit::new("nginx.service") }
}

#[test]
#[ignore = "needs dbus-daemon"]
fn a_unit_fails_starts_reloads_and_goes_with_systemd() {
    let directory = tempfile::tempdir().unwrap();
    let _bus = Bus::start(directory.path());
    run(async {
        let wanted = unit(directory.path());
        let address = wanted.bus.clone().unwrap();
        let systemd = Systemd::start(&address, "inactive", "not-found").await;
        let (mut told, _watcher) = telling!(wanted.clone());
        assert_eq!(told.next().await, failed("nginx.service is inactive (not-found)"));
        let (mut patient, _watcher) = telling!(Unit { activating: true, ..wanted });
        assert_eq!(patient.next().await, failed("nginx.service is inactive (not-found)"));
        systemd.becomes("activating").await;
        assert_eq!(patient.next().await, Outcome::Ok);
        assert_eq!(told.next().await, failed("nginx.service is activating (not-found)"));
        systemd.becomes("active").await;
        assert_eq!(told.next().await, Outcome::Ok);
        systemd.becomes("reloading").await;
        systemd.becomes("failed").await;
        told.until(failed("nginx.service is failed (not-found)")).await;
        systemd.connection.close().await.unwrap();
        let gone = told.next().await;
        assert!(matches!(&gone, Outcome::CouldNotRun(words) if words.starts_with("systemd does not tell")), "{gone:?}");
        let _another = Systemd::start(&address, "active", "loaded").await;
        told.until(Outcome::Ok).await;
    });
}

#[test]
#[ignore = "needs dbus-daemon"]
fn a_bus_that_is_missing_is_named_and_one_that_dies_is_found_again() {
    let directory = tempfile::tempdir().unwrap();
    run(async {
        let wanted = unit(directory.path());
        let address = wanted.bus.clone().unwrap();
        let (mut told, _watcher) = telling!(wanted);
        let missing = told.next().await;
        assert!(matches!(&missing, Outcome::CouldNotRun(words) if words.starts_with("no D-Bus unix:")), "{missing:?}");
        let bus = Bus::start(directory.path());
        let systemd = Systemd::start(&address, "active", "loaded").await;
        told.until(Outcome::Ok).await;
        drop(bus);
        let lost = told.next().await;
        assert!(matches!(&lost, Outcome::CouldNotRun(_)), "{lost:?}");
        drop(systemd);
        fs::remove_file(directory.path().join("bus")).unwrap();
        let _bus = Bus::start(directory.path());
        let _systemd = Systemd::start(&address, "failed", "loaded").await;
        told.until(failed("nginx.service is failed")).await;
    });
}

#[test]
#[ignore = "needs dbus-daemon"]
fn five_hundred_watchers_share_one_connection() {
    let directory = tempfile::tempdir().unwrap();
    let _bus = Bus::start(directory.path());
    run(async {
        let wanted = unit(directory.path());
        let address = wanted.bus.clone().unwrap();
        let systemd = Systemd::start(&address, "active", "loaded").await;
        let mut watchers: Vec<_> = (0..500).map(|_| telling!(wanted.clone())).collect();
        for (told, _watcher) in &mut watchers {
            assert_eq!(told.next().await, Outcome::Ok);
        }
        let reply = systemd
            .connection
            .call_method(Some("org.freedesktop.DBus"), "/", Some("org.freedesktop.DBus"), "ListNames", &())
            .await
            .unwrap();
        let names: Vec<String> = reply.body().deserialize().unwrap();
        let connections = names.iter().filter(|name| name.starts_with(':')).count();
        assert_eq!(connections, 2, "systemd's and ours: {names:?}");
        let failing = systemd.becomes("failed");
        tokio::time::timeout(PATIENCE, failing).await.unwrap();
        for (told, _watcher) in &mut watchers {
            assert_eq!(told.next().await, failed("nginx.service is failed"));
        }
    });
}
