//! Takes mails to the relay, one after the other, so that nothing else waits for it.

use std::sync::Arc;

use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use tokio::sync::mpsc::{Receiver, Sender, UnboundedSender, channel};
use tokio::time::timeout;

use crate::error::MailError;
use crate::event::Mailed;
use crate::mail::Mail;
use crate::subject::SubjectId;
use crate::worker::Happened;

/// How many mails may wait for the relay.
const WAITING: usize = 256;

/// One mail to be.
#[derive(Debug)]
pub(crate) struct Letter {
    pub(crate) mail: Arc<Mail>,
    pub(crate) subject: SubjectId,
    pub(crate) generation: u64,
    pub(crate) title: &'static str,
    pub(crate) body: &'static str,
}

impl Letter {
    fn mailed(self, result: Result<(), MailError>) -> Mailed {
        Mailed { subject: self.subject, generation: self.generation, result }
    }
}

/// The way to the relay.
#[derive(Debug)]
pub(crate) struct Post {
    letters: Sender<Letter>,
    waiting: usize,
}

impl Post {
    /// Starts the postman on the current runtime; each letter comes back as [`Happened::Mailed`].
    pub(crate) fn start(happened: UnboundedSender<Happened>) -> Self {
        let (letters, receiver) = channel(WAITING);
        tokio::spawn(walk(receiver, happened));
        Self { letters, waiting: 0 }
    }

    /// Hands a letter over, or says at once why it will not go.
    pub(crate) fn send(&mut self, letter: Letter) -> Result<(), Mailed> {
        self.letters.try_send(letter).map_err(|error| error.into_inner().mailed(Err(MailError::Overrun)))?;
        self.waiting += 1;
        Ok(())
    }

    /// Notes that a letter came back.
    pub(crate) const fn came_back(&mut self) {
        self.waiting = self.waiting.saturating_sub(1);
    }

    pub(crate) const fn is_idle(&self) -> bool {
        self.waiting == 0
    }
}

async fn walk(mut letters: Receiver<Letter>, happened: UnboundedSender<Happened>) {
    while let Some(letter) = letters.recv().await {
        let result = deliver(&letter).await;
        if happened.send(Happened::Mailed(letter.mailed(result))).is_err() {
            return;
        }
    }
}

async fn deliver(letter: &Letter) -> Result<(), MailError> {
    let mail = &letter.mail;
    let message = mail.message(&letter.subject, letter.title, letter.body)?;
    let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&*mail.server)
        .port(mail.port)
        .hello_name(ClientId::Domain(mail.helo.to_string()))
        .timeout(Some(mail.timeout))
        .build();
    match timeout(mail.timeout, transport.send(message)).await {
        Ok(sent) => Ok(sent.map(drop)?),
        Err(_) => Err(MailError::Timeout(mail.timeout)),
    }
}
