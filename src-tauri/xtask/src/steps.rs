//! The steps of a task as a person follows them: a name, a bar, the elapsed time, a log for each, and a table at the
//! end. Knows nothing of what a step does.

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::Failure;
use crate::run::{Log, RunError};

/// How many lines of a failed step's log are shown.
const TAIL: usize = 30;

/// How a step came out.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    NotRun,
    Done(Duration, Option<String>),
    LeftOut(String),
    Failed(Duration),
}

/// What a step that worked hands back.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// Nothing to add.
    Plain,
    /// Worth a word beside the time.
    Noting(String),
    /// There was a reason not to do it, which is no failure.
    LeftOut(String),
}

/// A step failed, and has already been told of: what follows is not run.
#[derive(Debug)]
pub(crate) struct Stopped;

/// The steps of one task, in order.
pub(crate) struct Steps {
    rows: Vec<(&'static str, Outcome)>,
    logs: PathBuf,
    started: Instant,
    terminal: bool,
}

/// One step while it runs: where its output goes.
pub(crate) struct Step {
    started: Instant,
    bar: Option<ProgressBar>,
    log: Log,
}

impl Steps {
    /// Names the steps; each gets a log in `logs`, which is emptied.
    pub(crate) fn new(names: &[&'static str], logs: PathBuf) -> std::io::Result<Self> {
        if logs.exists() {
            fs::remove_dir_all(&logs)?;
        }
        fs::create_dir_all(&logs)?;
        let rows = names.iter().map(|name| (*name, Outcome::NotRun)).collect();
        Ok(Self {
            rows,
            logs,
            started: Instant::now(),
            terminal: std::io::stdout().is_terminal(),
        })
    }

    /// Runs the next step. What it says on failure is printed here, with the end of its log.
    pub(crate) fn run(&mut self, work: impl FnOnce(&mut Step) -> Result<Done, Failure>) -> Result<(), Stopped> {
        let Some(index) = self.rows.iter().position(|(_, outcome)| *outcome == Outcome::NotRun) else {
            return Ok(());
        };
        let started = Instant::now();
        let mut step = self.begin(index);
        let result = work(&mut step);
        step.clear();
        let elapsed = started.elapsed();
        let outcome = match result {
            Ok(Done::Plain) => Outcome::Done(elapsed, None),
            Ok(Done::Noting(note)) => Outcome::Done(elapsed, Some(note)),
            Ok(Done::LeftOut(why)) => Outcome::LeftOut(why),
            Err(failure) => {
                self.set(index, Outcome::Failed(elapsed));
                explain(&failure, &step.log);
                return Err(Stopped);
            }
        };
        self.set(index, outcome);
        Ok(())
    }

    /// The next step has nothing to do here.
    pub(crate) fn leave_out(&mut self, why: &str) -> Result<(), Stopped> {
        self.run(|_| Ok(Done::LeftOut(why.to_owned())))
    }

    /// Why steps were left out, in order.
    pub(crate) fn left_out(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().filter_map(|(_, outcome)| match outcome {
            Outcome::LeftOut(why) => Some(why.as_str()),
            Outcome::NotRun | Outcome::Done(..) | Outcome::Failed(_) => None,
        })
    }

    /// Prints the table of all steps and the closing line; the exit code is 0 only if nothing failed.
    pub(crate) fn close(&self, result: &Result<(), Stopped>, good: &str) -> ExitCode {
        println!("\n{}", table(&self.rows));
        let all = duration(self.started.elapsed());
        match result {
            Ok(()) => println!("{good} ({all})"),
            Err(Stopped) => println!("FAILED after {all}; the logs are in {}", self.logs.display()),
        }
        if result.is_ok() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }

    fn begin(&self, index: usize) -> Step {
        let name = self.rows[index].0;
        let log = Log::new(
            self.logs
                .join(format!("{:02}-{}.log", index + 1, name.replace(' ', "-"))),
        );
        let head = format!("[{:>2}/{}] {name}", index + 1, self.rows.len());
        if !self.terminal {
            println!("{head} …");
            return Step {
                started: Instant::now(),
                bar: None,
                log,
            };
        }
        let bar = ProgressBar::with_draw_target(Some(self.rows.len() as u64), ProgressDrawTarget::stdout());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} [{bar:16}] {elapsed} {wide_msg:.dim}") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_prefix(head);
        bar.set_position(index as u64);
        bar.enable_steady_tick(Duration::from_millis(120));
        Step {
            started: Instant::now(),
            bar: Some(bar),
            log,
        }
    }

    fn set(&mut self, index: usize, outcome: Outcome) {
        let row = (self.rows[index].0, outcome);
        println!(
            "[{:>2}/{}] {}",
            index + 1,
            self.rows.len(),
            line(&row, name_width(&self.rows))
        );
        self.rows[index] = row;
    }
}

impl Step {
    /// A line for the person, above the bar.
    pub(crate) fn say(&self, text: &str) {
        self.paused(|| println!("{text}"));
    }

    /// Does something that uses the terminal, with the bar out of its way.
    pub(crate) fn paused<T>(&self, work: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(work),
            None => work(),
        }
    }

    /// What is going on just now, at the end of the bar.
    pub(crate) fn show(&self, text: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(text.trim().to_owned());
        }
    }

    /// Where this step's output is kept.
    pub(crate) fn log(&mut self) -> &mut Log {
        &mut self.log
    }

    /// How long it has been running.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Whether a bar is drawn, so that nothing else need show that it is alive.
    pub(crate) fn has_bar(&self) -> bool {
        self.bar.is_some()
    }

    fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// `0.4 s`, `42 s`, `3 min 07 s`.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

fn explain(failure: &Failure, log: &Log) {
    println!("\n{failure}");
    if matches!(
        failure,
        Failure::Run(RunError::Status { .. } | RunError::TooLong { .. })
    ) {
        println!("the last lines of {}:", log.path().display());
        tail(log.path()).iter().for_each(|line| println!("  {line}"));
    }
}

fn tail(path: &Path) -> Vec<String> {
    let bytes = fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(TAIL)..]
        .iter()
        .map(|line| (*line).to_owned())
        .collect()
}

fn table(rows: &[(&'static str, Outcome)]) -> String {
    let width = name_width(rows);
    rows.iter().map(|row| format!("  {}\n", line(row, width))).collect()
}

fn name_width(rows: &[(&'static str, Outcome)]) -> usize {
    rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0)
}

fn line((name, outcome): &(&'static str, Outcome), width: usize) -> String {
    match outcome {
        Outcome::NotRun => format!("{name:width$}  not run"),
        Outcome::Done(time, None) => format!("{name:width$}  ok       {:>12}", duration(*time)),
        Outcome::Done(time, Some(note)) => format!("{name:width$}  ok       {:>12}  {note}", duration(*time)),
        Outcome::LeftOut(why) => format!("{name:width$}  left out               {why}"),
        Outcome::Failed(time) => format!("{name:width$}  FAILED   {:>12}", duration(*time)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short_and_keep_their_order_of_magnitude() {
        let shown = [450, 9_900, 42_300, 187_000, 3_661_000].map(|ms| duration(Duration::from_millis(ms)));
        assert_eq!(shown, ["0.5 s", "9.9 s", "42 s", "3 min 07 s", "61 min 01 s"]);
    }

    #[test]
    fn the_table_lists_every_step_also_those_not_run() {
        let rows = [
            ("format", Outcome::Done(Duration::from_millis(1200), None)),
            ("real PBX", Outcome::LeftOut("needs root".into())),
            ("lint", Outcome::Failed(Duration::from_secs(75))),
            ("tests", Outcome::NotRun),
        ];
        let expected = "  format    ok              1.2 s\n  real PBX  left out               needs root\n\
                        \x20 lint      FAILED     1 min 15 s\n  tests     not run\n";
        assert_eq!(table(&rows), expected);
    }
}
