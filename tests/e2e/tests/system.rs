//! What Ringside does with the desktop around it: notifications with buttons, do not disturb, the keys that bring the panel,
//! links, and where the panel stands.

use std::time::Duration;

use ringside_e2e::{App, Bus, Caller, Feed, Home, Programs, Screen, Seat, Terminal, Tray, folder, until};

#[tokio::test]
async fn a_missed_call_is_rung_back_from_its_notification() {
    let folder = folder("ring-back");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_northwind();
    let bus = Bus::with_notifications(&folder).await;
    let programs = Programs::with_handler(&folder, "softphone.desktop");
    let app = App::start_among(&home, &bus, &programs).await;
    misses(&app, port, "ring-back").await;
    raised(&bus, 1).await;
    assert_eq!(programs.opened(), [""; 0], "nothing is called before somebody says so");
    bus.press("Ring back");
    assert_eq!(programs.wait_for_opened().await, ["tel:+49300074321"]);
}

#[tokio::test]
async fn where_ringside_itself_opens_telephone_links_ringing_back_says_what_to_do() {
    let folder = folder("ring-back-ours");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_northwind();
    let bus = Bus::with_notifications(&folder).await;
    let programs = Programs::with_handler(&folder, "Ringside.desktop");
    let app = App::start_among(&home, &bus, &programs).await;
    misses(&app, port, "ours").await;
    raised(&bus, 1).await;
    bus.press("Ring back");
    let said = raised(&bus, 2).await;
    assert!(
        said[1].contains("That did not work") && said[1].contains("[feed.dial]"),
        "{said:?}"
    );
    assert_eq!(programs.opened(), [""; 0], "the link would come straight back");
}

#[tokio::test]
async fn a_missed_call_is_put_off_from_its_notification() {
    let folder = folder("snooze");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_northwind();
    let bus = Bus::with_notifications(&folder).await;
    let app = App::start_on(&home, &bus).await;
    misses(&app, port, "snooze").await;
    raised(&bus, 1).await;
    bus.press("In 10 minutes");
    until("the desk has put it off", async || {
        app.log().contains("a missed call was put off").then_some(())
    })
    .await;
    assert_eq!(bus.notifications().len(), 1, "it comes again later, not now");
}

#[tokio::test]
async fn while_nobody_is_to_be_disturbed_nothing_comes_up_and_afterwards_the_missed_call_stands_there() {
    let folder = folder("quiet");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_northwind();
    let bus = Bus::with_notifications(&folder).await;
    let app = App::start_on(&home, &bus).await;
    app.desk().await;
    app.click("quiet-words").await;
    app.click("quiet-30").await;
    app.wait_for("quiet-words", "Do not disturb until").await;
    Screen.shoot(&folder.join("do-not-disturb.png"));
    let caller = Caller::new(port, "quiet", "+49300074321");
    caller.rings().await;
    app.panel().await;
    app.wait_for("who-name", "Maria Anders").await;
    caller.gives_up().await;
    app.wait_for("missed", "Maria Anders").await;
    assert!(!app.panel_in_view(), "the panel came up");
    assert_eq!(bus.notifications(), [""; 0]);
    let log = home.calls();
    assert_eq!(log[0]["outcome"], "missed", "{log:?}");

    app.desk().await;
    app.click("quiet-words").await;
    app.click("quiet-end").await;
    app.wait_for_panel(true).await;
    app.panel().await;
    app.wait_for("missed", "Maria Anders").await;
    assert_eq!(bus.notifications(), [""; 0], "the panel says it");
}

#[tokio::test]
async fn the_keys_bring_the_panel_with_the_keyboard_and_hiding_gives_it_back() {
    let folder = folder("shortcut");
    let Seat { app, port, .. } = Seat::new(&folder, Home::import_northwind).await;
    let caller = Caller::new(port, "shortcut", "+49300074321");
    caller.rings().await;
    app.wait_for_panel(true).await;
    app.panel().await;
    app.wait_for_card("ringing").await;
    let panel = app.panel_window().await;
    let terminal = Terminal::open(&folder.join("typed.txt")).await;
    for round in ["from the note", "once more"] {
        Screen.press("ctrl+alt+r");
        app.wait_for_panel(true).await;
        until("the panel has the keyboard", async || {
            (Screen.focused() == panel).then_some(())
        })
        .await;
        // Keys are ignored for the first moments, so that a stray one decides nothing.
        tokio::time::sleep(Duration::from_millis(700)).await;
        Screen.press("Escape");
        app.wait_for_panel(false).await;
        until(&format!("the terminal has the keyboard {round}"), async || {
            (Screen.focused() == *terminal.window()).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn keys_that_another_program_has_are_said_and_cost_nothing_else() {
    let folder = folder("shortcut-taken");
    let (feed, port) = Feed::webhook();
    let first = Home::new(&folder, "101", &feed);
    let holder = App::start(&first).await;
    let (feed, port2) = Feed::webhook();
    let second = Home::new(&folder, "102", &feed);
    let app = App::start(&second).await;
    app.desk().await;
    app.wait_for("notice-said", "Another program has the keys Ctrl Alt R")
        .await;
    app.click("nav-connection").await;
    app.wait_for("computer-line", "Another program has the keys").await;
    Screen.shoot(&folder.join("keys-taken.png"));
    assert!(holder.runs() && port != port2);

    let (feed, port) = Feed::webhook();
    let third = Home::new(&folder, "103", &feed);
    third.set_panel("shortcut = \"Strg Alt R\"");
    let app = App::start(&third).await;
    app.desk().await;
    app.wait_for("notice-said", "are no keys for a shortcut").await;
    assert!(app.runs() && port != port2);
}

#[tokio::test]
async fn a_second_start_hands_a_number_over_and_the_agent_decides() {
    let folder = folder("link");
    let (feed, _) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    let bus = Bus::with_notifications(&folder).await;
    let programs = Programs::with_handler(&folder, "softphone.desktop");
    let app = App::start_among(&home, &bus, &programs).await;
    let second = home.start_with_link("tel:+49-30-0074321");
    assert_eq!(second.status.code(), Some(0), "{second:?}");
    app.desk().await;
    app.wait_for("link", "Call +49300074321?").await;
    Screen.shoot(&folder.join("a-link-asks.png"));
    // whoever types on does not call by it
    for key in ["Return", "space"] {
        Screen.press(key);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(programs.opened(), [""; 0], "a link dialled by itself");
    app.click("link-call").await;
    assert_eq!(programs.wait_for_opened().await, ["tel:+49300074321"]);
    until("the question has gone", async || {
        app.texts("link").await.is_empty().then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_hostile_link_is_refused_in_the_window_and_at_the_second_start() {
    let folder = folder("link-hostile");
    let Seat { app, home, .. } = Seat::new(&folder, |_| ()).await;
    app.desk().await;
    let long = format!("tel:{}", "9".repeat(100_000));
    let cases = [
        ("tel:*21*0900123456%23", "service code"),
        ("tel:+49301234567%0d%0aAction:%20Originate", "cannot be seen"),
        ("javascript:alert(1)", "no link that Ringside opens"),
        (long.as_str(), "longer than any link"),
    ];
    for (link, why) in cases {
        let second = home.start_with_link(link);
        let said = String::from_utf8_lossy(&second.stderr).into_owned();
        assert_eq!(second.status.code(), Some(1), "{said}");
        assert!(said.contains(why), "no `{why}` in {said}");
        if link.len() < 1000 {
            app.wait_for("link", why).await;
        }
        assert_eq!(app.texts("link-call").await, [""; 0]);
    }
    assert!(app.runs());
}

#[tokio::test]
async fn the_panel_stands_in_the_corner_of_the_settings_and_grows_upwards_from_below() {
    let folder = folder("corner-below");
    let Seat { app, port, .. } = Seat::new(&folder, |home| {
        home.import_northwind();
        home.set_panel("corner = \"bottom-left\"");
    })
    .await;
    Caller::new(port, "unknown", "+49301234567").rings().await;
    app.wait_for_panel(true).await;
    let panel = app.panel_window().await;
    app.panel().await;
    app.wait_for("who-name", "1234567").await;
    app.rest().await;
    let screen = Screen.area();
    let stands = || {
        let at = panel.area();
        let below = i64::from(screen.height) - i64::from(at.y) - i64::from(at.height);
        (at.x, below)
    };
    until("the panel stands below at the left", async || {
        (stands() == (16, 16)).then_some(())
    })
    .await;
    let before = panel.area().height;
    Caller::new(port, "known", "+49300074321").rings().await;
    app.wait_for("who-name", "Maria Anders").await;
    until("the panel grows upwards", async || {
        (panel.area().height > before && stands() == (16, 16)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn where_the_panel_was_dragged_to_it_comes_up_next_time() {
    let folder = folder("dragged");
    let Seat { app, port, .. } = Seat::new(&folder, |_| ()).await;
    let caller = Caller::new(port, "dragged", "+49301234567");
    caller.rings().await;
    app.wait_for_panel(true).await;
    app.panel().await;
    app.wait_for_card("ringing").await;
    app.rest().await;
    let panel = app.panel_window().await;
    let from = panel.area();
    Screen.drag((from.x + 60, from.y + 20), (100, 60));
    app.rest().await;
    let dragged = panel.area();
    assert!(dragged.x < 200, "it was not dragged: {dragged:?}");
    caller.gives_up().await;
    app.wait_for("missed", "1234567").await;
    app.dismiss_missed().await;
    app.wait_for_panel(false).await;
    Caller::new(port, "next", "+49301234567").rings().await;
    app.wait_for_panel(true).await;
    app.rest().await;
    assert_eq!((panel.area().x, panel.area().y), (16, 16), "the nearest corner");
}

#[tokio::test]
async fn the_icon_in_the_tray_says_how_it_stands_and_closing_the_window_leaves_ringside_running() {
    let folder = folder("tray");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    let bus = Bus::with_notifications(&folder).await;
    let tray = Tray::open(&bus, &folder).await;
    let app = App::start_on(&home, &bus).await;
    app.wait_for_feeds().await;
    let menu = tray.menu().await;
    for words in ["Available", "Open Ringside", "Show the panel", "For 30 minutes", "Quit"] {
        assert!(menu.contains(words), "no `{words}` in {menu}");
    }
    let caller = Caller::new(port, "tray", "+49301234567");
    caller.rings().await;
    caller.is_answered().await;
    tray.wait_for("On a call").await;
    caller.hangs_up().await;
    tray.wait_for("Available").await;

    tray.press("For 1 hour").await;
    app.desk().await;
    app.wait_for("quiet-words", "Do not disturb until").await;
    assert_eq!(
        tray.menu().await.matches("Do not disturb").count(),
        2,
        "the presence and the way to it"
    );
    tray.press("Turn off").await;
    app.wait_for("quiet-words", "Do not disturb").await;
    tray.wait_for("Available").await;

    app.desk_window().await.close();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(app.runs(), "it ended with its window");
    tray.press("Quit").await;
    app.wait_for_the_end().await;
}

/// Maria Anders calls and gives up.
async fn misses(app: &App, port: u16, call: &str) {
    let caller = Caller::new(port, call, "+49300074321");
    caller.rings().await;
    app.panel().await;
    app.wait_for("who-name", "Maria Anders").await;
    caller.gives_up().await;
    app.wait_for("missed", "Maria Anders").await;
}

async fn raised(bus: &Bus, count: usize) -> Vec<String> {
    until(&format!("{count} notifications"), async || {
        Some(bus.notifications()).filter(|raised| raised.len() >= count)
    })
    .await
}
