//! What agents said of who calls: kept with the call it was said in, counted, taken back, never half written.

use chrono::TimeDelta;
use ringside::call::{CallId, Line};
use ringside::customer::CustomerRef;
use ringside::journal::{CallRecord, Choice, DESK, Journal, LoggedCustomer, NewCustomer, NewTask, Said, TaskKind};
use ringside::number::Key;

use super::{answered, id, journal, noon, open};

fn number() -> Key {
    Key::new(493023125101).expect("a number")
}

fn files(key: &str) -> CustomerRef {
    CustomerRef::new("files", key)
}

fn choice(call: &str, customer: &CustomerRef, minutes: i64) -> Choice {
    Choice {
        customer: customer.clone(),
        number: Some(number()),
        said: Said {
            call: id(call),
            line: Line("101".to_owned()),
            at: noon() + TimeDelta::minutes(minutes),
        },
    }
}

fn said(call: &str) -> Said {
    choice(call, &files("A"), 9).said
}

fn logged_for(call: &str, customer: &CustomerRef) -> CallRecord {
    CallRecord {
        customer: Some(LoggedCustomer {
            reference: customer.clone(),
            name: "Maria Anders".to_owned(),
            company: String::new(),
        }),
        ..answered(call, 0)
    }
}

fn customer_of(journal: &Journal, call: &str) -> Option<CustomerRef> {
    let logged = journal.call(&id(call)).expect("read").expect("logged");
    logged.call.customer.map(|customer| customer.reference)
}

fn maria() -> NewCustomer {
    NewCustomer {
        name: "Maria Anders".to_owned(),
        company: "Alfreds Futterkiste".to_owned(),
        email: "maria@example.com".to_owned(),
    }
}

fn create(journal: &mut Journal, call: &str) -> CustomerRef {
    let reference = journal.new_reference().expect("a reference");
    journal
        .create(
            &maria(),
            Some(number()),
            &choice(call, &reference, 0),
            &logged_for(call, &reference),
        )
        .expect("made");
    reference
}

#[test]
fn choices_are_counted_for_their_number_and_the_last_chosen_stands_first() {
    let (folder, mut journal) = journal();
    for (call, key, minutes) in [
        ("1", "A", 0),
        ("2", "B", 1),
        ("3", "A", 2),
        ("4", "B", 3),
        ("5", "A", 4),
    ] {
        journal
            .choose(&choice(call, &files(key), minutes), &logged_for(call, &files(key)))
            .expect("chosen");
    }
    let chosen = open(folder.path()).chosen(number()).expect("read");
    let told: Vec<_> = chosen
        .iter()
        .map(|one| (one.customer.clone(), one.times, one.said.call.clone()))
        .collect();
    assert_eq!(told, [(files("A"), 3, id("5")), (files("B"), 2, id("4"))]);
    assert!(
        journal
            .chosen(Key::new(493023125102).expect("a number"))
            .expect("read")
            .is_empty()
    );
}

#[test]
fn a_second_choice_in_a_call_stands_in_place_of_the_first() {
    let (_folder, mut journal) = journal();
    for key in ["A", "B"] {
        journal
            .choose(&choice("1", &files(key), 0), &logged_for("1", &files(key)))
            .expect("chosen");
    }
    assert_eq!(journal.chosen(number()).expect("read").len(), 1);
    assert_eq!(
        journal.choice(&id("1")).expect("read").map(|choice| choice.customer),
        Some(files("B"))
    );
    assert_eq!(customer_of(&journal, "1"), Some(files("B")));
}

#[test]
fn a_choice_that_is_taken_back_leaves_its_call_logged_for_nobody() {
    let (_folder, mut journal) = journal();
    journal
        .link(&choice("1", &files("A"), 0), &logged_for("1", &files("A")))
        .expect("linked");
    assert_eq!(journal.links(number()).expect("read").len(), 1);
    journal.take_back(&said("1")).expect("taken back");
    assert_eq!(customer_of(&journal, "1"), None);
    assert!(journal.links(number()).expect("read").is_empty());
    assert!(journal.chosen(number()).expect("read").is_empty());
    assert_eq!(journal.choice(&id("1")).expect("read"), None);
}

#[test]
fn a_link_of_an_earlier_call_outlives_what_is_taken_back_in_a_later_one() {
    let (_folder, mut journal) = journal();
    for (call, minutes) in [("1", 0), ("2", 1)] {
        journal
            .link(&choice(call, &files("A"), minutes), &logged_for(call, &files("A")))
            .expect("linked");
    }
    journal.take_back(&said("2")).expect("taken back");
    let links = journal.links(number()).expect("read");
    assert_eq!(
        links.iter().map(|link| link.said.call.clone()).collect::<Vec<_>>(),
        [id("1")]
    );
    journal.unlink(number(), &files("A"), &said("1")).expect("unlinked");
    assert!(journal.links(number()).expect("read").is_empty());
    assert_eq!(customer_of(&journal, "1"), None);
}

#[test]
fn a_customer_that_an_agent_made_is_found_by_reference_and_by_number() {
    let (folder, mut journal) = journal();
    let reference = create(&mut journal, "1");
    let other = journal.new_reference().expect("a reference");
    assert!(reference.0.starts_with("desk/") && reference != other);
    let journal = open(folder.path());
    let created = journal.created(&reference).expect("read").expect("kept");
    assert_eq!((created.card, created.said.call), (maria(), id("1")));
    assert_eq!(journal.links(number()).expect("read")[0].customer, reference);
    assert_eq!(journal.numbers_of(&reference).expect("read"), [number()]);
    assert_eq!(journal.all_created().expect("read").len(), 1);
    assert_eq!(customer_of(&journal, "1"), Some(reference));
}

#[test]
fn a_made_customer_goes_with_its_call_but_not_while_another_call_refers_to_it() {
    let (_folder, mut journal) = journal();
    let alone = create(&mut journal, "1");
    journal.take_back(&said("1")).expect("taken back");
    assert_eq!(journal.created(&alone).expect("read"), None);

    let known = create(&mut journal, "2");
    journal
        .choose(&choice("3", &known, 1), &logged_for("3", &known))
        .expect("chosen");
    journal.take_back(&said("2")).expect("taken back");
    assert!(journal.created(&known).expect("read").is_some());
    assert_eq!(
        (customer_of(&journal, "2"), customer_of(&journal, "3")),
        (None, Some(known))
    );
}

#[test]
fn a_reference_of_another_source_or_none_is_no_made_customer() {
    let (_folder, journal) = journal();
    for reference in [
        files("1"),
        CustomerRef("desk".to_owned()),
        CustomerRef::new(DESK, "' OR 1=1 --"),
        CustomerRef(String::new()),
    ] {
        assert_eq!(journal.created(&reference).expect("read"), None, "{reference}");
    }
    assert_eq!(journal.choice(&CallId("nobody's".to_owned())).expect("read"), None);
}

#[test]
fn what_came_of_a_call_belongs_to_whom_the_call_is_logged_for() {
    let (_folder, mut journal) = journal();
    let plan = NewTask {
        kind: TaskKind::Callback,
        call: Some(id("1")),
        customer: None,
        customer_name: String::new(),
        number_display: "+49 30 23125101".to_owned(),
        text: "Tell the price".to_owned(),
        line: Line("101".to_owned()),
        due: noon() + TimeDelta::hours(1),
    };
    let task = journal.plan_task(plan, noon()).expect("planned");
    assert_eq!(journal.open_tasks_of_number("+49 30 23125101").expect("read").len(), 1);
    let maria = files("ALFKI");
    journal
        .choose(&choice("1", &maria, 1), &logged_for("1", &maria))
        .expect("chosen");
    let owned = journal.open_tasks_of(&maria).expect("read");
    assert_eq!(
        (owned[0].id, owned[0].plan.customer_name.as_str()),
        (task.id, "Maria Anders")
    );
    assert_eq!(journal.open_tasks_of_number("+49 30 23125101").expect("read"), []);
    journal.take_back(&said("1")).expect("taken back");
    assert_eq!(journal.open_tasks_of(&maria).expect("read"), []);
    assert_eq!(journal.open_tasks_of_number("+49 30 23125101").expect("read").len(), 1);
}
