//! The desk by the keyboard alone, with real keys, and a restart from its settings.

use std::time::Duration;

use fantoccini::Locator;
use ringside_e2e::{App, Bus, Caller, Feed, Home, Screen, folder, until};

const MARIA: &str = "Maria Anders";

/// What the log says when a start has come to its end.
const READY: &str = "the panel's page is ready";

fn types(text: &str) {
    Screen.start_typing(text, Duration::from_millis(20)).finish();
}

/// Waits until the one with this test id has the keyboard.
async fn has_the_keyboard(app: &App, id: &str) {
    let script = "arguments[0](document.activeElement?.closest('[data-testid]')?.dataset.testid ?? '')";
    until(&format!("`{id}` has the keyboard"), async || {
        (app.run_script(script).await == id).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_customer_is_found_a_promise_made_and_a_ticket_worked_without_the_mouse() {
    let folder = folder("keyboard");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_northwind();
    let bus = Bus::empty(&folder);
    let app = App::start_on(&home, &bus).await;
    for call in ["first", "second", "third"] {
        let caller = Caller::new(port, call, "+49300074321");
        caller.rings().await;
        caller.gives_up().await;
    }
    app.desk().await;
    app.wait_for("missed-person", MARIA).await;
    app.desk_window().await.activate();

    Screen.press("ctrl+k");
    has_the_keyboard(&app, "search-input").await;
    types("maria andres");
    app.wait_for("found", MARIA).await;
    Screen.press("Return");
    app.wait_for("number", "+49 30 0074321").await;
    app.tab_to("plan").await;
    Screen.press("Return");
    has_the_keyboard(&app, "plan-when").await;
    types("tomorrow 10:00");
    app.tab_to("plan-text").await;
    types("Price list");
    Screen.press("Return");
    app.wait_for_none("plan-form").await;
    Screen.shoot(&folder.join("a-promise.png"));

    Screen.press("ctrl+3");
    app.wait_for("tickets-empty", "No ticket fits").await;
    app.tab_to("new-ticket").await;
    Screen.press("Return");
    has_the_keyboard(&app, "new-subject").await;
    types("The snails came late");
    Screen.press("Return");
    app.tab_to("comment").await;
    types("Asked the carrier");
    app.tab_to("say").await;
    Screen.press("Return");
    app.wait_for("ticket-entry", "Asked the carrier").await;
    Screen.shoot(&folder.join("b-ticket.png"));

    Screen.press("ctrl+2");
    until("the calls stand there", async || {
        (app.texts("call-row").await.len() == 3).then_some(())
    })
    .await;
    app.tab_to("call-row").await;
    Screen.press("End");
    let script = "arguments[0](document.activeElement?.dataset.call ?? '')";
    let last = until("the last row has the keyboard", async || {
        let call = app.run_script(script).await;
        call.as_str().filter(|call| call.contains("first")).map(str::to_owned)
    })
    .await;
    Screen.press("Return");
    app.wait_for("call-why", "").await;
    Screen.press("Home");
    until("the first row has the keyboard", async || {
        (app.run_script(script).await != last.as_str()).then_some(())
    })
    .await;
    Screen.shoot(&folder.join("c-calls.png"));
}

#[tokio::test]
async fn a_restart_from_the_settings_comes_back_and_hears_calls_again() {
    let folder = folder("restart");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_northwind();
    let app = App::start(&home).await;
    app.desk().await;
    app.click("nav-settings").await;
    app.click("set-group-panel").await;
    let field = app.find("set-panel.wrap_up_seconds").await;
    field.clear().await.expect("it can be emptied");
    field.send_keys("120").await.expect("it takes text");
    app.click("set-save").await;
    app.wait_for("set-restart", "restart").await;
    let starts = app.log().matches(READY).count();
    let banner = app.find("set-restart").await;
    let button = banner.find(Locator::Css("button")).await.expect("it has a button");
    // the page goes before it can say that it was pressed
    let _gone = button.click().await;
    until("it has started again", async || {
        (app.log().matches(READY).count() > starts).then_some(())
    })
    .await;
    let caller = Caller::new(port, "after", "+49300074321");
    caller.rings().await;
    caller.gives_up().await;
    until("the call is logged", async || {
        format!("{:?}", home.calls()).contains(MARIA).then_some(())
    })
    .await;
}
