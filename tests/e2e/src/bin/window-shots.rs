//! A picture of every state of the panel and of every page of the desk from their real windows, and what axe-core finds wrong
//! in each.
//!
//! Runs the program in `RINGSIDE_BIN` on the display in `DISPLAY` and writes PNG files to the folder `RINGSIDE_SHOTS`: every
//! state and page in English light, the main ones also dark, in Spanish and in Croatian.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use ringside_e2e::{App, Caller, Feed, Home, folder, root};
use serde_json::Value;

/// The states that are also shown dark and in the other languages.
const MAIN: [&str; 12] = [
    "ringing",
    "overdue",
    "several",
    "unknown",
    "withheld",
    "covered",
    "two",
    "wrap-up",
    "missed",
    "handed-over",
    "stale",
    "lost",
];

/// The pages of the desk: a name, and what stands behind the `#` of its address.
const PAGES: [(&str, &str); 22] = [
    ("today", "/today"),
    ("customer", "/customer/CRM%2F1118"),
    ("calls", "/calls"),
    ("tickets", "/tickets"),
    ("ticket", "/tickets/318"),
    ("campaigns", "/campaigns"),
    ("campaign", "/campaigns/1"),
    ("settings", "/settings"),
    ("first-steps", "/setup"),
    ("connection", "/connection"),
    ("webhook", "/webhook"),
    ("numbers", "/numbers"),
    ("sources", "/sources"),
    ("advice", "/advice"),
    ("why", "/why/log-0"),
    ("board", "/board"),
    ("wall", "/board/wall"),
    ("log", "/log"),
    ("story", "/log/log-0"),
    ("reports", "/reports"),
    ("audit", "/audit"),
    ("users", "/users"),
];

/// The pages that are also shown dark and in the other languages.
const MAIN_PAGES: [&str; 4] = ["today", "customer", "board", "wall"];

/// Theme and language of the main states beside English light.
const ALSO: [(&str, &str); 3] = [("dark", "en"), ("light", "es"), ("light", "hr")];

#[tokio::main]
async fn main() -> ExitCode {
    let folder = folder("states");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_northwind();
    let app = App::start(&home).await;
    // The panel comes in view with a call; from then on its page shows what it is told to show.
    Caller::new(port, "shots", "+49300074321").rings().await;
    app.wait_for_panel(true).await;
    let axe = fs::read_to_string(root().join("ui/node_modules/axe-core/axe.min.js"));
    let mut wrong = 0;
    app.show_state("state=idle&theme=light&lang=en").await;
    let states = app.states().await;
    for state in &states {
        wrong += shoot(&app, &folder, state, ("light", "en"), axe.as_deref().ok()).await;
    }
    for look in ALSO {
        for state in MAIN.iter().filter(|state| states.iter().any(|known| known == *state)) {
            wrong += shoot(&app, &folder, state, look, axe.as_deref().ok()).await;
        }
    }
    // the panel would stand in the pictures of the pages
    app.run_script("window.__TAURI_INTERNALS__.invoke('hide_panel').then(() => arguments[0](true))")
        .await;
    app.wait_for_panel(false).await;
    for look in [("light", "en")].into_iter().chain(ALSO) {
        let pages = PAGES
            .iter()
            .filter(|(name, _)| look == ("light", "en") || MAIN_PAGES.contains(name));
        for (name, page) in pages {
            wrong += shoot_page(&app, &folder, (name, page), look, axe.as_deref().ok()).await;
        }
    }
    let pictures = states.len() + ALSO.len() * (MAIN.len() + MAIN_PAGES.len()) + PAGES.len();
    println!("{pictures} pictures in {}", folder.display());
    if axe.is_err() {
        println!("axe-core was not there: run npm ci in ui/");
    }
    if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Takes one picture, and says how many rules of axe-core are broken in it.
async fn shoot(app: &App, folder: &Path, state: &str, (theme, lang): (&str, &str), axe: Option<&str>) -> usize {
    app.show_state(&format!("state={state}&theme={theme}&lang={lang}"))
        .await;
    let name = format!("{state}-{theme}-{lang}");
    app.panel_window().await.shoot(&folder.join(format!("{name}.png")));
    findings(app, &name, axe).await
}

/// The same of a page of the desk.
async fn shoot_page(
    app: &App,
    folder: &Path,
    (page, address): (&str, &str),
    (theme, lang): (&str, &str),
    axe: Option<&str>,
) -> usize {
    let name = format!("desk-{page}-{theme}-{lang}");
    app.show_page(&format!("state=idle&theme={theme}&lang={lang}"), address)
        .await;
    app.desk_window().await.shoot(&folder.join(format!("{name}.png")));
    findings(app, &name, axe).await
}

/// How many rules of axe-core are broken in the page that is looked into; each is printed.
async fn findings(app: &App, name: &str, axe: Option<&str>) -> usize {
    let Some(axe) = axe else { return 0 };
    let script = format!(
        "{axe}; const done = arguments[arguments.length - 1];
         axe.run(document, {{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] }})
            .then(({{ violations }}) => done(violations.map((one) => one.id + ': ' + one.nodes.map((node) => node.html).join(' '))),
                  (error) => done([String(error)]))"
    );
    let found = app.run_script(&script).await;
    let found: Vec<&str> = found
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    for finding in &found {
        println!("{name}: {finding}");
    }
    found.len()
}
