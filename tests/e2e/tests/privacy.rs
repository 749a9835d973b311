//! A customer is erased from their page: Ringside starts again, and nobody knows them any more.

use ringside_e2e::{App, Caller, Feed, Home, Screen, folder, until};

const MARIA: &str = "Maria Anders";
const NUMBER: &str = "+49300074321";
const READY: &str = "the panel's page is ready";

#[tokio::test]
async fn somebody_is_erased_by_a_start_that_the_window_asked_for_and_calls_as_a_stranger() {
    let folder = folder("erased");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_northwind();
    let app = App::start(&home).await;
    let caller = Caller::new(port, "before", NUMBER);
    caller.rings().await;
    caller.gives_up().await;
    let reference = until("the call is logged for her", async || {
        let calls = home.calls();
        calls.first()?["customer"]["reference"].as_str().map(str::to_owned)
    })
    .await;
    app.desk().await;
    let turn =
        "location.hash = '#/customer/' + encodeURIComponent(arguments[0]); arguments[arguments.length - 1](true)";
    app.run_script_with(turn, vec![reference.into()]).await;
    app.click("privacy").await;
    app.click("look-before").await;
    app.wait_for("known-calls", "").await;
    Screen.shoot(&folder.join("what-is-known.png"));
    let name = app.find("erase-name").await;
    name.send_keys("Maria").await.expect("it takes text");
    let enabled = app.find("erase-do").await.is_enabled().await.expect("a button");
    assert!(!enabled, "a part of the name is not the name");
    name.send_keys(" Anders").await.expect("it takes text");
    let starts = app.log().matches(READY).count();
    let button = app.find("erase-do").await;
    // the page goes before it can say that it was pressed
    let _gone = button.click().await;
    until("it has started again", async || {
        (app.log().matches(READY).count() > starts).then_some(())
    })
    .await;
    assert!(app.log().contains("somebody was erased"));
    let calls = home.calls();
    assert_eq!(calls.len(), 1, "the call stays as a figure");
    assert!(!format!("{calls:?}").contains(MARIA), "{calls:?}");
    let caller = Caller::new(port, "after", NUMBER);
    caller.rings().await;
    caller.gives_up().await;
    let call = until("the next call is logged", async || {
        let calls = home.calls();
        (calls.len() == 2).then(|| calls[0].clone())
    })
    .await;
    assert!(call["customer"].is_null(), "{call}");
}
