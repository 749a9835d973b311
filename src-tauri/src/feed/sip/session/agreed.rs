//! What the phone system answers to what was asked of it: agreed, prove who you are, no.

use std::net::SocketAddr;

use chrono::{DateTime, TimeDelta, Utc};

use super::super::digest::Challenge;
use super::super::message::{Message, Start, param, short};
use super::super::task::{LONGEST_EXPIRES, Status, Task, What};
use super::{AGAIN_AFTER, Known, LIST_WITHIN, PING_AFTER, Session, SessionError, T2, Transaction};
use crate::words::Saying;

impl Session {
    pub(super) fn response(&mut self, message: &Message, code: u16, now: DateTime<Utc>) -> Result<(), SessionError> {
        let Some((branch, (_, method))) = message.branch().zip(message.cseq()) else {
            return Ok(());
        };
        let is_ours = |one: &Transaction, tasks: &[Task]| one.branch == branch && tasks[one.task].method() == method;
        let Some(at) = self.transactions.iter().position(|one| is_ours(one, &self.tasks)) else {
            return Ok(());
        };
        if code < 200 {
            let one = &mut self.transactions[at];
            one.pause = T2;
            return Ok(());
        }
        let one = self.transactions.remove(at);
        self.learn_where_we_are(message, now);
        match (&self.tasks[one.task].what, code) {
            // any answer at all is a sign of life
            (What::Ping, _) => self.tasks[one.task].due = Some(now + PING_AFTER),
            (_, 200..300) => self.agreed(one.task, message, now),
            (_, 401 | 407) => self.challenged(&one, message, code, now)?,
            (_, 423) => self.too_brief(one.task, message, now),
            (What::Watch(_), 481 | 408) if self.tasks[one.task].is_in_dialog() => self.begin_again(one.task, now),
            _ => self.refused(one.task, message, code, now),
        }
        Ok(())
    }

    fn agreed(&mut self, index: usize, message: &Message, now: DateTime<Utc>) {
        if self.leaving {
            self.tasks[index].due = None;
            return;
        }
        let task = &mut self.tasks[index];
        task.agreed(message, &self.sender, now);
        match (&task.what, &task.status) {
            (What::Watch(_), Status::Waiting | Status::Failed(_)) => {
                task.status = Status::Agreed;
                task.due = Some(now + LIST_WITHIN);
            }
            (What::Watch(_), Status::Agreed | Status::On) => {}
            (What::Register | What::Ping, _) => task.status = Status::On,
        }
    }

    /// The first challenge is answered, a later one only when the secret was right and the nonce too old.
    fn challenged(
        &mut self,
        one: &Transaction,
        message: &Message,
        code: u16,
        now: DateTime<Utc>,
    ) -> Result<(), SessionError> {
        let challenge = Challenge::strongest(message).ok_or(SessionError::UnknownChallenge)?;
        let side = usize::from(challenge.proxy);
        let before = one.answered[side];
        if before > 0 && (!challenge.stale || before > 2) {
            return Err(SessionError::WrongPassword {
                user: self.credentials.user.clone(),
                says: says(message, code),
            });
        }
        self.known[side] = Some(Known { challenge, count: 0 });
        let mut answered = one.answered;
        answered[side] += 1;
        self.send(one.task, answered, now);
        Ok(())
    }

    fn too_brief(&mut self, index: usize, message: &Message, now: DateTime<Utc>) {
        let wanted = message.seconds("Min-Expires").unwrap_or(0);
        let task = &mut self.tasks[index];
        if wanted > task.expires && wanted <= LONGEST_EXPIRES && !self.leaving {
            task.expires = wanted;
            task.due = Some(now);
        } else {
            self.refused(index, message, 423, now);
        }
    }

    fn refused(&mut self, index: usize, message: &Message, code: u16, now: DateTime<Utc>) {
        let user = &self.credentials.user;
        let said = says(message, code);
        let advice = match (&self.tasks[index].what, code) {
            (What::Watch(line), 404) => Saying::of("said.sip_no_dialogs").with("line", line).with("says", said),
            (What::Watch(line), 403 | 603) => Saying::of("said.sip_may_not_watch")
                .with("user", user)
                .with("line", line)
                .with("says", said),
            (What::Watch(line), 489 | 405 | 501) => Saying::of("said.sip_tells_no_dialogs")
                .with("line", line)
                .with("says", said),
            (What::Watch(line), _) => Saying::of("said.sip_no_watching").with("line", line).with("says", said),
            (What::Register | What::Ping, _) => Saying::of("said.sip_not_registered")
                .with("user", user)
                .with("says", said),
        };
        let wait = message.seconds("Retry-After").map_or(AGAIN_AFTER, TimeDelta::seconds);
        self.fail(index, advice, now);
        self.tasks[index].due = Some(now + wait.max(AGAIN_AFTER));
    }

    pub(super) fn fail(&mut self, index: usize, why: Saying, now: DateTime<Utc>) {
        self.begin_again(index, now + AGAIN_AFTER);
        self.tasks[index].status = Status::Failed(why);
    }

    /// A new subscription in place of one that the phone system does not know any more.
    pub(super) fn begin_again(&mut self, index: usize, due: DateTime<Utc>) {
        let (call_id, tag) = (self.word(20), self.word(10));
        self.transactions.retain(|one| one.task != index);
        let task = &mut self.tasks[index];
        self.reader.unsubscribed(&task.call_id);
        task.begin_again(&self.sender, call_id, tag, due);
    }

    /// The address and port that a router put in place of ours (RFC 3581): from now on our contact.
    fn learn_where_we_are(&mut self, message: &Message, now: DateTime<Utc>) {
        let Some(via) = message.get("Via") else { return };
        let ip = param(via, "received").and_then(|ip| ip.trim_matches(['[', ']']).parse().ok());
        let port = param(via, "rport").and_then(|port| port.parse().ok());
        let (ip, Some(port)) = (ip.unwrap_or(self.sender.seen.ip()), port) else {
            return;
        };
        let seen = SocketAddr::new(ip, port);
        if seen != self.sender.seen {
            self.sender.seen = seen;
            for task in self
                .tasks
                .iter_mut()
                .filter(|task| task.status == Status::On && task.due.is_some())
            {
                task.due = Some(now);
            }
        }
    }
}

fn says(message: &Message, code: u16) -> String {
    match &message.start {
        Start::Response { reason, .. } => format!("{code} {}", short(reason)),
        Start::Request { .. } => code.to_string(),
    }
}
