//! Questions to servers on loopback, one for each test.

use core::net::Ipv4Addr;
use core::str::FromStr;

use domain::base::iana::Rcode;
use domain::base::{Message, MessageBuilder, Name, Rtype};
use domain::rdata::{A, Txt};
use tokio::net::TcpListener;

use super::*;

/// What a server makes of a query: the datagrams it sends back.
type Script = fn(&[u8]) -> Vec<Vec<u8>>;

/// A socket to serve from, and a check of `expected` at it.
async fn at(name: &str, rtype: &str, expect: Option<&str>) -> (UdpSocket, Dns) {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let dns = Dns {
        server: socket.local_addr().unwrap(),
        question: DnsQuestion::parse(name, rtype).unwrap(),
        expect: expect.map(Into::into),
        again: Duration::from_secs(3600),
        origin: Origin::default(),
    };
    (socket, dns)
}

async fn serve(socket: &UdpSocket, script: Script) -> ! {
    let mut buffer = [0; 512];
    loop {
        let (length, from) = socket.recv_from(&mut buffer).await.unwrap();
        for datagram in script(&buffer[..length]) {
            socket.send_to(&datagram, from).await.unwrap();
        }
    }
}

async fn probed(name: &str, rtype: &str, expect: Option<&str>, script: Script) -> Outcome {
    let (socket, dns) = at(name, rtype, expect).await;
    let outcome = async {
        tokio::select! {
            outcome = dns.probe() => outcome,
            never = serve(&socket, script) => never,
        }
    };
    timeout(Duration::from_secs(30), outcome).await.expect("an outcome: nothing that was sent is taken for an answer")
}

fn failed(words: impl Into<Box<str>>) -> Outcome {
    Outcome::Failed(words.into())
}

/// An answer to `query` with this code and, where that is no error, two addresses.
fn answer(query: &[u8], rcode: Rcode) -> Vec<u8> {
    let query = Message::from_slice(query).unwrap();
    let mut answer = MessageBuilder::new_vec().start_answer(query, rcode).unwrap();
    if rcode == Rcode::NOERROR {
        let name = query.sole_question().unwrap().into_qname();
        for last in [1, 2] {
            answer.push((&name, 60, A::from_octets(192, 0, 2, last))).unwrap();
        }
    }
    answer.finish()
}

fn with_id(mut message: Vec<u8>, change: u8) -> Vec<u8> {
    message[0] ^= change;
    message
}

#[tokio::test]
async fn an_answer_of_the_type_is_well() {
    let well: Script = |query| vec![answer(query, Rcode::NOERROR)];
    assert_eq!(probed("example.org", "A", None, well).await, Outcome::Ok);
    assert_eq!(probed("EXAMPLE.org.", "A", Some("192.0.2.2"), well).await, Outcome::Ok);
    assert_eq!(probed("example.org", "ANY", None, well).await, Outcome::Ok);
}

#[tokio::test]
async fn an_answer_that_is_not_the_expected_one_is_a_failure() {
    let outcome = probed("example.org", "A", Some("192.0.2.9"), |query| vec![answer(query, Rcode::NOERROR)]).await;
    assert_eq!(outcome, failed("example.org A is 192.0.2.1, 192.0.2.2, expected 192.0.2.9"));
}

#[tokio::test]
async fn no_answer_of_the_type_is_a_failure() {
    let outcome = probed("example.org", "AAAA", None, |query| vec![answer(query, Rcode::NOERROR)]).await;
    assert_eq!(outcome, failed("no answer to example.org AAAA"));
}

#[tokio::test]
async fn an_error_is_a_failure_with_its_name() {
    let nxdomain = probed("example.org", "A", None, |query| vec![answer(query, Rcode::NXDOMAIN)]).await;
    assert_eq!(nxdomain, failed("NXDOMAIN for example.org A"));
    let servfail = probed(".", "SOA", None, |query| vec![answer(query, Rcode::SERVFAIL)]).await;
    assert_eq!(servfail, failed("SERVFAIL for . SOA"));
}

#[tokio::test]
async fn an_error_of_a_server_that_could_not_read_the_question_is_a_failure() {
    let outcome = probed("example.org", "A", None, |query| vec![[&query[..2], &[0x80, 0x01], &[0; 8]].concat()]);
    assert_eq!(outcome.await, failed("FORMERR for example.org A"));
}

#[tokio::test]
async fn a_text_is_compared_with_and_without_its_quotes() {
    let text: Script = |query| {
        let query = Message::from_slice(query).unwrap();
        let mut answer = MessageBuilder::new_vec().start_answer(query, Rcode::NOERROR).unwrap();
        let name = query.sole_question().unwrap().into_qname();
        answer.push((name, 60, Txt::<Vec<u8>>::build_from_slice(b"all is well").unwrap())).unwrap();
        vec![answer.finish()]
    };
    for expect in ["all is well", "\"all is well\""] {
        assert_eq!(probed("example.org", "TXT", Some(expect), text).await, Outcome::Ok);
    }
    let outcome = probed("example.org", "TXT", Some("all"), text).await;
    assert_eq!(outcome, failed("example.org TXT is all is well, expected all"));
}

#[tokio::test]
async fn what_does_not_answer_our_question_is_let_pass() {
    let outcome = probed("example.org", "A", None, |query| {
        let other = DnsQuestion { name: Name::from_str("example.net").unwrap(), rtype: Rtype::A };
        let id = u16::from_be_bytes([query[0], query[1]]);
        let other = message::query(&other, id).unwrap();
        vec![
            Vec::new(),
            b"garbage".to_vec(),
            vec![0xff; 600],
            query.to_vec(),
            with_id(answer(query, Rcode::NXDOMAIN), 1),
            answer(&other, Rcode::NXDOMAIN),
            [&query[..2], &[0x80, 0x00], &[0; 8]].concat(),
            answer(query, Rcode::NOERROR),
        ]
    });
    assert_eq!(outcome.await, Outcome::Ok);
}

#[tokio::test]
async fn an_answer_that_is_cut_off_is_malformed() {
    let outcome = probed("example.org", "A", None, |query| {
        let mut answer = answer(query, Rcode::NOERROR);
        answer.truncate(answer.len() - 3);
        vec![answer]
    });
    assert_eq!(outcome.await, failed("the answer to example.org A is malformed"));
}

#[tokio::test(start_paused = true)]
async fn a_question_that_was_lost_is_asked_once_more() {
    let (socket, dns) = at("example.org", "A", None).await;
    let serve = async {
        let mut buffer = [0; 512];
        let first = socket.recv(&mut buffer).await.unwrap();
        let lost = buffer[..first].to_vec();
        let (length, from) = socket.recv_from(&mut buffer).await.unwrap();
        assert_eq!(buffer[..length], lost, "the same question");
        socket.send_to(&answer(&lost, Rcode::NOERROR), from).await.unwrap();
    };
    let (outcome, ()) = tokio::join!(dns.probe(), serve);
    assert_eq!(outcome, Outcome::Ok);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_silent_is_waited_for_as_long_as_the_deadline() {
    let (_socket, dns) = at("example.org", "A", None).await;
    assert!(timeout(2 * dns.again, dns.probe()).await.is_err());
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_failure() {
    let (socket, dns) = at("example.org", "A", None).await;
    drop(socket);
    assert_eq!(dns.probe().await, failed(format!("connection refused ({})", dns.server)));
}

/// A datagram that says it is cut short, and what is then said over TCP.
async fn truncated(over_tcp: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Outcome {
    let (socket, dns, listener) = loop {
        let (socket, dns) = at("example.org", "A", None).await;
        // Another test may have the port for TCP.
        if let Ok(listener) = TcpListener::bind(dns.server).await {
            break (socket, dns, listener);
        }
    };
    let serve = async {
        let mut buffer = [0; 512];
        let (length, from) = socket.recv_from(&mut buffer).await.unwrap();
        let mut short = answer(&buffer[..length], Rcode::NOERROR);
        short[2] |= 0x02;
        socket.send_to(&short, from).await.unwrap();
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut query = vec![0; usize::from(stream.read_u16().await.unwrap())];
        stream.read_exact(&mut query).await.unwrap();
        stream.write_all(&over_tcp(query)).await.unwrap();
    };
    let (outcome, ()) = tokio::join!(dns.probe(), serve);
    outcome
}

fn framed(message: &[u8]) -> Vec<u8> {
    [&u16::try_from(message.len()).unwrap().to_be_bytes(), message].concat()
}

#[tokio::test]
async fn an_answer_too_long_for_a_datagram_is_fetched_over_tcp() {
    assert_eq!(truncated(|query| framed(&answer(&query, Rcode::NOERROR))).await, Outcome::Ok);
    let nxdomain = truncated(|query| framed(&answer(&query, Rcode::NXDOMAIN))).await;
    assert_eq!(nxdomain, failed("NXDOMAIN for example.org A"));
}

#[tokio::test]
async fn a_bad_answer_over_tcp_is_a_failure() {
    let other = truncated(|query| framed(&with_id(answer(&query, Rcode::NOERROR), 1))).await;
    assert_eq!(other, failed("the answer over TCP is to another question"));
    let short = truncated(|query| framed(&answer(&query, Rcode::NOERROR))[..20].to_vec()).await;
    let Outcome::Failed(words) = short else { panic!("{short:?}") };
    assert!(words.starts_with("connection closed before the answer was complete"), "{words}");
}

#[test]
fn what_is_no_question_is_refused() {
    let long = "a".repeat(64);
    for name in ["a..b", &long] {
        assert_eq!(DnsQuestion::parse(name, "A").unwrap_err(), crate::SpecError::DnsName(name.into()));
    }
    assert_eq!(DnsQuestion::parse("a", "NOSUCH").unwrap_err(), crate::SpecError::DnsType("NOSUCH".into()));
    assert_eq!(DnsQuestion::parse("a.", "TYPE65").unwrap().to_string(), "a HTTPS");
}
