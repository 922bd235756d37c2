use super::connect::connect;
use super::{Endpoint, Origin};
use crate::Outcome;

/// Whether a TCP connection can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tcp {
    /// Where to. All addresses of a name are tried; one that answers is enough.
    pub endpoint: Endpoint,
    /// Where from.
    pub origin: Origin,
}

impl Tcp {
    /// Makes a connection and closes it. It waits for as long as it is waited for.
    pub async fn probe(&self) -> Outcome {
        match connect(&self.endpoint, &self.origin).await {
            Ok(stream) => {
                // A greeting that nobody read would turn the close into a reset.
                let _ = stream.try_read(&mut [0; 1024]);
                Outcome::Ok
            }
            Err(outcome) => outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use core::net::{IpAddr, Ipv4Addr, SocketAddr};

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::probe::Host;

    async fn listener() -> (TcpListener, Tcp) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let endpoint = listener.local_addr().unwrap().into();
        (listener, Tcp { endpoint, origin: Origin::default() })
    }

    /// What the other side sees of a probe.
    async fn probed(listener: &TcpListener, tcp: &Tcp) -> (TcpStream, SocketAddr, Outcome) {
        let (accepted, outcome) = tokio::join!(listener.accept(), tcp.probe());
        let (stream, from) = accepted.unwrap();
        (stream, from, outcome)
    }

    #[tokio::test]
    async fn a_connection_that_is_made_is_well_and_closed_in_order() {
        let (listener, tcp) = listener().await;
        let (mut stream, _, outcome) = probed(&listener, &tcp).await;
        assert_eq!(outcome, Outcome::Ok);
        assert_eq!(stream.read(&mut [0; 1]).await.unwrap(), 0, "an end, not a reset");
    }

    #[tokio::test]
    async fn a_service_that_stops_and_starts_is_seen_to() {
        let (listener, tcp) = listener().await;
        let at = listener.local_addr().unwrap();
        drop(listener);
        assert_eq!(tcp.probe().await, Outcome::Failed(format!("connection refused ({at})").into()));
        let _listener = TcpListener::bind(at).await.unwrap();
        assert_eq!(tcp.probe().await, Outcome::Ok);
    }

    #[tokio::test]
    async fn localhost_is_either_loopback_address() {
        let (listener, mut tcp) = listener().await;
        tcp.endpoint.host = Host::parse("localhost").unwrap();
        let (_, _, outcome) = probed(&listener, &tcp).await;
        assert_eq!(outcome, Outcome::Ok);
    }

    #[tokio::test]
    async fn a_greeting_does_not_disturb() {
        let (listener, tcp) = listener().await;
        let greeting = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(b"220 ready\r\n").await
        };
        let (greeted, outcome) = tokio::join!(greeting, tcp.probe());
        assert_eq!((greeted.is_ok(), outcome), (true, Outcome::Ok));
    }

    #[tokio::test]
    async fn it_comes_from_its_origin() {
        let (listener, mut tcp) = listener().await;
        let source = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
        tcp.origin = Origin { source: Some(source), interface: Some("lo".into()), mark: None };
        let (_, from, outcome) = probed(&listener, &tcp).await;
        assert_eq!((from.ip(), outcome), (source, Outcome::Ok));
    }

    #[tokio::test]
    async fn an_origin_that_cannot_be_had_is_no_answer_about_the_service() {
        let (_listener, mut tcp) = listener().await;
        let refused = [
            (
                Origin { source: Some("192.0.2.1".parse().unwrap()), ..Origin::default() },
                "cannot bind to source 192.0.2.1",
            ),
            (
                Origin { source: Some("::1".parse().unwrap()), ..Origin::default() },
                "has no address of the family of ::1",
            ),
            (
                Origin { interface: Some("nosuch0".into()), ..Origin::default() },
                "cannot bind to interface nosuch0: No such device",
            ),
        ];
        for (origin, expected) in refused {
            tcp.origin = origin;
            let Outcome::CouldNotRun(words) = tcp.probe().await else { panic!("{tcp:?}") };
            assert!(words.contains(expected), "{words}");
        }
    }
}
