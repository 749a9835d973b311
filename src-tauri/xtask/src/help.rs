//! What the commands say of themselves.

pub(crate) const HELP: &str = "\
cargo xtask COMMAND [options]

  demo      set up, build, and open Ringside on a demo shop with simulated calls
  test      everything that is checked: format, lints, licences, tests, the real window, a real PBX
  bench     measure, print a table, write target/bench/ringside.json
  fuzz      look for input that a reader of a foreign format does not bear
  package   build the .deb and the .rpm
  shots     a picture of every state of the panel, from its real window

cargo xtask COMMAND --help tells more.";

pub(crate) const DEMO_HELP: &str = "\
cargo xtask demo [--calls N] [--seed S] [--shots]

Installs what is missing (apt, as root or through sudo, on Debian and Ubuntu; elsewhere it says what to
install), builds, and opens Ringside on a seeded demo shop with simulated calls. It prints what popped and why.
Your own Ringside data is not touched.

  --calls N   end after N pops (without a display: 5 unless given)
  --seed S    another shop and other calls
  --shots     a private display, and a screenshot of every pop in target/demo/

Without a display it starts one of its own (Xvfb, openbox) and saves the screenshots.
RINGSIDE_TOOLS names the folder for what is kept between runs (else ~/.cache/ringside-tools).";

pub(crate) const TEST_HELP: &str = "\
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

pub(crate) const BENCH_HELP: &str = "\
cargo xtask bench [--quick] [--million | --calls | --desk]

Builds in release, measures, prints one table and writes target/bench/ringside.json. Two other AMI clients, one in
Python and one in Node.js, are installed in target/bench/clients and measured beside.

  --quick     fewer rounds, rough figures
  --million   the customer cache with a million customers and ten million order lines, and nothing else; writes
              target/bench/million.json and keeps the shop in target/tmp (3 GB)
  --calls     the log and the reports over a journal with a million calls, and nothing else; writes
              target/bench/calls.json
  --desk      the desk's window over such a shop and 100,000 calls, and nothing else: search as one types, opening
              the call log and a customer, scrolling; each beside an empty page in the same window; writes
              target/bench/desk.json and keeps the home in target/bench/desk-home (3 GB)";

pub(crate) const FUZZ_HELP: &str = "\
cargo xtask fuzz [TARGET] [--seconds N] [--keep]

Feeds ami, matching, number or webhook, or each of them, with what leads to code not reached yet (libFuzzer, with the stable
compiler; it needs a C++ compiler). Begins with tests/fuzz/corpus, which the ordinary tests read again.

  --seconds N   so long for each target (else 60)
  --keep        make tests/fuzz/corpus cover what was found, as small as can be";

pub(crate) const PACKAGE_HELP: &str = "\
cargo xtask package

Builds the .deb and the .rpm with the Tauri bundler and says where they are.";

pub(crate) const SHOTS_HELP: &str = "\
cargo xtask shots

Opens Ringside on a private display and writes a PNG of every state of the panel to target/shots/states: all in English
light, the main ones also dark, in Spanish and in Croatian. axe-core looks at each in the same window.";
