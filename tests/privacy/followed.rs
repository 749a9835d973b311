//! What followed from the calls of the two people.

use ringside::call::{CallId, Endpoint, Line, Step, Stepped};
use ringside::journal::{
    Channel, Choice, LoggedCustomer, Mark, NewContact, NewTask, NewTicket, Offer, OfferAnswer, Priority, Reviewer,
    Said, StepRow, TaskKind, TicketChange, TicketKind, TraceHead, Way,
};
use ringside::number::{Key, display};
use ringside::pop::view::{NewCampaign, PickedView, TryRequest, TryResult};

use super::people::{OWN, SHARED, VICTIM, call};
use super::{Shop, days_ago, now, reference};

/// What a supervisor reads and writes of their calls, and where they stand in the calls of the other.
pub(super) fn reviews(shop: &Shop) {
    let mut journal = shop.journal();
    let by = Reviewer {
        agent: "Petr".to_owned(),
        line: Line("103".to_owned()),
    };
    let step = |what| Step { at: days_ago(26), what };
    let steps = |number: &str| {
        let outside = Endpoint::Outside(number.to_owned());
        [step(Stepped::Began), step(Stepped::Ringing(outside))]
    };
    let theirs = CallId("chat-1701".to_owned());
    let first = call("chat-1701", OWN, Some(("crm/17", VICTIM)), 30);
    journal
        .put_story(&first, &steps("+493023125177"), &[])
        .expect("written");
    journal
        .comment(&theirs, &by, "Kommentarglocke: zu lang", days_ago(2))
        .expect("written");
    journal
        .mark(&theirs, &by, Some(Mark::Coaching), days_ago(2))
        .expect("marked");
    // a call of the other one was passed on to their number, and was taken for theirs at first
    let other = Some(("crm/18", "Ulrike Bystanderin"));
    let passed_on = call("chat-1803", SHARED, other, 23);
    journal
        .put_call(&call("chat-1803", SHARED, Some(("crm/17", VICTIM)), 23))
        .expect("logged");
    journal
        .put_story(
            &call("chat-1803", SHARED, Some(("crm/17", VICTIM)), 23),
            &steps("03023125177"),
            &[],
        )
        .expect("written");
    let word = Choice {
        customer: reference("crm/18"),
        number: Key::new(SHARED),
        said: Said {
            call: CallId("chat-1803".to_owned()),
            line: Line("101".to_owned()),
            at: days_ago(22),
        },
    };
    journal.choose(&word, &passed_on).expect("chosen");
    journal
        .comment(
            &CallId("chat-1803".to_owned()),
            &by,
            "Betoniertes war gemeint",
            days_ago(2),
        )
        .expect("written");
}

pub(super) fn after(shop: &Shop) {
    let mut journal = shop.journal();
    let line = Line("101".to_owned());
    let id = CallId("chat-1701".to_owned());
    journal
        .set_disposition(&id, Some("order"), &line, days_ago(30))
        .expect("chosen");
    let task = |call: Option<&CallId>, customer: Option<&str>, text: &str| NewTask {
        kind: TaskKind::Callback,
        call: call.cloned(),
        customer: customer.map(reference),
        customer_name: customer.map_or("", |_| VICTIM).to_owned(),
        number_display: Key::new(OWN).map(display).unwrap_or_default(),
        text: text.to_owned(),
        line: Line("101".to_owned()),
        due: now(),
    };
    journal
        .plan_task(task(Some(&id), Some("crm/17"), "Turmuhrwerk nennen"), days_ago(30))
        .expect("planned");
    journal
        .plan_task(task(None, None, "Klappergestell, Wieder-kommt"), days_ago(30))
        .expect("planned");
    let ticket = NewTicket {
        kind: TicketKind::Complaint,
        priority: Priority::Normal,
        subject: "Briefkopfbogen fehlt".to_owned(),
        call: Some(id.clone()),
        customer: Some(reference("crm/17")),
        customer_name: VICTIM.to_owned(),
        line: line.clone(),
    };
    let opened = journal.open_ticket(ticket, days_ago(30)).expect("opened");
    let comment = TicketChange::Comment("Kloeppelersatz bestellt".to_owned());
    journal
        .change_ticket(opened.id, &comment, &line, days_ago(29))
        .expect("commented");
    journal
        .answer_offer(&Offer {
            call: id.clone(),
            product: "teapot".to_owned(),
            product_name: "Product teapot".to_owned(),
            customer: Some(reference("crm/17")),
            answer: OfferAnswer::Accepted,
            line: line.clone(),
            at: days_ago(30),
        })
        .expect("answered");
    let contact = |customer: &str, name: &str, text: &str| NewContact {
        customer: LoggedCustomer {
            reference: reference(customer),
            name: name.to_owned(),
            company: String::new(),
        },
        channel: Channel::Email,
        way: Way::In,
        at: days_ago(15),
        text: text.to_owned(),
        line: line.clone(),
    };
    journal
        .put_contact(&contact("shop/9001", VICTIM, "Zwiebelkuchen per E-Mail"), now())
        .expect("written");
    journal
        .put_contact(&contact("crm/18", "Ulrike Bystanderin", "Walkmuehle steht"), now())
        .expect("written");
    journal.close_missed(&id, Some(&line), days_ago(14)).expect("closed");
    let filter = r#"{"customer":"crm/17"}"#;
    journal.keep_filter("tickets", "theirs", Some(filter)).expect("kept");
}

pub(super) fn campaign(shop: &Shop) {
    let mut journal = shop.journal();
    let line = Line("101".to_owned());
    let picked = |customer: &str, name: &str, why: &str| PickedView {
        customer: customer.to_owned(),
        name: name.to_owned(),
        number: String::new(),
        why: why.to_owned(),
        opted_out: false,
    };
    let new = NewCampaign {
        name: "Autumn".to_owned(),
        goal: String::new(),
        target: 0,
    };
    let people = [
        picked("crm/17", VICTIM, "Glocken-Kampagne-Grund"),
        picked("crm/18", "Ulrike Bystanderin", "loyal"),
    ];
    let id = journal.make_campaign(&new, &people, &line, days_ago(10)).expect("made");
    let entries = journal.campaign_entries(id, None, (0, 10)).expect("read");
    let entry = entries.iter().find(|entry| entry.customer == "crm/17").expect("theirs");
    let attempt = TryRequest {
        result: TryResult::Accepted,
        note: "Zwiebelkuchen dazu".to_owned(),
        next: None,
        begun: None,
    };
    let call = CallId("chat-1704".to_owned());
    journal
        .put_try(
            ringside::journal::EntryId(entry.id),
            &attempt,
            Some(&call),
            &line,
            days_ago(9),
        )
        .expect("tried");
}

pub(super) fn traces(shop: &Shop) {
    let mut traces = shop.traces();
    let head = |call: &str| TraceHead {
        call: CallId(call.to_owned()),
        feed: "pbx".to_owned(),
        mine: true,
        began: days_ago(1),
    };
    let step = |body: &str, raw: Option<&str>| StepRow {
        at: days_ago(1),
        body: body.to_owned(),
        raw: raw.map(str::to_owned),
    };
    traces
        .add(&[
            (
                head("chat-1701"),
                step(r#"{"verdict":"one"}"#, Some("CallerIDNum: 03023125177")),
            ),
            // a call of the other, at which both were candidates
            (head("chat-1802"), step(r#"{"candidates":["crm/17","crm/18"]}"#, None)),
            (
                head("chat-1801"),
                step(r#"{"candidates":["crm/18"],"name":"Ulrike"}"#, None),
            ),
        ])
        .expect("traced");
}
