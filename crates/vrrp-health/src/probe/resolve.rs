//! Names to addresses, with no lookup on the runner's thread and never two of one name at once.

use core::net::IpAddr;
use core::net::{Ipv4Addr, Ipv6Addr};
use std::collections::BTreeMap;
use std::net::ToSocketAddrs;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use tokio::sync::watch;
use tokio::task::spawn_blocking;

use super::Host;

/// What a lookup found, or what the resolver said.
type Found = Result<Arc<[IpAddr]>, Arc<str>>;
type Watched = watch::Receiver<Option<Found>>;

/// The lookups under way. A lookup that hangs holds one thread, however many checks and runs want its name.
static UNDER_WAY: LazyLock<Mutex<BTreeMap<Arc<str>, Watched>>> = LazyLock::new(Mutex::default);

/// The addresses of `host` in the resolver's order; `localhost` is loopback (RFC 6761 §6.3).
pub(super) async fn addresses(host: &Host) -> Found {
    match host {
        Host::Address(address) => Ok([*address].into()),
        Host::Name(name) if is_localhost(name) => {
            Ok([IpAddr::V6(Ipv6Addr::LOCALHOST), IpAddr::V4(Ipv4Addr::LOCALHOST)].into())
        }
        Host::Name(name) => looked_up(name).await,
    }
}

fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.rsplit('.').next().is_some_and(|top| top.eq_ignore_ascii_case("localhost"))
}

async fn looked_up(name: &Arc<str>) -> Found {
    let mut watched = under_way(name);
    let found = watched.wait_for(Option::is_some).await.ok().and_then(|found| found.clone());
    found.unwrap_or_else(|| Err(format!("cannot resolve {name}: the lookup was given up").into()))
}

fn under_way(name: &Arc<str>) -> Watched {
    let mut lookups = UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(watched) = lookups.get(name) {
        return watched.clone();
    }
    let (sender, watched) = watch::channel(None);
    lookups.insert(Arc::clone(name), watched.clone());
    drop(lookups);
    let entry = Entry(Arc::clone(name));
    drop(spawn_blocking(move || {
        let found = resolve(&entry.0);
        drop(entry);
        sender.send_replace(Some(found));
    }));
    watched
}

fn resolve(name: &str) -> Found {
    let found = (name, 0).to_socket_addrs().map_err(|error| format!("cannot resolve {name}: {error}"))?;
    Ok(found.map(|at| at.ip()).collect())
}

/// Takes a lookup off the list when it is done, or dropped with its runtime before it began.
struct Entry(Arc<str>);

impl Drop for Entry {
    fn drop(&mut self) {
        UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn localhost_and_what_is_under_it_is_loopback() {
        for name in ["localhost", "LOCALHOST.", "a.localhost"] {
            assert!(is_localhost(name), "{name}");
        }
        for name in ["localhost.example", "notlocalhost", ""] {
            assert!(!is_localhost(name), "{name}");
        }
    }

    #[tokio::test]
    async fn a_name_that_cannot_be_is_an_error_and_leaves_no_lookup() {
        let name: Arc<str> = "a".repeat(64).into();
        let error = addresses(&Host::Name(Arc::clone(&name))).await.unwrap_err();
        assert!(error.starts_with("cannot resolve aaaa"), "{error}");
        assert!(!UNDER_WAY.lock().unwrap().contains_key(&name));
    }

    #[tokio::test]
    async fn who_wants_a_name_that_is_looked_up_waits_for_that_lookup() {
        let name: Arc<str> = "shared-name".into();
        let (sender, watched) = watch::channel(None);
        UNDER_WAY.lock().unwrap().insert(Arc::clone(&name), watched);
        let entry = Entry(Arc::clone(&name));
        let waiting = tokio::spawn({
            let name = Arc::clone(&name);
            async move { looked_up(&name).await }
        });
        tokio::task::yield_now().await;
        sender.send_replace(Some(Ok([IpAddr::V4(Ipv4Addr::LOCALHOST)].into())));
        assert_eq!(waiting.await.unwrap().unwrap()[..], [IpAddr::V4(Ipv4Addr::LOCALHOST)]);
        drop(entry);
        assert!(!UNDER_WAY.lock().unwrap().contains_key(&name));
    }

    #[tokio::test]
    async fn a_lookup_that_is_given_up_is_an_error() {
        let name: Arc<str> = "given-up".into();
        let (sender, watched) = watch::channel(None);
        UNDER_WAY.lock().unwrap().insert(Arc::clone(&name), watched);
        let entry = Entry(Arc::clone(&name));
        drop(sender);
        assert!(looked_up(&name).await.is_err());
        drop(entry);
    }
}
