//! What the phone system asks or tells by itself: lists of dialogs, calls for the second contact.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::message::{Message, param};
use super::super::reply::{self, ToInvite, ToOther};
use super::super::task::{LONGEST_EXPIRES, Status, Task, What};
use super::Session;
use crate::call::CallEvent;
use crate::words::Saying;

impl Session {
    pub(super) fn request(&mut self, message: &Message, method: &str, now: DateTime<Utc>) -> Vec<CallEvent> {
        let tag = self.word(10);
        match method {
            "NOTIFY" => self.notify(message, &tag, now),
            "INVITE" | "CANCEL" | "ACK" if self.observe => {
                let outcome = self.reader.offered(message, &tag, self.reliable, now);
                self.to_send.extend(outcome.replies);
                outcome.events
            }
            "ACK" => Vec::new(),
            "INVITE" => {
                self.to_send
                    .push(reply::to_invite(message, ToInvite::Unavailable, &tag));
                Vec::new()
            }
            other => {
                let answer = match other {
                    "OPTIONS" => ToOther::Ok,
                    "BYE" | "CANCEL" | "UPDATE" | "INFO" | "PRACK" => ToOther::NoSuchCall,
                    _ => ToOther::NotAllowed,
                };
                self.to_send.push(reply::to_other(message, answer, &tag));
                Vec::new()
            }
        }
    }

    fn notify(&mut self, message: &Message, tag: &str, now: DateTime<Utc>) -> Vec<CallEvent> {
        let subscription =
            |task: &Task| message.get("Call-ID") == Some(&task.call_id) && message.tag("To") == Some(&task.tag);
        let Some(index) = self.tasks.iter().position(subscription) else {
            self.to_send.push(reply::to_other(message, ToOther::NoSuchCall, tag));
            return Vec::new();
        };
        let What::Watch(line) = self.tasks[index].what.clone() else {
            self.to_send.push(reply::to_other(message, ToOther::NoSuchCall, tag));
            return Vec::new();
        };
        let overtaken = self.reader.is_overtaken(message);
        let answer = if overtaken { ToOther::OutOfOrder } else { ToOther::Ok };
        self.to_send.push(reply::to_other(message, answer, tag));
        if overtaken || self.leaving {
            return Vec::new();
        }
        self.tasks[index].learn(message, false);
        let events = match self.reader.notify(&line, message) {
            Ok(told) => {
                self.listed(index, message, told.incomplete, now);
                told.events
            }
            Err(error) => {
                let why = Saying::of("said.sip_unreadable").with("line", &line).with("why", error);
                self.fail(index, why, now);
                Vec::new()
            }
        };
        self.subscription_state(index, message, now);
        events
    }

    fn listed(&mut self, index: usize, message: &Message, incomplete: bool, now: DateTime<Utc>) {
        let under_way = self.transactions.iter().any(|one| one.task == index);
        let task = &mut self.tasks[index];
        let state = message.get("Subscription-State").unwrap_or_default();
        if task.status != Status::On && !state.trim_start().starts_with("pending") {
            task.status = Status::On;
            if !under_way {
                let left = param(state, "expires").and_then(|left| left.parse::<u32>().ok());
                task.refresh_within(left.map_or(task.expires, i64::from), now);
            }
        }
        if incomplete && !under_way {
            task.due = Some(now);
        }
    }

    /// `Subscription-State` of RFC 6665, 4.1.3.
    fn subscription_state(&mut self, index: usize, message: &Message, now: DateTime<Utc>) {
        let value = message.get("Subscription-State").unwrap_or_default();
        let state = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if state != "terminated" {
            return;
        }
        let after = param(value, "retry-after").and_then(|after| after.parse::<u32>().ok());
        match param(value, "reason") {
            Some(reason @ ("rejected" | "noresource" | "invariant")) => {
                let line = self.line_of(index);
                let why = Saying::of("said.sip_ended").with("line", line).with("reason", reason);
                self.fail(index, why, now);
            }
            Some("probation" | "giveup") => {
                let after = after.map_or(30, i64::from).clamp(1, LONGEST_EXPIRES);
                self.begin_again(index, now + TimeDelta::seconds(after));
            }
            // at once, but never in a tight circle with a phone system that ends every subscription
            _ => self.begin_again(index, now + TimeDelta::seconds(1)),
        }
    }

    fn line_of(&self, index: usize) -> String {
        match &self.tasks[index].what {
            What::Watch(line) => line.0.clone(),
            What::Register | What::Ping => self.credentials.user.clone(),
        }
    }
}
