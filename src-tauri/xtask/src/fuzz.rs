//! `cargo xtask fuzz`: lets libFuzzer look for inputs that a reader of a foreign format does not bear.
//!
//! Works with the stable compiler: the coverage is LLVM's own (`-Cpasses=sancov-module`). Cargo calls this program in
//! rustc's place for the crates of the workspace, so that these alone are watched and optimised, and the dependencies are
//! those of any other build. What it finds is in `target/fuzz`; `--keep` makes the corpus that is kept, and read again by
//! the ordinary tests, as small as the coverage allows.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::args::FuzzOptions;
use crate::steps::{Done, Step, Steps, Stopped};
use crate::workspace::Workspace;
use crate::{Failure, run};

/// What can be fuzzed, with the longest input.
pub(crate) const TARGETS: [(&str, u32); 4] = [("ami", 4096), ("matching", 128), ("number", 64), ("webhook", 1024)];

/// Edge coverage with counters and compared values, as cargo-fuzz asks for it.
const COVERAGE: [&str; 7] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
    "-Copt-level=2",
];

/// Set for the calls in rustc's place.
const WATCHED: &str = "RINGSIDE_FUZZ_WATCHED";

/// Why nothing could be looked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FuzzError {
    #[error("an input was found that is not borne: {0}; once it is mended, copy it to tests/fuzz/corpus/{1}")]
    Found(PathBuf, &'static str),
}

/// Fuzzes one target or all, each for so many seconds.
pub(crate) fn run(workspace: &Workspace, options: &FuzzOptions) -> Result<ExitCode, Failure> {
    let chosen = |target: &&(&'static str, u32)| options.target.is_none_or(|name| name == target.0);
    let targets: Vec<(&'static str, u32)> = TARGETS.iter().filter(chosen).copied().collect();
    let names: Vec<&'static str> = ["build"]
        .into_iter()
        .chain(targets.iter().map(|target| target.0))
        .collect();
    let mut steps = Steps::new(&names, workspace.target.join("xtask/fuzz"))?;
    let result = fuzz(&mut steps, workspace, options, &targets);
    Ok(steps.close(&result, "Nothing was found that is not borne"))
}

fn fuzz(
    steps: &mut Steps,
    workspace: &Workspace,
    options: &FuzzOptions,
    targets: &[(&'static str, u32)],
) -> Result<(), Stopped> {
    let mut programs = PathBuf::new();
    steps.run(|step| {
        programs = build(step, workspace)?;
        Ok(Done::Plain)
    })?;
    for (target, longest) in targets {
        steps.run(|step| look(step, workspace, &programs, target, *longest, options))?;
    }
    Ok(())
}

/// The folder of the programs.
fn build(step: &mut Step, workspace: &Workspace) -> Result<PathBuf, Failure> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--locked", "-p", "ringside-fuzz", "--features", "libfuzzer"]);
    cargo
        .env("RUSTC_WORKSPACE_WRAPPER", std::env::current_exe()?)
        .env(WATCHED, "1");
    run::quiet(step, &mut cargo)?;
    Ok(workspace.target.join("debug"))
}

/// Whether cargo calls this program in rustc's place.
pub(crate) fn is_rustc() -> bool {
    std::env::var_os(WATCHED).is_some()
}

/// `words` is a call of rustc, the program first. Build scripts are not watched: nothing would take their coverage.
pub(crate) fn rustc(words: &[String]) -> Result<ExitCode, Failure> {
    let (program, args) = words
        .split_first()
        .map_or(("rustc", words), |(first, rest)| (first.as_str(), rest));
    let mut rustc = Command::new(program);
    rustc.args(args);
    let is_ours = args
        .windows(2)
        .any(|two| two[0] == "--crate-name" && !two[1].starts_with("build_script"));
    if is_ours && args.iter().any(|arg| arg.starts_with("--emit")) {
        rustc.args(COVERAGE);
    }
    let status = rustc.status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn look(
    step: &mut Step,
    workspace: &Workspace,
    programs: &Path,
    target: &'static str,
    longest: u32,
    options: &FuzzOptions,
) -> Result<Done, Failure> {
    let kept = workspace.root.join("tests/fuzz/corpus").join(target);
    let work = workspace.target.join("fuzz/work").join(target);
    let found = workspace.target.join("fuzz/found").join(target);
    fs::create_dir_all(&work)?;
    fs::create_dir_all(&found)?;
    let program = programs.join(format!("fuzz-{target}"));
    let mut fuzzer = Command::new(&program);
    fuzzer.args([&work, &kept]);
    fuzzer.arg(format!("-max_total_time={}", options.seconds));
    fuzzer.arg(format!("-max_len={longest}"));
    fuzzer.arg(format!("-artifact_prefix={}/", found.display()));
    fuzzer.args(["-timeout=10", "-print_final_stats=1"]);
    let ran = run::quiet(step, &mut fuzzer);
    if let Some(input) = fs::read_dir(&found)?.find_map(Result::ok) {
        return Err(FuzzError::Found(input.path(), target).into());
    }
    ran?;
    if options.keep {
        keep(step, &program, &work, &kept)?;
    }
    let count = fs::read_dir(&kept)?.count();
    Ok(Done::Noting(format!("{} s, {count} inputs kept", options.seconds)))
}

/// Of what is kept and what was found new, as few inputs as reach the same places; how often each is reached does not
/// count, which makes three times as many.
fn keep(step: &mut Step, program: &Path, work: &Path, kept: &Path) -> Result<(), Failure> {
    let smaller = kept.with_extension("smaller");
    if smaller.exists() {
        fs::remove_dir_all(&smaller)?;
    }
    fs::create_dir(&smaller)?;
    let mut merge = Command::new(program);
    merge
        .args(["-set_cover_merge=1", "-use_counters=0"])
        .args([smaller.as_path(), kept, work]);
    run::quiet(step, &mut merge)?;
    fs::remove_dir_all(kept)?;
    fs::rename(&smaller, kept)?;
    Ok(())
}
