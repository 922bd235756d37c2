//! Servers that answer as a test tells them to, on threads of a host that end with the test.

use core::net::{Ipv4Addr, SocketAddr};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, UdpSocket};
use std::sync::{Arc, Mutex};
use std::thread;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::fixture::Node;

/// What a server does with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// HTTP: this status and this body.
    Http(&'static str, &'static str),
    /// DNS: this address.
    Address(Ipv4Addr),
    /// DNS: there is no such name.
    NoSuchName,
    /// None, ever.
    Silence,
}

/// What it answers from now on.
#[derive(Debug, Clone)]
pub(super) struct Server(Arc<Mutex<Answer>>);

impl Server {
    fn new(first: Answer) -> Self {
        Self(Arc::new(Mutex::new(first)))
    }

    pub(super) fn answers(&self, answer: Answer) {
        *self.0.lock().unwrap() = answer;
    }

    fn answer(&self) -> Answer {
        *self.0.lock().unwrap()
    }

    /// An HTTP server.
    pub(super) fn http(node: &Node, at: SocketAddr, first: Answer) -> Self {
        let server = Self::new(first);
        let listener = listen(node, at);
        let answering = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answering = answering.clone();
                thread::spawn(move || exchange(stream, &answering));
            }
        });
        server
    }

    /// An HTTPS server, and the certificate that it shows for its address.
    pub(super) fn https(node: &Node, at: SocketAddr, first: Answer) -> (Self, String) {
        let server = Self::new(first);
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed([at.ip().to_string()]).unwrap();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let builder = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let config = Arc::new(builder.with_single_cert(vec![cert.der().clone()], key).unwrap());
        let listener = listen(node, at);
        let answering = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                let answering = answering.clone();
                thread::spawn(move || exchange(StreamOwned::new(connection, stream), &answering));
            }
        });
        (server, cert.pem())
    }

    /// A DNS server.
    pub(super) fn dns(node: &Node, at: SocketAddr, first: Answer) -> Self {
        let server = Self::new(first);
        let socket = node.host.on(|| UdpSocket::bind(at)).unwrap().unwrap();
        let answering = server.clone();
        thread::spawn(move || {
            let mut question = [0; 512];
            while let Ok((length, from)) = socket.recv_from(&mut question) {
                if let Some(reply) = reply(&question[..length], answering.answer()) {
                    let _ = socket.send_to(&reply, from);
                }
            }
        });
        server
    }
}

/// Listens for connections and takes none: the kernel does.
pub(super) fn listen(node: &Node, at: SocketAddr) -> TcpListener {
    node.host.on(|| TcpListener::bind(at)).unwrap().unwrap()
}

/// Takes one request and answers it, as far as the other side goes along.
fn exchange(stream: impl Read + Write, server: &Server) {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        if !stream.read_line(&mut line).is_ok_and(|length| length > 0) {
            return;
        }
    }
    let Answer::Http(status, body) = server.answer() else {
        // Until the other side gives up.
        let _ = stream.read_line(&mut line);
        return;
    };
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    let _ = stream.get_mut().write_all(format!("{head}{body}").as_bytes());
    let _ = stream.get_mut().flush();
}

/// The reply to a question of one name (RFC 1035 §4.1).
fn reply(question: &[u8], answer: Answer) -> Option<Vec<u8>> {
    let mut reply = question.to_vec();
    let header = reply.get_mut(..12)?;
    header[2] = 0x81;
    // No additional records, whatever the question brought.
    header[10..12].fill(0);
    let name_ends = 12 + question.get(12..)?.iter().position(|octet| *octet == 0)? + 1;
    reply.truncate(name_ends + 4);
    match answer {
        Answer::Address(address) => {
            reply[3] = 0x80;
            reply[7] = 1;
            reply.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4]);
            reply.extend(address.octets());
        }
        Answer::NoSuchName => reply[3] = 0x83,
        Answer::Http(..) | Answer::Silence => return None,
    }
    Some(reply)
}
