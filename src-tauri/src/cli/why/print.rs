//! A trace as text: the answer first, then the steps.

use std::fmt::Write as _;

use super::words;
use crate::cli::lookup;
use crate::pop::view::{DecisionView, LookedView, StepView, TimingsView, WhatView, WhyView};
use crate::start::unreadable_word;

/// The whole answer. `asked` is what was looked for when no call was found.
pub(super) fn page(view: &WhyView, asked: Option<&str>) -> String {
    let mut text = String::new();
    if let Some(asked) = asked {
        let _ = writeln!(text, "No call `{}` was heard.", plain(asked));
    }
    let _ = writeln!(text, "{}", words::answer(&view.answer));
    if let Some(call) = &view.call {
        let _ = writeln!(text, "\n{}", head(view, call));
    }
    for step in &view.steps {
        text.push_str(&one_step(step));
    }
    if view.left_out > 0 {
        let _ = writeln!(
            text,
            "\n{} more steps were left out: the call had too many.",
            view.left_out
        );
    }
    text
}

fn head(view: &WhyView, call: &str) -> String {
    let at = view.at.map(words::when);
    let name = view.customer.as_ref().map(|customer| customer.name.clone());
    let parts = [Some(plain(call)), at, view.number.clone(), name];
    parts.into_iter().flatten().collect::<Vec<_>>().join("  ")
}

fn one_step(step: &StepView) -> String {
    let mut text = format!("\n{}  {}\n", words::when(step.at), event(step));
    let changes: Vec<String> = step
        .changes
        .iter()
        .map(|change| match &change.phone {
            Some(phone) => format!("{} {}", words::change(change.what), plain(phone)),
            None => words::change(change.what).to_owned(),
        })
        .collect();
    if !changes.is_empty() {
        let _ = writeln!(text, "  change    {}", changes.join(", "));
    } else if step.event.is_some() {
        let _ = writeln!(text, "  change    none: it was known, or waits for what it refers to");
    }
    if let Some(looked) = &step.looked {
        text.push_str(&lookup(looked));
    }
    for one in &step.decisions {
        let _ = writeln!(text, "  panel     {}", decision(one));
    }
    if let Some(timings) = timings(&step.timings) {
        let _ = writeln!(text, "  time      {timings}");
    }
    if step.hidden {
        let _ = writeln!(text, "  heard     not kept, because the caller withheld the number");
    }
    for line in step.raw.iter().flat_map(|raw| raw.lines()) {
        let _ = writeln!(text, "  heard     {}", plain(line));
    }
    text
}

fn event(step: &StepView) -> String {
    match &step.event {
        Some(event) => said(event),
        None => "time or a person".to_owned(),
    }
}

/// What happened on the phone, as half a sentence.
pub(in crate::cli) fn said(event: &WhatView) -> String {
    let who = |name: &Option<String>, number: &Option<String>| {
        let parts: Vec<&str> = [name, number].into_iter().flatten().map(String::as_str).collect();
        if parts.is_empty() {
            "no number".to_owned()
        } else {
            plain(&parts.join(" "))
        }
    };
    match event {
        WhatView::Began {
            number, name, called, ..
        } => format!(
            "began: {}, for {}",
            who(name, number),
            plain(called.as_deref().unwrap_or("no number"))
        ),
        WhatView::Offered { phone } => format!("dialled {}", plain(phone)),
        WhatView::Consulted { phone, by } => format!("{} asks {}", plain(by), plain(phone)),
        WhatView::Ringing { phone } => format!("{} rings", plain(phone)),
        WhatView::Answered { phone } => format!("{} answered", plain(phone)),
        WhatView::Held => "on hold".to_owned(),
        WhatView::Resumed => "off hold".to_owned(),
        WhatView::PartyChanged { number, name } => format!("the other side is {}", who(name, number)),
        WhatView::Queued { queue } => format!("waits in {}", plain(queue)),
        WhatView::Unqueued { .. } => "waits no longer".to_owned(),
        WhatView::Transferred { by, to, .. } => format!(
            "{} passed it to {}",
            plain(by.as_deref().unwrap_or("somebody")),
            plain(to.as_deref().unwrap_or("somewhere"))
        ),
        WhatView::Voicemail => "went to a mailbox".to_owned(),
        WhatView::LegEnded { phone, cause } => format!("{} is out: {}", plain(phone), words::cause(*cause)),
        WhatView::Ended { cause, .. } => format!("over: {}", words::cause(*cause)),
    }
}

fn lookup(looked: &LookedView) -> String {
    let mut text = String::new();
    let came = looked.number.as_deref().map_or("no number".to_owned(), plain);
    let region = looked
        .region
        .as_deref()
        .map(|region| format!(" (in {region})"))
        .unwrap_or_default();
    let _ = writeln!(text, "  number    {came}{region}");
    if let Some(why) = looked.unreadable {
        let _ = writeln!(text, "  read      not at all: {}", unreadable_word(why));
    }
    for reading in &looked.readings {
        let _ = writeln!(
            text,
            "  read      {} {}: {} in the data",
            plain(&reading.number),
            words::read_as(reading.read_as),
            reading.holders
        );
    }
    for one in &looked.candidates {
        let name = plain(&one.customer.name);
        let _ = writeln!(
            text,
            "  who       {name} ({}): {}",
            plain(&one.customer.reference),
            lookup::words::reason(one.reason.code)
        );
    }
    if looked.more > 0 {
        let _ = writeln!(text, "  who       and {} more", looked.more);
    }
    if looked.chosen {
        let _ = writeln!(text, "  who       the agent said so");
    }
    for one in &looked.silenced {
        let _ = writeln!(text, "  not said  {}: {}", plain(&one.name), words::guard(one.guard));
    }
    if !looked.guards_off.is_empty() {
        let off: Vec<&str> = looked.guards_off.iter().map(|one| words::guard_name(*one)).collect();
        let _ = writeln!(text, "  guards    off, for nothing is known: {}", off.join(", "));
    }
    text
}

fn decision(one: &DecisionView) -> String {
    match &one.line {
        Some(line) => format!("{}: {}", plain(line), words::decision(one)),
        None => words::decision(one),
    }
}

fn timings(timings: &TimingsView) -> Option<String> {
    let parts = [
        ("waited", timings.waited_us),
        ("tracker", timings.tracker_us),
        ("lookup", timings.lookup_us),
        ("panel", timings.panel_us),
        ("whole", timings.whole_us),
    ];
    let said: Vec<String> = parts
        .iter()
        .filter_map(|(name, us)| us.map(|us| format!("{name} {}", words::time(us))))
        .collect();
    (!said.is_empty()).then(|| said.join(", "))
}

/// What came from outside, without what would move the cursor of a terminal.
pub(in crate::cli) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}
