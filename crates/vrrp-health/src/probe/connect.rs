//! TCP connections from an [`Origin`], to whichever address of a host answers first.

use core::future::Future;
use core::net::SocketAddr;
use core::pin::{Pin, pin};
use core::time::Duration;
use std::io;

use socket2::SockRef;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use super::origin::Unbound;
use super::{Endpoint, Origin, resolve};
use crate::Outcome;

/// How long an address may be silent before the next is tried beside it (RFC 8305 §5, Connection Attempt Delay).
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// Connects to `endpoint`.
///
/// # Errors
///
/// The outcome that the probe has when there is no connection.
pub(super) async fn connect(endpoint: &Endpoint, origin: &Origin) -> Result<TcpStream, Outcome> {
    let found = resolve::addresses(&endpoint.host).await.map_err(|error| Outcome::Failed((*error).into()))?;
    let reached = found.iter().filter(|address| origin.reaches(**address));
    let at: Vec<SocketAddr> = reached.map(|address| SocketAddr::new(*address, endpoint.port)).collect();
    if at.is_empty() {
        return Err(unreachable(endpoint, origin));
    }
    first(&at, origin).await.map_err(|errors| outcome(&errors))
}

fn unreachable(endpoint: &Endpoint, origin: &Origin) -> Outcome {
    let host = &endpoint.host;
    match origin.source {
        Some(source) => Outcome::CouldNotRun(format!("{host} has no address of the family of {source}").into()),
        None => Outcome::Failed(format!("{host} has no address").into()),
    }
}

type Errors = Vec<(SocketAddr, Error)>;
type Connected = Result<TcpStream, Errors>;

/// Why there is no connection.
#[derive(Debug)]
enum Error {
    Unbound(Unbound),
    Refused(io::Error),
}

/// Tries one address after the other: at once when one fails, after [`ATTEMPT_DELAY`] when it is silent.
fn first<'a>(at: &'a [SocketAddr], origin: &'a Origin) -> Pin<Box<dyn Future<Output = Connected> + Send + 'a>> {
    Box::pin(async move {
        let Some((&to, rest)) = at.split_first() else {
            return Err(Vec::new());
        };
        let mut attempt = pin!(one(to, origin));
        if rest.is_empty() {
            return attempt.await;
        }
        match timeout(ATTEMPT_DELAY, &mut attempt).await {
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(errors)) => either(core::future::ready(Err(errors)), first(rest, origin)).await,
            Err(_) => either(attempt, first(rest, origin)).await,
        }
    })
}

/// Whichever connects first, or the errors of both.
async fn either(a: impl Future<Output = Connected>, b: impl Future<Output = Connected>) -> Connected {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (errors, other) = tokio::select! {
        biased;
        done = &mut a => match done { Ok(stream) => return Ok(stream), Err(errors) => (errors, b.await) },
        done = &mut b => match done { Ok(stream) => return Ok(stream), Err(errors) => (errors, a.await) },
    };
    other.map_err(|mut more| {
        more.splice(0..0, errors);
        more
    })
}

async fn one(to: SocketAddr, origin: &Origin) -> Connected {
    let socket = socket(to, origin).map_err(|error| vec![(to, Error::Unbound(error))])?;
    socket.connect(to).await.map_err(|error| vec![(to, Error::Refused(error))])
}

fn socket(to: SocketAddr, origin: &Origin) -> Result<TcpSocket, Unbound> {
    let socket = if to.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }.map_err(Unbound::Socket)?;
    origin.dress(&SockRef::from(&socket))?;
    if let Some(source) = origin.source {
        socket.bind(SocketAddr::new(source, 0)).map_err(|error| Unbound::Source(source, error))?;
    }
    Ok(socket)
}

/// What `errors` mean: a failure where the service was asked at all.
fn outcome(errors: &Errors) -> Outcome {
    let words = |(at, error): &(SocketAddr, Error)| match error {
        Error::Unbound(unbound) => unbound.to_string(),
        Error::Refused(error) => format!("{} ({at})", io_words(error)),
    };
    let text = errors.iter().map(words).collect::<Vec<_>>().join(", ").into();
    let asked = errors.iter().any(|(_, error)| matches!(error, Error::Refused(_)));
    if asked { Outcome::Failed(text) } else { Outcome::CouldNotRun(text) }
}

/// An error of the kernel in words, without its number where there are words.
pub(super) fn io_words(error: &io::Error) -> String {
    let text = error.to_string();
    let bare = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = bare.chars();
    letters.next().map(|first| first.to_ascii_lowercase().to_string() + letters.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use core::net::{IpAddr, Ipv4Addr};

    use socket2::{Domain, Socket, Type};
    use tokio::net::TcpListener;

    use super::*;

    const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    async fn listener() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
        let at = listener.local_addr().unwrap();
        (listener, at)
    }

    async fn refusing() -> SocketAddr {
        listener().await.1
    }

    /// An address that answers no SYN: its queue is full.
    fn silent() -> (Vec<Socket>, SocketAddr) {
        let stream = || Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        let listener = stream();
        listener.bind(&SocketAddr::new(LOOPBACK, 0).into()).unwrap();
        listener.listen(0).unwrap();
        let at = listener.local_addr().unwrap();
        let filler = stream();
        filler.connect(&at).unwrap();
        (vec![listener, filler], at.as_socket().unwrap())
    }

    #[tokio::test]
    async fn an_address_that_refuses_is_followed_by_the_next() {
        let (_listener, at) = listener().await;
        let stream = first(&[refusing().await, at], &Origin::default()).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), at);
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_that_is_silent_is_overtaken_by_the_next() {
        let (_sockets, silent) = silent();
        let (_listener, at) = listener().await;
        let before = tokio::time::Instant::now();
        let stream = first(&[silent, at], &Origin::default()).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), at);
        assert!(before.elapsed() >= ATTEMPT_DELAY);
    }

    #[tokio::test]
    async fn when_none_connects_every_address_is_named() {
        let (one, other) = (refusing().await, refusing().await);
        let errors = first(&[one, other], &Origin::default()).await.unwrap_err();
        let words = format!("connection refused ({one}), connection refused ({other})");
        assert_eq!(outcome(&errors), Outcome::Failed(words.into()));
    }
}
