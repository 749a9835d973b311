//! A team at one desk in the real window: the live board, and who may what.

use ringside_e2e::{App, Caller, Feed, Home, Screen, folder, until};

const MARIA: &str = "Maria Anders";
/// The key, as WebDriver has it (<https://www.w3.org/TR/webdriver2/#keyboard-actions>).
const ESCAPE: &str = "\u{e00c}";

/// Turns to a page by its address, as somebody who types it does.
async fn turn_to(app: &App, hash: &str) {
    let script = format!("location.hash = '{hash}'; arguments[arguments.length - 1](true)");
    app.run_script(&script).await;
}

/// Asks the shell for something past the pages; gives the code of the refusal, or `answered`.
async fn asked(app: &App, command: &str) -> String {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         window.__TAURI_INTERNALS__.invoke('{command}').then(() => done('answered'), (error) => done(error.code))"
    );
    app.run_script(&script).await.as_str().unwrap_or_default().to_owned()
}

async fn typed(app: &App, id: &str, text: &str) {
    if !text.is_empty() {
        app.find(id).await.send_keys(text).await.expect("typed");
    }
}

async fn signs_in(app: &App, name: &str, pin: &str) {
    let script = format!(
        "const who = [...document.querySelectorAll('[data-testid=sign-in-as]')].find((one) => one.value === '{name}');
         who.click(); arguments[arguments.length - 1](true)"
    );
    app.find("sign-in").await;
    app.run_script(&script).await;
    typed(app, "pin", pin).await;
    app.click("sign-in-go").await;
}

async fn adds(app: &App, name: &str, role: &str, extension: &str, pin: &str) {
    app.click("add-user").await;
    typed(app, "user-name", name).await;
    if role != "admin" {
        let chosen = app.find("user-role").await.select_by_value(role).await;
        chosen.expect("chosen");
    }
    typed(app, "user-extensions", extension).await;
    typed(app, "user-pin", pin).await;
    typed(app, "user-pin-again", pin).await;
    app.click("keep-user").await;
}

#[tokio::test]
async fn a_missed_caller_is_given_to_an_agent_and_stands_in_that_agents_day() {
    let folder = folder("board");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.add_settings("[[colleague]]\nextension = \"102\"\nname = \"Tea\"\n");
    home.import_northwind();
    let app = App::start(&home).await;
    app.wait_for_feeds().await;
    app.desk().await;
    app.click("nav-board").await;
    app.wait_for("agent", "Tea").await;
    let caller = Caller::new(port, "in-vain", "+49300074321");
    caller.rings().await;
    app.wait_for("waiting", MARIA).await;
    app.wait_for("drawing-hour", "1 caller waited").await;
    Screen.shoot(&folder.join("the-board.png"));
    app.click("wall-view").await;
    app.wait_for("wall-waiting", "1").await;
    app.wait_for_none("nav-board").await;
    let on_the_wall = app.texts("wall").await.concat();
    assert!(!on_the_wall.contains(MARIA), "{on_the_wall}");
    Screen.shoot(&folder.join("the-wall.png"));
    app.find("leave-wall").await.send_keys(ESCAPE).await.expect("pressed");
    app.wait_for_none("wall").await;
    caller.gives_up().await;
    app.wait_for("board-missed-person", MARIA).await;
    app.wait_for_none("waiting").await;
    app.click("give").await;
    app.click("give-102").await;
    app.wait_for("board-missed-person", "given to Tea").await;
    app.change_line("102").await;
    app.click("nav-today").await;
    app.wait_for("task", "Call back").await;
    app.wait_for("task", MARIA).await;
}

#[tokio::test]
async fn a_report_is_written_as_a_file_that_says_what_the_page_says() {
    let folder = folder("report");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_northwind();
    let app = App::start(&home).await;
    for call in ["first", "second"] {
        let caller = Caller::new(port, call, "+49300074321");
        caller.rings().await;
        caller.gives_up().await;
    }
    app.desk().await;
    app.click("nav-reports").await;
    let script = "arguments[0](document.querySelectorAll('.chart canvas').length)";
    until("the charts are drawn", async || {
        (app.run_script(script).await.as_u64()? >= 5).then_some(())
    })
    .await;
    app.click("export").await;
    app.click("export-summary").await;
    app.wait_for("written", ".csv").await;
    let said = app.texts("written").await.concat();
    let (from, to) = (said.find('/').expect("a path"), said.find(".csv").expect("its end"));
    let path = &said[from..to + ".csv".len()];
    let file = std::fs::read_to_string(path).expect("the file is there");
    let offered = file.lines().find(|line| line.starts_with("offered,"));
    assert_eq!(offered.and_then(|line| line.split(',').nth(1)), Some("2"), "{file}");
    app.click("nav-audit").await;
    app.wait_for("audit-row", "Exported a report").await;
    app.wait_for("audit-row", "summary.csv").await;
    std::fs::remove_file(path).expect("it can be taken away");
}

#[tokio::test]
async fn an_agent_is_refused_where_only_a_supervisor_may() {
    let folder = folder("roles");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_northwind();
    let app = App::start(&home).await;
    app.desk().await;
    app.click("nav-users").await;
    adds(&app, "Ana", "admin", "", "4711").await;
    signs_in(&app, "Ana", "0000").await;
    app.wait_for("sign-in-problem", "that is not the PIN").await;
    signs_in(&app, "Ana", "4711").await;
    app.click("nav-users").await;
    adds(&app, "Tea", "agent", "101", "4712").await;
    app.wait_for("user", "Tea").await;
    app.click("who-sits").await;
    app.click("sign-out").await;
    signs_in(&app, "Tea", "4712").await;
    app.find("nav-today").await;
    app.wait_for_none("nav-board").await;
    app.wait_for_none("nav-settings").await;
    turn_to(&app, "#/board").await;
    app.wait_for("not-allowed", "only a supervisor").await;
    Screen.shoot(&folder.join("not-allowed.png"));
    turn_to(&app, "#/users").await;
    app.wait_for("not-allowed", "only an admin").await;
    for command in ["board", "users", "settings", "sources"] {
        assert_eq!(asked(&app, command).await, "forbidden", "{command}");
    }
    assert_eq!(asked(&app, "today").await, "answered");
    app.click("who-sits").await;
    app.click("lock").await;
    app.find("sign-in").await;
    assert_eq!(asked(&app, "today").await, "sign_in_first");
    let caller = Caller::new(port, "locked", "+49300074321");
    caller.rings().await;
    app.panel().await;
    app.wait_for("who-name", MARIA).await;
    caller.gives_up().await;
}
