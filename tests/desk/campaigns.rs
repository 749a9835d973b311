//! Campaigns at their page: made, worked one after the other, and never against the word of who wants no calls.

use chrono::TimeDelta;
use ringside::customer::CustomerRef;
use ringside::desk::{DeskError, PageRequest};
use ringside::journal::{CampaignId, EntryId};
use ringside::pop::view::{
    CampaignEntryView, CampaignView, CampaignWorkView, EntryState, NewCampaign, PickedView, TryRequest, TryResult,
};

use super::{Seated, TO_THE_END};

fn picked(key: &str, opted_out: bool) -> PickedView {
    PickedView {
        customer: format!("files/{key}"),
        name: format!("Name of {key}"),
        number: "+1 202-555-0143".to_owned(),
        why: "at risk".to_owned(),
        opted_out,
    }
}

fn attempt(result: TryResult) -> TryRequest {
    TryRequest {
        result,
        note: String::new(),
        next: None,
        begun: None,
    }
}

impl Seated {
    fn new_campaign(&mut self, name: &str, picked: Vec<PickedView>) -> Result<CampaignView, DeskError> {
        let new = NewCampaign {
            name: name.to_owned(),
            goal: "Offer the boxes".to_owned(),
            target: 2,
        };
        self.page(|reply| PageRequest::NewCampaign(new, picked, reply))
    }

    fn work(&mut self, id: i64) -> CampaignWorkView {
        self.page(|reply| PageRequest::CampaignWork(CampaignId(id), None, reply))
            .expect("the work")
    }

    fn try_one(&mut self, entry: i64, request: TryRequest) -> Result<CampaignWorkView, DeskError> {
        self.page(|reply| PageRequest::CampaignTry(EntryId(entry), request, reply))
    }

    fn entries(&mut self, id: i64, state: Option<EntryState>) -> Vec<CampaignEntryView> {
        self.page(|reply| PageRequest::CampaignEntries(CampaignId(id), state, (0, 100), reply))
            .expect("the list")
    }
}

#[test]
fn three_are_called_one_after_the_other_and_what_came_of_it_is_counted() {
    let mut seat = Seated::at(&["101"]);
    let list = vec![picked("A", false), picked("B", false), picked("C", false)];
    let id = seat.new_campaign("Autumn", list).expect("made").id;
    let mut called = Vec::new();
    for result in [TryResult::Accepted, TryResult::Declined, TryResult::Reached] {
        let entry = seat.work(id).entry.expect("somebody to call");
        called.push(entry.customer);
        seat.try_one(entry.id, attempt(result)).expect("kept");
    }
    assert_eq!(called, ["files/A", "files/B", "files/C"]);
    let mut seat = seat.started_again();
    let work = seat.work(id);
    assert_eq!(work.entry, None);
    let counts = work.campaign.counts;
    assert_eq!(
        (
            counts.all,
            counts.open,
            counts.reached,
            counts.accepted,
            counts.declined,
            counts.tries
        ),
        (3, 0, 3, 1, 1, 3)
    );
}

#[test]
fn who_is_to_be_called_again_comes_at_that_time_and_before_the_others() {
    let mut seat = Seated::at(&["101"]);
    let id = seat
        .new_campaign("Autumn", vec![picked("A", false), picked("B", false)])
        .expect("made")
        .id;
    let first = seat.work(id).entry.expect("A");
    let later = TryRequest {
        next: Some(seat.now + TimeDelta::hours(2)),
        note: "card 4111 1111 1111 1111".to_owned(),
        ..attempt(TryResult::Again)
    };
    let work = seat.try_one(first.id, later).expect("kept");
    assert_eq!(work.entry.expect("B").customer, "files/B");
    seat.now += TimeDelta::hours(3);
    let work = seat.work(id);
    assert_eq!(work.entry.expect("A again").tries, 1);
    assert!(!work.tries[0].note.contains("4111"), "{}", work.tries[0].note);
    let past = TryRequest {
        next: Some(seat.now - TimeDelta::hours(1)),
        ..attempt(TryResult::Again)
    };
    assert!(matches!(seat.try_one(first.id, past), Err(DeskError::Past)));
}

#[test]
fn who_wants_no_advertising_stands_in_the_list_and_is_never_given_to_be_called() {
    let mut seat = Seated::at(&["101"]);
    let id = seat
        .new_campaign("Autumn", vec![picked("A", true), picked("B", false)])
        .expect("made")
        .id;
    let out = seat.entries(id, Some(EntryState::OptedOut)).remove(0);
    assert_eq!(out.customer, "files/A");
    assert_eq!(seat.work(id).entry.expect("B").customer, "files/B");
    let refused = seat.try_one(out.id, attempt(TryResult::Accepted));
    assert!(matches!(refused, Err(DeskError::WantsNoCalls)), "{refused:?}");
}

#[test]
fn who_says_that_they_want_no_such_calls_is_left_out_of_other_and_later_campaigns() {
    let mut seat = Seated::at(&["101"]);
    let first = seat.new_campaign("One", vec![picked("A", false)]).expect("made").id;
    let running = seat
        .new_campaign("Two", vec![picked("A", false), picked("B", false)])
        .expect("made")
        .id;
    let entry = seat.work(first).entry.expect("A");
    seat.try_one(entry.id, attempt(TryResult::OptedOut)).expect("kept");
    assert_eq!(seat.work(running).entry.expect("B").customer, "files/B");
    let later = seat.new_campaign("Three", vec![picked("A", false)]).expect("made");
    assert_eq!((later.counts.opted_out, later.counts.open), (1, 0));
}

#[test]
fn the_call_that_was_made_stands_with_the_attempt() {
    let mut seat = Seated::at(&["101"]);
    let mut maria = picked("ALFKI", false);
    maria.number = String::new();
    let id = seat.new_campaign("Autumn", vec![maria]).expect("made").id;
    let begun = seat.now - TimeDelta::seconds(5);
    seat.play("in_answered", TO_THE_END);
    let call = seat.log()[0].call.clone();
    let entry = seat.work(id).entry.expect("Maria").id;
    let request = TryRequest {
        begun: Some(begun),
        ..attempt(TryResult::Accepted)
    };
    seat.try_one(entry, request).expect("kept");
    let work = seat
        .page(|reply| PageRequest::CampaignWork(CampaignId(id), Some(EntryId(entry)), reply))
        .expect("the work");
    assert_eq!(work.tries[0].call, Some(call));
}

#[test]
fn a_closed_campaign_gives_nobody_and_goes_on_when_it_is_opened_again() {
    let mut seat = Seated::at(&["101"]);
    let id = seat.new_campaign("Autumn", vec![picked("A", false)]).expect("made").id;
    let close = |closed| move |reply| PageRequest::CloseCampaign(CampaignId(id), closed, reply);
    seat.page(close(true)).expect("closed");
    assert_eq!(seat.work(id).entry, None);
    seat.page(close(false)).expect("opened");
    assert!(seat.work(id).entry.is_some());
}

#[test]
fn nonsense_is_refused_without_a_trace() {
    let mut seat = Seated::at(&["101"]);
    assert!(matches!(
        seat.new_campaign("Empty", Vec::new()),
        Err(DeskError::NobodyPicked)
    ));
    assert!(matches!(
        seat.new_campaign(" \u{7} ", vec![picked("A", false)]),
        Err(DeskError::NoFilterName)
    ));
    assert!(matches!(
        seat.new_campaign(&"x".repeat(101), vec![picked("A", false)]),
        Err(DeskError::TextTooLong(100))
    ));
    let many = (0..5_001).map(|nth| picked(&nth.to_string(), false)).collect();
    assert!(matches!(seat.new_campaign("Many", many), Err(DeskError::NobodyPicked)));
    assert!(matches!(
        seat.try_one(99, attempt(TryResult::Accepted)),
        Err(DeskError::NoSuchEntry)
    ));
    let unknown = seat.page(|reply| PageRequest::CampaignWork(CampaignId(9), None, reply));
    assert!(matches!(unknown, Err(DeskError::NoSuchCampaign)));
    assert_eq!(seat.page(PageRequest::Campaigns).expect("a list"), []);
    let twice = seat
        .new_campaign("Twice", vec![picked("A", false), picked("A", false)])
        .expect("made");
    assert_eq!(twice.counts.all, 1, "nobody stands in a list twice");
}

#[test]
fn a_link_of_two_records_is_taken_back_with_all_that_it_undid() {
    let mut seat = Seated::with(
        &["101"],
        ringside::desk::ShowAt::Ring,
        &[
            ("ALFKI", "Maria Anders", "+1 202 555 0143"),
            ("BERGS", "Maria Anders", "+1 202 555 0144"),
        ],
    );
    let (one, other) = (CustomerRef::new("files", "ALFKI"), CustomerRef::new("files", "BERGS"));
    seat.page(|reply| PageRequest::PartRecord(one.clone(), reply))
        .expect("parted");
    let apart = seat
        .page(|reply| PageRequest::LinkRecords(one.clone(), other.clone(), reply))
        .expect("linked");
    assert_eq!(apart, std::slice::from_ref(&one));
    let journal = |seat: &Seated| {
        let journal =
            ringside::journal::Journal::open(&seat.folder.path().join("journal.db"), &seat.key).expect("open");
        (
            journal.record_links().expect("read"),
            journal.records_apart().expect("read"),
        )
    };
    assert_eq!(journal(&seat), (vec![(one.clone(), other.clone())], Vec::new()));
    seat.page(|reply| PageRequest::UndoLink(other.clone(), one.clone(), apart, reply))
        .expect("undone");
    assert_eq!(journal(&seat), (Vec::new(), vec![one.clone()]));
    let same = seat.page(|reply| PageRequest::LinkRecords(one.clone(), one.clone(), reply));
    assert!(matches!(same, Err(DeskError::SameRecord)));
    let nobody = CustomerRef::new("files", "NOBODY");
    let refused = seat.page(|reply| PageRequest::LinkRecords(one, nobody, reply));
    assert!(matches!(refused, Err(DeskError::NoSuchCustomer)));
}
