//! A small HTTP gateway that serves on a virtual address while this host has it.
//!
//! Run it on two hosts with different priorities, and ask the address: whichever of them is Active answers.
//!
//! ```sh
//! gateway eth0 51 192.0.2.100/24 150    # interface, VRID, address, priority
//! curl http://192.0.2.100:8080/
//! ```
//!
//! It needs `CAP_NET_ADMIN` and `CAP_NET_RAW`.
#![expect(clippy::print_stdout, reason = "it says whether it serves")]

use core::error::Error;
use core::net::{IpAddr, SocketAddr};
use core::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;
use vrrp::{Address, Ended, Name, Node, Router, Stop, Vrid, What};

const PORT: u16 = 8080;
/// How long a client may take to ask.
const PATIENCE: Duration = Duration::from_secs(5);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [interface, vrid, address, priority] = arguments.as_slice() else {
        return Err("usage: gateway INTERFACE VRID ADDRESS/PREFIX PRIORITY".into());
    };
    let (ip, prefix) = address.split_once('/').ok_or("an address has a prefix: 192.0.2.100/24")?;
    let (ip, priority): (IpAddr, u8) = (ip.parse()?, priority.parse()?);
    let vrid = Vrid::new(vrid.parse()?).ok_or("a VRID is 1 to 255")?;
    let address = Address::new(ip, prefix.parse()?, interface.as_str());
    let router = Router::new("gateway", interface.as_str(), vrid, [address]).priority(priority);
    let (mut node, mut events) = Node::builder().router(router).start()?;
    let mut terminate = signal(SignalKind::terminate())?;

    let mut listener = None;
    loop {
        tokio::select! {
            Some(event) = events.recv() => heed(&event.what, ip, &mut listener).await?,
            Some(client) = accept(listener.as_ref()) => drop(tokio::spawn(serve(client, priority))),
            _ = terminate.recv() => node.stop(Stop::HandOver),
            ended = node.ended() => return match ended {
                Ended::Stopped => Ok(()),
                Ended::Died(reason) => Err(reason.into_string().into()),
            },
        }
    }
}

/// Listens while the address is here. Not from the move on: the kernel must hold the address before it can be bound.
async fn heed(what: &What, ip: IpAddr, listener: &mut Option<TcpListener>) -> std::io::Result<()> {
    if let What::Placed { missing } = what
        && missing.is_empty()
        && listener.is_none()
    {
        *listener = Some(TcpListener::bind(SocketAddr::new(ip, PORT)).await?);
        println!("serving on {ip}:{PORT}");
    } else if let What::Moved { to, why, .. } = what
        && *to != Name::Active
    {
        println!("{}: {why}", if listener.take().is_some() { "no longer serving" } else { "not serving" });
    } else {
        println!("{what}");
    }
    Ok(())
}

/// The next client; nobody comes while there is no listener.
async fn accept(listener: Option<&TcpListener>) -> Option<TcpStream> {
    match listener {
        Some(listener) => listener.accept().await.ok().map(|(client, _)| client),
        None => core::future::pending().await,
    }
}

/// Answers one request, whatever it asks for.
async fn serve(mut client: TcpStream, priority: u8) -> std::io::Result<()> {
    let mut request = [0; 1024];
    let _ = timeout(PATIENCE, client.read(&mut request)).await??;
    let body = format!("answered by the router of priority {priority}\n");
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    client.write_all((head + &body).as_bytes()).await?;
    client.shutdown().await
}
