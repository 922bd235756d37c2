use core::convert::Infallible;
use core::net::SocketAddr;
use core::time::Duration;
use std::io;
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::control_socket::ControlSocket;
use crate::error::ServeError;
use crate::host::Host;
use crate::journal::Journal;
use crate::patient::Patient;
use crate::peer;
use crate::service::{Asker, Service};

/// Connections at a time on the control socket; one more is closed at once.
const CONNECTIONS: usize = 128;
/// Connections at a time on the metrics address: each may hold a page of some megabytes.
const SCRAPERS: usize = 8;
/// None of these lasts longer.
const SCRAPE: Duration = Duration::from_secs(30);
/// Nobody takes longer to say what they want.
const HEADERS: Duration = Duration::from_secs(5);
/// A client that reads nothing for so long is given up.
const STALL: Duration = Duration::from_secs(10);
/// After a connection that could not be accepted, for want of descriptors mostly.
const PAUSE: Duration = Duration::from_millis(100);
/// How much this thread stands back: a page of metrics costs milliseconds, and the engine is to have the processor first.
const NICE: i32 = 10;
/// What a request's head may need.
const HEAD: usize = 16 * 1024;

/// Where to serve.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// The control socket.
    pub control: Option<PathBuf>,
    /// The group that may use it, by name or number; else that of this process.
    pub control_group: Option<String>,
    /// The mode of its file; else 0660.
    pub control_mode: Option<u32>,
    /// The address for metrics.
    pub metrics: Option<SocketAddr>,
    /// Whether metrics have the names of mehdy/keepalived-exporter too, without being asked with `?compat`.
    pub compat: bool,
}

/// A server that has its places and does not serve yet: a program learns so, before it does anything else, that it can.
#[derive(Debug)]
pub struct Bound {
    control: Option<(ControlSocket, UnixListener)>,
    metrics: Option<TcpListener>,
    compat: bool,
}

/// A running server. It ends, and its socket's file goes, when it is dropped.
#[derive(Debug)]
pub struct Server {
    metrics: Option<SocketAddr>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
    socket: Option<ControlSocket>,
}

impl Bound {
    /// Takes the control socket and the metrics address. What connects meanwhile waits; dropped, it gives them back.
    ///
    /// # Errors
    /// [`ServeError`]; then nothing is taken.
    pub fn bind(options: Options) -> Result<Self, ServeError> {
        let Options { control, control_group, control_mode, metrics, compat } = options;
        let bind = |path: &Path| ControlSocket::bind(path, control_group.as_deref(), control_mode);
        let control = control.as_deref().map(bind).transpose()?;
        let metrics = metrics.map(listen).transpose()?;
        Ok(Self { control, metrics, compat })
    }

    /// Begins to serve, on a thread of its own.
    ///
    /// # Errors
    /// [`ServeError::Thread`]; then nothing is served.
    pub fn serve(self, host: impl Host, journal: Journal) -> Result<Server, ServeError> {
        let address = self.metrics_address();
        let Self { control, metrics, compat } = self;
        let (socket, control) = control.map_or((None, None), |(socket, listener)| (Some(socket), Some(listener)));
        let service = Arc::new(Service::new(host, journal, compat));
        let group = socket.as_ref().map_or(u32::MAX, |socket| socket.group);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(ServeError::Thread)?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new().name("vrrp-http".to_owned()).spawn(move || {
            // On Linux this is about the calling thread alone. Without it the answers are only sooner.
            let _ = rustix::process::setpriority_process(None, NICE);
            runtime.block_on(async {
                if let Some(listener) = control {
                    tokio::spawn(serve_control(listener, Arc::clone(&service), group));
                }
                if let Some(listener) = metrics {
                    tokio::spawn(serve_metrics(listener, service));
                }
                // Asked to end, or left alone: either way it is over.
                let _ = stopped.await;
            });
            runtime.shutdown_background();
        });
        let thread = Some(thread.map_err(ServeError::Thread)?);
        Ok(Server { metrics: address, stop: Some(stop), thread, socket })
    }

    /// The address that metrics will be served at.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().and_then(|listener| listener.local_addr().ok())
    }
}

impl Server {
    /// Takes its places and begins to serve, on a thread of its own.
    ///
    /// # Errors
    /// [`ServeError`]; then nothing is served.
    pub fn start(options: Options, host: impl Host, journal: Journal) -> Result<Self, ServeError> {
        Bound::bind(options)?.serve(host, journal)
    }

    /// The address that metrics are served at.
    pub const fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        drop(self.socket.take());
    }
}

fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    let failed = |source: io::Error| ServeError::Metrics { address, source };
    let listener = TcpListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    Ok(listener)
}

async fn serve_control<H: Host>(listener: UnixListener, service: Arc<Service<H>>, group: u32) {
    let Ok(listener) = tokio::net::UnixListener::from_std(listener) else { return };
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let may_change = stream.peer_cred().is_ok_and(|peer| peer::may_change(&peer, group));
        let asker = Asker { public: false, may_change };
        tokio::spawn(converse(stream, Arc::clone(&service), asker, place));
    }
}

async fn serve_metrics<H: Host>(listener: TcpListener, service: Arc<Service<H>>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let places = Arc::new(Semaphore::new(SCRAPERS));
    let asker = Asker { public: true, may_change: false };
    // Whoever comes when all places are taken waits in the kernel.
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        tokio::spawn(tokio::time::timeout(SCRAPE, converse(stream, Arc::clone(&service), asker, place)));
    }
}

/// Serves one connection of root's, for tests that bring their own bytes.
#[doc(hidden)]
pub async fn serve_connection<S, H>(stream: S, host: H, journal: Journal)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    H: Host,
{
    let service = Arc::new(Service::new(host, journal, true));
    let places = Arc::new(Semaphore::new(1));
    if let Ok(place) = places.acquire_owned().await {
        converse(stream, service, Asker { public: false, may_change: true }, place).await;
    }
}

/// One connection: one request and its answer.
async fn converse<S, H>(stream: S, service: Arc<Service<H>>, asker: Asker, place: OwnedSemaphorePermit)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    H: Host,
{
    let answer = service_fn(move |request| {
        let service = Arc::clone(&service);
        async move { Ok::<_, Infallible>(service.answer(asker, request).await) }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADERS).keep_alive(false).max_buf_size(HEAD);
    // How a client leaves is the client's business.
    let _ = builder.serve_connection(TokioIo::new(Patient::new(stream, STALL)), answer).await;
    drop(place);
}
