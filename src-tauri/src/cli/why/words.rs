//! The English of `ringside why`: one sentence an answer, one a decision. Each answer says what to do first.

use chrono::{DateTime, Local, Utc};

use crate::call::Cause;
use crate::pop::view::{
    AnswerView, ChangeKind, DecisionKind, DecisionView, FeedHealth, GuardView, ReadAs, UnreadableView, VerdictKind,
};
use crate::start::unreadable_word;

/// The answer, as one or two sentences.
pub(super) fn answer(answer: &AnswerView) -> String {
    match answer {
        AnswerView::Popped {
            line,
            verdict,
            unreadable,
            took_us,
        } => {
            let took = took_us
                .map(|us| format!(", {} after it was heard", time(us)))
                .unwrap_or_default();
            format!("It popped at {line}{took}: {}.", who(*verdict, *unreadable))
        }
        AnswerView::Beside { line } => format!(
            "It popped at {line} as one more card, below the call you were on. Press the down key in the panel to open it."
        ),
        AnswerView::Waited { line } => format!(
            "It rang at {line}, and the panel is set to come up when a call is answered, which this one was not. For a \
             panel at the first ring, set show_at = \"ring\" under [panel] in config.toml."
        ),
        AnswerView::Quiet { line } => format!(
            "It rang at {line} while do not disturb was on, so nothing came up. What was missed stood in the panel afterwards."
        ),
        AnswerView::NoLines => {
            "No extension is yours, so no call is. Add yours on the page Connection, or as `extensions` \
                                under [agent] in config.toml."
                .to_owned()
        }
        AnswerView::NotMine { dialled, mine } => {
            let dialled = if dialled.is_empty() {
                "no phone that Ringside knows as an extension".to_owned()
            } else {
                dialled.join(", ")
            };
            format!(
                "It was for {dialled}, and yours is {}. If one of them is your phone, add it to your extensions on the \
                 page Connection.",
                list(mine)
            )
        }
        AnswerView::NotRung { line, cause: None } => format!(
            "{line} was dialled, and its ringing was never told. Look whether the phone is registered, and whether the feed \
             may hear ringing (docs/troubleshooting.md)."
        ),
        AnswerView::NotRung {
            line,
            cause: Some(cause),
        } => format!(
            "{line} was dialled and did not ring: {}. Look at the phone first.",
            self::cause(*cause)
        ),
        AnswerView::OverBefore { line } => format!(
            "It was answered or over at {line} when Ringside first heard of it. If Ringside had just started or \
             reconnected, that is why; else see docs/troubleshooting.md."
        ),
        AnswerView::NotTraced { rang, mine } => format!(
            "It is in the call log (it rang at {}; yours is {}), but its trace is not kept any more. Ask sooner, or make \
             such a call again.",
            list(rang),
            list(mine)
        ),
        AnswerView::NotRunning { since } => format!(
            "Ringside was not running then: it last was at {}. Start it with the computer, so that no call is missed.",
            when(*since)
        ),
        AnswerView::FeedDown {
            feed,
            health,
            since,
            detail,
        } => {
            let said = detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default();
            format!(
                "The phone system `{feed}` {} since {}{said}, so nothing could be heard of it. Mend that first; `ringside \
                 doctor` says how.",
                health_words(*health),
                when(*since)
            )
        }
        AnswerView::NotHeard { feeds } => format!(
            "The phone system was connected ({}) and told of no such call. Check the number, then what the phone system \
             lets Ringside hear (docs/troubleshooting.md).",
            list(feeds)
        ),
        AnswerView::NothingTraced => {
            "Ringside knows nothing of that time: it has not run since traces are kept. Start it, \
                                      then make the call again."
                .to_owned()
        }
    }
}

fn who(verdict: VerdictKind, unreadable: Option<UnreadableView>) -> String {
    match (verdict, unreadable) {
        (_, Some(why)) => format!(
            "nobody is named, because the number cannot be read ({})",
            unreadable_word(why)
        ),
        (VerdictKind::Withheld, _) => "nobody is named, because the caller withheld the number".to_owned(),
        (VerdictKind::Own, _) => "the number is one of our own".to_owned(),
        (VerdictKind::Internal, _) => "a colleague called".to_owned(),
        (VerdictKind::Unknown, _) => "nobody in the data has the number; if somebody should, see their number with \
                                      `ringside lookup`"
            .to_owned(),
        (VerdictKind::One, _) => "one customer has the number".to_owned(),
        (VerdictKind::Several, _) => "several customers share the number".to_owned(),
    }
}

/// What was decided, as half a sentence.
pub(super) fn decision(decision: &DecisionView) -> String {
    let by = decision.by.as_deref().unwrap_or("another phone");
    match decision.why {
        DecisionKind::Shown => "shown".to_owned(),
        DecisionKind::Beside => format!("shown as a card below the call that stands open ({by})"),
        DecisionKind::Waits => "not yet: the panel is set to come up when the call is answered".to_owned(),
        DecisionKind::Quiet => "not shown: do not disturb was on".to_owned(),
        DecisionKind::WrapUp => "over; its note is open".to_owned(),
        DecisionKind::OtherLine => format!("shown at {by}, which is yours too"),
        DecisionKind::NoLines => "not shown: no extension is yours".to_owned(),
        DecisionKind::NotMine if decision.by.is_none() => "not shown: none of your extensions is dialled".to_owned(),
        DecisionKind::NotMine => format!("not shown: {by} is dialled, none of yours"),
        DecisionKind::NotRinging => "not yet: dialled, and not ringing".to_owned(),
        DecisionKind::NotRung => format!("not shown: the phone never rang ({})", by.replace('_', " ")),
        DecisionKind::AnsweredElsewhere => format!("gone: {by} took it"),
        DecisionKind::Missed => "gone: nobody took it; it stands among the missed calls".to_owned(),
        DecisionKind::Rejected => "gone: it was refused here".to_owned(),
        DecisionKind::StoppedRinging => "gone: it rings elsewhere now, or nowhere".to_owned(),
        DecisionKind::Joined => "gone: the consultation was joined with the caller's call".to_owned(),
        DecisionKind::OverBefore => "not shown: it was over when it was first heard of".to_owned(),
        DecisionKind::Closed => "closed".to_owned(),
    }
}

pub(super) fn change(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Began => "began",
        ChangeKind::Offered => "dialled",
        ChangeKind::Consulted => "consulted",
        ChangeKind::Ringing => "ringing",
        ChangeKind::Answered => "answered",
        ChangeKind::Held => "held",
        ChangeKind::Resumed => "resumed",
        ChangeKind::PartyChanged => "caller changed",
        ChangeKind::Queue => "queue",
        ChangeKind::Transferred => "transferred",
        ChangeKind::Diverted => "diverted",
        ChangeKind::LegEnded => "phone out of it",
        ChangeKind::Ended => "ended",
    }
}

pub(super) fn read_as(read: ReadAs) -> &'static str {
    match read {
        ReadAs::International => "with its country code",
        ReadAs::National => "as a number of the country",
        ReadAs::Repaired => "with a repair of the country's numbering plan",
        ReadAs::NoArea => "with your area code supplied",
        ReadAs::NoZero => "with Italy's 0 supplied",
        ReadAs::NoNinth => "with Brazil's ninth digit supplied",
        ReadAs::NoCountry => "as a national number of some country",
        ReadAs::Outside => "without a first digit that may be an outside-line prefix",
        ReadAs::Extension => "as an extension",
    }
}

pub(super) fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Normal => "hung up",
        Cause::Busy => "busy, or set to do not disturb",
        Cause::NoAnswer => "the time was up",
        Cause::Cancelled => "the caller gave up",
        Cause::AnsweredElsewhere => "another phone took the call first",
        Cause::Rejected => "refused",
        Cause::Unreachable => "it could not be reached",
        Cause::Stale => "nothing more was heard",
        Cause::Other => "for another reason",
    }
}

fn health_words(health: FeedHealth) -> &'static str {
    match health {
        FeedHealth::Starting => "had not been connected",
        FeedHealth::Up => "was connected",
        FeedHealth::Lost => "was not connected",
        FeedHealth::Refused => "refused Ringside",
    }
}

/// A time by the clock of this computer.
pub(super) fn when(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%Y-%m-%d %H:%M:%S").to_string()
}

/// Microseconds, or milliseconds where there are many.
pub(super) fn time(us: u32) -> String {
    match us {
        0..10_000 => format!("{us} µs"),
        _ => format!("{} ms", us / 1000),
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

/// Why a product was not suggested.
pub(super) fn guard(guard: GuardView) -> &'static str {
    match guard {
        GuardView::Evidence => "fewer than five baskets speak for it",
        GuardView::Discontinued => "it is no longer sold",
        GuardView::Stock => "it is out of stock",
        GuardView::Owned => "it lasts, and the customer has it",
        GuardView::Declined => "the customer said no within 90 days",
        GuardView::Sensitive => "it or its category is sensitive",
        GuardView::OptedOut => "the customer wants no advertising",
        GuardView::Overdue => "paused, because the customer owes what is past due",
        GuardView::Complaint => "paused, because a complaint is open",
    }
}

/// A guard in a word.
pub(super) fn guard_name(guard: GuardView) -> &'static str {
    match guard {
        GuardView::Evidence => "evidence",
        GuardView::Discontinued => "discontinued",
        GuardView::Stock => "stock",
        GuardView::Owned => "durables",
        GuardView::Declined => "declined",
        GuardView::Sensitive => "sensitive",
        GuardView::OptedOut => "opt-out",
        GuardView::Overdue => "overdue",
        GuardView::Complaint => "complaint",
    }
}
