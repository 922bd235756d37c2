//! What a check over HTTP costs beside a bare hyper client that asks the same, both with a connection for each request.
//!
//! `cargo run --release -p vrrp-health --example http_cost [RUNS]` prints the processor time of both and their ratio;
//! the server that they ask is another thread, whose time is not counted.

#![expect(clippy::print_stdout, reason = "it is what the example is for")]

use core::error::Error;
use core::net::SocketAddr;
use core::time::Duration;
use std::io::{Read, Write};
use std::net::TcpListener;

use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::HOST;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use vrrp_health::{Http, Outcome, Url};

type Result<T> = core::result::Result<T, Box<dyn Error>>;

/// How many runs of one kind are timed before it is the other's turn.
const BATCH: u32 = 500;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let runs: u32 = std::env::args().nth(1).map_or(Ok(20_000), |runs| runs.parse())?;
    let at = serve()?;
    let mut check = Http::get(Url::parse(&format!("http://{at}/ping"))?);
    check.body.equals = Some("pong".into());
    let (mut ours, mut bare) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..runs.div_ceil(BATCH) {
        let before = processor_time()?;
        for _ in 0..BATCH {
            bare_client(at).await?;
        }
        let between = processor_time()?;
        for _ in 0..BATCH {
            let outcome = check.probe().await;
            if outcome != Outcome::Ok {
                return Err(format!("{outcome:?}").into());
            }
        }
        bare += between - before;
        ours += processor_time()? - between;
    }
    let runs = runs.div_ceil(BATCH) * BATCH;
    println!("bare client {:?}, check {:?} a run", bare / runs, ours / runs);
    println!("ratio {:.2}", ours.as_secs_f64() / bare.as_secs_f64());
    Ok(())
}

async fn bare_client(at: SocketAddr) -> Result<()> {
    let stream = TcpStream::connect(at).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let request = Request::get("/ping").header(HOST, at.to_string()).body(Empty::<Bytes>::new())?;
    let body = sender.send_request(request).await?.into_body().collect().await?.to_bytes();
    drop(sender);
    driver.await??;
    if *body == *b"pong" { Ok(()) } else { Err("another body".into()) }
}

/// A server that says `pong` and closes.
fn serve() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let at = listener.local_addr()?;
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        for mut stream in listener.incoming().flatten() {
            if stream.read(&mut buffer).is_ok() {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\npong");
            }
        }
    });
    Ok(at)
}

/// The processor time that this thread has used so far.
fn processor_time() -> Result<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = text.split(' ').next().ok_or("no time")?.parse()?;
    Ok(Duration::from_nanos(nanoseconds))
}
