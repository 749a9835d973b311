//! The panel never takes the keyboard from what the agent is doing.

use std::fs;
use std::time::Duration;

use ringside_e2e::{Caller, Home, Screen, Seat, Terminal, folder, until};

/// How many calls pop where `RINGSIDE_POPS` does not say it.
const POPS: usize = 4;
/// One line, typed again and again.
const LINE: &str = "the quick brown fox jumps over the lazy dog 0123456789\n";

#[tokio::test]
async fn no_key_typed_elsewhere_is_lost_while_calls_pop() {
    let folder = folder("focus");
    let pops = std::env::var("RINGSIDE_POPS").map_or(POPS, |pops| pops.parse().expect("RINGSIDE_POPS is a number"));
    let Seat { app, port, .. } = Seat::new(&folder, Home::import_northwind).await;
    app.panel().await;
    let terminal = Terminal::open(&folder.join("typed.txt")).await;

    let typing = Screen.type_again_and_again(LINE, Duration::from_millis(15));
    for pop in 0..pops {
        let id = format!("focus-{pop}");
        let caller = Caller::new(port, &id, "+49300074321");
        caller.rings().await;
        app.wait_for_panel(true).await;
        app.wait_for("who-name", "Maria Anders").await;
        app.wait_until_painted(&id).await;
        assert_eq!(
            Screen.focused(),
            *terminal.window(),
            "the terminal lost the keyboard at pop {pop}"
        );
        if pop == 0 {
            Screen.shoot(&folder.join("typing-while-a-call-pops.png"));
        }
        caller.gives_up().await;
        app.wait_for("missed", "Maria Anders").await;
        app.dismiss_missed().await;
        app.wait_for_panel(false).await;
    }
    let lines = typing.stop();
    let text = LINE.repeat(lines);
    assert!(lines > pops / 4, "only {lines} lines were typed");
    let typed = until("the last line has arrived", async || {
        let typed = fs::read_to_string(terminal.file()).ok()?;
        (typed.len() >= text.len()).then_some(typed)
    })
    .await;
    assert_eq!(typed, text);
    println!(
        "{pops} pops, {} keys typed elsewhere meanwhile, and all of them arrived",
        text.len()
    );
}

#[tokio::test]
async fn a_click_into_the_note_brings_the_keyboard_and_hiding_gives_it_back() {
    let folder = folder("keyboard");
    let Seat { app, port, .. } = Seat::new(&folder, Home::import_northwind).await;
    let terminal = Terminal::open(&folder.join("typed.txt")).await;
    Caller::new(port, "keyboard", "+49300074321").rings().await;
    app.wait_for_panel(true).await;
    let panel = app.panel_window().await;
    app.panel().await;

    app.click_in_panel("note-input").await;
    until("the panel has the keyboard", async || {
        (Screen.focused() == panel).then_some(())
    })
    .await;
    // Keys are ignored for the first moments, so that a stray one decides nothing.
    tokio::time::sleep(Duration::from_millis(700)).await;
    Screen.start_typing("typed here", Duration::from_millis(15)).finish();
    until("the note has it", async || {
        (app.value("note-input").await == "typed here").then_some(())
    })
    .await;
    Screen.shoot(&folder.join("a-note-is-typed.png"));

    Screen.press("Escape");
    app.wait_for_panel(false).await;
    until("the terminal has the keyboard", async || {
        (Screen.focused() == *terminal.window()).then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_panel_stays_in_its_corner_while_it_is_in_view() {
    let folder = folder("corner");
    let Seat { app, port, .. } = Seat::new(&folder, Home::import_northwind).await;
    Caller::new(port, "unknown", "+49301234567").rings().await;
    app.wait_for_panel(true).await;
    let panel = app.panel_window().await;
    app.panel().await;
    app.wait_for("who-name", "1234567").await;
    app.rest().await;
    let before = panel.area();
    let screen = Screen.area();
    let right = i64::from(screen.width) - i64::from(before.x) - i64::from(before.width);
    assert_eq!(
        (before.width, right, before.y),
        (420, 16, 16),
        "{before:?} on {screen:?}"
    );

    Caller::new(port, "known", "+49300074321").rings().await;
    app.wait_for("who-name", "Maria Anders").await;
    let after = until("the panel grows for the second card", async || {
        let after = panel.area();
        (after.height > before.height).then_some(after)
    })
    .await;
    assert_eq!((after.x, after.y, after.width), (before.x, before.y, before.width));
    assert!(after.height <= screen.height - 32, "{after:?} on {screen:?}");
}
