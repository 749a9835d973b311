//! What the panel shows of several calls and of a connection that is lost.

use std::net::TcpListener;

use ringside_e2e::{App, Caller, Feed, Home, Screen, Seat, folder, until};

#[tokio::test]
async fn several_calls_at_once_are_cards_in_one_window() {
    let folder = folder("cards");
    let Seat { app, port, .. } = Seat::new(&folder, Home::import_northwind).await;
    let callers = [
        ("one", "+49300074321", "Maria Anders"),
        ("two", "+441715557788", "Thomas Hardy"),
        ("three", "+49301234567", "1234567"),
    ];
    app.panel().await;
    for (call, from, name) in callers {
        Caller::new(port, call, from).rings().await;
        app.wait_for("who-name", name).await;
    }
    assert_eq!(app.texts("card").await.len(), callers.len());
    assert_eq!(app.panels(), 1);
    Screen.shoot(&folder.join("three-calls.png"));

    Caller::new(port, "two", callers[1].1).gives_up().await;
    app.wait_for("missed", "Thomas Hardy").await;
    until("the card has gone", async || {
        (app.texts("card").await.len() == 2).then_some(())
    })
    .await;
}

#[tokio::test]
async fn nothing_in_the_panel_moves_once_it_was_painted() {
    let folder = folder("still");
    let Seat { app, port, .. } = Seat::new(&folder, Home::import_northwind).await;
    for (call, from, name) in [
        ("first", "+49300074321", "Maria Anders"),
        ("small", "anonymous", "withheld"),
        ("full", "+441715557788", "Thomas Hardy"),
    ] {
        app.watch_places().await;
        let caller = Caller::new(port, call, from);
        caller.rings().await;
        app.wait_for_panel(true).await;
        app.wait_for("who-name", name).await;
        app.wait_until_painted(call).await;
        app.rest().await;
        let moved = app.moved().await;
        Screen.shoot(&folder.join(format!("{call}.png")));
        assert!(moved.is_empty(), "in the pop of `{call}` moved: {moved:#?}");
        caller.gives_up().await;
        app.wait_for("missed", name).await;
        app.dismiss_missed().await;
        app.wait_for_panel(false).await;
    }
}

#[tokio::test]
async fn a_lost_connection_is_said_in_the_panel_until_it_is_back() {
    let folder = folder("banner");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    let taken = TcpListener::bind(("127.0.0.1", port)).expect("the port is free");
    let app = App::start(&home).await;
    app.panel().await;
    app.wait_for("feed-banner", &port.to_string()).await;
    Screen.shoot(&folder.join("port-taken.png"));

    drop(taken);
    until("the banner goes", async || {
        app.texts("feed-banner").await.is_empty().then_some(())
    })
    .await;
    let caller = Caller::new(port, "back", "+49301234567");
    caller.rings().await;
    app.wait_for_panel(true).await;
    app.wait_for("who-name", "1234567").await;
}

#[tokio::test]
async fn a_change_of_desk_moves_the_calls_with_the_agent() {
    let folder = folder("hot-desk");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "102", &feed);
    let app = App::start(&home).await;
    Caller::new(port, "before", "+49301111111").rings().await;
    app.desk().await;
    app.change_line("101").await;
    Caller::new(port, "after", "+49302222222").rings().await;
    app.panel().await;
    app.wait_for("who-name", "2222222").await;
    assert!(home.config().contains("101"), "the change is not in {}", home.config());
}

#[test]
fn without_a_display_it_says_so_and_ends() {
    let (feed, _) = Feed::webhook();
    let home = Home::new(&folder("no-display"), "101", &feed);
    for display in ["", ":4999"] {
        let ended = home.start_on(display);
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{said}");
        assert!(said.contains("no display") && !said.contains("panicked"), "{said}");
    }
}
