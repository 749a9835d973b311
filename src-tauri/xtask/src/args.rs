//! What the person asked for: reads the words after `cargo xtask` and knows nothing of how it is done.

use std::str::FromStr;

use crate::fuzz::TARGETS;

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
    /// The shop of a million customers, and nothing else.
    pub(crate) million: bool,
    /// The desk's window over such a shop, and nothing else.
    pub(crate) desk: bool,
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
            "--million" => options.million = true,
            "--desk" => options.desk = true,
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

const HELP: &str = "\
cargo xtask COMMAND [options]

  demo      set up, build, and open Ringside on a demo shop with simulated calls
  test      everything that is checked: format, lints, licences, tests, the real window, a real PBX
  bench     measure, print a table, write target/bench/ringside.json
  fuzz      look for input that a reader of a foreign format does not bear
  package   build the .deb and the .rpm
  shots     a picture of every state of the panel, from its real window

cargo xtask COMMAND --help tells more.";

const DEMO_HELP: &str = "\
cargo xtask demo [--calls N] [--seed S] [--shots]

Installs what is missing (apt, as root or through sudo, on Debian and Ubuntu; elsewhere it says what to
install), builds, and opens Ringside on a seeded demo shop with simulated calls. It prints what popped and why.
Your own Ringside data is not touched.

  --calls N   end after N pops (without a display: 5 unless given)
  --seed S    another shop and other calls
  --shots     a private display, and a screenshot of every pop in target/demo/

Without a display it starts one of its own (Xvfb, openbox) and saves the screenshots.
RINGSIDE_TOOLS names the folder for what is kept between runs (else ~/.cache/ringside-tools).";

const TEST_HELP: &str = "\
cargo xtask test [--fast | --pbx | --focus | --sources | --odoo]

Format, lints, licences, Rust tests, UI checks and tests, then the real window under Xvfb and calls through a
real Asterisk. The PBX needs root; without it that part is left out and the last line says so.

  --fast   leave out what needs a window or a PBX
  --pbx    play every scenario of tests/live through it, not only the quick ones, and fail, rather than leave out,
           when the PBX part cannot run
  --focus  only this: 200 calls pop while somebody types into another program, under openbox and under xfwm4, and
           every key has to arrive there (20 minutes)
  --sources  only this: customer data is read from a real Tryton, PostgreSQL and MariaDB; the first time Tryton is
           installed and filled
  --odoo   only this: customer data is read from a real Odoo 14 and written into it; the first time a tree of Debian 11 is
           made for it (1.7 GB, ten minutes; as root)";

const BENCH_HELP: &str = "\
cargo xtask bench [--quick] [--million | --desk]

Builds in release, measures, prints one table and writes target/bench/ringside.json. Two other AMI clients, one in
Python and one in Node.js, are installed in target/bench/clients and measured beside.

  --quick     fewer rounds, rough figures
  --million   the customer cache with a million customers and ten million order lines, and nothing else; writes
              target/bench/million.json and keeps the shop in target/tmp (3 GB)
  --desk      the desk's window over such a shop and 100,000 calls, and nothing else: search as one types, opening
              the call log and a customer, scrolling; each beside an empty page in the same window; writes
              target/bench/desk.json and keeps the home in target/bench/desk-home (3 GB)";

const FUZZ_HELP: &str = "\
cargo xtask fuzz [TARGET] [--seconds N] [--keep]

Feeds ami, matching, number or webhook, or each of them, with what leads to code not reached yet (libFuzzer, with the stable
compiler; it needs a C++ compiler). Begins with tests/fuzz/corpus, which the ordinary tests read again.

  --seconds N   so long for each target (else 60)
  --keep        make tests/fuzz/corpus cover what was found, as small as can be";

const PACKAGE_HELP: &str = "\
cargo xtask package

Builds the .deb and the .rpm with the Tauri bundler and says where they are.";

const SHOTS_HELP: &str = "\
cargo xtask shots

Opens Ringside on a private display and writes a PNG of every state of the panel to target/shots/states: all in English
light, the main ones also dark, in Spanish and in Croatian. axe-core looks at each in the same window.";

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
            million: true,
            desk: false,
        };
        assert_eq!(read("bench --million --quick"), Ok(Task::Bench(expected)));
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
