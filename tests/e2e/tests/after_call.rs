//! What comes of a call, by keys alone in the real window: disposition, follow-up, ticket, template, and what was said to a
//! suggestion.

use std::time::Duration;

use ringside_e2e::{Bus, Caller, Home, Screen, Seat, folder, until, within};

const MARIA: &str = "+49300074321";

const CUSTOMERS: &str = "customer_id,company,contact,country,phone\n\
    ALFKI,Alfreds Futterkiste,Maria Anders,Germany,030-0074321\n\
    BERGS,Berglunds snabbköp,Christina Berglund,Sweden,0921-123465\n";
const PRODUCTS: &str = "product_id,name,list_price\n1,Green tea,9.90\n2,Tea pot,19.90\n3,Jam,4.50\n";

/// Maria buys tea; whoever else buys tea buys a pot with it.
fn orders() -> String {
    let tea = (0..12).map(|order| format!("{order},ALFKI,2026-06-01,1,1,9.90\n"));
    let pots =
        (100..120).map(|order| format!("{order},BERGS,2026-06-02,1,1,9.90\n{order},BERGS,2026-06-02,2,1,19.90\n"));
    let jam = (200..300).map(|order| format!("{order},BERGS,2026-06-03,3,1,4.50\n"));
    let head = "order_id,customer_id,order_date,product_id,quantity,unit_price\n".to_owned();
    [head].into_iter().chain(tea).chain(pots).chain(jam).collect()
}

/// The shop with these settings beside the usual ones.
fn shop(settings: &str) -> impl FnOnce(&Home) {
    move |home| {
        home.import_files(&[
            ("customers.csv", CUSTOMERS),
            ("products.csv", PRODUCTS),
            ("orders.csv", &orders()),
        ]);
        home.add_settings(settings);
    }
}

/// A call that was answered, with the caret in its note: everything after that is keys.
async fn talks(seat: &Seat, call: &str) -> Caller {
    let caller = seat.rings(call, MARIA).await;
    caller.is_answered().await;
    seat.app.wait_for_card("talking").await;
    seat.app.wait_for("who-name", "Maria Anders").await;
    seat.takes_the_keyboard_at("note-input").await;
    caller
}

/// Waits until the latest call has this disposition, as the command line tells.
async fn disposed(seat: &Seat, code: Option<&str>) {
    until(&format!("the disposition is {code:?}"), async || {
        let calls = seat.home.calls();
        (calls.first()?["disposition"].as_str() == code).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_promise_is_there_at_the_customers_next_call_until_it_is_done() {
    let folder = folder("promise");
    let seat = Seat::new(&folder, shop("")).await;
    let first = talks(&seat, "promise-1").await;
    seat.types("Pays with 4111 1111 1111 1111, wants six cases");
    seat.app.wait_for("struck", "A card number was struck out").await;
    assert_eq!(
        seat.app.value("note-input").await,
        "Pays with •••• •••• •••• 1111, wants six cases"
    );
    seat.wraps_up(&first).await;
    Screen.press("alt+1");
    disposed(&seat, Some("order")).await;
    Screen.press("alt+f");
    seat.types("kad stigne");
    seat.app.wait_for("when-problem", "kad").await;
    Screen.press("ctrl+a");
    seat.types("u petak u 10");
    seat.app.wait_for("when-understood", "Friday").await;
    seat.types("\tCheck that the cases arrived");
    Screen.shoot(&folder.join("a-promise-is-understood.png"));
    Screen.press("Return");
    seat.app.wait_for("made", "Check that the cases arrived").await;
    assert_eq!(seat.app.value("when").await, "");
    Screen.shoot(&folder.join("a-promise-was-made.png"));
    seat.closes().await;

    let second = talks(&seat, "promise-2").await;
    seat.app.wait_for("open-item", "Check that the cases arrived").await;
    seat.app.wait_for("open-item", "Line 101").await;
    Screen.shoot(&folder.join("a-promise-at-the-next-call.png"));
    seat.app.tab_to("settle").await;
    Screen.press("Return");
    seat.app.wait_for("settled", "Done: Check that the cases arrived").await;
    seat.wraps_up(&second).await;
    seat.closes().await;

    talks(&seat, "promise-3").await;
    assert_eq!(seat.app.texts("open-item").await, [""; 0]);
}

#[tokio::test]
async fn a_reminder_comes_when_it_is_due_and_is_put_off_or_done_from_its_notification() {
    let folder = folder("reminder");
    let bus = Bus::with_notifications(&folder).await;
    let seat = Seat::on(bus, &folder, shop("")).await;
    let bus = seat.bus();
    let first = talks(&seat, "reminder-1").await;
    for promise in ["Send the price list", "Ask for the order number"] {
        Screen.press("alt+f");
        seat.types(&format!("in 2 minutes\t{promise}"));
        seat.app.find("when-understood").await;
        Screen.press("Return");
        seat.app.wait_for("made", promise).await;
    }
    seat.wraps_up(&first).await;
    seat.closes().await;
    assert_eq!(bus.notifications(), [""; 0], "nothing is due yet");
    let due = within(Duration::from_secs(150), "both are due", async || {
        Some(bus.notifications()).filter(|raised| raised.len() == 2)
    })
    .await;
    for said in ["Follow-up due", "Maria Anders", "Send the price list"] {
        assert!(due[0].contains(said), "no `{said}` in {due:?}");
    }
    bus.press_in("Send the price list", "In 10 minutes");
    bus.press_in("Ask for the order number", "Done");

    let second = talks(&seat, "reminder-2").await;
    until("what is done has gone and what was put off is there", async || {
        let open = seat.app.texts("open-item").await;
        (open.len() == 1 && open[0].contains("Send the price list")).then_some(())
    })
    .await;
    Screen.shoot(&folder.join("what-was-put-off.png"));
    seat.wraps_up(&second).await;
}

#[tokio::test]
async fn a_ticket_is_opened_in_two_keys_and_a_complaint_pauses_what_would_be_suggested() {
    let folder = folder("ticket");
    let seat = Seat::new(&folder, shop("")).await;
    let caller = talks(&seat, "ticket-1").await;
    seat.app.find("suggestion").await;
    seat.types("Two jars broken on arrival");
    Screen.press("alt+k");
    seat.app.find("ticket-form").await;
    Screen.press("1");
    seat.app.find("priority-high").await;
    Screen.press("3");
    seat.app.wait_for("made", "Two jars broken on arrival").await;
    seat.app.wait_for("made", "Complaint · High").await;
    seat.app.wait_for("paused", "Paused while a complaint is open.").await;
    seat.app.wait_for_none("suggestion").await;
    Screen.shoot(&folder.join("a-complaint-is-open.png"));
    seat.wraps_up(&caller).await;
    seat.closes().await;

    talks(&seat, "ticket-2").await;
    seat.app.wait_for("open-item", "Two jars broken on arrival").await;
    seat.app.wait_for("paused", "Paused while a complaint is open.").await;
}

#[tokio::test]
async fn a_suggestion_is_answered_by_a_key_and_what_was_declined_is_not_suggested_at_the_next_call() {
    let folder = folder("suggestion");
    let seat = Seat::new(&folder, shop("")).await;
    let caller = talks(&seat, "suggestion-1").await;
    seat.app.wait_for("suggestion", "Tea pot").await;
    Screen.press("alt+1");
    until("it was offered", async || {
        let checked = "arguments[0](document.querySelector('[data-testid=answer-offered]')?.checked)";
        (seat.app.run_script(checked).await == true).then_some(())
    })
    .await;
    Screen.press("alt+3");
    seat.app.wait_for("answered", "Declined").await;
    Screen.shoot(&folder.join("a-suggestion-was-declined.png"));
    seat.wraps_up(&caller).await;
    seat.closes().await;

    talks(&seat, "suggestion-2").await;
    assert_eq!(seat.app.texts("suggestion").await, [""; 0]);
}

#[tokio::test]
async fn a_shop_has_its_own_dispositions_templates_and_keys() {
    let folder = folder("own-shop");
    let settings = "[[disposition]]\ncode = \"sample\"\nname = \"Sample sent\"\n\
        [[disposition]]\ncode = \"no_result\"\n\
        [[template]]\nname = \"Hours\"\ntext = \"Open 8 to 16.\"\n\
        [keys]\nfollow_up = \"Ctrl+F\"\n";
    let seat = Seat::new(&folder, shop(settings)).await;
    let caller = talks(&seat, "own-1").await;
    seat.types("Asked when. Bye");
    for _ in 0..4 {
        Screen.press("Left");
    }
    Screen.press("alt+t");
    seat.app.wait_for("template", "Open 8 to 16.").await;
    Screen.press("1");
    until("the template stands in the note", async || {
        (seat.app.value("note-input").await == "Asked when.Open 8 to 16. Bye").then_some(())
    })
    .await;
    Screen.press("ctrl+f");
    seat.app.find("follow-up").await;
    Screen.press("Escape");
    seat.app.wait_for_none("follow-up").await;
    seat.wraps_up(&caller).await;
    seat.app.wait_for("dispositions", "Sample sent").await;
    Screen.shoot(&folder.join("dispositions-of-the-shop.png"));
    Screen.press("alt+1");
    disposed(&seat, Some("sample")).await;
    Screen.press("alt+1");
    disposed(&seat, None).await;
}

#[tokio::test]
async fn what_is_being_typed_of_a_promise_survives_another_call_and_the_quiet_timer() {
    let folder = folder("drafts");
    let seat = Seat::new(&folder, shop("[panel]\nwrap_up_seconds = 2\n")).await;
    let first = talks(&seat, "drafts-1").await;
    Screen.press("alt+f");
    seat.types("Fri 10:00");
    seat.app.wait_for("when-understood", "Friday").await;
    seat.wraps_up(&first).await;
    let second = Caller::new(seat.port, "drafts-2", "+49301234567");
    second.rings().await;
    until("the second call is in the panel", async || {
        (seat.app.texts("card").await.len() == 2).then_some(())
    })
    .await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(seat.app.value("when").await, "Fri 10:00");
    Screen.shoot(&folder.join("a-draft-beside-another-call.png"));
    second.gives_up().await;
    Screen.press("Return");
    seat.app.wait_for("made", "Follow-up").await;
}
