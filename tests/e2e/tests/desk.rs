//! The pages of the desk in the real window: the day, tickets, customers, the search.

use ringside_e2e::{App, Bus, Caller, Feed, Home, Screen, folder, until};

const MARIA: &str = "Maria Anders";

/// Types into the search over everything, in place of what stood there, and waits for the first hit to say `hit`.
async fn search(app: &App, typed: &str, hit: &str) {
    let input = app.find("search-input").await;
    input.clear().await.expect("it takes text");
    input.send_keys(typed).await.expect("it takes text");
    app.wait_for("found", hit).await;
}

#[tokio::test]
async fn a_missed_caller_stands_in_the_day_until_somebody_talks_to_them() {
    let folder = folder("day");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_northwind();
    let bus = Bus::empty(&folder);
    let app = App::start_on(&home, &bus).await;
    for call in ["first", "second"] {
        let caller = Caller::new(port, call, "+49300074321");
        caller.rings().await;
        caller.gives_up().await;
    }
    app.desk().await;
    app.wait_for("missed-person", MARIA).await;
    app.wait_for("missed-person", "called 2 times").await;
    assert_eq!(app.texts("missed-person").await.len(), 1);
    Screen.shoot(&folder.join("the-day.png"));
    let caller = Caller::new(port, "third", "+49300074321");
    caller.rings().await;
    caller.is_answered().await;
    app.wait_for_none("missed-person").await;
    app.wait_for("reached", "1 other was reached today").await;
    caller.hangs_up().await;
    app.panel().await;
    app.wait_for_card("wrap_up").await;
    app.click("close-card").await;
    app.desk().await;
    app.wait_for("unfinished", MARIA).await;
}

#[tokio::test]
async fn a_ticket_is_opened_for_a_customer_worked_and_closed() {
    let folder = folder("tickets");
    let (feed, _) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_northwind();
    let app = App::start(&home).await;
    app.desk().await;
    app.click("nav-tickets").await;
    app.wait_for("tickets-empty", "No ticket fits").await;
    app.click("new-ticket").await;
    app.find("new-subject")
        .await
        .send_keys("The snails came late")
        .await
        .expect("typed");
    app.find("pick-customer")
        .await
        .send_keys("maria and")
        .await
        .expect("typed");
    app.wait_for("pick-hit", MARIA).await;
    app.click("pick-hit").await;
    app.wait_for("picked", MARIA).await;
    app.click("open-ticket").await;
    app.wait_for("ticket-customer", MARIA).await;
    app.find("comment")
        .await
        .send_keys("Asked the carrier")
        .await
        .expect("typed");
    app.click("say").await;
    app.wait_for("ticket-entry", "Asked the carrier").await;
    Screen.shoot(&folder.join("a-ticket.png"));
    app.find("set-state")
        .await
        .select_by_value("closed")
        .await
        .expect("chosen");
    app.wait_for("ticket-entry", "State: Closed").await;
    app.click("nav-tickets").await;
    app.wait_for("tickets-empty", "No ticket fits").await;
    app.kill();
    let app = App::start(&home).await;
    app.desk().await;
    app.click("nav-tickets").await;
    app.find("ticket-state")
        .await
        .select_by_value("closed")
        .await
        .expect("chosen");
    app.wait_for("ticket-row", "The snails came late").await;
}

#[tokio::test]
async fn one_search_finds_by_a_mistyped_name_by_number_however_written_and_by_order() {
    let folder = folder("search");
    let (feed, _) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_northwind();
    let app = App::start(&home).await;
    app.desk().await;
    app.click("open-search").await;
    search(&app, "maria andres", MARIA).await;
    for number in ["030-0074321", "+49 30 0074321", "0049300074321", "(030) 007 4321"] {
        search(&app, number, MARIA).await;
    }
    search(&app, "10643", MARIA).await;
    Screen.shoot(&folder.join("a-search.png"));
    app.find("search-input")
        .await
        .send_keys("\u{e007}")
        .await
        .expect("Enter is pressed");
    app.wait_for("number", "+49 30 0074321").await;
    until("the orders stand there", async || {
        (!app.texts("order").await.is_empty()).then_some(())
    })
    .await;
    Screen.shoot(&folder.join("a-customer.png"));
}

#[tokio::test]
async fn a_letter_and_a_promise_stand_with_the_customer_after_a_crash() {
    let folder = folder("customer");
    let (feed, _) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_northwind();
    let app = App::start(&home).await;
    let link = home.start_with_link("ringside://customer/files/ALFKI");
    assert_eq!(link.status.code(), Some(0), "{link:?}");
    app.desk().await;
    app.wait_for("number", "+49 30 0074321").await;
    app.click("write-down").await;
    app.find("contact-text")
        .await
        .send_keys("New terms from January")
        .await
        .expect("typed");
    app.click("keep-contact").await;
    app.wait_for("event", "New terms from January").await;
    app.click("plan").await;
    app.find("plan-when")
        .await
        .send_keys("tomorrow 10:00")
        .await
        .expect("typed");
    app.find("plan-text")
        .await
        .send_keys("Ask about the terms")
        .await
        .expect("typed");
    app.click("plan-it").await;
    app.wait_for("open-task", "Ask about the terms").await;
    app.kill();
    let app = App::start(&home).await;
    app.desk().await;
    app.wait_for("task", "Ask about the terms").await;
    app.click("done").await;
    app.wait_for_none("task").await;
    app.click("undo").await;
    app.wait_for("task", "Ask about the terms").await;
}
