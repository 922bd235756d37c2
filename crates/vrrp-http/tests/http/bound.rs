use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};

use vrrp_control::LogLevel;
use vrrp_http::{Bound, Journal, Options, ServeError};

use crate::fixture::{Fake, status};

#[test]
fn whoever_connects_between_binding_and_serving_is_answered() {
    let directory = tempfile::tempdir().unwrap();
    let mut options = Options::default();
    options.control = Some(directory.path().join("c.sock"));
    options.control_mode = Some(0o600);
    options.metrics = Some(([127, 0, 0, 1], 0).into());
    let path = options.control.clone().unwrap();
    let bound = Bound::bind(options).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let mut stream = TcpStream::connect(bound.metrics_address().unwrap()).unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let host = Fake { status: Arc::new(status(1)), level: Arc::new(Mutex::new(LogLevel::Info)) };
    let server = bound.serve(host, Journal::default()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with("ok\n"), "{answer}");
    drop(server);
    assert!(!path.exists());
}

#[test]
fn what_was_bound_is_given_back_when_another_place_cannot_be_had() {
    let directory = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut options = Options::default();
    options.control = Some(directory.path().join("c.sock"));
    options.metrics = Some(taken.local_addr().unwrap());
    let path = options.control.clone().unwrap();
    assert!(matches!(Bound::bind(options), Err(ServeError::Metrics { .. })));
    assert!(!path.exists(), "the control socket stayed behind");
}
