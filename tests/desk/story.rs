//! The story of a recorded call as a supervisor reads it, and what they write about it.

use ringside::call::CallId;
use ringside::customer::CustomerRef;
use ringside::desk::{DeskError, DeskRequest, ReviewRequest, ShowAt};
use ringside::pop::view::{Mark, StoryView, StoryWhat, WhatView};

use super::{Seated, TO_THE_END};

fn story(seat: &mut Seated, call: &str) -> StoryView {
    let call = CallId(call.to_owned());
    seat.ask(|reply| DeskRequest::Review(ReviewRequest::Story(call, reply)))
        .expect("a story")
}

/// The calls of a recording in the order they began, each with its story.
fn stories(recording: &str) -> Vec<StoryView> {
    let mut seat = Seated::at(&["101"]);
    seat.play(recording, TO_THE_END);
    let mut names: Vec<String> = seat.log().into_iter().map(|row| row.call).collect();
    names.reverse();
    names.iter().map(|call| story(&mut seat, call)).collect()
}

/// What happened on the phone, in a few words each; `~` where it lasted.
fn told(story: &StoryView) -> Vec<String> {
    assert!(story.told);
    let phone = story.entries.iter().filter_map(|entry| match &entry.what {
        StoryWhat::Phone { event, seconds } => Some((event, seconds.is_some())),
        _ => None,
    });
    let short = |event: &WhatView| match event {
        WhatView::Began { .. } => "began".to_owned(),
        WhatView::Queued { queue } => format!("queued {queue}"),
        WhatView::Unqueued { outcome } => format!("unqueued {outcome:?}"),
        WhatView::Ringing { phone } => format!("{phone} rings"),
        WhatView::Answered { phone } => format!("{phone} talks"),
        WhatView::Consulted { phone, by } => format!("{by} asks {phone}"),
        WhatView::Held => "held".to_owned(),
        WhatView::Resumed => "resumed".to_owned(),
        WhatView::Transferred { how, by, to } => {
            let name = |one: &Option<String>| one.clone().unwrap_or_default();
            format!("{how:?} {} to {}", name(by), name(to))
        }
        WhatView::Voicemail => "voicemail".to_owned(),
        WhatView::LegEnded { phone, .. } => format!("{phone} leaves"),
        WhatView::Ended { by, .. } => format!("ended {}", by.map_or(String::new(), |by| format!("{by:?}"))),
        WhatView::Offered { .. } | WhatView::PartyChanged { .. } => "no step".to_owned(),
    };
    phone
        .map(|(event, lasts)| format!("{}{}", short(event), if lasts { " ~" } else { "" }))
        .collect()
}

/// That each of `wanted` is told, in that order, with others between.
#[track_caller]
fn assert_order(recording: &str, story: &StoryView, wanted: &[&str]) {
    let told = told(story);
    let mut rest = told.iter();
    for one in wanted {
        assert!(
            rest.any(|told| told == one),
            "{recording}: no `{one}` in its place in {told:#?}"
        );
    }
}

#[test]
fn a_transfer_says_how_and_who_passed_it_to_whom_and_who_got_it() {
    let blind = stories("transfer_blind");
    assert_order(
        "transfer_blind",
        &blind[0],
        &["began", "101 rings ~", "101 talks ~", "Blind 101 to 102", "102 talks ~"],
    );
    let attended = stories("transfer_attended");
    assert_order(
        "transfer_attended",
        &attended[0],
        &["began", "101 talks ~", "held ~", "Attended 101 to 102", "ended Caller"],
    );
    let blonde = stories("transfer_blonde");
    assert_order(
        "transfer_blonde",
        &blonde[0],
        &["101 talks ~", "Blonde 101 to 102", "102 talks ~"],
    );
}

#[test]
fn the_caller_s_call_and_the_consultation_name_each_other() {
    let both = stories("transfer_attended");
    let [caller, consultation] = both.as_slice() else {
        panic!("{} calls", both.len());
    };
    let other = &caller.others[0];
    assert_eq!(other.call, consultation.call.row.call);
    assert_eq!(
        (other.by.as_deref(), other.to.as_deref(), other.goes_on),
        (Some("101"), Some("102"), false)
    );
    assert_eq!(consultation.others.len(), 1);
    assert_eq!(consultation.others[0].call, caller.call.row.call);
    assert!(consultation.others[0].goes_on);
    assert_eq!(caller.call.talked, ["101", "102"]);
}

#[test]
fn a_queue_a_hold_and_a_mailbox_are_told() {
    let queue = stories("queue_one_answers");
    assert_order(
        "queue_one_answers",
        &queue[0],
        &["began", "queued support ~", "unqueued Answered"],
    );
    let abandoned = stories("queue_abandoned");
    assert_order(
        "queue_abandoned",
        &abandoned[0],
        &["queued support ~", "unqueued Abandoned"],
    );
    let hold = stories("hold");
    assert_order("hold", &hold[0], &["101 talks ~", "held ~", "resumed"]);
    let mailbox = stories("in_no_answer_voicemail");
    assert_order("in_no_answer_voicemail", &mailbox[0], &["101 rings ~", "voicemail"]);
}

#[test]
fn a_note_stands_in_the_story_with_what_it_said_before() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_answered", TO_THE_END);
    let call = seat.log().remove(0).call;
    for text in ["Two cases", "Three cases on Friday"] {
        seat.save(&call, text).expect("saved");
    }
    let story = story(&mut seat, &call);
    let notes: Vec<_> = story
        .entries
        .iter()
        .filter_map(|entry| match &entry.what {
            StoryWhat::Note { text, earlier } => Some((text.as_str(), earlier, entry.line.as_deref())),
            _ => None,
        })
        .collect();
    let [(text, earlier, line)] = notes.as_slice() else {
        panic!("{notes:?}");
    };
    assert_eq!((*text, *line), ("Three cases on Friday", Some("101")));
    assert_eq!(earlier.len(), 1);
    assert_eq!(earlier[0].text, "Two cases");
}

#[test]
fn what_the_number_said_stands_beside_what_the_agent_said_and_took_back() {
    let both = [
        ("ALFKI", "Maria Anders", "+1 202 555 0143"),
        ("BERGS", "Christina Berglund", "+1 202 555 0143"),
    ];
    let mut seat = Seated::with(&["101"], ShowAt::Ring, &both);
    seat.play("in_answered", TO_THE_END);
    let call = CallId(seat.log().remove(0).call);
    let christina = CustomerRef::new("files", "BERGS");
    seat.ask(|reply| DeskRequest::ChooseCustomer(call.clone(), christina, reply))
        .expect("chosen");
    seat.ask(|reply| DeskRequest::TakeBack(call.clone(), reply))
        .expect("taken back");
    let story = story(&mut seat, &call.0);
    let told: Vec<String> = story
        .entries
        .iter()
        .filter_map(|entry| match &entry.what {
            StoryWhat::Matched { verdict, customer } => Some(format!("{verdict:?} {customer:?}")),
            StoryWhat::Said { word, customer, before } => {
                assert_eq!(entry.line.as_deref(), Some("101"));
                Some(format!("{word:?} {customer:?} in place of {before:?}"))
            }
            _ => None,
        })
        .collect();
    let name = "Some(\"Christina Berglund\")";
    assert_eq!(
        told,
        [
            "Several None".to_owned(),
            format!("Chosen {name} in place of None"),
            format!("TakenBack None in place of {name}"),
        ]
    );
    assert!(story.call.said);
}

#[test]
fn a_comment_and_a_mark_are_in_the_story_after_a_start() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_answered", TO_THE_END);
    let call = CallId(seat.log().remove(0).call);
    let commented = seat.ask(|reply| {
        DeskRequest::Review(ReviewRequest::Comment(
            call.clone(),
            " Asked for the date. \n".to_owned(),
            reply,
        ))
    });
    assert_eq!(commented.expect("written").comments.len(), 1);
    let marked = seat.ask(|reply| DeskRequest::Review(ReviewRequest::Mark(call.clone(), Some(Mark::Coaching), reply)));
    assert_eq!(marked.expect("written").call.mark, Some(Mark::Coaching));

    let mut seat = seat.started_again();
    let story = story(&mut seat, &call.0);
    let comment = &story.comments[0];
    assert_eq!(
        (comment.text.as_str(), comment.by.as_str()),
        ("Asked for the date.", "101")
    );
    assert_eq!(story.marks.len(), 1);
    assert_eq!((story.call.mark, story.call.comments), (Some(Mark::Coaching), 1));
}

#[test]
fn a_comment_that_says_nothing_or_too_much_or_is_on_no_call_is_refused() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_answered", TO_THE_END);
    let call = CallId(seat.log().remove(0).call);
    let mut refused = |call: &CallId, text: String| -> DeskError {
        seat.ask(|reply| DeskRequest::Review(ReviewRequest::Comment(call.clone(), text, reply)))
            .expect_err("refused")
    };
    assert_eq!(refused(&call, " \n".to_owned()).code(), "no_text");
    assert_eq!(refused(&call, "x".repeat(10_001)).code(), "text_too_long");
    let nobody = CallId("pbx:no such call".to_owned());
    assert_eq!(refused(&nobody, "x".to_owned()).code(), "no_such_call");
}
