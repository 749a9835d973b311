//! How long advice takes: learning from ten million lines beside `implicit` and `rusket`, the whole advice for a caller, and
//! taking in a purchase.
//!
//! `cargo bench --bench advice`; `RINGSIDE_BENCH_LINES` asks for another size. Figures go to standard output, and as JSON to the
//! file that `RINGSIDE_BENCH_OUT` names. The others are run by the Python that `RINGSIDE_BENCH_RIVALS` names, as `cargo xtask
//! bench` installs them; without it they are left out.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

#[path = "../figures.rs"]
mod figures;
mod learn;
mod shop;

use std::path::Path;
use std::process::Command;

use figures::{Figure, Result};
use learn::Took;
use serde::Deserialize;

const LINES: usize = 10_000_000;
const QUICK_LINES: usize = 200_000;
const RIVALS: [&str; 2] = ["implicit", "rusket"];

/// What another library took to count which products stand together, and no more.
#[derive(Deserialize)]
struct Rival {
    cpu_seconds: f64,
    peak_mb: f64,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|one| one == "--learn") {
        return learn::run(Path::new(&arguments[at + 1]), Path::new(&arguments[at + 2]));
    }
    let asked = std::env::var("RINGSIDE_BENCH_LINES").ok();
    let asked = asked.and_then(|lines| lines.parse().ok());
    let usual = if figures::quick() { QUICK_LINES } else { LINES };
    let folder = tempfile::tempdir()?;
    let (file, answer) = (folder.path().join("lines.bin"), folder.path().join("took.json"));
    shop::write(&file, asked.unwrap_or(usual));
    // a process of its own, so that its peak memory is that of learning alone
    let mut ours = Command::new(std::env::current_exe()?);
    let status = ours.arg("--learn").arg(&file).arg(&answer).status()?;
    if !status.success() {
        return Err("learning failed".into());
    }
    let took: Took = serde_json::from_slice(&std::fs::read(&answer)?)?;
    let rivals = rivals(&file)?;
    figures::publish(&table(&took, &rivals))
}

/// Nothing where they are not installed.
fn rivals(file: &Path) -> Result<Vec<(&'static str, Rival)>> {
    let Some(python) = std::env::var_os("RINGSIDE_BENCH_RIVALS") else {
        println!("left out: RINGSIDE_BENCH_RIVALS is not set, so implicit and rusket are not measured");
        return Ok(Vec::new());
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/advice/rival.py");
    let run = |name| {
        let output = Command::new(&python).arg(&script).arg(name).arg(file).output()?;
        if !output.status.success() {
            return Err(format!("{name} failed: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        Ok((name, serde_json::from_slice(&output.stdout)?))
    };
    RIVALS.into_iter().map(run).collect()
}

fn table(took: &Took, rivals: &[(&'static str, Rival)]) -> Vec<Figure> {
    let learn = took.sort + took.learn;
    let best = |of: fn(&Rival) -> f64, own: f64| {
        let least = rivals.iter().map(|one| of(&one.1)).fold(f64::INFINITY, f64::min);
        if least.is_finite() { least } else { own }
    };
    let said: Vec<String> = rivals
        .iter()
        .map(|(name, one)| format!("{name} {:.2} s, {:.0} MB", one.cpu_seconds, one.peak_mb))
        .collect();
    let others = if said.is_empty() {
        "no other measured".to_owned()
    } else {
        format!("floor: the counts alone, {}", said.join("; "))
    };
    let size = format!(
        "{} lines, {} baskets, {} customers, {} products; {:.2} s of it sorting",
        took.lines, took.baskets, took.customers, took.products, took.sort
    );
    vec![
        Figure::new(
            "advice: learning all of it",
            "CPU s",
            learn,
            best(|one| one.cpu_seconds, learn),
            others,
        ),
        Figure::new(
            "advice: peak memory of that",
            "MB",
            took.peak_mb,
            best(|one| one.peak_mb, took.peak_mb),
            size,
        ),
        Figure::new(
            "advice: whole advice for a caller, p50",
            "CPU µs",
            took.advise[0],
            took.rank[0],
            "floor: ranking the two lists alone",
        ),
        Figure::new(
            "advice: whole advice for a caller, p99",
            "CPU µs",
            took.advise[1],
            took.rank[1],
            "",
        ),
        Figure::new(
            "advice: taking in a purchase, p50",
            "CPU µs",
            took.add[0],
            took.add[0],
            "",
        ),
        Figure::new(
            "advice: taking in a purchase, p99",
            "CPU µs",
            took.add[1],
            took.add[1],
            "",
        ),
    ]
}
