//! Why a call did or did not pop: what the desk remembers of recorded calls, and what it answers.

use std::time::{Duration, Instant};

use ringside::call::{CallEvent, CallKey, Cause, Direction, Endpoint, LegKey, Party, Presentation};
use ringside::customer::{Currency, Money};
use ringside::desk::Keeper;
use ringside::feed::replay::{AmiReader, Reader, Recording};
use ringside::feed::{Framing, Heard, Tap};
use ringside::journal::Traces;
use ringside::pop::Cover;
use ringside::pop::view::{AnswerView, DecisionKind, Grade, GuardView, MatchReason, ReadAs, WhyView};
use ringside::source::record::OrderLineRow;
use ringside::words::Saying;

use super::*;

/// A desk that traces, and the tap of its one feed.
struct Traced {
    seat: Seated,
    tap: Tap,
}

impl Traced {
    fn at(lines: &[&str], show_at: ShowAt) -> Self {
        Self::of(Seated::with(
            lines,
            show_at,
            &[("ALFKI", "Maria Anders", "+1 202 555 0143")],
        ))
    }

    fn of(seat: Seated) -> Self {
        let traces = Traces::open(&seat.folder.path().join("traces.db"), &seat.key).expect("traces");
        let heard = Heard::default();
        let tap = heard.tap("asterisk", Framing::Stream);
        let (keeper, _thread) = Keeper::start(traces).expect("a thread");
        let seat = Seated {
            desk: seat.desk.traced(heard, keeper),
            ..seat
        };
        Traced { seat, tap }
    }

    /// Plays a recording to its end with the bytes it was read from, as a feed hands them on.
    fn play(&mut self, recording: &str) -> &mut Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/calls")
            .join(recording)
            .join("recording.ami");
        let dialplan = Dialplan::new("101|102|103", vec!["voicemail".to_owned()]).expect("a pattern");
        let mut reader = AmiReader::new(dialplan);
        let mut pieces = Recording::open(File::open(path).expect("a recording")).expect("readable");
        let mut first = None;
        while let Some(piece) = pieces.piece().expect("readable") {
            let at = self.seat.now + (piece.at - *first.get_or_insert(piece.at));
            self.tap.take(at, &piece.bytes);
            for event in reader.read(&piece.bytes, at) {
                self.seat.signal(Signal::Event(event), at);
            }
        }
        self
    }

    fn why(&mut self, call: &str) -> WhyView {
        let (reply, answer) = oneshot::channel();
        let call = CallId(call.to_owned());
        self.seat.desk.request(DeskRequest::Why(call, reply), self.seat.now);
        answer.blocking_recv().expect("answered").expect("an answer")
    }

    /// Of the one call in the log.
    fn why_of_the_call(&mut self) -> WhyView {
        let call = self.seat.log().remove(0).call;
        self.why(&call)
    }
}

/// A call from `number` to 101 that is still ringing.
fn ringing(key: &str, number: &str, presentation: Presentation) -> [CallEvent; 3] {
    let call = CallKey(key.to_owned());
    let leg = LegKey(format!("{key}/101"));
    let remote = Party {
        number: number.to_owned(),
        name: "M. Anders".to_owned(),
        presentation,
        ..Party::default()
    };
    let to = Endpoint::Line(Line("101".to_owned()));
    [
        CallEvent::Began {
            call: call.clone(),
            direction: Direction::In,
            remote,
            called: "+493023125101".to_owned(),
            trunk: None,
            origin: None,
        },
        CallEvent::Offered {
            call: call.clone(),
            leg: leg.clone(),
            to,
        },
        CallEvent::Ringing { call, leg },
    ]
}

#[test]
fn a_call_that_popped_says_where_who_and_how_fast_with_every_step_from_what_was_heard_to_the_panel() {
    let mut traced = Traced::at(&["101"], ShowAt::Ring);
    let why = traced.play("in_answered").why_of_the_call();
    let AnswerView::Popped {
        line, verdict, took_us, ..
    } = &why.answer
    else {
        panic!("{:?}", why.answer);
    };
    assert_eq!((line.as_str(), *verdict), ("101", VerdictKind::One));
    assert!(took_us.is_some());
    assert_eq!(why.customer.as_ref().map(|one| one.name.as_str()), Some("Maria Anders"));

    let shown = why
        .steps
        .iter()
        .find(|step| step.decisions.iter().any(|one| one.why == DecisionKind::Shown))
        .expect("a step that shows it");
    let raw = shown.raw.as_deref().expect("what was heard");
    assert!(raw.contains("Event: "), "{raw}");
    let looked = shown.looked.as_ref().expect("looked up");
    assert_eq!(looked.number.as_deref(), Some("+12025550143"));
    assert_eq!(looked.readings.len(), 1);
    assert_eq!(
        (
            looked.readings[0].number.as_str(),
            looked.readings[0].read_as,
            looked.readings[0].holders
        ),
        ("+12025550143", ReadAs::International, 1)
    );
    assert_eq!(
        (looked.candidates[0].grade, looked.candidates[0].reason.code),
        (Grade::Exact, MatchReason::BothInternational)
    );
    assert!(shown.timings.tracker_us.is_some() && shown.timings.lookup_us.is_some());
    assert!(shown.timings.panel_us <= shown.timings.whole_us);
    assert!(
        why.steps.iter().all(|step| step.event.is_some() && step.raw.is_some()),
        "each step was heard"
    );
}

#[test]
fn a_call_that_did_not_pop_names_the_one_thing_that_kept_it_away() {
    let busy = AnswerView::NotRung {
        line: "101".to_owned(),
        cause: Some(Cause::Busy),
    };
    assert_eq!(
        Traced::at(&["101"], ShowAt::Ring)
            .play("in_busy")
            .why_of_the_call()
            .answer,
        busy
    );

    let waited = AnswerView::Waited { line: "101".to_owned() };
    let mut missed = Traced::at(&["101"], ShowAt::Answer);
    assert_eq!(missed.play("in_missed").why_of_the_call().answer, waited);

    let not_mine = AnswerView::NotMine {
        dialled: vec!["101".to_owned()],
        mine: vec!["103".to_owned()],
    };
    let mut other = Traced::at(&["103"], ShowAt::Ring);
    assert_eq!(other.play("in_answered").why_of_the_call().answer, not_mine);

    let mut nobody = Traced::at(&[], ShowAt::Ring);
    assert_eq!(nobody.play("in_answered").why_of_the_call().answer, AnswerView::NoLines);
}

#[test]
fn a_phone_that_cannot_be_reached_is_told_from_one_that_was_never_dialled() {
    let mut offline = Traced::at(&["101"], ShowAt::Ring);
    let answer = offline.play("in_offline").why_of_the_call().answer;
    assert!(
        matches!(
            &answer,
            AnswerView::NotRung { cause: Some(_), .. } | AnswerView::NotMine { .. }
        ),
        "{answer:?}"
    );
}

#[test]
fn a_call_that_another_call_covers_says_which_stands_open() {
    let mut traced = Traced::at(&["101"], ShowAt::Ring);
    let now = traced.seat.now;
    for event in ringing("first", "+12025550143", Presentation::Allowed) {
        traced.seat.signal(Signal::Event(event), now);
    }
    let answered = CallEvent::Answered {
        call: CallKey("first".to_owned()),
        leg: LegKey("first/101".to_owned()),
    };
    traced.seat.signal(Signal::Event(answered), now);
    for event in ringing("second", "+493023125199", Presentation::Allowed) {
        traced.seat.signal(Signal::Event(event), now);
    }
    let why = traced.why("asterisk:second");
    assert_eq!(why.answer, AnswerView::Beside { line: "101".to_owned() });
    let last = why.steps.iter().flat_map(|step| &step.decisions).next_back();
    assert_eq!(last.and_then(|one| one.by.as_deref()), Some("asterisk:first"));
}

#[test]
fn nothing_that_tells_a_withheld_number_is_kept_also_when_it_is_withheld_later() {
    let mut traced = Traced::at(&["101"], ShowAt::Ring);
    let why = traced.play("cid_anonymous").why_of_the_call();
    let text = serde_json::to_string(&why).expect("JSON");
    assert!(!text.contains("2025550143") && !text.contains("202 555"), "{text}");
    assert!(why.steps.iter().all(|step| step.hidden && step.raw.is_none()));
    let AnswerView::Popped { verdict, .. } = why.answer else {
        panic!("{:?}", why.answer);
    };
    assert_eq!(verdict, VerdictKind::Withheld);

    let mut later = Traced::at(&["101"], ShowAt::Ring);
    let now = later.seat.now;
    for event in ringing("c", "+12025550143", Presentation::Allowed) {
        later.tap.take(now, b"Event: X\r\nCallerID: +12025550143\r\n\r\n");
        later.seat.signal(Signal::Event(event), now);
    }
    assert!(later.why("asterisk:c").steps[0].raw.is_some());
    let restricted = CallEvent::PartyChanged {
        call: CallKey("c".to_owned()),
        remote: Party {
            number: "+12025550143".to_owned(),
            presentation: Presentation::Restricted,
            ..Party::default()
        },
    };
    later.seat.signal(Signal::Event(restricted), now);
    let why = later.why("asterisk:c");
    let steps = serde_json::to_string(&why.steps).expect("JSON");
    assert!(!steps.contains("2025550143") && !steps.contains("Anders"), "{steps}");
}

#[test]
fn a_call_that_nobody_heard_of_is_explained_by_the_feed_that_was_down() {
    let mut traced = Traced::at(&["101"], ShowAt::Ring);
    traced.seat.now = Utc::now();
    let now = traced.seat.now;
    traced.seat.signal(Signal::Up { caveat: None }, now);
    std::thread::sleep(Duration::from_millis(300));
    traced.seat.now = Utc::now();
    assert_eq!(
        traced.why("asterisk:no such call").answer,
        AnswerView::NotHeard {
            feeds: vec!["asterisk".to_owned()]
        }
    );
    let lost = Signal::Lost(Saying::of("said.ami_closed"));
    let since = traced.seat.now;
    traced.seat.signal(lost, since);
    let AnswerView::FeedDown {
        feed, health, detail, ..
    } = traced.why("asterisk:no such call").answer
    else {
        panic!("the feed is down");
    };
    assert_eq!((feed.as_str(), health), ("asterisk", FeedHealth::Lost));
    assert_eq!(detail.as_deref(), Some("Asterisk closed the connection"));
}

#[test]
fn a_name_of_a_call_with_odd_characters_is_asked_for_and_found_like_any_other() {
    let mut traced = Traced::at(&["101"], ShowAt::Ring);
    let now = traced.seat.now;
    let odd = "a'b\"; DROP TABLE steps; -- %2B\u{0}\u{202e}é/../\n";
    for event in ringing(odd, "+12025550143", Presentation::Allowed) {
        traced.seat.signal(Signal::Event(event), now);
    }
    let why = traced.why(&format!("asterisk:{odd}"));
    assert!(matches!(why.answer, AnswerView::Popped { .. }), "{:?}", why.answer);
    assert_eq!(why.steps.len(), 3);
}

#[test]
fn a_call_with_endless_events_keeps_its_first_steps_and_counts_the_others() {
    let mut traced = Traced::at(&["101"], ShowAt::Ring);
    let now = traced.seat.now;
    for event in ringing("long", "+12025550143", Presentation::Allowed) {
        traced.seat.signal(Signal::Event(event), now);
    }
    let call = CallKey("long".to_owned());
    for _ in 0..1000 {
        traced
            .seat
            .signal(Signal::Event(CallEvent::Held { call: call.clone() }), now);
        traced
            .seat
            .signal(Signal::Event(CallEvent::Resumed { call: call.clone() }), now);
    }
    let why = traced.why("asterisk:long");
    assert!(
        why.steps.len() < 1000 && why.left_out > 1000,
        "{} {}",
        why.steps.len(),
        why.left_out
    );
    assert!(matches!(why.answer, AnswerView::Popped { .. }));
}

#[test]
fn a_disk_that_does_not_answer_holds_no_pop_up() {
    let usual = {
        let mut traced = Traced::at(&["101"], ShowAt::Ring);
        ring_often(&mut traced)
    };
    let mut traced = Traced::at(&["101"], ShowAt::Ring);
    let path = traced.seat.folder.path().join("traces.db");
    let lock = rusqlite::Connection::open(&path).expect("opened");
    let key = format!("PRAGMA key = \"x'{}'\"; BEGIN IMMEDIATE", *traced.seat.key.hex());
    lock.execute_batch(&key).expect("locked");
    let locked_out = ring_often(&mut traced);
    // whoever waited for the writer would wait ten seconds for the lock, again and again
    let waited = locked_out.saturating_sub(usual * 3);
    assert!(waited < Duration::from_secs(9), "{locked_out:?} instead of {usual:?}");
    assert_eq!(traced.seat.view().cards.len(), 300);
    drop(lock);
}

/// More calls than wait for the writer; how long the desk took.
fn ring_often(traced: &mut Traced) -> Duration {
    let (now, began) = (traced.seat.now, Instant::now());
    for nth in 0..300 {
        for event in ringing(&format!("c{nth}"), "+12025550143", Presentation::Allowed) {
            traced.seat.signal(Signal::Event(event), now);
        }
    }
    began.elapsed()
}

#[test]
fn a_desk_without_traces_says_so_instead_of_answering() {
    let mut seat = Seated::at(&["101"]);
    let answer = seat.ask(|reply| DeskRequest::Why(CallId("asterisk:1".to_owned()), reply));
    assert!(matches!(answer, Err(DeskError::NoTraces)));
}

/// Maria bought tea; everybody else who buys tea buys a pot with it.
fn sell_tea_with_pots(seat: &Seated) {
    let directory = Directory::open(&seat.folder.path().join("cache.db"), seat.key.bytes()).expect("a cache");
    let mut import = directory.begin_import("files", seat.now).expect("an import");
    let line = |customer: &str, order: u32, product: &str| {
        Record::OrderLine(OrderLineRow {
            customer: customer.to_owned(),
            order: order.to_string(),
            at: seat.now - TimeDelta::days(i64::from(1 + order % 28)),
            product: product.to_owned(),
            quantity_milli: 1_000,
            amount: Money {
                minor: 500,
                currency: Currency::EUR,
            },
        })
    };
    let pairs = (100..120).flat_map(|order| [line("BERGS", order, "tea"), line("BERGS", order, "pot")]);
    let others = (200..300).map(|order| line("BERGS", order, "jam"));
    for record in pairs.chain(others).chain([line("ALFKI", 1, "tea")]) {
        import.record(&record).expect("taken in");
    }
    import.finish().expect("finished");
}

#[test]
fn while_what_they_owe_is_covered_the_trace_does_not_say_that_advice_waits_for_it() {
    let of = |cover| {
        let rules = Rules {
            cover,
            ..Rules::default()
        };
        let customers = [
            ("ALFKI", "Maria Anders", "+1 202 555 0143"),
            ("BERGS", "Christina Berglund", "+49 30 23125999"),
        ];
        let seat = Seated::under(rules, &["101"], ShowAt::Ring, &customers);
        sell_tea_with_pots(&seat);
        let why = Traced::of(seat).play("in_answered").why_of_the_call();
        let looked = why.steps.into_iter().filter_map(|step| step.looked);
        looked
            .flat_map(|looked| looked.silenced)
            .map(|one| one.guard)
            .collect::<Vec<_>>()
    };
    assert!(of(Cover::Never).contains(&GuardView::Overdue));
    assert_eq!(of(Cover::Always), []);
}
