//! How long a pop takes to be seen, how soon the window is there, and whether it grows: the panel's window against the
//! same window with an empty page.
//!
//! Runs the program in `RINGSIDE_BIN` on the display in `DISPLAY`; writes its figures as JSON to
//! `RINGSIDE_BENCH_OUT`. With `RINGSIDE_BENCH_QUICK` it takes few samples.

use std::env;
use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use ringside_e2e::{crate_folder, free_port, memory_of};
use serde_json::{Value, json};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Starts are measured this often; the middle one counts.
const STARTS: usize = 5;
/// Caches are full after this many pops: what grows from there on grows for ever.
const WARM: usize = 100;

/// One run of the program on one page.
struct Run {
    /// From the start of the process to the first frame of its page.
    ready: Duration,
    /// From the desk's word to the second animation frame, in microseconds.
    pops: Vec<u32>,
    /// Memory of all its processes after [`WARM`] pops and after the last but one, in MB; zero of a shorter run.
    memory: (f64, f64),
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

fn bench() -> Result<()> {
    let quick = env::var_os("RINGSIDE_BENCH_QUICK").is_some();
    let (pops, many) = if quick { (30, 200) } else { (300, 2_000) };
    let empty = measure("empty", pops)?;
    let mut panel = measure("panel", many)?;
    panel.pops.truncate(pops);
    let (empty_pops, panel_pops) = (sorted(&empty.pops), sorted(&panel.pops));
    let pop = format!("event to second animation frame, {pops} pops; floor: the same window with an empty page");
    let starts = middle(STARTS, || start().map(millis))?;
    let bare_starts = middle(STARTS, || Ok(millis(measure("empty", 1)?.ready)))?;
    let figures = json!([
        figure(
            "a full panel is painted, p50",
            "ms",
            rank(&panel_pops, 50)?,
            rank(&empty_pops, 50)?,
            &pop
        ),
        figure(
            "a full panel is painted, p99",
            "ms",
            rank(&panel_pops, 99)?,
            rank(&empty_pops, 99)?,
            &pop
        ),
        figure(
            &format!("memory after {many} pops"),
            "MB",
            panel.memory.1,
            panel.memory.0,
            &format!("proportional set size of all processes; floor: the same after {WARM} pops"),
        ),
        figure(
            "start until the panel is ready",
            "ms",
            starts,
            bare_starts,
            "stores made new, both windows; floor: the first frame of one window with an empty page",
        ),
    ]);
    println!("{figures:#}");
    if let Some(out) = env::var_os("RINGSIDE_BENCH_OUT") {
        fs::write(out, figures.to_string())?;
    }
    Ok(())
}

fn figure(name: &str, unit: &str, value: f64, floor: f64, note: &str) -> Value {
    json!({ "name": name, "unit": unit, "value": value, "floor": floor, "ratio": value / floor, "note": note })
}

/// Pops `pops` times on `page`.
fn measure(page: &str, pops: usize) -> Result<Run> {
    // A home of its own: the bench touches neither the data nor the keyring of whoever runs it.
    let home = tempfile::tempdir()?;
    let start = Instant::now();
    let mut program = program(home.path())?
        .env("RINGSIDE_PASSPHRASE", "a passphrase for benches alone")
        .env("RINGSIDE_BENCH", page)
        .env("RINGSIDE_BENCH_VIEW", crate_folder().join("fixtures/full-panel.json"))
        .env("RINGSIDE_BENCH_POPS", pops.to_string())
        .stdout(Stdio::piped())
        .spawn()?;
    let run = follow(&mut program, pops, start);
    if run.is_err() {
        program.kill()?;
    }
    let ended = program.wait()?;
    let run = run?;
    if !ended.success() {
        return Err(format!("the program ended with {ended}").into());
    }
    Ok(run)
}

fn follow(program: &mut Child, pops: usize, start: Instant) -> Result<Run> {
    let pid = program.id();
    let mut lines = BufReader::new(program.stdout.take().ok_or("it has an output")?).lines();
    let said = lines.next().ok_or("the page painted nothing")??;
    if said != "ready" {
        return Err(format!("it said `{said}` in place of `ready`").into());
    }
    let ready = start.elapsed();
    let (mut times, mut warm, mut last) = (Vec::with_capacity(pops), 0.0, 0.0);
    for line in lines.take(pops) {
        times.push(line?.parse()?);
        if times.len() == WARM && pops > WARM {
            warm = memory_of(pid)?;
        }
        // After the last it ends.
        if times.len() > WARM && times.len() + 1 == pops {
            last = memory_of(pid)?;
        }
    }
    if times.len() < pops {
        return Err(format!("only {} of {pops} pops were painted", times.len()).into());
    }
    Ok(Run {
        ready,
        pops: times,
        memory: (warm, last),
    })
}

/// From the start of the whole application to the moment when its panel can show a call. The key is for this run
/// only: deriving one from a passphrase takes a second on purpose, and a keyring gives it at once.
fn start() -> Result<Duration> {
    let home = tempfile::tempdir()?;
    let feed = format!(
        "[agent]\nextensions = [\"101\"]\n\n[[feed]]\nname = \"bench\"\nkind = \"webhook\"\npreset = \"zammad\"\n\
         listen = \"127.0.0.1:{}\"\ntoken = \"env:RINGSIDE_BENCH_TOKEN\"\n",
        free_port()
    );
    fs::write(home.path().join("config.toml"), feed)?;
    let start = Instant::now();
    let mut program = program(home.path())?
        .env("RINGSIDE_BENCH_TOKEN", "a token for benches alone")
        .env("RINGSIDE_LOG", "ringside=debug")
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .env_remove("RINGSIDE_PASSPHRASE")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut said = String::new();
    let mut ready = None;
    for line in BufReader::new(program.stderr.take().ok_or("it has an output")?).lines() {
        let line = line?;
        if line.contains("the panel's page is ready") {
            ready = Some(start.elapsed());
            break;
        }
        said.push_str(&line);
        said.push('\n');
    }
    program.kill()?;
    program.wait()?;
    ready.ok_or_else(|| format!("the panel was never ready:\n{said}").into())
}

fn program(home: &Path) -> Result<Command> {
    let program = env::var("RINGSIDE_BIN").map_err(|_| "RINGSIDE_BIN is not set; run `cargo xtask bench`")?;
    let mut command = Command::new(program);
    command
        .env("RINGSIDE_HOME", home)
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    Ok(command)
}

fn middle(times: usize, mut one: impl FnMut() -> Result<f64>) -> Result<f64> {
    let mut all = (0..times).map(|_| one()).collect::<Result<Vec<f64>>>()?;
    all.sort_unstable_by(f64::total_cmp);
    all.get(times / 2).copied().ok_or_else(|| "nothing was measured".into())
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn sorted(micros: &[u32]) -> Vec<u32> {
    let mut sorted = micros.to_vec();
    sorted.sort_unstable();
    sorted
}

/// The nearest-rank percentile of sorted microseconds, in milliseconds.
fn rank(micros: &[u32], percent: usize) -> Result<f64> {
    let at = (micros.len() * percent).div_ceil(100).max(1) - 1;
    let micros = micros.get(at).ok_or("no pop was measured")?;
    Ok(f64::from(*micros) / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let micros: Vec<u32> = (1..=200).map(|n| n * 1000).collect();
        assert_eq!(rank(&micros, 50).ok(), Some(100.0));
        assert_eq!(rank(&micros, 99).ok(), Some(198.0));
        assert_eq!(rank(&[7000], 99).ok(), Some(7.0));
        assert!(rank(&[], 50).is_err());
    }
}
