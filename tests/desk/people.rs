//! What an agent says of who is calling: remembered at the next call of the number, and taken back without a trace.

use chrono::TimeDelta;
use ringside::call::CallId;
use ringside::customer::CustomerRef;
use ringside::desk::{DeskError, DeskRequest, ShowAt};
use ringside::journal::NewCustomer;
use ringside::pop::view::{CardView, HitBy, PopView, VerdictKind, WordKind};

use super::{Seated, TO_THE_END};

const NUMBER: &str = "+12025550143";

fn sharing() -> Seated {
    let people = [
        ("A", "Ante Perišić", NUMBER),
        ("B", "Đurđica Šarić", NUMBER),
        ("C", "Nikša Tomašević", NUMBER),
    ];
    Seated::with(&["101"], ShowAt::Ring, &people)
}

/// Nobody has the number that calls.
fn unknown() -> Seated {
    Seated::with(&["101"], ShowAt::Ring, &[("MARIA", "Maria Anders", "+493023125199")])
}

impl Seated {
    pub(super) fn card(&mut self) -> CardView {
        self.view().cards.remove(0)
    }

    /// The next call, an hour later, when the one before is forgotten.
    pub(super) fn next(&mut self, recording: &str) -> PopView {
        self.now += TimeDelta::hours(1);
        self.desk.timeout(self.now);
        self.play(recording, 1.2);
        self.card().pop
    }

    fn choose(&mut self, reference: &str) -> Result<(), DeskError> {
        let (call, customer) = (CallId(self.card().call), CustomerRef(reference.to_owned()));
        self.ask(|reply| DeskRequest::ChooseCustomer(call, customer, reply))
    }

    pub(super) fn link(&mut self, reference: &str) -> Result<(), DeskError> {
        let (call, customer) = (CallId(self.card().call), CustomerRef(reference.to_owned()));
        self.ask(|reply| DeskRequest::LinkCustomer(call, customer, reply))
    }

    fn create(&mut self, name: &str, email: &str, number: &str) -> Result<(), DeskError> {
        let call = CallId(self.card().call);
        let new = NewCustomer {
            name: name.to_owned(),
            company: String::new(),
            email: email.to_owned(),
        };
        self.ask(|reply| DeskRequest::CreateCustomer(call, new, number.to_owned(), reply))
    }

    fn take_back(&mut self) -> Result<(), DeskError> {
        let call = CallId(self.card().call);
        self.ask(|reply| DeskRequest::TakeBack(call, reply))
    }

    fn found(&mut self, typed: &str) -> Vec<(String, HitBy)> {
        let hits = self.ask(|reply| DeskRequest::SearchCustomers(typed.to_owned(), reply));
        let hits = hits.expect("an answer").into_iter();
        hits.map(|hit| (hit.customer.name, hit.by)).collect()
    }

    /// Whom the latest call is logged for.
    fn logged(&mut self) -> Option<String> {
        self.log()[0]
            .customer
            .as_ref()
            .map(|customer| customer.reference.clone())
    }
}

fn names(pop: &PopView) -> Vec<&str> {
    pop.candidates.iter().map(|one| one.customer.name.as_str()).collect()
}

fn kind(pop: &PopView) -> Option<(WordKind, bool)> {
    pop.word.as_ref().map(|word| (word.kind, word.in_this_call))
}

#[test]
fn the_choice_ranks_first_at_the_next_call_of_the_number_and_opens_nothing_by_itself() {
    let mut seat = sharing();
    seat.play("in_answered", 2.0);
    assert_eq!(
        names(&seat.card().pop),
        ["Ante Perišić", "Đurđica Šarić", "Nikša Tomašević"]
    );
    seat.choose("files/C").expect("chosen");
    let pop = seat.card().pop;
    assert_eq!((kind(&pop), pop.shared_by), (Some((WordKind::Chosen, true)), 3));
    seat.play("in_answered", TO_THE_END);
    assert_eq!(seat.logged().as_deref(), Some("files/C"));

    let pop = seat.next("in_missed");
    assert_eq!((pop.verdict, pop.customer.as_ref()), (VerdictKind::Several, None));
    assert_eq!(names(&pop), ["Nikša Tomašević", "Ante Perišić", "Đurđica Šarić"]);
    let chosen = pop.candidates[0].chosen.as_ref().expect("remembered");
    assert_eq!((chosen.line.as_str(), chosen.times, chosen.last), ("101", 1, true));
    assert!(pop.candidates[0].last_contact.is_some(), "the call is a contact");
    assert_eq!(seat.logged(), None);
}

#[test]
fn a_choice_that_was_taken_back_is_logged_for_nobody_and_ranks_nobody() {
    let mut seat = sharing();
    seat.play("in_answered", 2.0);
    seat.choose("files/C").expect("chosen");
    seat.take_back().expect("taken back");
    let pop = seat.card().pop;
    assert_eq!((pop.verdict, pop.word.as_ref()), (VerdictKind::Several, None));
    seat.play("in_answered", TO_THE_END);
    assert_eq!(seat.logged(), None);
    let pop = seat.next("in_missed");
    assert!(pop.candidates.iter().all(|one| one.chosen.is_none()));
    assert_eq!(names(&pop)[0], "Ante Perišić");
    assert_eq!(seat.take_back().map_err(|error| error.code()), Err("nothing_said"));
}

#[test]
fn a_choice_survives_a_restart_in_the_middle_of_the_call() {
    let mut seat = sharing();
    seat.play("in_answered", 2.0);
    seat.choose("files/B").expect("chosen");
    let mut seat = seat.started_again();
    seat.play("in_answered", TO_THE_END);
    assert_eq!(seat.logged().as_deref(), Some("files/B"));
}

#[test]
fn a_linked_number_is_that_customers_at_the_next_call_and_says_who_linked_it() {
    let mut seat = unknown();
    seat.play("in_answered", 2.0);
    assert_eq!(seat.card().pop.verdict, VerdictKind::Unknown);
    seat.link("files/MARIA").expect("linked");
    assert_eq!(kind(&seat.card().pop), Some((WordKind::Linked, true)));
    seat.play("in_answered", TO_THE_END);
    assert_eq!(seat.logged().as_deref(), Some("files/MARIA"));

    let pop = seat.next("in_missed");
    assert_eq!(pop.customer.as_ref().map(|one| one.name.as_str()), Some("Maria Anders"));
    assert_eq!(kind(&pop), Some((WordKind::Linked, false)));
    assert_eq!(seat.logged().as_deref(), Some("files/MARIA"));

    seat.take_back().expect("unlinked");
    assert_eq!(seat.card().pop.verdict, VerdictKind::Unknown);
    assert_eq!(seat.logged(), None);
}

#[test]
fn a_made_customer_is_known_at_the_next_call_also_when_the_cache_was_deleted_and_is_found_by_search() {
    let mut seat = unknown();
    seat.play("in_answered", 2.0);
    seat.create("  Käthe\n Strahl ", "kaethe@example.com", "+1 (202) 555-0143")
        .expect("made");
    let pop = seat.card().pop;
    assert_eq!(kind(&pop), Some((WordKind::Created, true)));
    assert_eq!(pop.customer.as_ref().map(|one| one.name.as_str()), Some("Käthe Strahl"));
    let call = seat.card().call;
    seat.save(&call, "wants the winter list").expect("saved");
    seat.play("in_answered", TO_THE_END);
    assert!(seat.logged().is_some_and(|reference| reference.starts_with("desk/")));

    let mut seat = seat.without_cache();
    let pop = seat.next("in_missed");
    assert_eq!(pop.customer.as_ref().map(|one| one.name.as_str()), Some("Käthe Strahl"));
    assert_eq!(kind(&pop), Some((WordKind::Created, false)));
    assert_eq!(pop.notes[0].text, "wants the winter list");
    for (typed, by) in [
        ("strahl", HitBy::Name),
        ("KÄTHE st", HitBy::Name),
        ("kaethe@exam", HitBy::Email),
        ("555 0143", HitBy::Number),
    ] {
        assert_eq!(seat.found(typed), [("Käthe Strahl".to_owned(), by)], "{typed}");
    }
    assert!(seat.found("strauss").is_empty() && seat.found("  ").is_empty());
}

#[test]
fn a_customer_made_by_mistake_goes_with_its_number() {
    let mut seat = unknown();
    seat.play("in_answered", 2.0);
    seat.create("Käthe Strahl", "", NUMBER).expect("made");
    seat.take_back().expect("taken back");
    assert_eq!(seat.card().pop.verdict, VerdictKind::Unknown);
    assert!(seat.found("strahl").is_empty());
    seat.play("in_answered", TO_THE_END);
    assert_eq!(seat.logged(), None);
}

#[test]
fn what_cannot_be_a_customer_is_refused_with_what_to_do_and_nothing_is_kept() {
    let mut seat = unknown();
    seat.play("in_answered", 2.0);
    let long = "x".repeat(255);
    for (name, email, number, code) in [
        ("", "", NUMBER, "no_name"),
        (" \t\u{0} ", "", NUMBER, "no_name"),
        (long.as_str(), "", NUMBER, "too_long"),
        ("Käthe", "kaethe.example.com", NUMBER, "bad_email"),
        ("Käthe", "kaethe@example", NUMBER, "bad_email"),
        ("Käthe", "a b@example.com", NUMBER, "bad_email"),
        ("Käthe", "", "next week", "bad_number"),
        ("Käthe", "", "+999 123456789", "bad_number"),
        ("Käthe", "", "+49 30 23125101", "our_number"),
    ] {
        let refused = seat.create(name, email, number);
        assert_eq!(
            refused.map_err(|error| error.code()),
            Err(code),
            "{name} {email} {number}"
        );
    }
    assert_eq!(seat.card().pop.verdict, VerdictKind::Unknown);
    assert_eq!(seat.logged(), None);
    assert_eq!(
        seat.link("files/NOBODY").map_err(|error| error.code()),
        Err("no_such_customer")
    );
}

#[test]
fn a_made_customer_may_have_no_number_and_is_that_of_this_call_alone() {
    let mut seat = unknown();
    seat.play("in_answered", 2.0);
    seat.create("Käthe Strahl", "", "").expect("made");
    seat.play("in_answered", TO_THE_END);
    assert!(seat.logged().is_some());
    assert_eq!(seat.next("in_missed").verdict, VerdictKind::Unknown);
    let hits = seat.ask(|reply| DeskRequest::SearchCustomers("strahl".to_owned(), reply));
    let made = hits.expect("an answer")[0].customer.reference.clone();
    seat.link(&made).expect("linked");
    assert_eq!(kind(&seat.card().pop), Some((WordKind::Linked, true)));
}

#[test]
fn a_colleague_is_never_made_a_customer() {
    let mut seat = Seated::at(&["102"]);
    seat.play("transfer_attended", 2.5);
    assert_eq!(seat.card().pop.verdict, VerdictKind::Internal);
    assert_eq!(
        seat.link("files/ALFKI").map_err(|error| error.code()),
        Err("our_number")
    );
    assert_eq!(
        seat.create("Ivo", "", "+4930555").map_err(|error| error.code()),
        Err("our_number")
    );
}
