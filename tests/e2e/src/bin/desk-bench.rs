//! How long the desk takes over a million customers and a hundred thousand calls, seen in its window: search as one types, a
//! page that opens, and frames with a blank row while one scrolls; each beside an empty page in the same window.
//!
//! Runs the program in `RINGSIDE_BIN` on the display in `DISPLAY` over the home in `RINGSIDE_BENCH_HOME`; writes its figures as
//! JSON to `RINGSIDE_BENCH_OUT`. With `RINGSIDE_BENCH_QUICK` it takes few samples.

use std::env;
use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use ringside_e2e::{App, Feed, Home, folder};
use serde_json::{Value, json};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const SCRIPT: &str = include_str!("desk-bench.js");
/// WebDriver gives a script half a minute: so many things one is asked to do.
const AT_ONCE: usize = 20;
/// Pixels a frame: a slow wheel, a fast one, and a page.
const STEPS: [u32; 3] = [60, 240, 520];

#[tokio::main]
async fn main() -> ExitCode {
    match bench().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("desk-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn bench() -> Result<()> {
    let quick = env::var_os("RINGSIDE_BENCH_QUICK").is_some();
    let (searches, pages, frames) = if quick { (40, 10, 60) } else { (400, 100, 900) };
    let path = PathBuf::from(env::var("RINGSIDE_BENCH_HOME").map_err(|_| "RINGSIDE_BENCH_HOME is not set")?);
    let told: Value = serde_json::from_str(&fs::read_to_string(path.join("desk-bench.json"))?)?;
    let (feed, _) = Feed::webhook();
    let home = Home::filled(&path, &folder("desk-window"), "101", &feed);
    let app = App::start(&home).await;
    app.desk().await;

    let address = app.empty_page().await;
    let floor = sorted(times(&app, "floor", vec![json!(searches)]).await?);
    app.open(&address).await;
    app.click("open-search").await;
    app.find("search-input").await;
    let typed = spread(&told["typed"], searches)?;
    let search = sorted(in_parts(&app, "search", &typed, None).await?);

    // The search lies over the page: it goes with it.
    app.empty_page().await;
    app.open(&address).await;
    let again: Vec<Value> = vec![json!("#/calls"); pages];
    let calls = sorted(in_parts(&app, "open", &again, Some("[data-testid=call-row]")).await?);
    let customers: Vec<Value> = spread(&told["customers"], pages)?
        .iter()
        .filter_map(Value::as_str)
        .map(|reference| json!(format!("#/customer/{}", reference.replace('/', "%2F"))))
        .collect();
    let opened = sorted(in_parts(&app, "open", &customers, Some("[data-testid=plan]")).await?);

    let mut figures = Vec::new();
    for (what, times, note) in [
        (
            "a search as one types",
            &search,
            "input event to the second frame with its hits",
        ),
        (
            "the call log opens",
            &calls,
            "100,000 calls; to the second frame with its rows",
        ),
        ("a customer opens", &opened, "to the second frame with the page"),
    ] {
        for percent in [50, 99] {
            figures.push(figure(
                &format!("desk: {what}, p{percent}"),
                rank(times, percent)?,
                rank(&floor, percent)?,
                note,
            ));
        }
    }
    for step in STEPS {
        figures.push(scrolled(&app, step, frames).await?);
    }
    let figures = Value::Array(figures);
    println!("{figures:#}");
    if let Some(out) = env::var_os("RINGSIDE_BENCH_OUT") {
        fs::write(out, figures.to_string())?;
    }
    app.kill();
    Ok(())
}

/// Scrolls through the call log from its top.
async fn scrolled(app: &App, step: u32, frames: usize) -> Result<Value> {
    in_parts(app, "open", &[json!("#/calls")], Some("[data-testid=call-row]")).await?;
    let (mut seen, mut blank, mut waited) = (0.0, 0.0, 0.0);
    for _ in 0..frames.div_ceil(60) {
        let told = times(app, "scroll", vec![json!(step), json!(60)]).await?;
        let [some, without, late, _] = told[..] else {
            return Err("the page told something else".into());
        };
        seen += some;
        blank += without;
        waited += late;
    }
    Ok(json!({
        "name": format!("desk: frames with a blank row, {step} pixels a frame"), "unit": "frames", "value": blank,
        "note": format!("of {seen} frames of the call log; {waited} frames more at its end while the next calls were read"),
    }))
}

/// The same for many things, a part of them at a time.
async fn in_parts(app: &App, what: &str, all: &[Value], more: Option<&str>) -> Result<Vec<f64>> {
    let mut every = Vec::with_capacity(all.len());
    for part in all.chunks(AT_ONCE) {
        let mut arguments = vec![json!(part)];
        arguments.extend(more.map(|more| json!(more)));
        every.extend(times(app, what, arguments).await?);
    }
    Ok(every)
}

/// What the page measured.
async fn times(app: &App, what: &str, arguments: Vec<Value>) -> Result<Vec<f64>> {
    let all = std::iter::once(json!(what)).chain(arguments).collect();
    let told = app.run_script_with(SCRIPT, all).await;
    serde_json::from_value(told.clone()).map_err(|_| format!("{what}: the page said {told}").into())
}

/// So many of a list, from all over it.
fn spread(list: &Value, count: usize) -> Result<Vec<Value>> {
    let all = list.as_array().ok_or("desk-bench.json has no such list")?;
    let step = (all.len() / count).max(1);
    Ok(all.iter().step_by(step).take(count).cloned().collect())
}

fn figure(name: &str, value: f64, floor: f64, note: &str) -> Value {
    let note = format!(
        "{note}; {:.0} ms above the floor, an empty page in the same window",
        value - floor
    );
    json!({ "name": name, "unit": "ms", "value": value, "floor": floor, "ratio": value / floor, "note": note })
}

fn sorted(mut times: Vec<f64>) -> Vec<f64> {
    times.sort_unstable_by(f64::total_cmp);
    times
}

/// The nearest-rank percentile of sorted times.
fn rank(times: &[f64], percent: usize) -> Result<f64> {
    let at = (times.len() * percent).div_ceil(100).max(1) - 1;
    times.get(at).copied().ok_or_else(|| "nothing was measured".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_taken_from_all_over_the_list() {
        let list = json!((0..100).collect::<Vec<_>>());
        let taken = spread(&list, 4).expect("a list");
        assert_eq!(taken, [json!(0), json!(25), json!(50), json!(75)]);
        assert!(spread(&json!({}), 4).is_err());
    }
}
