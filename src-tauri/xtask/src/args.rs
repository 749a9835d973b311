//! What the person asked for: reads the words after `cargo xtask` and knows nothing of how it is done.

use std::str::FromStr;

use crate::fuzz::TARGETS;
use crate::help::{BENCH_HELP, DEMO_HELP, FUZZ_HELP, HELP, PACKAGE_HELP, SHOTS_HELP, TEST_HELP};

/// One command with its options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Task {
    /// Print this text and end.
    Help(&'static str),
    Demo(DemoOptions),
    Test(TestOptions),
    Bench(BenchOptions),
    Fuzz(FuzzOptions),
    Package,
    Shots,
}

/// `cargo xtask demo`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DemoOptions {
    /// End after this many pops; without it the window stays until it is closed.
    pub(crate) calls: Option<u32>,
    /// The same seed gives the same shop and the same calls.
    pub(crate) seed: Option<u64>,
    /// Use a private display and save a screenshot of every pop, even where a display is there.
    pub(crate) shots: bool,
}

/// `cargo xtask test`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TestOptions {
    /// Leave out what needs a window or a PBX.
    pub(crate) fast: bool,
    /// The real-PBX calls must run: not being root is then a failure.
    pub(crate) pbx: bool,
    /// Only the proof that no key is lost while calls pop: many pops under two window managers.
    pub(crate) focus: bool,
    /// Only the sources of customer data, against real systems.
    pub(crate) sources: bool,
    /// Only the source that is a real Odoo.
    pub(crate) odoo: bool,
}

/// `cargo xtask bench`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct BenchOptions {
    /// Fewer rounds: shows that the benches run, figures are rough.
    pub(crate) quick: bool,
    /// What is measured.
    pub(crate) part: Part,
}

/// What a bench is of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Part {
    /// All but what takes long.
    #[default]
    Usual,
    /// The shop of a million customers.
    Million,
    /// The log and the reports over a million calls.
    Calls,
    /// The desk's window over a large shop.
    Desk,
}

/// `cargo xtask fuzz`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FuzzOptions {
    /// What to fuzz; all without it.
    pub(crate) target: Option<&'static str>,
    /// How long each.
    pub(crate) seconds: u32,
    /// Keep what covers more, and of all that is kept as little as covers the same.
    pub(crate) keep: bool,
}

/// Why the words make no command.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum ArgsError {
    #[error(
        "there is no command `{0}`; the commands are demo, test, bench, fuzz, package and shots (see cargo xtask --help)"
    )]
    UnknownCommand(String),
    #[error("`{command}` has no option `{option}`; see cargo xtask {command} --help")]
    UnknownOption { command: &'static str, option: String },
    #[error("`{option}` needs a whole number behind it, as in `{option} 5`")]
    NoNumber { option: &'static str },
    #[error("`{0}` is nothing that can be fuzzed; there are ami, matching, number and webhook")]
    UnknownTarget(String),
    #[error("`--focus` is a proof of its own: give it alone")]
    FocusAlone,
    #[error("`--sources` is a run of its own: give it alone")]
    SourcesAlone,
    #[error("`--odoo` is a run of its own: give it alone")]
    OdooAlone,
    #[error("`--million`, `--calls` and `--desk` are runs of their own: give one of them")]
    OnePart,
    #[error("`--fast` leaves the PBX out and `--pbx` demands it: give one of the two")]
    FastWithPbx,
}

/// Reads the words after `cargo xtask`. No words at all ask for the help.
pub(crate) fn parse(words: &[String]) -> Result<Task, ArgsError> {
    let Some((command, rest)) = words.split_first() else {
        return Ok(Task::Help(HELP));
    };
    let help = rest.iter().any(|word| word == "--help" || word == "-h");
    match command.as_str() {
        "--help" | "-h" | "help" => Ok(Task::Help(HELP)),
        "demo" if help => Ok(Task::Help(DEMO_HELP)),
        "test" if help => Ok(Task::Help(TEST_HELP)),
        "bench" if help => Ok(Task::Help(BENCH_HELP)),
        "fuzz" if help => Ok(Task::Help(FUZZ_HELP)),
        "package" if help => Ok(Task::Help(PACKAGE_HELP)),
        "shots" if help => Ok(Task::Help(SHOTS_HELP)),
        "demo" => demo(rest).map(Task::Demo),
        "test" => test(rest).map(Task::Test),
        "bench" => bench(rest).map(Task::Bench),
        "fuzz" => fuzz(rest).map(Task::Fuzz),
        "package" => no_options("package", rest).map(|()| Task::Package),
        "shots" => no_options("shots", rest).map(|()| Task::Shots),
        other => Err(ArgsError::UnknownCommand(other.to_owned())),
    }
}

fn demo(words: &[String]) -> Result<DemoOptions, ArgsError> {
    let mut options = DemoOptions::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (name, value) = split(word);
        match name {
            "--calls" => options.calls = Some(number("--calls", value.or_else(|| words.next().map(String::as_str)))?),
            "--seed" => options.seed = Some(number("--seed", value.or_else(|| words.next().map(String::as_str)))?),
            "--shots" => options.shots = true,
            _ => return Err(unknown("demo", word)),
        }
    }
    Ok(options)
}

fn test(words: &[String]) -> Result<TestOptions, ArgsError> {
    let mut options = TestOptions::default();
    for word in words {
        match word.as_str() {
            "--fast" => options.fast = true,
            "--pbx" => options.pbx = true,
            "--focus" => options.focus = true,
            "--sources" => options.sources = true,
            "--odoo" => options.odoo = true,
            _ => return Err(unknown("test", word)),
        }
    }
    if options.fast && options.pbx {
        Err(ArgsError::FastWithPbx)
    } else if options.focus && words.len() > 1 {
        Err(ArgsError::FocusAlone)
    } else if options.sources && words.len() > 1 {
        Err(ArgsError::SourcesAlone)
    } else if options.odoo && words.len() > 1 {
        Err(ArgsError::OdooAlone)
    } else {
        Ok(options)
    }
}

fn bench(words: &[String]) -> Result<BenchOptions, ArgsError> {
    let mut options = BenchOptions::default();
    for word in words {
        match word.as_str() {
            "--quick" => options.quick = true,
            "--million" | "--calls" | "--desk" if options.part != Part::Usual => return Err(ArgsError::OnePart),
            "--million" => options.part = Part::Million,
            "--calls" => options.part = Part::Calls,
            "--desk" => options.part = Part::Desk,
            _ => return Err(unknown("bench", word)),
        }
    }
    Ok(options)
}

fn fuzz(words: &[String]) -> Result<FuzzOptions, ArgsError> {
    let mut options = FuzzOptions {
        target: None,
        seconds: 60,
        keep: false,
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (name, value) = split(word);
        match name {
            "--seconds" => {
                options.seconds = number("--seconds", value.or_else(|| words.next().map(String::as_str)))?;
            }
            "--keep" => options.keep = true,
            _ if name.starts_with('-') => return Err(unknown("fuzz", word)),
            target => {
                let found = TARGETS.iter().find(|(name, _)| *name == target);
                let found = found.ok_or_else(|| ArgsError::UnknownTarget(target.to_owned()))?;
                options.target = Some(found.0);
            }
        }
    }
    Ok(options)
}

fn no_options(command: &'static str, words: &[String]) -> Result<(), ArgsError> {
    words.first().map_or(Ok(()), |word| Err(unknown(command, word)))
}

fn unknown(command: &'static str, option: &str) -> ArgsError {
    ArgsError::UnknownOption {
        command,
        option: option.to_owned(),
    }
}

/// `--calls=5` as well as `--calls 5`.
fn split(word: &str) -> (&str, Option<&str>) {
    word.split_once('=')
        .map_or((word, None), |(name, value)| (name, Some(value)))
}

fn number<N: FromStr>(option: &'static str, value: Option<&str>) -> Result<N, ArgsError> {
    value
        .and_then(|text| text.parse().ok())
        .ok_or(ArgsError::NoNumber { option })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Task, ArgsError> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn numbers_are_taken_behind_a_space_or_an_equals_sign() {
        let expected = Task::Demo(DemoOptions {
            calls: Some(5),
            seed: Some(7),
            shots: false,
        });
        assert_eq!(read("demo --calls 5 --seed=7"), Ok(expected));
    }

    #[test]
    fn a_missing_or_crooked_number_is_named() {
        for line in [
            "demo --calls",
            "demo --calls five",
            "demo --calls=-1",
            "demo --calls --shots",
        ] {
            assert_eq!(read(line), Err(ArgsError::NoNumber { option: "--calls" }), "{line}");
        }
    }

    #[test]
    fn an_option_of_another_command_is_refused_with_the_command_named() {
        assert_eq!(
            read("bench --fast"),
            Err(ArgsError::UnknownOption {
                command: "bench",
                option: "--fast".into()
            })
        );
        assert_eq!(
            read("package all"),
            Err(ArgsError::UnknownOption {
                command: "package",
                option: "all".into()
            })
        );
    }

    #[test]
    fn fast_and_pbx_contradict_each_other() {
        assert_eq!(read("test --fast --pbx"), Err(ArgsError::FastWithPbx));
    }

    #[test]
    fn the_proof_of_the_focus_is_run_alone() {
        let expected = TestOptions {
            focus: true,
            ..TestOptions::default()
        };
        assert_eq!(read("test --focus"), Ok(Task::Test(expected)));
        assert_eq!(read("test --focus --fast"), Err(ArgsError::FocusAlone));
        assert_eq!(read("test --odoo --pbx"), Err(ArgsError::OdooAlone));
    }

    #[test]
    fn the_large_shop_is_measured_quickly_too() {
        let expected = BenchOptions {
            quick: true,
            part: Part::Million,
        };
        assert_eq!(read("bench --million --quick"), Ok(Task::Bench(expected)));
        assert_eq!(read("bench --calls --desk"), Err(ArgsError::OnePart));
    }

    #[test]
    fn what_to_fuzz_and_how_long_is_read_in_any_order() {
        let expected = FuzzOptions {
            target: Some("ami"),
            seconds: 5,
            keep: true,
        };
        assert_eq!(read("fuzz --seconds 5 ami --keep"), Ok(Task::Fuzz(expected)));
        assert_eq!(read("fuzz pbx"), Err(ArgsError::UnknownTarget("pbx".into())));
        assert_eq!(read("fuzz --seconds"), Err(ArgsError::NoNumber { option: "--seconds" }));
    }

    #[test]
    fn help_is_given_for_each_command_and_for_none() {
        for (line, text) in [("", HELP), ("demo -h", DEMO_HELP), ("test --fast --help", TEST_HELP)] {
            assert_eq!(read(line), Ok(Task::Help(text)), "{line}");
        }
    }

    #[test]
    fn an_unknown_command_is_named() {
        assert_eq!(read("deploy"), Err(ArgsError::UnknownCommand("deploy".into())));
    }
}
