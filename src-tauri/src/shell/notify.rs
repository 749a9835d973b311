//! Desktop notifications of missed calls.
//!
//! On a thread of its own: the desktop's notification service may take its time or be absent. Each
//! call is announced once. It does not know why a call counts as missed.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use chrono::{DateTime, TimeZone, Utc};
use notify_rust::Notification;

use crate::pop::view::MissedView;
use crate::words::Words;

/// Announces missed calls. Never waits.
pub(super) struct Announcer {
    missed: SyncSender<MissedView>,
    announced: VecDeque<String>,
}

impl Announcer {
    /// As many calls may wait for the notification service, and as many are remembered.
    const MOST: usize = 256;

    /// Starts the thread; it ends with the announcer.
    pub(super) fn start(words: Words) -> Self {
        let (missed, waiting) = sync_channel(Self::MOST);
        let spawned = thread::Builder::new()
            .name("notifications".to_owned())
            .spawn(move || announce_all(&waiting, words));
        if let Err(error) = spawned {
            tracing::warn!(%error, "missed calls will not be announced: no thread for it");
        }
        Announcer {
            missed,
            announced: VecDeque::new(),
        }
    }

    /// Raises a notification of `missed`, once for each call.
    pub(super) fn announce(&mut self, missed: &MissedView) {
        if !self.is_new(&missed.call) {
            return;
        }
        if self.missed.try_send(missed.clone()).is_err() {
            tracing::warn!("a missed call was not announced: the notification service does not keep up");
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

fn announce_all(waiting: &Receiver<MissedView>, words: Words) {
    while let Ok(missed) = waiting.recv() {
        let shown = body_is_markup().and_then(|markup| {
            let body = body(&missed, words, &chrono::Local);
            Notification::new()
                .appname("Ringside")
                .icon("ringside")
                .summary(&say(words, "notify.missed"))
                .body(&if markup { as_markup(&body) } else { body })
                .show()
        });
        // Who called is not said here: the log may be read by others.
        if let Err(error) = shown {
            tracing::info!(%error, "a missed call could not be announced on this desktop; it is in the call log");
        }
    }
}

/// Whether the service reads the body as markup, so that a customer's `<` must be written as `&lt;`
/// (Desktop Notifications Specification 1.2, `body-markup`). Only services of freedesktop.org do.
fn body_is_markup() -> notify_rust::error::Result<bool> {
    #[cfg(all(unix, not(target_os = "macos")))]
    let capabilities = notify_rust::get_capabilities()?;
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    let capabilities: Vec<String> = Vec::new();
    Ok(capabilities.iter().any(|capability| capability == "body-markup"))
}

/// Who, the number, and when by the clock of `zone`.
fn body<Z: TimeZone>(missed: &MissedView, words: Words, zone: &Z) -> String
where
    Z::Offset: std::fmt::Display,
{
    let who = match (&missed.name, &missed.company) {
        (Some(name), Some(company)) => Some(format!("{name}, {company}")),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    };
    let number = missed.number.clone().unwrap_or_else(|| say(words, "who.withheld"));
    let rest = format!("{number}, {}", clock(missed.at, zone));
    who.map_or(rest.clone(), |who| format!("{who}\n{rest}"))
}

fn say(words: Words, key: &str) -> String {
    words.text::<&str>(key, &[])
}

fn clock<Z: TimeZone>(at: DateTime<Utc>, zone: &Z) -> String
where
    Z::Offset: std::fmt::Display,
{
    at.with_timezone(zone).format("%H:%M").to_string()
}

fn as_markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Language;
    use chrono::FixedOffset;

    fn missed(name: Option<&str>, company: Option<&str>, number: Option<&str>) -> MissedView {
        MissedView {
            call: "pbx:1".to_owned(),
            name: name.map(str::to_owned),
            company: company.map(str::to_owned),
            number: number.map(str::to_owned),
            at: Utc.with_ymd_and_hms(2026, 3, 4, 13, 5, 9).single().expect("a time"),
            rang_seconds: 12,
        }
    }

    fn announcer() -> (Announcer, Receiver<MissedView>) {
        let (missed, waiting) = sync_channel(2);
        let announced = VecDeque::new();
        (Announcer { missed, announced }, waiting)
    }

    #[test]
    fn the_body_says_who_called_from_where_and_when_by_the_local_clock() {
        let berlin = FixedOffset::east_opt(3600).expect("an offset");
        let cases = [
            (
                missed(
                    Some("Maria Anders"),
                    Some("Alfreds Futterkiste"),
                    Some("+49 30 0074321"),
                ),
                "Maria Anders, Alfreds Futterkiste\n+49 30 0074321, 14:05",
            ),
            (
                missed(None, Some("Alfreds"), Some("+49 30 1")),
                "Alfreds\n+49 30 1, 14:05",
            ),
            (missed(None, None, Some("+49 30 1")), "+49 30 1, 14:05"),
            (missed(None, None, None), "Number withheld, 14:05"),
        ];
        for (one, expected) in cases {
            assert_eq!(body(&one, Words::of(Language::En), &berlin), expected);
        }
        let withheld = body(&missed(None, None, None), Words::of(Language::Hr), &berlin);
        assert_eq!(withheld, "Skriveni broj, 14:05");
    }

    #[test]
    fn a_customers_name_is_never_read_as_markup() {
        assert_eq!(as_markup("<b>Smith & Sons</b>"), "&lt;b&gt;Smith &amp; Sons&lt;/b&gt;");
    }

    #[test]
    fn a_call_is_announced_once() {
        let (mut announcer, waiting) = announcer();
        announcer.announce(&missed(None, None, None));
        announcer.announce(&missed(None, None, None));
        assert_eq!(waiting.try_iter().count(), 1);
    }

    #[test]
    fn a_service_that_hangs_does_not_hold_the_desk_up() {
        let (mut announcer, waiting) = announcer();
        for call in 0..10 {
            let mut missed = missed(None, None, None);
            missed.call = format!("pbx:{call}");
            announcer.announce(&missed);
        }
        assert_eq!(waiting.try_iter().count(), 2, "the rest was dropped and said");
    }
}
