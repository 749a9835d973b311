//! `ringside calls show`: the story of one call.

use std::fmt::Write as _;
use std::io::{self, Write};

use chrono::{DateTime, Local, Utc};
use clap::Args;

use super::CallsError;
use crate::call::CallId;
use crate::cli::why::print::{plain, said};
use crate::desk::story;
use crate::journal::Journal;
use crate::pop::view::{
    LogRowView, Mark, OfferAnswer, OtherCallView, SaidKind, StoryEntryView, StoryView, StoryWhat, TaskKind, VerdictKind,
};

/// Says what happened in one call, and what was written about it.
#[derive(Args, Debug)]
pub(super) struct ShowArgs {
    /// The call as `ringside calls` names it
    call: String,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Tells the story of a call of `journal` on `out`.
pub(super) fn run(args: &ShowArgs, journal: &Journal, out: &mut dyn Write) -> Result<(), CallsError> {
    let id = CallId(args.call.trim().to_owned());
    let story = story(journal, &id)?.ok_or_else(|| CallsError::NoSuchCall(args.call.clone()))?;
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &story).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        out.write_all(page(&story).as_bytes())?;
    }
    Ok(())
}

fn page(story: &StoryView) -> String {
    let mut text = head(&story.call);
    if !story.told {
        text.push_str("Put together from who rang and who talked: an older version wrote no more down.\n");
    }
    text.push('\n');
    for entry in &story.entries {
        let _ = writeln!(text, "{}  {}", clock(entry.at), one(entry));
        if let StoryWhat::Note { earlier, .. } = &entry.what {
            for before in earlier {
                let _ = writeln!(
                    text,
                    "          at {} it said \"{}\"",
                    clock(before.at),
                    plain(&before.text)
                );
            }
        }
    }
    for other in &story.others {
        let _ = writeln!(text, "\n{}", beside(other));
    }
    for comment in &story.comments {
        let _ = writeln!(
            text,
            "\ncomment, {} {}: {}",
            moment(comment.at),
            plain(&comment.by),
            plain(&comment.text)
        );
    }
    for marked in &story.marks {
        let mark = marked.mark.map_or("mark taken away", mark_words);
        let _ = writeln!(text, "\n{mark}, {} {}", moment(marked.at), plain(&marked.by));
    }
    text
}

fn head(call: &LogRowView) -> String {
    let row = &call.row;
    let customer = row.customer.as_ref().map(|customer| plain(&customer.name));
    let who = customer.or_else(|| row.number.as_deref().map(plain));
    let who = who.unwrap_or_else(|| "number withheld".to_owned());
    let queue = call.queue.as_ref().map(|queue| format!(", queue {}", plain(queue)));
    format!(
        "{}  {who}{}  [{}]\n",
        moment(row.at),
        queue.unwrap_or_default(),
        plain(&row.call)
    )
}

fn one(entry: &StoryEntryView) -> String {
    let by = entry.line.as_ref().map(|line| format!(" at {}", plain(line)));
    format!("{}{}", what(&entry.what), by.unwrap_or_default())
}

fn what(what: &StoryWhat) -> String {
    let nobody = || "nobody".to_owned();
    match what {
        StoryWhat::Phone { event, seconds } => {
            let long = seconds.map(|seconds| format!(" ({}:{:02})", seconds / 60, seconds % 60));
            format!("{}{}", said(event), long.unwrap_or_default())
        }
        StoryWhat::Matched { verdict, customer } => {
            let customer = customer.as_ref().map(|name| format!(": {}", plain(name)));
            format!(
                "the number said {}{}",
                verdict_words(*verdict),
                customer.unwrap_or_default()
            )
        }
        StoryWhat::Said { word, customer, before } => {
            let now = customer.as_deref().map_or_else(nobody, plain);
            let before = before.as_deref().map_or_else(nobody, plain);
            format!("{} {now}, in place of {before}", word_words(*word))
        }
        StoryWhat::Note { text, .. } => format!("note \"{}\"", plain(text)),
        StoryWhat::Handed { text } => format!("a colleague's note \"{}\"", plain(text)),
        StoryWhat::Disposition { code } => format!("result {}", plain(code)),
        StoryWhat::Offer { product, answer } => format!("{} suggested: {}", plain(product), answer_words(*answer)),
        StoryWhat::Task { todo, text, due, done } => {
            let kind = match todo {
                TaskKind::FollowUp => "follow-up",
                TaskKind::Callback => "callback",
            };
            let state = done.map_or("open", |_| "done");
            format!("{kind} for {}, {state}: {}", moment(*due), plain(text))
        }
        StoryWhat::Ticket { id, subject, .. } => format!("ticket {id} {}", plain(subject)),
    }
}

fn verdict_words(verdict: VerdictKind) -> &'static str {
    match verdict {
        VerdictKind::Withheld => "nothing, because it was withheld",
        VerdictKind::Own => "that it is one of our own",
        VerdictKind::Internal => "that it is a colleague's",
        VerdictKind::Unknown => "nothing: nobody has it",
        VerdictKind::One => "one customer",
        VerdictKind::Several => "several customers",
    }
}

fn word_words(word: SaidKind) -> &'static str {
    match word {
        SaidKind::Chosen => "chosen:",
        SaidKind::Linked => "number linked to",
        SaidKind::Created => "new customer",
        SaidKind::TakenBack => "taken back:",
    }
}

fn answer_words(answer: OfferAnswer) -> &'static str {
    match answer {
        OfferAnswer::Offered => "no answer yet",
        OfferAnswer::Accepted => "accepted",
        OfferAnswer::Declined => "declined",
        OfferAnswer::NotNow => "not now",
    }
}

fn mark_words(mark: Mark) -> &'static str {
    match mark {
        Mark::Coaching => "marked for coaching",
        Mark::Reviewed => "reviewed",
    }
}

fn beside(other: &OtherCallView) -> String {
    let name = plain(&other.call);
    if other.goes_on {
        format!("it was talked over for {name}, which went on")
    } else {
        format!("the transfer was talked over in {name}")
    }
}

fn clock(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%H:%M:%S").to_string()
}

fn moment(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%Y-%m-%d %H:%M").to_string()
}
