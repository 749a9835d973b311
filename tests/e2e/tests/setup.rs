//! From nothing to a pop, settings both ways, a campaign of three, and a merge taken back, in the real window.

use ringside_e2e::{App, Caller, Feed, Home, Screen, folder, until};

const MARIA: &str = "Maria Anders";

/// Types into a field in place of what stood there.
async fn enter(app: &App, id: &str, text: &str) {
    let field = app.find(id).await;
    field.clear().await.expect("it can be emptied");
    field.send_keys(text).await.expect("it takes text");
}

async fn choose(app: &App, id: &str, value: &str) {
    let list = app.find(id).await;
    list.select_by_value(value).await.expect("it can be chosen");
}

#[tokio::test]
async fn the_first_steps_lead_from_nothing_to_a_pop() {
    let folder = folder("first-steps");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.unset();
    let customers = home.put("kupci.csv", "Customer,Name,Phone\nALFKI,Maria Anders,030-0074321\n");
    let app = App::start(&home).await;
    app.desk().await;
    app.click("setup-kind-webhook").await;
    choose(&app, "set-feed.0.preset", "zammad").await;
    enter(&app, "set-feed.0.listen", "127.0.0.1:99999").await;
    enter(&app, "set-feed.0.token", "file:token").await;
    enter(&app, "set-agent.extensions", "101").await;
    app.click("setup-next").await;
    app.wait_for("setup-wrong", "an address with a port").await;
    enter(&app, "set-feed.0.listen", &format!("127.0.0.1:{port}")).await;
    app.click("setup-test").await;
    app.wait_for("setup-heard", "Connected").await;
    Screen.shoot(&folder.join("a-phone-system.png"));
    app.click("setup-next").await;
    enter(&app, "setup-path", &customers.display().to_string()).await;
    app.click("setup-look").await;
    app.wait_for("setup-column", "030-0074321").await;
    enter(&app, "set-home_region", "DE").await;
    Screen.shoot(&folder.join("b-columns.png"));
    app.click("setup-import").await;
    app.wait_for("setup-imported", "1 record").await;
    app.click("setup-import").await;
    enter(&app, "pick-customer", "maria").await;
    app.wait_for("pick-hit", MARIA).await;
    app.click("pick-hit").await;
    until("the number stands there", async || {
        (app.value("setup-number").await == "+49 30 0074321").then_some(())
    })
    .await;
    app.click("setup-ring").await;
    app.wait_for("setup-shown", MARIA).await;
    app.wait_for_panel(true).await;
    app.click("setup-why").await;
    app.wait_for("why-stages", "").await;
    Screen.shoot(&folder.join("c-pretend-call.png"));
    app.click("setup-hang-up").await;
    app.kill();
    let logged = format!("{:?}", home.calls());
    assert!(
        !logged.contains("(pretend)"),
        "a pretend call is logged nowhere: {logged}"
    );
    let app = App::start(&home).await;
    let caller = Caller::new(port, "real", "+49300074321");
    caller.rings().await;
    app.panel().await;
    app.wait_for_card("ringing").await;
    caller.gives_up().await;
}

#[tokio::test]
async fn settings_are_changed_in_the_window_and_in_the_file() {
    let folder = folder("settings");
    let (feed, _) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.add_settings("# how I like it\n[panel]\n# long enough\nwrap_up_seconds = 90 # seconds\n");
    let app = App::start(&home).await;
    app.desk().await;
    app.click("nav-settings").await;
    app.click("set-group-panel").await;
    enter(&app, "set-panel.wrap_up_seconds", "soon").await;
    app.click("set-save").await;
    app.wait_for("set-field-wrong", "invalid type").await;
    assert!(home.config().contains("wrap_up_seconds = 90 # seconds"));
    enter(&app, "set-panel.wrap_up_seconds", "120").await;
    app.click("set-save").await;
    app.wait_for("set-state", "Saved").await;
    app.wait_for("set-restart", "restart").await;
    let written = home.config();
    for line in ["# how I like it", "# long enough", "wrap_up_seconds = 120 # seconds"] {
        assert!(written.contains(line), "{line} is not in {written}");
    }
    Screen.shoot(&folder.join("a-settings.png"));
    let by_hand = written.replace("extensions = [\"101\"]", "extensions = [\"101\", \"102\"]");
    let _ = home.put("config.toml", &by_hand);
    app.click("set-group-agent").await;
    until("what was written by hand is shown", async || {
        (app.value("set-agent.extensions").await == "101\n102").then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_campaign_of_three_is_worked_to_its_end() {
    let folder = folder("campaign");
    let (feed, _) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_customers(
        "Customer,Name,Phone\nA1,Test Ana,030-0074321\nA2,Test Boris,030-0074322\nA3,Test Carla,030-0074323\n",
    );
    let app = App::start(&home).await;
    app.desk().await;
    app.click("nav-campaigns").await;
    app.wait_for("campaigns-empty", "No campaign yet").await;
    app.click("new-campaign").await;
    enter(&app, "campaign-name", "Autumn").await;
    choose(&app, "campaign-of", "search").await;
    enter(&app, "campaign-search", "test").await;
    app.click("campaign-look").await;
    app.wait_for("campaign-said", "3 customers").await;
    app.click("campaign-make").await;
    app.wait_for("camp-progress", "0 of 3 done").await;
    Screen.shoot(&folder.join("a-campaign.png"));
    app.click("camp-accepted").await;
    app.wait_for("camp-progress", "1 of 3 done").await;
    app.kill();
    let app = App::start(&home).await;
    app.desk().await;
    app.click("nav-campaigns").await;
    app.wait_for("campaign", "1 of 3 done").await;
    app.click("campaign-open").await;
    app.wait_for("camp-progress", "1 of 3 done").await;
    app.click("camp-declined").await;
    app.wait_for("camp-progress", "2 of 3 done").await;
    app.click("camp-opted_out").await;
    app.wait_for("camp-nobody", "Everybody in the list is done").await;
    app.wait_for("camp-row", "Wants no advertising").await;
}

#[tokio::test]
async fn two_records_are_merged_and_parted_again() {
    let folder = folder("merge");
    let (feed, _) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_customers("Customer,Name,Phone\nM1,Maria Anders,030-0074321\nM2,Mary Anderson,030-0074322\n");
    let app = App::start(&home).await;
    let link = home.start_with_link("ringside://customer/files/M1");
    assert_eq!(link.status.code(), Some(0), "{link:?}");
    app.desk().await;
    app.wait_for("number", "+49 30 0074321").await;
    app.click("merge").await;
    enter(&app, "pick-customer", "mary").await;
    app.wait_for("pick-hit", "Mary Anderson").await;
    app.click("pick-hit").await;
    app.wait_for("merge-side", "+49 30 0074322").await;
    Screen.shoot(&folder.join("side-by-side.png"));
    app.click("merge-do").await;
    app.wait_for("merged", "Mary Anderson").await;
    app.wait_for("number", "+49 30 0074322").await;
    app.wait_for("record", "files/M2").await;
    app.click("undo-merge").await;
    app.wait_for("merge-undone", "Taken back").await;
    app.wait_for_none("record").await;
}
