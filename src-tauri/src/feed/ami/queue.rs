//! Calls that wait in a queue.

use super::begun::Begun;
use super::message::Headers;
use super::translate::Translator;
use crate::call::{CallEvent, CallKey, QueueOutcome, Side};

impl Translator {
    /// A call that waits is told even when no phone is dialled for it yet.
    pub(super) fn queue_joined(&mut self, message: &Headers<'_>) {
        self.note(message);
        let unique = message.get("Uniqueid").unwrap_or_default();
        let (Some(channel), Some(queue)) = (self.channels.get(unique.as_ref()), message.get("Queue")) else {
            return;
        };
        let call = channel.call.clone();
        if let Some(begun) = self.calls.get_mut(&call).filter(|begun| !begun.began) {
            begun.queued = true;
            self.begin(&call, None);
        }
        self.out.push(CallEvent::Queued {
            call,
            queue: queue.into_owned(),
        });
    }

    /// Asterisk says that a caller abandoned the queue also when the queue's own time was up: it is so only when the
    /// caller has hung up.
    pub(super) fn queue_left(&mut self, message: &Headers<'_>) {
        let gave_up = |begun: &Begun| begun.hung_up == Some(Side::Caller);
        let Some(call) = self.waiting_call(message) else { return };
        let outcome = if self.calls.get(&call).is_some_and(gave_up) {
            QueueOutcome::Abandoned
        } else {
            QueueOutcome::TimedOut
        };
        self.out.push(CallEvent::Unqueued { call, outcome });
    }

    pub(super) fn queue_answered(&mut self, message: &Headers<'_>) {
        if let Some(call) = self.waiting_call(message) {
            let outcome = QueueOutcome::Answered;
            self.out.push(CallEvent::Unqueued { call, outcome });
        }
    }

    fn waiting_call(&self, message: &Headers<'_>) -> Option<CallKey> {
        let unique = message.get("Uniqueid")?;
        Some(self.channels.get(unique.as_ref())?.call.clone())
    }
}
