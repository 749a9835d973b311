//! How long advice takes: learning from ten million lines beside `implicit` and `rusket`, the whole advice for a caller, and
//! taking in a purchase. `cargo bench --bench advice`; `RINGSIDE_BENCH_LINES` asks for another size.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

mod shop;

use std::io::{BufReader, Read as _};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use cpu_time::{ProcessTime, ThreadTime};
use ringside::advisor::Advice;
use ringside::advisor::baskets::{Baskets, Gather};
use ringside::advisor::champion::{Task, Way};
use ringside::advisor::features::Scratch;
use ringside::advisor::history::History;

const LINES: usize = 10_000_000;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|one| one == "--learn") {
        return learn(Path::new(&arguments[at + 1]));
    }
    let lines = std::env::var("RINGSIDE_BENCH_LINES")
        .ok()
        .and_then(|lines| lines.parse().ok());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lines.bin");
    shop::write(&file, lines.unwrap_or(LINES));
    // a process of its own, so that its peak memory is that of learning alone
    let status = Command::new(std::env::current_exe().unwrap())
        .arg("--learn")
        .arg(&file)
        .status();
    assert!(status.unwrap().success());
    for rival in ["implicit", "rusket"] {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/advice/rival.py");
        match Command::new("python3").arg(&script).arg(rival).arg(&file).status() {
            Ok(status) if status.success() => {}
            _ => println!("{rival:<10} not measured: pip install numpy scipy {rival}"),
        }
    }
}

/// Learns from a file of lines and says what it took; then asks and tells.
fn learn(file: &Path) {
    let baskets = read(file);
    let started = ProcessTime::now();
    let products = baskets.products() as usize;
    let prices: Vec<f32> = (0..products).map(|one| (1.0 + (one % 40) as f32).ln()).collect();
    let mut advice = Advice::learn(&baskets, prices);
    let took = started.elapsed();
    println!(
        "ringside   learn {:>6.2} s CPU, peak {:>4} MB  ({} lines, {} baskets, {} customers, {products} products)",
        took.as_secs_f64(),
        peak_mb(),
        baskets.lines(),
        baskets.number(),
        baskets.customers(),
    );
    for task in Task::ALL {
        let champion = advice.champion(task);
        let marks = &champion.marks[Way::ALL.iter().position(|way| *way == champion.way).unwrap()];
        println!(
            "           {:<4} by {}, HR@5 {:.3}, {:?}",
            task.name(),
            champion.way.name(),
            marks.hit_rate(),
            champion.voice
        );
    }
    ask(&baskets, &advice);
    tell(&baskets, &mut advice);
}

/// Sorting into baskets is part of learning and is measured with it.
fn read(file: &Path) -> Baskets {
    let length = std::fs::metadata(file).unwrap().len() as usize / 12;
    let mut reader = BufReader::with_capacity(1 << 20, std::fs::File::open(file).unwrap());
    let mut gather = Gather::with_capacity(length);
    let mut line = [0u8; 12];
    for _ in 0..length {
        reader.read_exact(&mut line).unwrap();
        let number = |at: usize| u32::from_le_bytes(line[at..at + 4].try_into().unwrap());
        gather.add(number(0), number(4), number(8).cast_signed());
    }
    let started = ProcessTime::now();
    let baskets = gather.baskets();
    println!("ringside   sort  {:>6.2} s CPU", started.elapsed().as_secs_f64());
    baskets
}

/// The whole advice for a caller: what goes with what they have, and what they will want again.
fn ask(baskets: &Baskets, advice: &Advice) {
    let (mut scratch, mut history) = (Scratch::default(), History::default());
    let day = baskets.last_day() + 1;
    let mut took = Vec::new();
    for nth in 0..20_000u32 {
        let customer = nth.wrapping_mul(2_654_435_761) % baskets.customers();
        history.clear();
        for &basket in baskets.of_customer(customer) {
            history.push(baskets.day(basket), baskets.items(basket));
        }
        let started = ThreadTime::now();
        let ranked = advice.both(&mut scratch, &history, day, 20);
        took.push(started.elapsed());
        assert!(ranked.iter().all(|list| list.len() <= 20));
    }
    say("ask", took);
}

/// Taking in a purchase.
fn tell(baskets: &Baskets, advice: &mut Advice) {
    let mut took = Vec::new();
    for nth in 0..20_000u32 {
        let basket = nth.wrapping_mul(2_654_435_761) % baskets.number();
        let started = ThreadTime::now();
        advice.add(baskets.items(basket));
        took.push(started.elapsed());
    }
    say("tell", took);
}

fn say(what: &str, mut took: Vec<Duration>) {
    took.sort_unstable();
    let at = |share: f64| took[(took.len() as f64 * share) as usize].as_secs_f64() * 1e6;
    println!(
        "ringside   {what:<5} p50 {:>6.1} µs, p99 {:>6.1} µs CPU",
        at(0.5),
        at(0.99)
    );
}

/// Peak memory of this process; zero where the system does not say.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}
