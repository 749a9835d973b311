//! How long a pop takes to be seen: the panel's window against the same window with an empty page.
//!
//! Runs the program in `RINGSIDE_BIN` on the display in `DISPLAY`; writes its figures as JSON to
//! `RINGSIDE_BENCH_OUT`. With `RINGSIDE_BENCH_QUICK` it takes few samples.

use std::env;
use std::error::Error;
use std::fs;
use std::process::{Command, ExitCode, Stdio};

use ringside_e2e::crate_folder;
use serde_json::{Value, json};

/// Time from the desk's word to the second animation frame, in milliseconds.
struct Times {
    p50: f64,
    p99: f64,
}

fn main() -> ExitCode {
    match bench() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("window-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn bench() -> Result<(), Box<dyn Error>> {
    let quick = env::var_os("RINGSIDE_BENCH_QUICK").is_some();
    let pops = if quick { 30 } else { 300 };
    let empty = measure("empty", pops)?;
    let panel = measure("panel", pops)?;
    let figures = json!([
        figure("a full panel is painted, p50", panel.p50, empty.p50, pops),
        figure("a full panel is painted, p99", panel.p99, empty.p99, pops),
    ]);
    println!("{figures:#}");
    if let Some(out) = env::var_os("RINGSIDE_BENCH_OUT") {
        fs::write(out, figures.to_string())?;
    }
    Ok(())
}

fn figure(name: &str, value: f64, floor: f64, pops: usize) -> Value {
    json!({
        "name": name,
        "unit": "ms",
        "value": value,
        "floor": floor,
        "ratio": value / floor,
        "note": format!("event to second animation frame, {pops} pops; floor: the same window with an empty page"),
    })
}

fn measure(page: &str, pops: usize) -> Result<Times, Box<dyn Error>> {
    let program = env::var("RINGSIDE_BIN").map_err(|_| "RINGSIDE_BIN is not set; run `cargo xtask bench`")?;
    let view = crate_folder().join("fixtures/full-panel.json");
    // A home of its own: the bench touches neither the data nor the keyring of whoever runs it.
    let home = tempfile::tempdir()?;
    let ran = Command::new(program)
        .env("RINGSIDE_HOME", home.path())
        .env("RINGSIDE_PASSPHRASE", "a passphrase for benches alone")
        .env("RINGSIDE_BENCH", page)
        .env("RINGSIDE_BENCH_VIEW", view)
        .env("RINGSIDE_BENCH_POPS", pops.to_string())
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
        .stderr(Stdio::inherit())
        .output()?;
    if !ran.status.success() {
        return Err(format!("the program ended with {}", ran.status).into());
    }
    let mut micros: Vec<u32> = serde_json::from_slice(&ran.stdout)?;
    micros.sort_unstable();
    Ok(Times {
        p50: rank(&micros, 50).ok_or("no pop was measured")?,
        p99: rank(&micros, 99).ok_or("no pop was measured")?,
    })
}

/// The nearest-rank percentile of sorted microseconds, in milliseconds.
fn rank(micros: &[u32], percent: usize) -> Option<f64> {
    let at = (micros.len() * percent).div_ceil(100).max(1) - 1;
    micros.get(at).map(|micros| f64::from(*micros) / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let micros: Vec<u32> = (1..=200).map(|n| n * 1000).collect();
        assert_eq!(rank(&micros, 50), Some(100.0));
        assert_eq!(rank(&micros, 99), Some(198.0));
        assert_eq!(rank(&[7000], 99), Some(7.0));
        assert_eq!(rank(&[], 50), None);
    }
}
