//! Desktop notifications: missed calls, what is due, and what comes back, each with what can be done about it.
//!
//! On threads of their own: the desktop's notification service may take its time or be absent, and whoever is to answer may
//! never do so. Each call is announced once, and again when it was put off. It decides nothing and does nothing: what is
//! pressed is given on.

mod body;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use chrono::Local;
use notify_rust::{Notification, NotificationHandle, NotificationResponse};

use crate::desk::Reminder;
use crate::pop::view::MissedView;
use crate::words::Words;

pub(super) use body::Deed;

/// Does what was pressed. Must not wait.
pub(super) type Act = Arc<dyn Fn(Deed) + Send + Sync>;

/// A notification as it is raised.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Raised {
    summary: String,
    body: String,
    /// What can be done, with the words on the button.
    deeds: Vec<(String, Deed)>,
}

/// Raises notifications. Never waits.
pub(super) struct Announcer {
    raise: SyncSender<Raised>,
    announced: VecDeque<String>,
    words: Words,
}

/// The most notifications whose answer is waited for; the buttons of further ones do nothing.
const MOST_WAITING: usize = 64;

impl Announcer {
    /// As many notifications may wait for the service, and as many calls are remembered.
    const MOST: usize = 256;

    /// Starts the thread; it ends with the announcer.
    pub(super) fn start(words: Words, act: Act) -> Self {
        let (raise, waiting) = sync_channel(Self::MOST);
        let spawned = thread::Builder::new()
            .name("notifications".to_owned())
            .spawn(move || raise_all(&waiting, &act));
        if let Err(error) = spawned {
            tracing::warn!(%error, "missed calls will not be announced: no thread for it");
        }
        Announcer {
            raise,
            announced: VecDeque::new(),
            words,
        }
    }

    /// Raises a notification of `missed`, once for each call.
    pub(super) fn announce(&mut self, missed: &MissedView) {
        if self.is_new(&missed.call) {
            self.raise(body::of_missed(missed, self.words, &Local));
        }
    }

    /// Raises a notification of what comes back or is due.
    pub(super) fn remind(&self, reminder: &Reminder) {
        self.raise(body::of_reminder(reminder, self.words, &Local));
    }

    fn raise(&self, raised: Raised) {
        if self.raise.try_send(raised).is_err() {
            tracing::warn!("something was not announced: the notification service does not keep up");
        }
    }

    fn is_new(&mut self, call: &str) -> bool {
        if self.announced.iter().any(|known| known == call) {
            return false;
        }
        if self.announced.len() == Self::MOST {
            self.announced.pop_front();
        }
        self.announced.push_back(call.to_owned());
        true
    }
}

/// Says something that went wrong where no window need be open.
pub(super) fn tell(summary: String, body: String) {
    let raised = Raised {
        summary,
        body,
        deeds: Vec::new(),
    };
    if let Err(error) = show(&raised) {
        tracing::info!(%error, "could not be said on this desktop");
    }
}

fn raise_all(waiting: &Receiver<Raised>, act: &Act) {
    let answers = Arc::new(AtomicUsize::new(0));
    while let Ok(raised) = waiting.recv() {
        match show(&raised) {
            Ok(handle) if !raised.deeds.is_empty() => wait_for_an_answer(handle, raised.deeds, act, &answers),
            Ok(_) => {}
            // Who called is not said here: the log may be read by others.
            Err(error) => {
                tracing::info!(%error, "a call or a reminder could not be announced on this desktop; it is in Ringside");
            }
        }
    }
}

fn show(raised: &Raised) -> notify_rust::error::Result<NotificationHandle> {
    let service = capabilities()?;
    let can = |what: &str| service.iter().any(|known| known == what);
    let mut notification = Notification::new();
    notification
        .appname("Ringside")
        .icon("ringside")
        .summary(&raised.summary);
    // A service that reads markup would take a customer's `<` for it (Desktop Notifications Specification 1.2).
    notification.body(&if can("body-markup") {
        as_markup(&raised.body)
    } else {
        raised.body.clone()
    });
    if can("actions") {
        for (at, (words, _)) in raised.deeds.iter().enumerate() {
            notification.action(&at.to_string(), words);
        }
    }
    notification.show()
}

/// What the service can do. Only services of freedesktop.org say it.
fn capabilities() -> notify_rust::error::Result<Vec<String>> {
    #[cfg(all(unix, not(target_os = "macos")))]
    return notify_rust::get_capabilities();
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    Ok(Vec::new())
}

fn wait_for_an_answer(handle: NotificationHandle, deeds: Vec<(String, Deed)>, act: &Act, answers: &Arc<AtomicUsize>) {
    if answers.fetch_add(1, Ordering::Relaxed) >= MOST_WAITING {
        answers.fetch_sub(1, Ordering::Relaxed);
        tracing::debug!("too many notifications stand open: the buttons of this one do nothing");
        return;
    }
    let (act, waiting) = (Arc::clone(act), Arc::clone(answers));
    let spawned = thread::Builder::new().name("notification".to_owned()).spawn(move || {
        let answered = handle.wait_for_response(|response: &NotificationResponse| {
            if let NotificationResponse::Action(pressed) = response
                && let Some((_, deed)) = pressed.parse().ok().and_then(|at: usize| deeds.get(at))
            {
                act(deed.clone());
            }
        });
        if let Err(error) = answered {
            tracing::debug!(%error, "the notification service does not say what was pressed");
        }
        waiting.fetch_sub(1, Ordering::Relaxed);
    });
    if spawned.is_err() {
        answers.fetch_sub(1, Ordering::Relaxed);
    }
}

fn as_markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Language;
    use chrono::{DateTime, Utc};

    fn missed(call: &str) -> MissedView {
        MissedView {
            call: call.to_owned(),
            name: None,
            company: None,
            number: None,
            at: DateTime::<Utc>::UNIX_EPOCH,
            rang_seconds: 12,
        }
    }

    fn announcer() -> (Announcer, Receiver<Raised>) {
        let (raise, waiting) = sync_channel(2);
        let announcer = Announcer {
            raise,
            announced: VecDeque::new(),
            words: Words::of(Language::En),
        };
        (announcer, waiting)
    }

    #[test]
    fn a_customers_name_is_never_read_as_markup() {
        assert_eq!(as_markup("<b>Smith & Sons</b>"), "&lt;b&gt;Smith &amp; Sons&lt;/b&gt;");
    }

    #[test]
    fn a_call_is_announced_once_and_again_when_it_was_put_off() {
        let (mut announcer, waiting) = announcer();
        announcer.announce(&missed("pbx:1"));
        announcer.announce(&missed("pbx:1"));
        assert_eq!(waiting.try_iter().count(), 1);
        announcer.remind(&Reminder::Missed(missed("pbx:1")));
        assert_eq!(waiting.try_iter().count(), 1);
    }

    #[test]
    fn a_service_that_hangs_does_not_hold_the_desk_up() {
        let (mut announcer, waiting) = announcer();
        for call in 0..10 {
            announcer.announce(&missed(&format!("pbx:{call}")));
        }
        assert_eq!(waiting.try_iter().count(), 2, "the rest was dropped and said");
    }
}
