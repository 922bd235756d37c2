//! Queries written and answers judged.

use core::net::IpAddr;
use std::sync::Arc;

use domain::base::iana::Rcode;
use domain::base::message_builder::PushError;
use domain::base::wire::ParseError;
use domain::base::{Message, MessageBuilder, Rtype};
use domain::rdata::AllRecordData;

use super::DnsQuestion;
use crate::Outcome;

/// A query that a resolver may go and ask others for.
pub(super) fn query(question: &DnsQuestion, id: u16) -> Result<Vec<u8>, PushError> {
    let mut builder = MessageBuilder::new_vec();
    builder.header_mut().set_id(id);
    builder.header_mut().set_rd(true);
    let mut builder = builder.question();
    builder.push((&question.name, question.rtype))?;
    Ok(builder.finish())
}

/// What a message that arrived is to our query.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// None: somebody else's, a forgery, noise.
    NotOurs,
    /// Too long for a datagram.
    Truncated,
    /// An answer.
    Judged(Outcome),
}

/// Judges what arrived in answer to the query `id`.
pub(super) fn judge(bytes: &[u8], id: u16, question: &DnsQuestion, expect: Option<&str>) -> Reply {
    let Ok(message) = Message::from_slice(bytes) else {
        return Reply::NotOurs;
    };
    let header = message.header();
    if header.id() != id || !header.qr() {
        return Reply::NotOurs;
    }
    // A server that could not read a query repeats no question.
    let counted = message.header_counts().qdcount();
    let unread = header.rcode() != Rcode::NOERROR && counted == 0;
    if !unread && !asked(message, question) {
        return Reply::NotOurs;
    }
    if header.tc() {
        return Reply::Truncated;
    }
    if header.rcode() != Rcode::NOERROR {
        return failed(format!("{} for {question}", header.rcode()));
    }
    match answers(message, question.rtype) {
        Ok(found) => compare(&found, question, expect),
        Err(_) => failed(format!("the answer to {question} is malformed")),
    }
}

fn failed(words: String) -> Reply {
    Reply::Judged(Outcome::Failed(words.into()))
}

fn asked(message: &Message<[u8]>, question: &DnsQuestion) -> bool {
    let sole = message.sole_question();
    sole.is_ok_and(|asked| *asked.qname() == question.name && asked.qtype() == question.rtype)
}

/// The data of every answer of the type, as zone files write it.
fn answers(message: &Message<[u8]>, rtype: Rtype) -> Result<Vec<String>, ParseError> {
    let mut found = Vec::new();
    for record in message.answer()? {
        let record = record?;
        if rtype != Rtype::ANY && record.rtype() != rtype {
            continue;
        }
        let record = record.to_any_record::<AllRecordData<_, _>>()?;
        found.push(if let AllRecordData::Txt(text) = record.data() {
            String::from_utf8_lossy(&text.text::<Vec<u8>>()).into_owned()
        } else {
            record.data().to_string()
        });
    }
    Ok(found)
}

fn compare(found: &[String], question: &DnsQuestion, expect: Option<&str>) -> Reply {
    let fits = |expect: &str| found.iter().any(|data| plain(data).eq_ignore_ascii_case(&plain(expect)));
    match expect {
        _ if found.is_empty() => failed(format!("no answer to {question}")),
        Some(expect) if !fits(expect) => failed(format!("{question} is {}, expected {expect}", found.join(", "))),
        _ => Reply::Judged(Outcome::Ok),
    }
}

/// Data without what may be written or left out: quotes, the dot at a name's end, the spelling of an address.
fn plain(data: &str) -> Arc<str> {
    if let Ok(address) = data.parse::<IpAddr>() {
        return address.to_string().into();
    }
    let inner = data.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or_else(|| data.strip_suffix('.').unwrap_or(data)).into()
}
