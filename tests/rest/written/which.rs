//! Which calls are written, where, and what of them; and what is wrong with a file that says how.

use std::path::Path;

use chrono::TimeDelta;
use ringside::call::Line;
use ringside::source::rest::parse;

use super::{Crm, Desk, ended, file, with};
use crate::journal::answered;

#[test]
fn only_my_calls_and_only_those_of_customers_of_the_source_are_written() {
    let crm = Crm::calm();
    let mut desk = Desk::of(&crm);
    let end = ended(&desk.call("other source", "shop/17"));
    desk.call("longer name", "crm2/17");
    let mut old = with(answered("before it was wanted", -60), "crm/1");
    desk.journal.put_call(&old).expect("written");
    old = with(answered("a colleague's", 0), "crm/2");
    old.lines[1].line = Line("109".to_owned());
    desk.journal.put_call(&old).expect("written");
    let mut on = with(answered("still on", 0), "crm/3");
    (on.ended, on.outcome) = (None, None);
    desk.journal.put_call(&on).expect("written");
    let mut nobody = answered("nobody", 0);
    nobody.customer = None;
    desk.journal.put_call(&nobody).expect("written");
    desk.pass(end, 1);
    assert_eq!(crm.asked(), Vec::<String>::new());
    // what I wrote about my colleague's call is mine
    desk.note(&old, "Told me at lunch", end + TimeDelta::hours(1));
    desk.pass(end + TimeDelta::hours(1), 1);
    assert_eq!(crm.notes().len(), 1);
    assert_eq!(crm.notes()[0].0, "2");
}

#[test]
fn a_call_that_was_with_somebody_else_is_taken_back_there_and_written_where_it_belongs() {
    let crm = Crm::calm();
    let mut desk = Desk::of(&crm);
    let call = desk.call("a", "crm/17");
    desk.note(&call, "Secret of 18", ended(&call));
    desk.pass(ended(&call), 1);
    desk.journal.put_call(&with(call.clone(), "crm/18")).expect("written");
    desk.pass(ended(&call) + TimeDelta::hours(1), 1);
    let notes = crm.notes();
    assert_eq!(notes.len(), 2);
    assert!(
        !notes[0].1.contains("Secret") && notes[0].1.contains("by mistake"),
        "{notes:?}"
    );
    assert!(notes[1].0 == "18" && notes[1].1.contains("Secret of 18"), "{notes:?}");
    // before anybody saw it, it is only moved
    let mut call = with(answered("b", 0), "crm/17");
    desk.journal.put_call(&call).expect("written");
    call = with(call, "shop/1");
    desk.journal.put_call(&call).expect("written");
    assert_eq!(desk.waits(), []);
}

#[test]
fn no_card_number_leaves() {
    let crm = Crm::calm();
    let mut desk = Desk::of(&crm);
    let call = desk.call("a", "crm/17");
    desk.note(&call, "Pays with 4111 1111 1111 1111, 12/27", ended(&call));
    desk.pass(ended(&call), 1);
    assert!(crm.notes()[0].1.contains("•••• 1111"), "{:?}", crm.notes());
    let sent: String = crm.server.asked().iter().map(|asked| asked.body.clone()).collect();
    assert!(!sent.contains("4111 1111"), "{sent}");
}

#[test]
fn the_slips_of_a_write_back_are_shown_by_line() {
    for (from, to, what) in [
        (
            "{{ text|tojson }}}'\n[write_back.update]",
            "\"x\"}'\n[write_back.update]",
            "nothing in it says {{ text }}",
        ),
        (
            "\"{{ marker }}\"",
            "\"{{ customer }}\"",
            "nothing in it says {{ marker }}",
        ),
        ("notes/{{ entry }}", "notes/{{ entri }}", "did you mean `entry`?"),
        ("notes/{{ entry }}", "notes/1", "nothing in it says {{ entry }}"),
        (
            "method = \"PUT\"",
            "method = \"PUT\"\nrecords = \"$[*]\"",
            "it has no records, paging or total",
        ),
        (
            "path = \"people\"",
            "path = \"people\"\nmethod = \"PUT\"",
            "what is read is asked for with GET or POST",
        ),
        (
            "what = \"a note\"",
            "what = \"a note\"\nevery = 5",
            "unknown field `every`",
        ),
    ] {
        let text = file("https://crm.example.com");
        assert!(text.contains(from), "{from}");
        let error = parse(Path::new("crm.toml"), &text.replacen(from, to, 1))
            .expect_err(to)
            .to_string();
        assert!(error.contains(what), "{to}: {error}");
    }
}
