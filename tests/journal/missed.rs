//! Whoever called in vain: each person once, until anybody talks to them.

use super::*;

/// A call that nobody answered, from this number, begun `minutes` after noon.
fn missed(name: &str, minutes: i64, number: u64, customer: Option<&str>) -> CallRecord {
    let mut call = answered(name, minutes);
    (call.answered, call.answered_by, call.talked_seconds) = (None, None, None);
    call.outcome = Some(Outcome::Missed);
    call.number = Key::new(number);
    call.number_display = format!("+{number}");
    call.customer = customer.map(|key| LoggedCustomer {
        reference: CustomerRef::new("files", key),
        name: key.to_owned(),
        company: String::new(),
    });
    call.lines.truncate(1);
    call
}

/// A call from here to this number, which nobody took.
fn tried(name: &str, minutes: i64, number: u64) -> CallRecord {
    let mut call = missed(name, minutes, number, None);
    call.direction = Direction::Out;
    call
}

const ANNA: u64 = 493023125001;
const BERT: u64 = 493023125002;

fn of(calls: &[CallRecord]) -> (TempDir, Journal) {
    let (folder, mut journal) = journal();
    for call in calls {
        journal.put_call(call).expect("written");
    }
    (folder, journal)
}

fn open_now(journal: &Journal) -> Vec<String> {
    let people = journal.missed_people(noon()).expect("read");
    let open = people.into_iter().filter(|person| !person.settled);
    open.map(|person| person.number_display).collect()
}

#[test]
fn a_person_stands_once_however_often_they_called_and_whoever_called_first_is_first() {
    let (_folder, journal) = of(&[
        missed("1", 0, BERT, None),
        missed("2", 5, ANNA, Some("ANNA")),
        missed("3", 10, ANNA, Some("ANNA")),
        missed("4", 12, BERT, None),
    ]);
    let people = journal.missed_people(noon()).expect("read");
    let told: Vec<_> = people
        .iter()
        .map(|one| {
            (
                one.number_display.as_str(),
                one.times,
                one.call.0.as_str(),
                one.waited.num_seconds(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [("+493023125002", 2, "pbx:4", 67), ("+493023125001", 2, "pbx:3", 67)]
    );
}

#[test]
fn a_customer_who_calls_from_two_numbers_is_one_person_and_a_number_of_two_customers_is_two() {
    let (_folder, journal) = of(&[
        missed("1", 0, ANNA, Some("ANNA")),
        missed("2", 1, BERT, Some("ANNA")),
        missed("3", 2, BERT, Some("BERT")),
    ]);
    let people = journal.missed_people(noon()).expect("read");
    assert_eq!(people.iter().map(|one| one.times).collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn whoever_was_reached_since_in_either_direction_is_settled() {
    let called_again = {
        let mut call = answered("2", 10);
        call.number = Key::new(ANNA);
        call
    };
    let mut rung_back = called_again.clone();
    rung_back.direction = Direction::Out;
    let mut elsewhere = answered("2", 10);
    elsewhere.customer = missed("0", 0, ANNA, Some("ANNA")).customer;
    for reached in [called_again, rung_back, elsewhere] {
        let (_folder, journal) = of(&[missed("1", 0, ANNA, Some("ANNA")), reached]);
        assert_eq!(open_now(&journal), Vec::<String>::new());
    }
}

#[test]
fn a_talk_before_the_call_in_vain_settles_nothing() {
    let mut before = answered("1", 0);
    before.number = Key::new(ANNA);
    let (_folder, journal) = of(&[before, missed("2", 10, ANNA, None)]);
    assert_eq!(open_now(&journal), ["+493023125001"]);
}

#[test]
fn ringing_back_in_vain_is_counted_and_settles_nothing() {
    let (_folder, journal) = of(&[missed("1", 0, ANNA, None), tried("2", 5, ANNA), tried("3", 9, ANNA)]);
    let people = journal.missed_people(noon()).expect("read");
    assert_eq!((people[0].tried, people[0].settled), (2, false));
}

#[test]
fn whoever_need_not_be_rung_back_is_settled_until_they_call_again() {
    let (_folder, mut journal) = of(&[missed("1", 0, ANNA, None)]);
    let line = Line("101".to_owned());
    journal.close_missed(&id("1"), Some(&line), noon()).expect("written");
    assert_eq!(open_now(&journal), Vec::<String>::new());
    journal.close_missed(&id("1"), None, noon()).expect("written");
    assert_eq!(open_now(&journal), ["+493023125001"]);
    journal.close_missed(&id("1"), Some(&line), noon()).expect("written");
    journal.put_call(&missed("2", 30, ANNA, None)).expect("written");
    assert_eq!(open_now(&journal), ["+493023125001"]);
}

#[test]
fn withheld_numbers_outgoing_calls_and_calls_that_ended_unseen_are_nobody_to_ring_back() {
    let mut withheld = missed("1", 0, ANNA, None);
    withheld.number = None;
    let mut unseen = missed("2", 1, ANNA, None);
    unseen.unfinished = true;
    let (_folder, journal) = of(&[withheld, unseen, tried("3", 2, BERT)]);
    assert_eq!(open_now(&journal), Vec::<String>::new());
}
