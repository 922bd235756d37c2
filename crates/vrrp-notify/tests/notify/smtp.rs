//! A mail server that stands in this process: it takes mail, refuses it or says nothing.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// How the server receives its guests.
#[derive(Clone, Copy)]
pub(crate) enum Manner {
    Accepts,
    RefusesRecipients,
    Hangs,
}

/// What a client said: commands, and the lines of the message.
pub(crate) struct Conversation {
    pub(crate) commands: Vec<String>,
    pub(crate) message: Vec<String>,
}

pub(crate) struct Server {
    pub(crate) port: u16,
    conversations: Receiver<Conversation>,
}

impl Server {
    /// Serves until the test process ends.
    pub(crate) fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, conversations) = channel();
        thread::spawn(move || serve(&listener, manner, &sender));
        Self { port, conversations }
    }

    pub(crate) fn conversation(&self) -> Conversation {
        self.conversations.recv_timeout(core::time::Duration::from_secs(20)).expect("a mail in time")
    }
}

fn serve(listener: &TcpListener, manner: Manner, sender: &Sender<Conversation>) {
    let mut held = Vec::new();
    for guest in listener.incoming().map_while(Result::ok) {
        match manner {
            Manner::Hangs => held.push(guest),
            Manner::Accepts | Manner::RefusesRecipients => {
                if let Some(conversation) = talk(guest, manner)
                    && sender.send(conversation).is_err()
                {
                    return;
                }
            }
        }
    }
}

/// Talks to one client until it has left.
fn talk(guest: TcpStream, manner: Manner) -> Option<Conversation> {
    let mut reply = guest.try_clone().ok()?;
    let mut lines = BufReader::new(guest).lines().map_while(Result::ok);
    let mut conversation = Conversation { commands: Vec::new(), message: Vec::new() };
    write!(reply, "220 stage\r\n").ok()?;
    while let Some(line) = lines.next() {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let answer = match (verb.as_str(), manner) {
            ("RCPT", Manner::RefusesRecipients) => "550 nobody of that name",
            ("DATA", _) => "354 go on",
            ("QUIT", _) => "221 farewell",
            _ => "250 well",
        };
        conversation.commands.push(line);
        if write!(reply, "{answer}\r\n").is_err() {
            break;
        }
        if verb == "DATA" {
            conversation.message = lines.by_ref().take_while(|line| line != ".").collect();
            write!(reply, "250 taken\r\n").ok()?;
        }
    }
    Some(conversation)
}
