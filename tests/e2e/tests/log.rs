//! The supervisor's call log in the real window: a filter is kept and used again after a start, a transferred call tells its story,
//! and a comment is there after a crash.

use ringside_e2e::{App, Bus, Caller, Feed, Home, Pbx, Screen, folder, until};

const MARIA: &str = "Maria Anders";
const HER_NUMBER: &str = "+49300074321";

/// Chooses `value` of the list with this test id.
async fn choose(app: &App, id: &str, value: &str) {
    let list = app.find(id).await;
    list.select_by_value(value).await.expect("it can be chosen");
}

/// Waits until the log has so many rows.
async fn rows(app: &App, count: usize) {
    until(&format!("the log has {count} rows"), async || {
        (app.texts("log-row").await.len() == count).then_some(())
    })
    .await;
}

/// A caller whom nobody answers, and one who talks.
async fn two_calls(app: &App, port: u16) {
    let missed = Caller::new(port, "log-missed", "+49301234567");
    missed.rings().await;
    missed.gives_up().await;
    let talks = Caller::new(port, "log-talks", HER_NUMBER);
    talks.rings().await;
    talks.is_answered().await;
    app.panel().await;
    app.wait_for_card("talking").await;
    let note = app.find("note-input").await;
    note.send_keys("Wants 40 more snails").await.expect("typed");
    app.find("note-saved").await;
    talks.hangs_up().await;
    app.wait_for_card("wrap_up").await;
    app.click("close-card").await;
}

#[tokio::test]
async fn a_filter_is_kept_under_a_name_and_shows_the_same_calls_after_a_start() {
    let folder = folder("log-filter");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_northwind();
    let bus = Bus::empty(&folder);
    let app = App::start_on(&home, &bus).await;
    two_calls(&app, port).await;
    app.desk().await;
    app.click("nav-log").await;
    rows(&app, 2).await;
    Screen.shoot(&folder.join("the-call-log.png"));
    choose(&app, "log-outcome", "missed").await;
    rows(&app, 1).await;
    app.wait_for("log-row", "Missed").await;
    app.click("name-filter").await;
    app.find("filter-name")
        .await
        .send_keys("Missed ones")
        .await
        .expect("typed");
    app.click("keep-filter").await;
    app.wait_for("saved-filter", "Missed ones").await;
    app.kill();

    let app = App::start_on(&home, &bus).await;
    app.desk().await;
    app.click("nav-log").await;
    rows(&app, 2).await;
    app.click("saved-filter").await;
    rows(&app, 1).await;
    app.wait_for("log-row", "Missed").await;
    app.click("clear-filter").await;
    let words = app.find("log-words").await;
    words.send_keys("snai").await.expect("typed");
    rows(&app, 1).await;
    app.wait_for("log-row", MARIA).await;
}

#[tokio::test]
async fn a_link_opens_the_log_with_its_filter() {
    let folder = folder("log-link");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_northwind();
    let bus = Bus::empty(&folder);
    let app = App::start_on(&home, &bus).await;
    two_calls(&app, port).await;
    let opened = home.start_with_link("ringside://log/outcome=answered;days=1");
    assert_eq!(opened.status.code(), Some(0), "{opened:?}");
    app.desk().await;
    rows(&app, 1).await;
    app.wait_for("log-row", MARIA).await;
    assert_eq!(app.value("log-period").await, "1");
    let refused = home.start_with_link("ringside://log/outcome=stolen");
    assert_ne!(refused.status.code(), Some(0), "{refused:?}");
    app.wait_for("link", "cannot be filtered by").await;
}

#[tokio::test]
async fn a_comment_and_a_mark_stand_at_the_call_after_a_crash() {
    let folder = folder("log-comment");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_northwind();
    let bus = Bus::empty(&folder);
    let app = App::start_on(&home, &bus).await;
    two_calls(&app, port).await;
    app.desk().await;
    app.click("nav-log").await;
    choose(&app, "log-outcome", "answered").await;
    rows(&app, 1).await;
    app.click("story-link").await;
    app.wait_for("story-who", MARIA).await;
    app.wait_for("story-entry", "101 answers").await;
    app.wait_for("story-entry", "Wants 40 more snails").await;
    let comment = app.find("review-text").await;
    comment.send_keys("Asked for the date").await.expect("typed");
    app.click("review-say").await;
    app.wait_for("call-comment", "Asked for the date").await;
    app.click("mark-coaching").await;
    app.wait_for("mark-said", "For coaching").await;
    Screen.shoot(&folder.join("a-story-with-a-comment.png"));
    app.kill();

    let app = App::start_on(&home, &bus).await;
    app.desk().await;
    app.click("nav-log").await;
    choose(&app, "log-marked", "coaching").await;
    rows(&app, 1).await;
    app.click("story-link").await;
    app.wait_for("call-comment", "Asked for the date").await;
}

#[tokio::test]
async fn a_transferred_call_tells_who_passed_it_to_whom() {
    let Some(mut pbx) = Pbx::start() else { return };
    let folder = folder("log-transfer");
    let home = Home::new(&folder, "101", &Feed::Asterisk(pbx.ami().clone()));
    home.sit_at(&["101", "102"]);
    home.import_northwind();
    let app = App::start(&home).await;
    app.wait_for_feeds().await;
    pbx.play_command(&format!("call 101 from {HER_NUMBER} 60000"));
    pbx.play_command("ringing 101");
    pbx.play_command("answer 101");
    app.panel().await;
    app.wait_for_card("talking").await;
    pbx.play_command("transfer 101 to 102");
    pbx.play_command("ringing 102");
    pbx.play_command("answer 102");
    pbx.play_command("hangup 101");
    app.wait_for_card("talking").await;
    pbx.play_command("hangup 102");
    pbx.play_command("wait-ended");
    app.wait_for_card("wrap_up").await;

    app.desk().await;
    app.click("nav-log").await;
    app.wait_for("log-row", "101 → 102").await;
    app.click("story-link").await;
    app.wait_for("story-who", MARIA).await;
    for told in ["101 rings", "101 answers", "101 passes the call to 102", "102 answers"] {
        app.wait_for("story-entry", told).await;
    }
    Screen.shoot(&folder.join("the-story-of-a-transfer.png"));
    app.click("story-why").await;
    app.find("why-answer").await;
}
