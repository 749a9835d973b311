//! A note survives whatever ends the application.

use std::time::{Duration, Instant};

use ringside_e2e::{App, Caller, Screen, Seat, folder};

const TEXT: &str =
    "Wants the next delivery before noon, at the yard gate, and the invoice by post until further notice. ";

/// What is missing after a crash may have been typed in this time before it.
const MAY_BE_LOST: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_crash_while_a_note_is_typed_loses_at_most_its_last_second() {
    let folder = folder("notes");
    let Seat { app, home, port, .. } = Seat::new(&folder, |_| ()).await;
    let caller = Caller::new(port, "crash", "+49300074321");
    caller.rings().await;
    caller.is_answered().await;
    app.wait_for_panel(true).await;
    app.panel().await;
    app.click_in_panel("note-input").await;
    tokio::time::sleep(Duration::from_millis(700)).await;

    // Without a pause, so that nothing but the clock makes it durable.
    let typing = Screen.start_typing(&TEXT.repeat(3), Duration::from_millis(25));
    let mut seen = Vec::new();
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(4300) {
        let at = Instant::now();
        seen.push((at, app.value("note-input").await));
    }
    let killed = Instant::now();
    app.kill();
    // Broken off, it could leave a key pressed that then repeats in the next test.
    typing.finish();

    let (_, old) = seen
        .iter()
        .rfind(|(at, _)| killed.duration_since(*at) >= MAY_BE_LOST)
        .expect("it was looked at before");
    assert!(old.len() > 40, "too little was typed to prove anything: `{old}`");
    let app = App::start(&home).await;
    app.desk().await;
    let calls = home.calls();
    let note = calls[0]["note"].as_str().expect("a note");
    assert!(
        note.starts_with(old.as_str()),
        "lost more than a second: `{note}` of `{old}`"
    );
    assert!(TEXT.repeat(3).starts_with(note), "not what was typed: `{note}`");
    app.wait_for("call-row", note.trim_end()).await;
    Screen.shoot(&folder.join("the-note-after-a-crash.png"));
}

#[tokio::test]
async fn closing_the_window_right_after_the_last_key_keeps_it() {
    let folder = folder("closing");
    let Seat { app, home, port, .. } = Seat::new(&folder, |_| ()).await;
    let caller = Caller::new(port, "closing", "+49300074321");
    caller.rings().await;
    caller.is_answered().await;
    app.wait_for_panel(true).await;
    app.panel().await;
    app.click_in_panel("note-input").await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    Screen.start_typing("the last word", Duration::from_millis(15)).finish();
    app.desk_window().await.close();
    app.wait_for_the_end().await;
    assert_eq!(home.calls()[0]["note"], "the last word");
}

#[tokio::test]
async fn a_second_start_on_the_same_home_brings_the_first_ones_window_and_ends() {
    let folder = folder("second-start");
    let Seat { app, home, .. } = Seat::new(&folder, |_| ()).await;
    let second = home.start_again();
    assert_eq!(second.status.code(), Some(0), "{second:?}");
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(said.contains("already runs") && said.contains("in front"), "{said}");
    assert!(app.runs());
}
