//! The filters of the call log: each lets through what it says and nothing else, page by page.

use chrono::TimeDelta;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ringside::call::{CallId, Direction, Line, Outcome};
use ringside::customer::CustomerRef;
use ringside::journal::{CallFilter, CallRecord, Journal, Mark};
use ringside::store;

use super::{answered, id, journal, key, noon};

fn names(journal: &Journal, filter: &CallFilter) -> Vec<String> {
    let found = journal.calls_by(filter, None, 100).expect("read");
    let name = |id: CallId| id.0.trim_start_matches("pbx:").to_owned();
    found.into_iter().map(|logged| name(logged.call.id)).collect()
}

fn put(journal: &mut Journal, name: &str, minutes: i64, change: impl FnOnce(&mut CallRecord)) {
    let mut call = answered(name, minutes);
    change(&mut call);
    journal.put_call(&call).expect("written");
}

#[test]
fn each_filter_lets_through_what_it_says_and_nothing_else() {
    let (_folder, mut journal) = journal();
    put(&mut journal, "plain", 0, |_| {});
    put(&mut journal, "missed", 10, |call| call.outcome = Some(Outcome::Missed));
    put(&mut journal, "out", 20, |call| call.direction = Direction::Out);
    put(&mut journal, "orders", 30, |call| {
        call.facts.queue = Some("orders".to_owned());
    });
    put(&mut journal, "other", 40, |call| {
        call.customer = None;
        call.facts.verdict = Some("unknown".to_owned());
    });
    put(&mut journal, "unasked", 50, |call| call.facts.verdict = None);
    put(&mut journal, "alone", 60, |call| call.lines.truncate(1));
    journal
        .save_note(&id("plain"), "Wants müsli on Friday", noon())
        .expect("saved");
    let line = Line("101".to_owned());
    journal
        .set_disposition(&id("out"), Some("order"), &line, noon())
        .expect("set");

    let by = super::marks::lucia();
    for mark in [Mark::Coaching, Mark::Reviewed] {
        journal.mark(&id("orders"), &by, Some(mark), noon()).expect("marked");
    }
    journal
        .mark(&id("missed"), &by, Some(Mark::Coaching), noon())
        .expect("marked");

    let everything = ["alone", "unasked", "other", "orders", "out", "missed", "plain"];
    assert_eq!(names(&journal, &CallFilter::default()), everything);
    let asked = |change: fn(&mut CallFilter)| {
        let mut filter = CallFilter::default();
        change(&mut filter);
        names(&journal, &filter)
    };
    assert_eq!(asked(|filter| filter.outcome = Some(Outcome::Missed)), ["missed"]);
    assert_eq!(asked(|filter| filter.direction = Some(Direction::Out)), ["out"]);
    assert_eq!(asked(|filter| filter.queue = "orders".to_owned()), ["orders"]);
    assert_eq!(asked(|filter| filter.disposition = "order".to_owned()), ["out"]);
    assert_eq!(asked(|filter| filter.words = "friday MUSL".to_owned()), ["plain"]);
    assert_eq!(asked(|filter| filter.mark = Some(Mark::Coaching)), ["missed"]);
    assert_eq!(asked(|filter| filter.mark = Some(Mark::Reviewed)), ["orders"]);
    assert_eq!(asked(|filter| filter.matched = Some(false)), ["other"]);
    assert!(!asked(|filter| filter.matched = Some(true)).contains(&"unasked".to_owned()));
    assert_eq!(asked(|filter| filter.customer = "files/ALFKI".to_owned()).len(), 6);
    assert_eq!(asked(|filter| filter.extension = "101".to_owned()).len(), 6);
    assert_eq!(
        asked(|filter| filter.from = Some(noon() + TimeDelta::minutes(60))),
        ["alone"]
    );
    assert_eq!(asked(|filter| filter.until = Some(noon())), Vec::<String>::new());
}

#[test]
fn what_is_typed_into_a_filter_is_a_value_and_never_a_statement() {
    let (_folder, mut journal) = journal();
    put(&mut journal, "plain", 0, |_| {});
    for hostile in ["' OR 1=1 --", "\"*", "a AND", "NEAR(", "-", "\u{0}", "%"] {
        let filter = CallFilter {
            queue: hostile.to_owned(),
            ..CallFilter::default()
        };
        assert!(names(&journal, &filter).is_empty(), "{hostile}");
        let filter = CallFilter {
            words: hostile.to_owned(),
            ..CallFilter::default()
        };
        journal.calls_by(&filter, None, 10).expect("words are no syntax");
    }
    assert_eq!(journal.counts().expect("read").calls, 1);
}

#[test]
fn a_page_follows_another_without_a_gap() {
    let (_folder, mut journal) = journal();
    for minute in 0..25 {
        put(&mut journal, &format!("call-{minute:02}"), minute / 3, |_| {});
    }
    let filter = CallFilter {
        direction: Some(Direction::In),
        ..CallFilter::default()
    };
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let page = journal.calls_by(&filter, before.as_ref(), 4).expect("read");
        let Some(last) = page.last() else { break };
        before = Some(last.call.cursor());
        all.extend(page.into_iter().map(|logged| logged.call.id));
    }
    let once = journal.calls_by(&filter, None, 100).expect("read");
    assert_eq!(all, once.into_iter().map(|logged| logged.call.id).collect::<Vec<_>>());
    assert_eq!(all.len(), 25);
}

/// What the filters are asked of, at random but the same each time: few values, so that filters meet, one of them rare.
fn scatter(journal: &mut Journal, calls: u32) -> Vec<Kept> {
    let mut random = ChaCha8Rng::seed_from_u64(20);
    let by = super::marks::lucia();
    let mut all = Vec::new();
    for nth in 0..calls {
        let mut one = |of: &[&'static str]| of[random.random_range(0..of.len())];
        let mut call = answered(&format!("c{nth:03}"), 0);
        call.started = noon() + TimeDelta::minutes(i64::from(nth * 7 % 50));
        call.facts.queue = Some(one(&["sales", "orders", ""]).to_owned()).filter(|queue| !queue.is_empty());
        call.facts.verdict = Some(one(&["one", "one", "unknown", ""]).to_owned()).filter(|word| !word.is_empty());
        call.customer.as_mut().expect("one").reference = CustomerRef(one(&["a/1", "a/1", "a/2"]).to_owned());
        let (first, second) = (one(&["101", "102", "109"]), one(&["101", "102"]));
        call.lines[0].line = Line(first.to_owned());
        call.lines[1].line = Line(second.to_owned());
        let (words, code) = (
            one(&["", "red door", "Red Window", "blue door"]),
            one(&["", "order", "claim"]),
        );
        let mark = one(&["", "", "", "", "coaching"]);
        call.direction = [Direction::In, Direction::Out][random.random_range(0..2)];
        call.outcome = [Some(Outcome::Answered), Some(Outcome::Missed), None][random.random_range(0..3)];
        // a result and a note may be there before their call
        let early = random.random_ratio(1, 2);
        if !early {
            journal.put_call(&call).expect("written");
        }
        if !words.is_empty() {
            journal.save_note(&call.id, words, noon()).expect("saved");
        }
        if !code.is_empty() {
            let line = &call.lines[0].line;
            journal
                .set_disposition(&call.id, Some("other"), line, noon())
                .expect("set");
            journal
                .set_disposition(&call.id, Some(code), line, noon())
                .expect("set");
        }
        journal.put_call(&call).expect("written");
        let mark = (!mark.is_empty()).then_some(Mark::Coaching);
        journal.mark(&call.id, &by, mark, noon()).expect("marked");
        all.push(Kept {
            call,
            words,
            code,
            mark,
        });
    }
    all.sort_by(|a, b| (b.call.started, &b.call.id.0).cmp(&(a.call.started, &a.call.id.0)));
    all
}

struct Kept {
    call: CallRecord,
    words: &'static str,
    code: &'static str,
    mark: Option<Mark>,
}

impl Kept {
    fn is_let_through(&self, filter: &CallFilter) -> bool {
        let call = &self.call;
        let text = |wanted: &str, is: Option<&str>| wanted.is_empty() || is == Some(wanted);
        let words = self.words.to_lowercase();
        filter.from.is_none_or(|from| call.started >= from)
            && filter.until.is_none_or(|until| call.started < until)
            && filter.direction.is_none_or(|wanted| call.direction == wanted)
            && filter.outcome.is_none_or(|wanted| call.outcome == Some(wanted))
            && (filter.extension.is_empty() || call.lines.iter().any(|line| line.line.0 == filter.extension))
            && text(&filter.queue, call.facts.queue.as_deref())
            && text(&filter.disposition, Some(self.code))
            && text(
                &filter.customer,
                call.customer.as_ref().map(|customer| customer.reference.0.as_str()),
            )
            && filter.matched.is_none_or(|wanted| {
                let verdict = call.facts.verdict.as_deref();
                verdict.is_some_and(|verdict| (verdict == "one") == wanted)
            })
            && filter.mark.is_none_or(|wanted| self.mark == Some(wanted))
            && filter.words.split(' ').all(|word| words.contains(word))
    }
}

#[test]
fn filters_together_let_through_what_each_of_them_does_whichever_of_them_finds_the_calls() {
    let (_folder, mut journal) = journal();
    let all = scatter(&mut journal, 300);
    let mut random = ChaCha8Rng::seed_from_u64(21);
    let mut some = 0;
    for _ in 0..600 {
        let mut one = |of: &[&str]| of[random.random_range(0..of.len())].to_owned();
        let mut filter = CallFilter {
            extension: one(&["", "", "101", "109", "nobody"]),
            queue: one(&["", "", "sales"]),
            disposition: one(&["", "", "claim"]),
            customer: one(&["", "", "", "a/2"]),
            words: one(&["", "", "red", "door red", "wind"]),
            ..CallFilter::default()
        };
        let mut odds = |one_in| random.random_ratio(1, one_in);
        filter.direction = odds(4).then_some(Direction::Out);
        filter.outcome = odds(4).then_some(Outcome::Missed);
        filter.matched = odds(3).then(|| odds(2));
        filter.mark = odds(6).then_some(Mark::Coaching);
        filter.from = odds(3).then(|| noon() + TimeDelta::minutes(10));
        filter.until = odds(3).then(|| noon() + TimeDelta::minutes(40));
        let wanted: Vec<&CallId> = all
            .iter()
            .filter(|kept| kept.is_let_through(&filter))
            .map(|kept| &kept.call.id)
            .collect();
        some += usize::from(!wanted.is_empty());
        let (mut found, mut before) = (Vec::new(), None);
        loop {
            let page = journal.calls_by(&filter, before.as_ref(), 20).expect("read");
            let Some(last) = page.last() else { break };
            before = Some(last.call.cursor());
            found.extend(page.into_iter().map(|logged| logged.call.id));
        }
        assert_eq!(found.iter().collect::<Vec<_>>(), wanted, "{filter:?}");
    }
    assert!(some > 200, "{some} filters let something through");
}

#[test]
fn calls_of_several_lines_come_once_and_in_their_order() {
    let (_folder, mut journal) = journal();
    let all = scatter(&mut journal, 80);
    let lines = [Line("109".to_owned()), Line("102".to_owned())];
    let wanted: Vec<&CallId> = all
        .iter()
        .filter(|kept| kept.call.lines.iter().any(|line| lines.contains(&line.line)))
        .map(|kept| &kept.call.id)
        .collect();
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let page = journal.calls_on(&lines, before.as_ref(), 7).expect("read");
        let Some(last) = page.last() else { break };
        before = Some(last.call.cursor());
        found.extend(page.into_iter().map(|logged| logged.call.id));
    }
    assert_eq!(found.iter().collect::<Vec<_>>(), wanted);
}

#[test]
fn a_journal_of_an_earlier_version_finds_its_calls_by_result_and_by_extension() {
    let (folder, mut journal) = journal();
    put(&mut journal, "claim", 0, |_| {});
    put(&mut journal, "alone", 10, |call| call.lines.truncate(1));
    let line = Line("101".to_owned());
    journal
        .set_disposition(&id("claim"), Some("claim"), &line, noon())
        .expect("set");
    drop(journal);
    // as it was before the columns were there
    let stored = store::open_database(&folder.path().join("journal.db"), &key(7)).expect("open");
    let version: u32 = stored
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .expect("a version");
    stored
        .execute_batch(&format!(
            "DROP INDEX calls_by_disposition; DROP INDEX calls_by_direction; DROP INDEX calls_by_match;
             DROP INDEX calls_by_outcome; DROP INDEX calls_by_queue; DROP INDEX calls_marked; DROP INDEX tasks_by_due;
             DROP INDEX offers_by_time; DROP INDEX call_lines_by_extension; DROP INDEX calls_reviewed; DROP TRIGGER disposition_set;
             DROP TRIGGER disposition_changed; DROP TRIGGER disposition_gone; DROP TRIGGER disposition_met;
             DROP TRIGGER choice_made; DROP TRIGGER choice_gone; DROP TRIGGER choice_met;
             ALTER TABLE calls DROP COLUMN disposition; ALTER TABLE calls DROP COLUMN corrected;
             ALTER TABLE calls DROP COLUMN dialled; ALTER TABLE call_lines DROP COLUMN started;
             CREATE INDEX calls_marked ON calls (mark, started, id) WHERE mark IS NOT NULL;
             CREATE INDEX calls_by_queue ON calls (queue, started, id) WHERE queue IS NOT NULL;
             CREATE INDEX calls_by_outcome ON calls (outcome, started, id);
             CREATE INDEX call_lines_by_extension ON call_lines (extension, call); PRAGMA user_version = {};",
            version - 2
        ))
        .expect("earlier");
    drop(stored);
    let journal = super::open(folder.path());
    let asked = |change: fn(&mut CallFilter)| {
        let mut filter = CallFilter::default();
        change(&mut filter);
        names(&journal, &filter)
    };
    assert_eq!(asked(|filter| filter.disposition = "claim".to_owned()), ["claim"]);
    assert_eq!(asked(|filter| filter.extension = "101".to_owned()), ["claim"]);
    assert_eq!(asked(|filter| filter.extension = "102".to_owned()), ["alone", "claim"]);
}
