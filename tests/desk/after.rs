//! What an agent makes of a call: kept before it is shown, there at the customer's next call, and refused without a trace.

use chrono::{DateTime, TimeDelta, Utc};
use ringside::call::CallId;
use ringside::customer::{Currency, Money};
use ringside::desk::{DeskError, DeskRequest, Reply, Rules, ShowAt, TicketRequest, ToDo};
use ringside::directory::Directory;
use ringside::journal::{OfferAnswer, Priority, TaskId, TaskKind, TicketId, TicketKind, TicketState};
use ringside::pop::Cover;
use ringside::pop::view::{CardState, OpenItemView, OpenWhat, Pause, PopView};
use ringside::source::record::{OrderLineRow, ProductRow, Record};
use ringside::store;
use ringside::vault::MasterKey;

use super::{Seated, TO_THE_END};

const MARIA: [(&str, &str, &str); 1] = [("ALFKI", "Maria Anders", "+1 202 555 0143")];
const NOBODY: [(&str, &str, &str); 1] = [("BERGS", "Christina Berglund", "+493023125199")];

/// In a talk that has just begun.
fn talking() -> Seated {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_answered", 2.0);
    seat
}

/// The customer bought tea; whoever else buys tea buys a pot with it.
fn talking_of_tea() -> Seated {
    let folder = tempfile::tempdir().expect("a folder");
    let key = MasterKey::random().expect("randomness");
    let now = Utc::now();
    let directory = Directory::open(&folder.path().join("cache.db"), key.bytes()).expect("a cache");
    let mut import = directory.begin_import("files", now).expect("an import");
    for (key, name, phone) in MARIA.iter().chain(&NOBODY) {
        let customer = super::customer(key, name, phone);
        import.record(&Record::Customer(customer)).expect("taken in");
    }
    let line = |customer: &str, order: u32, product: &str| {
        Record::OrderLine(OrderLineRow {
            customer: customer.to_owned(),
            order: order.to_string(),
            at: now - TimeDelta::days(i64::from(order % 28) + 2),
            product: product.to_owned(),
            quantity_milli: 1000,
            amount: Money {
                minor: 1250,
                currency: Currency::EUR,
            },
        })
    };
    let product = |key: &str, name: &str| {
        Record::Product(ProductRow {
            key: key.to_owned(),
            name: name.to_owned(),
            category: String::new(),
            price: None,
            discontinued: false,
            restrictions: Default::default(),
        })
    };
    let mut records = vec![product("1", "Green tea"), product("2", "Tea pot"), product("3", "Jam")];
    records.extend((0..12).map(|order| line("ALFKI", order, "1")));
    records.extend((100..120).flat_map(|order| [line("BERGS", order, "1"), line("BERGS", order, "2")]));
    records.extend((200..300).map(|order| line("BERGS", order, "3")));
    for record in &records {
        import.record(record).expect("taken in");
    }
    import.finish().expect("finished");
    let mut seat = Seated::over(Rules::default(), &["101"], ShowAt::Ring, folder, key, now);
    seat.play("in_answered", 2.0);
    seat
}

impl Seated {
    fn after<T>(&mut self, request: impl FnOnce(CallId, Reply<T>) -> DeskRequest) -> Result<T, &'static str> {
        let call = CallId(self.card().call);
        self.ask(|reply| request(call, reply))
            .map_err(|error: DeskError| error.code())
    }

    fn choose_disposition(&mut self, code: Option<&str>) -> Result<(), &'static str> {
        let code = code.map(str::to_owned);
        self.after(|call, reply| DeskRequest::SetDisposition(call, code, reply))
    }

    fn plan(&mut self, kind: TaskKind, text: &str, due: DateTime<Utc>) -> Result<(), &'static str> {
        let text = text.to_owned();
        self.after(|call, reply| DeskRequest::PlanTask(call, ToDo { kind, due, text }, reply))
    }

    fn open_ticket(&mut self, kind: TicketKind, subject: &str) -> Result<(), &'static str> {
        let ticket = TicketRequest {
            kind,
            priority: Priority::High,
            subject: subject.to_owned(),
        };
        self.after(|call, reply| DeskRequest::OpenTicket(call, ticket, reply))
    }

    fn answer(&mut self, product: &str, answer: OfferAnswer) -> Result<(), &'static str> {
        let product = product.to_owned();
        self.after(|call, reply| DeskRequest::AnswerOffer(call, product, answer, reply))
    }

    fn drafting(&mut self, drafting: bool) {
        self.after(|call, reply| DeskRequest::Drafting(call, drafting, reply))
            .expect("heard");
    }

    fn finish(&mut self, task: TaskId, done: bool) -> Result<(), &'static str> {
        self.after(|_, reply| DeskRequest::FinishTask(task, done, reply))
    }

    fn open(&mut self) -> Vec<OpenItemView> {
        self.card().pop.open
    }

    fn tomorrow(&self) -> DateTime<Utc> {
        self.now + TimeDelta::days(1)
    }
}

fn subjects(open: &[OpenItemView]) -> Vec<&str> {
    open.iter().map(|item| item.subject.as_str()).collect()
}

fn task_of(item: &OpenItemView) -> TaskId {
    match item.what {
        OpenWhat::Task { id, .. } => TaskId(id),
        OpenWhat::Ticket { .. } | OpenWhat::SourceTicket => panic!("no task: {item:?}"),
    }
}

fn suggested(pop: &PopView) -> Vec<&str> {
    pop.suggestions.iter().map(|one| one.product.as_str()).collect()
}

#[test]
fn a_disposition_stands_on_the_card_and_in_the_log_and_can_be_taken_away() {
    let mut seat = talking();
    assert_eq!(seat.choose_disposition(Some("order")), Ok(()));
    assert_eq!(seat.card().disposition.as_deref(), Some("order"));
    assert_eq!(seat.log()[0].disposition.as_deref(), Some("order"));
    assert_eq!(seat.choose_disposition(Some("complaint")), Ok(()));
    assert_eq!(seat.log()[0].disposition.as_deref(), Some("complaint"));
    assert_eq!(seat.choose_disposition(None), Ok(()));
    assert_eq!(
        (seat.card().disposition, seat.log()[0].disposition.take()),
        (None, None)
    );
    assert_eq!(seat.choose_disposition(Some("sale")), Err("no_such_disposition"));
}

#[test]
fn the_shops_own_dispositions_are_the_only_ones() {
    let rules = Rules {
        dispositions: vec!["sale".to_owned(), "no_sale".to_owned()],
        ..Rules::default()
    };
    let mut seat = Seated::under(rules, &["101"], ShowAt::Ring, &MARIA);
    seat.play("in_answered", 2.0);
    assert_eq!(seat.choose_disposition(Some("order")), Err("no_such_disposition"));
    assert_eq!(seat.choose_disposition(Some("sale")), Ok(()));
}

#[test]
fn what_was_promised_is_there_at_the_customers_next_call_until_it_is_done() {
    let mut seat = talking();
    let due = seat.tomorrow();
    assert_eq!(seat.plan(TaskKind::FollowUp, "Send the  price\nlist", due), Ok(()));
    let planned = seat.open().remove(0);
    assert_eq!(planned.subject, "Send the price list");
    assert_eq!(planned.call, Some(seat.card().call));
    let pop = seat.next("in_missed");
    let item = &pop.open[0];
    assert_eq!((item, item.origin.source.as_str()), (&planned, "101"));
    assert_ne!(item.call, Some(seat.card().call), "it came from the call before");
    let OpenWhat::Task { todo, due: at, .. } = item.what else {
        panic!("no task: {item:?}");
    };
    assert_eq!((todo, at), (TaskKind::FollowUp, due));
    let task = task_of(item);
    assert_eq!(seat.finish(task, true), Ok(()));
    assert_eq!(seat.open(), []);
    assert_eq!(seat.finish(task, false), Ok(()));
    assert_eq!(subjects(&seat.open()), ["Send the price list"]);
    assert_eq!(seat.finish(task, true), Ok(()));
    assert_eq!(seat.next("hold").open, []);
}

#[test]
fn a_promise_by_mistake_is_taken_back_and_a_wrong_one_is_refused() {
    let mut seat = talking();
    let due = seat.tomorrow();
    assert_eq!(seat.plan(TaskKind::Callback, "", due), Ok(()));
    let task = task_of(&seat.open()[0]);
    let dropped = |seat: &mut Seated| seat.after(|_, reply| DeskRequest::DropTask(task, reply));
    assert_eq!(dropped(&mut seat), Ok(()));
    assert_eq!(seat.open(), []);
    assert_eq!(dropped(&mut seat), Err("no_such_task"));
    assert_eq!(seat.finish(task, true), Err("no_such_task"));
    let over = seat.now;
    assert_eq!(seat.plan(TaskKind::Callback, "", over), Err("past"));
    assert_eq!(
        seat.plan(TaskKind::Callback, &"x".repeat(501), due),
        Err("text_too_long")
    );
    assert_eq!(seat.open(), []);
}

#[test]
fn promises_stand_before_tickets_the_first_due_first() {
    let mut seat = talking();
    let due = seat.tomorrow();
    seat.open_ticket(TicketKind::Repair, "The lid").expect("opened");
    seat.plan(TaskKind::FollowUp, "later", due + TimeDelta::hours(1))
        .expect("planned");
    seat.plan(TaskKind::FollowUp, "sooner", due).expect("planned");
    assert_eq!(subjects(&seat.open()), ["sooner", "later", "The lid"]);
}

#[test]
fn a_card_number_is_struck_out_of_what_is_promised_and_of_a_ticket() {
    let mut seat = talking();
    let due = seat.tomorrow();
    seat.plan(TaskKind::FollowUp, "Charge 4111 1111 1111 1111", due)
        .expect("planned");
    seat.open_ticket(TicketKind::Complaint, "4111 1111 1111 1111 charged twice")
        .expect("opened");
    assert_eq!(
        subjects(&seat.open()),
        ["Charge •••• •••• •••• 1111", "•••• •••• •••• 1111 charged twice"]
    );
    assert!(!format!("{:?}", seat.panel.told()).contains("4111 1111"));
}

#[test]
fn what_was_promised_to_a_caller_whom_nobody_knew_follows_to_whoever_it_turns_out_to_be() {
    let mut seat = Seated::with(&["101"], ShowAt::Ring, &NOBODY);
    seat.play("in_answered", TO_THE_END);
    let due = seat.tomorrow();
    seat.plan(TaskKind::Callback, "Tell the price", due).expect("planned");
    seat.open_ticket(TicketKind::Question, "The price").expect("opened");
    let pop = seat.next("in_missed");
    assert_eq!(subjects(&pop.open), ["Tell the price"], "by the number");
    seat.plan(TaskKind::Callback, "Again", due).expect("planned");
    seat.link("files/BERGS").expect("linked");
    assert_eq!(subjects(&seat.open()), ["Tell the price", "Again"]);
    let pop = seat.next("hold");
    assert_eq!(
        subjects(&pop.open),
        ["Tell the price", "Again"],
        "it is the customer's now"
    );
    let call = CallId(seat.card().call);
    seat.ask(|reply| DeskRequest::TakeBack(call, reply))
        .expect("taken back");
    assert_eq!(subjects(&seat.open()), ["Tell the price"]);
}

#[test]
fn suggestions_pause_while_a_complaint_is_open() {
    let mut seat = talking_of_tea();
    assert_eq!(
        (suggested(&seat.card().pop), seat.card().pop.paused),
        (vec!["2"], vec![])
    );
    seat.open_ticket(TicketKind::Question, "").expect("opened");
    assert_eq!(seat.card().pop.paused, []);
    seat.open_ticket(TicketKind::Complaint, "The lid is broken")
        .expect("opened");
    assert_eq!(seat.card().pop.paused, [Pause::Complaint]);
    let pop = seat.next("in_missed");
    assert_eq!(pop.paused, [Pause::Complaint], "also at the next call");
    let complaint = pop.open.iter().find(|item| item.subject == "The lid is broken");
    let Some(OpenWhat::Ticket { id, priority, .. }) = complaint.map(|item| item.what) else {
        panic!("no ticket: {:?}", pop.open);
    };
    assert_eq!(priority, Priority::High);
    let moved = |seat: &mut Seated, id| seat.after(|_, reply| DeskRequest::MoveTicket(id, TicketState::Closed, reply));
    assert_eq!(moved(&mut seat, TicketId(id)), Ok(()));
    assert_eq!(seat.card().pop.paused, []);
    assert_eq!(moved(&mut seat, TicketId(id + 9)), Err("no_such_ticket"));
}

#[test]
fn that_suggestions_are_paused_is_covered_with_the_balance() {
    let rules = Rules {
        cover: Cover::Always,
        ..Rules::default()
    };
    let mut seat = Seated::under(rules, &["101"], ShowAt::Ring, &MARIA);
    seat.play("in_answered", 2.0);
    assert_eq!(seat.card().pop.paused, []);
    let call = CallId(seat.card().call);
    seat.ask(|reply| DeskRequest::Uncover(call, reply)).expect("uncovered");
    assert_eq!(seat.card().pop.paused, [Pause::Overdue]);
}

#[test]
fn an_answer_stands_at_its_suggestion_and_a_no_holds_for_ninety_days() {
    let mut seat = talking_of_tea();
    let answer = |seat: &mut Seated| seat.card().pop.suggestions[0].answer;
    assert_eq!(answer(&mut seat), None);
    for said in [OfferAnswer::Offered, OfferAnswer::Declined] {
        assert_eq!(seat.answer("2", said), Ok(()));
        assert_eq!(answer(&mut seat), Some(said));
    }
    assert_eq!(seat.answer("3", OfferAnswer::Accepted), Err("not_suggested"));
    assert_eq!(suggested(&seat.next("in_missed")), Vec::<&str>::new());
    seat.now += TimeDelta::days(89);
    assert_eq!(suggested(&seat.next("hold")), Vec::<&str>::new());
    seat.now += TimeDelta::days(1);
    assert_eq!(suggested(&seat.next("in_answered_agent_ends")), ["2"]);
    assert_eq!(answer(&mut seat), None, "a new call, a new question");
}

#[test]
fn what_a_customer_took_is_not_suggested_again_and_not_now_is() {
    let mut seat = talking_of_tea();
    seat.answer("2", OfferAnswer::NotNow).expect("kept");
    assert_eq!(suggested(&seat.next("in_missed")), ["2"]);
    seat.answer("2", OfferAnswer::Accepted).expect("kept");
    assert_eq!(suggested(&seat.card().pop), ["2"], "it stays in this call");
    seat.now += TimeDelta::days(400);
    assert_eq!(suggested(&seat.next("hold")), Vec::<&str>::new());
}

#[test]
fn a_card_stays_while_something_is_typed_in_it_and_closes_by_itself_afterwards() {
    let mut seat = talking();
    seat.drafting(true);
    seat.play("in_answered", TO_THE_END);
    let card = seat.card();
    assert_eq!((card.state, card.closes_at), (CardState::WrapUp, None));
    seat.desk.timeout(seat.now + TimeDelta::hours(1));
    assert_eq!(seat.view().cards.len(), 1);
    seat.drafting(false);
    let closes = seat.card().closes_at.expect("it closes by itself");
    seat.desk.timeout(closes);
    assert!(seat.view().cards.is_empty());
}

#[test]
fn a_call_that_a_colleague_takes_leaves_its_card_while_something_is_typed_in_it() {
    let mut seat = Seated::at(&["101"]);
    seat.play("group_one_answers", 0.6);
    assert_eq!(seat.card().state, CardState::Ringing);
    seat.drafting(true);
    seat.play("group_one_answers", TO_THE_END);
    assert_eq!(seat.card().state, CardState::WrapUp);
}

#[test]
fn nothing_is_shown_that_could_not_be_written() {
    let mut seat = talking_of_tea();
    let due = seat.tomorrow();
    let path = seat.folder.path().join("journal.db");
    let journal = store::open_database(&path, &seat.key).expect("a second connection");
    journal
        .execute_batch(
            "ALTER TABLE tasks RENAME TO t; ALTER TABLE tickets RENAME TO i;
             ALTER TABLE offers RENAME TO o; ALTER TABLE dispositions RENAME TO d;",
        )
        .expect("renamed");
    assert_eq!(seat.plan(TaskKind::FollowUp, "x", due), Err("journal"));
    assert_eq!(seat.open_ticket(TicketKind::Complaint, "x"), Err("journal"));
    assert_eq!(seat.answer("2", OfferAnswer::Accepted), Err("journal"));
    assert_eq!(seat.choose_disposition(Some("order")), Err("journal"));
    let card = seat.card();
    assert_eq!(
        (card.disposition, card.pop.open, card.pop.paused),
        (None, vec![], vec![])
    );
    assert_eq!(card.pop.suggestions[0].answer, None);
}

#[test]
fn for_a_call_that_is_not_in_the_panel_everything_is_refused() {
    let mut seat = talking();
    let call = || CallId("asterisk:nothing".to_owned());
    let due = seat.tomorrow();
    let (kind, text) = (TaskKind::FollowUp, String::new());
    let todo = ToDo { kind, due, text };
    let refused = [
        seat.ask(|reply| DeskRequest::SetDisposition(call(), Some("order".to_owned()), reply)),
        seat.ask(|reply| DeskRequest::PlanTask(call(), todo, reply)),
        seat.ask(|reply| DeskRequest::AnswerOffer(call(), "2".to_owned(), OfferAnswer::Offered, reply)),
        seat.ask(|reply| DeskRequest::Drafting(call(), true, reply)),
    ];
    for answer in refused {
        assert_eq!(answer.map_err(|error| error.code()), Err("no_such_call"));
    }
}
