//! What a notification says, in the language of the settings.

use chrono::{DateTime, TimeZone, Utc};

use super::Raised;
use crate::call::CallId;
use crate::desk::Reminder;
use crate::journal::{Task, TaskKind};
use crate::pop::view::MissedView;
use crate::words::Words;

/// What can be done from a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::shell) enum Deed {
    /// Call this number.
    RingBack(String),
    /// Announce the missed call again later.
    SnoozeMissed(CallId),
    /// Remind of the task again later.
    SnoozeTask(crate::journal::TaskId),
    /// The task is done.
    Done(crate::journal::TaskId),
    /// Show the desk's window.
    Open,
}

/// The notification of a missed call.
pub(super) fn of_missed<Z: TimeZone>(missed: &MissedView, words: Words, zone: &Z) -> Raised
where
    Z::Offset: std::fmt::Display,
{
    let mut deeds = ring_back(missed.number.as_deref(), words);
    let call = CallId(missed.call.clone());
    deeds.push((say(words, "notify.snooze"), Deed::SnoozeMissed(call)));
    Raised {
        summary: say(words, "notify.missed"),
        body: who_and_when(missed, words, zone),
        deeds,
    }
}

/// The notification of something that comes back or is due.
pub(super) fn of_reminder<Z: TimeZone>(reminder: &Reminder, words: Words, zone: &Z) -> Raised
where
    Z::Offset: std::fmt::Display,
{
    match reminder {
        Reminder::Missed(missed) => of_missed(missed, words, zone),
        Reminder::Task(task) => of_task(task, words, zone),
    }
}

fn of_task<Z: TimeZone>(task: &Task, words: Words, zone: &Z) -> Raised
where
    Z::Offset: std::fmt::Display,
{
    let plan = &task.plan;
    let mut deeds = ring_back(Some(plan.number_display.as_str()), words);
    if plan.kind == TaskKind::FollowUp || deeds.is_empty() {
        deeds = vec![(say(words, "notify.open"), Deed::Open)];
    }
    deeds.push((say(words, "notify.snooze"), Deed::SnoozeTask(task.id)));
    deeds.push((say(words, "notify.done"), Deed::Done(task.id)));
    let who = [plan.customer_name.as_str(), &plan.number_display]
        .into_iter()
        .filter(|part| !part.is_empty());
    let who: Vec<&str> = who.collect();
    let lines = [who.join(", "), plan.text.clone(), clock(plan.due, zone)];
    let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    Raised {
        summary: say(
            words,
            match plan.kind {
                TaskKind::Callback => "notify.callback",
                TaskKind::FollowUp => "notify.follow_up",
            },
        ),
        body: lines.join("\n"),
        deeds,
    }
}

fn ring_back(number: Option<&str>, words: Words) -> Vec<(String, Deed)> {
    let number = number.filter(|number| !number.is_empty());
    number
        .map(|number| (say(words, "notify.ring_back"), Deed::RingBack(number.to_owned())))
        .into_iter()
        .collect()
}

/// Who, the number, and when by the clock of `zone`.
fn who_and_when<Z: TimeZone>(missed: &MissedView, words: Words, zone: &Z) -> String
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::Line;
    use crate::config::Language;
    use crate::journal::{NewTask, TaskId};
    use chrono::FixedOffset;

    fn berlin() -> FixedOffset {
        FixedOffset::east_opt(3600).expect("an offset")
    }

    fn at() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 3, 4, 13, 5, 9).single().expect("a time")
    }

    fn missed(name: Option<&str>, company: Option<&str>, number: Option<&str>) -> MissedView {
        MissedView {
            call: "pbx:1".to_owned(),
            name: name.map(str::to_owned),
            company: company.map(str::to_owned),
            number: number.map(str::to_owned),
            at: at(),
            rang_seconds: 12,
        }
    }

    fn task(kind: TaskKind, number: &str, text: &str) -> Reminder {
        Reminder::Task(Task {
            id: TaskId(7),
            plan: NewTask {
                kind,
                call: None,
                customer: None,
                customer_name: "Maria Anders".to_owned(),
                number_display: number.to_owned(),
                text: text.to_owned(),
                line: Line("101".to_owned()),
                due: at(),
            },
            created: at(),
            done: None,
        })
    }

    fn deeds(raised: &Raised) -> Vec<&Deed> {
        raised.deeds.iter().map(|(_, deed)| deed).collect()
    }

    #[test]
    fn the_body_says_who_called_from_where_and_when_by_the_local_clock() {
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
            assert_eq!(of_missed(&one, Words::of(Language::En), &berlin()).body, expected);
        }
        let withheld = of_missed(&missed(None, None, None), Words::of(Language::Hr), &berlin());
        assert_eq!(withheld.body, "Skriveni broj, 14:05");
    }

    #[test]
    fn a_missed_call_can_be_rung_back_unless_its_number_was_withheld() {
        let words = Words::of(Language::En);
        let snooze = Deed::SnoozeMissed(CallId("pbx:1".to_owned()));
        let known = of_missed(&missed(None, None, Some("+49 30 1")), words, &berlin());
        assert_eq!(deeds(&known), [&Deed::RingBack("+49 30 1".to_owned()), &snooze]);
        let withheld = of_missed(&missed(None, None, None), words, &berlin());
        assert_eq!(deeds(&withheld), [&snooze]);
    }

    #[test]
    fn a_callback_is_rung_back_and_a_follow_up_is_opened() {
        let words = Words::of(Language::En);
        let (snooze, done) = (Deed::SnoozeTask(TaskId(7)), Deed::Done(TaskId(7)));
        let callback = of_reminder(&task(TaskKind::Callback, "+49 30 1", ""), words, &berlin());
        assert_eq!(
            deeds(&callback),
            [&Deed::RingBack("+49 30 1".to_owned()), &snooze, &done]
        );
        assert_eq!(callback.body, "Maria Anders, +49 30 1\n14:05");
        let promise = of_reminder(
            &task(TaskKind::FollowUp, "+49 30 1", "send the offer"),
            words,
            &berlin(),
        );
        assert_eq!(deeds(&promise), [&Deed::Open, &snooze, &done]);
        assert_eq!(promise.body, "Maria Anders, +49 30 1\nsend the offer\n14:05");
        let nowhere = of_reminder(&task(TaskKind::Callback, "", ""), words, &berlin());
        assert_eq!(deeds(&nowhere), [&Deed::Open, &snooze, &done]);
    }
}
