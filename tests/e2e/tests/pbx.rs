//! A real call through a real Asterisk, in the real windows of two agents.

use ringside_e2e::{App, Feed, Home, Pbx, Screen, folder, until};

/// The customer of the Northwind data whose number is 030-0074321 in Germany.
const NAME: &str = "Maria Anders";

/// What that customer bought last, newest order first, with the amount of the line.
const LAST_LINES: [[&str; 3]; 2] = [
    ["40", "Escargots de Bourgogne", "503.50"],
    ["20", "Flotemysost", "430.00"],
];

#[tokio::test]
async fn a_real_call_pops_the_right_customer_for_the_agent_it_rings_and_nobody_else() {
    let Some(mut pbx) = Pbx::start() else { return };
    let folder = folder("pbx");
    let feed = Feed::Asterisk(pbx.ami().clone());
    let homes = ["101", "102"].map(|extension| Home::new(&folder, extension, &feed));
    for home in &homes {
        home.import_northwind();
    }
    let agent = App::start(&homes[0]).await;
    let colleague = App::start(&homes[1]).await;
    for app in [&agent, &colleague] {
        app.wait_for_feeds().await;
    }

    pbx.play_command("call 101 from +49300074321 60000");
    pbx.play_command("ringing 101");
    agent.wait_for_panel(true).await;
    agent.panel().await;
    agent.wait_for("who-name", NAME).await;
    agent.wait_for("who-company", "Alfreds Futterkiste").await;
    Screen.shoot(&folder.join("a-real-call-pops.png"));
    assert!(!colleague.panel_in_view(), "the colleague's panel popped too");

    pbx.play_command("answer 101");
    agent.wait_for_card("talking").await;
    for line in LAST_LINES {
        for part in line {
            agent.wait_for("purchase-line", part).await;
        }
    }
    agent
        .find("note-input")
        .await
        .send_keys("Wants 40 more snails")
        .await
        .expect("the note takes it");
    agent.find("note-saved").await;
    pbx.play_command("hangup 101");
    pbx.play_command("wait-ended");
    agent.wait_for_card("wrap_up").await;
    agent.desk().await;
    agent.wait_for("call-row", "Wants 40 more snails").await;
    let row = agent.find("call-row").await;
    let outcome = row.attr("data-outcome").await.expect("the page answers");
    assert_eq!(outcome.as_deref(), Some("answered"));
    Screen.shoot(&folder.join("the-call-log.png"));

    let calls = homes[0].calls();
    assert_eq!(calls.len(), 1, "{calls:?}");
    let told = |name: &str| calls[0][name].clone();
    assert_eq!(told("outcome"), "answered");
    assert_eq!(told("answered_by"), "101");
    assert_eq!(told("note"), "Wants 40 more snails");
    assert_eq!(told("customer")["name"], NAME);
    assert!(told("talked_seconds").is_number());
    assert!(!colleague.panel_in_view(), "the colleague's panel popped later");
}

#[tokio::test]
async fn a_caller_who_is_passed_on_stays_the_caller_and_the_first_agents_note_goes_along() {
    let Some(mut pbx) = Pbx::start() else { return };
    let folder = folder("pbx-transfer");
    let home = Home::new(&folder, "101", &Feed::Asterisk(pbx.ami().clone()));
    home.sit_at(&["101", "102"]);
    home.import_northwind();
    let app = App::start(&home).await;
    app.wait_for_feeds().await;
    pbx.play_command("call 101 from +49300074321 60000");
    pbx.play_command("ringing 101");
    app.wait_for_panel(true).await;
    app.panel().await;
    app.wait_for("who-name", NAME).await;
    pbx.play_command("answer 101");
    app.wait_for_card("talking").await;
    let note = "Asks for a discount on snails";
    app.find("note-input")
        .await
        .send_keys(note)
        .await
        .expect("the note takes it");
    app.find("note-saved").await;

    pbx.play_command("transfer 101 to 102");
    pbx.play_command("ringing 102");
    app.wait_for_card("ringing").await;
    app.wait_for("handed-over", "101").await;
    app.wait_for("who-name", NAME).await;
    assert_eq!(app.value("note-input").await, note);
    Screen.shoot(&folder.join("passed-on.png"));
    pbx.play_command("answer 102");
    pbx.play_command("hangup 101");
    app.wait_for_card("talking").await;
    assert_eq!(app.texts("who-name").await, [NAME]);
    assert_eq!(app.value("note-input").await, note);
    pbx.play_command("hangup 102");
    pbx.play_command("wait-ended");
    app.wait_for_card("wrap_up").await;

    let calls = home.calls();
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert_eq!(calls[0]["note"], note);
    assert_eq!(calls[0]["customer"]["name"], NAME);
}

#[tokio::test]
async fn a_number_sent_without_its_country_finds_the_same_customer() {
    let Some(mut pbx) = Pbx::start() else { return };
    let folder = folder("pbx-national");
    let home = Home::new(&folder, "101", &Feed::Asterisk(pbx.ami().clone()));
    home.import_northwind();
    let app = App::start(&home).await;
    app.wait_for_feeds().await;
    pbx.play_command("give-up 101 from 0300074321 4000");
    app.wait_for_panel(true).await;
    app.panel().await;
    app.wait_for("who-name", NAME).await;
    pbx.play_command("wait-ended");
    app.wait_for("missed", NAME).await;
    let calls = until("the call is in the log", async || {
        Some(home.calls()).filter(|calls| calls.first().is_some_and(|call| !call["outcome"].is_null()))
    })
    .await;
    assert_eq!(calls[0]["outcome"], "missed");
}

#[tokio::test]
async fn a_wrong_password_is_said_in_the_panel() {
    let Some(pbx) = Pbx::start() else { return };
    let folder = folder("pbx-password");
    let mut ami = pbx.ami().clone();
    ami.secret = "not-the-password".to_owned();
    let app = App::start(&Home::new(&folder, "101", &Feed::Asterisk(ami))).await;
    app.panel().await;
    let banner = app.find("feed-banner").await;
    until("the banner says that it was refused", async || {
        (banner.attr("data-health").await.ok()??.as_str() == "refused").then_some(())
    })
    .await;
    Screen.shoot(&folder.join("wrong-password.png"));
}
