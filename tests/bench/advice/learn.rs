//! Learns from a file of lines, asks and tells, and writes down what each took.

use std::fs::File;
use std::hint::black_box;
use std::io::{BufReader, Read as _};
use std::path::Path;
use std::time::Duration;

use cpu_time::{ProcessTime, ThreadTime};
use ringside::advisor::answers::Answers;
use ringside::advisor::baskets::{Baskets, Gather};
use ringside::advisor::champion::{Task, Way};
use ringside::advisor::features::Scratch;
use ringside::advisor::history::History;
use ringside::advisor::up_sell::UpSell;
use ringside::advisor::{Advice, Asked, Catalogue, Guards, ProductId, suggest};
use ringside::customer::{Product, Restrictions};
use serde::{Deserialize, Serialize};

use crate::figures::Result;

/// Callers and purchases that are measured.
const ROUNDS: u32 = 20_000;

/// What it took: CPU seconds, CPU microseconds at the middle and at the 99th of a hundred, megabytes.
#[derive(Serialize, Deserialize)]
pub(crate) struct Took {
    pub(crate) sort: f64,
    pub(crate) learn: f64,
    pub(crate) peak_mb: f64,
    pub(crate) rank: [f64; 2],
    pub(crate) advise: [f64; 2],
    pub(crate) add: [f64; 2],
    pub(crate) lines: usize,
    pub(crate) baskets: u32,
    pub(crate) customers: u32,
    pub(crate) products: u32,
}

/// Reads lines from `file` and writes [`Took`] to `answer`.
pub(crate) fn run(file: &Path, answer: &Path) -> Result<()> {
    let gather = read(file)?;
    let started = ProcessTime::now();
    let baskets = gather.baskets();
    let sort = started.elapsed().as_secs_f64();
    let products = baskets.products();
    let prices: Vec<f32> = (0..products).map(|one| (1.0 + (one % 37) as f32).ln()).collect();
    let categories: Vec<u32> = (0..products).map(|one| 1 + category(one)).collect();
    let started = ProcessTime::now();
    let steps = UpSell::learn(&baskets, &categories, &prices);
    let mut advice = Advice::learn(&baskets, prices).with_steps(steps);
    let learn = started.elapsed().as_secs_f64();
    let peak_mb = peak_mb();
    for task in Task::ALL {
        let champion = advice.champion(task);
        let used = Way::ALL.iter().position(|way| *way == champion.way).unwrap_or(0);
        let (name, way, hits) = (task.name(), champion.way.name(), champion.marks[used].hit_rate());
        println!("{name:<4} by {way}, HR@5 {hits:.3}, {:?}", champion.voice);
    }
    let mut scratch = Scratch::default();
    let day = baskets.last_day() + 1;
    let rank = ask(&baskets, |_, history| {
        black_box(advice.both(&mut scratch, history, day, 20));
    });
    let (catalogue, guards, answers) = (catalogue(products), Guards::default(), Answers::default());
    let advise = ask(&baskets, |bought, history| {
        let asked = Asked {
            bought,
            history,
            guards: &guards,
            answers: &answers,
            day,
        };
        black_box(suggest(&catalogue, Some((&advice, &mut scratch)), asked));
    });
    let took = Took {
        sort,
        learn,
        peak_mb,
        rank,
        advise,
        add: tell(&baskets, &mut advice),
        lines: baskets.lines(),
        baskets: baskets.number(),
        customers: baskets.customers(),
        products,
    };
    Ok(std::fs::write(answer, serde_json::to_vec(&took)?)?)
}

fn read(file: &Path) -> Result<Gather> {
    let length = std::fs::metadata(file)?.len() as usize / 12;
    let mut reader = BufReader::with_capacity(1 << 20, File::open(file)?);
    let mut gather = Gather::with_capacity(length);
    let mut line = [0u8; 12];
    for _ in 0..length {
        reader.read_exact(&mut line)?;
        let number = |at: usize| u32::from_le_bytes([line[at], line[at + 1], line[at + 2], line[at + 3]]);
        gather.add(number(0), number(4), number(8).cast_signed());
    }
    Ok(gather)
}

/// What it takes to answer for a caller by what they bought, the latest first, and by their history.
fn ask(baskets: &Baskets, mut answer: impl FnMut(&[ProductId], &History)) -> [f64; 2] {
    let mut history = History::default();
    let mut took = Vec::new();
    for nth in 0..ROUNDS {
        let customer = nth.wrapping_mul(2_654_435_761) % baskets.customers();
        history.clear();
        let mut bought: Vec<ProductId> = Vec::new();
        for &basket in baskets.of_customer(customer) {
            history.push(baskets.day(basket), baskets.items(basket));
            for &item in baskets.items(basket) {
                bought.retain(|one| one.0 != item);
                bought.insert(0, ProductId(item));
            }
        }
        let started = ThreadTime::now();
        answer(&bought, &history);
        took.push(started.elapsed());
    }
    middle_and_end(took)
}

fn category(product: u32) -> u32 {
    product % 200
}

fn catalogue(products: u32) -> Catalogue {
    let product = |id: u32| Product {
        key: format!("P{id}"),
        name: format!("Product {id}"),
        category: format!("Category {}", category(id)),
        price: None,
        discontinued: id.is_multiple_of(50),
        restrictions: Restrictions::default(),
    };
    Catalogue {
        products: (0..products).map(|id| (ProductId(id), product(id))).collect(),
        ..Catalogue::default()
    }
}

/// Taking in a purchase.
fn tell(baskets: &Baskets, advice: &mut Advice) -> [f64; 2] {
    let mut took = Vec::new();
    for nth in 0..ROUNDS {
        let basket = nth.wrapping_mul(2_654_435_761) % baskets.number();
        let started = ThreadTime::now();
        advice.add(baskets.items(basket));
        took.push(started.elapsed());
    }
    middle_and_end(took)
}

fn middle_and_end(mut took: Vec<Duration>) -> [f64; 2] {
    took.sort_unstable();
    [0.5, 0.99].map(|share| took[(took.len() as f64 * share) as usize].as_secs_f64() * 1e6)
}

/// Peak memory of this process; zero where the system does not say.
fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}
