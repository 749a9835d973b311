//! Search as you type over the million-customer shop: every key press of what people look for.

use cpu_time::ThreadTime;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ringside::source::record::{CustomerRow, Record};
use rusqlite::Connection;

use super::{Ground, Shop, open};
use crate::figures::Figure;
use crate::{Result, Times};

const PEOPLE: usize = 100;
const LIMIT: usize = 10;

/// A text as it stands after a key press.
pub(super) struct Typed {
    pub(super) text: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Mistyped,
    Other,
}

/// What is typed to find some customers: name, company, number, address, order, each key by key; and names with a mistake.
pub(super) fn typed(shop: &Shop, seed: u64) -> Vec<Typed> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut all = Vec::new();
    for _ in 0..PEOPLE {
        let n = random.random_range(0..shop.sizes.customers);
        let Some(Record::Customer(row)) = shop.customer(n).into_iter().next() else {
            continue;
        };
        let CustomerRow {
            name, company, email, ..
        } = row;
        let number = shop.number(n).to_string();
        let order = (10_000_000 + random.random_range(0..shop.sizes.lines / 3)).to_string();
        all.extend(keys(&name, 1, Kind::Word));
        all.extend(keys(&company, 1, Kind::Word));
        all.extend(keys(&format!("+{number}"), 4, Kind::Other));
        all.extend(keys(&format!("0{}", &number[2..]), 3, Kind::Other));
        all.extend(keys(&email, 1, Kind::Other));
        all.extend(keys(&order, 3, Kind::Other));
        all.push(Typed {
            text: mistyped(&name, &mut random),
            kind: Kind::Mistyped,
        });
    }
    all
}

fn keys(text: &str, from: usize, kind: Kind) -> impl Iterator<Item = Typed> {
    let letters: Vec<char> = text.chars().collect();
    (from..=letters.len()).map(move |end| Typed {
        text: letters[..end].iter().collect(),
        kind,
    })
}

/// Another letter somewhere behind the third of the family name.
fn mistyped(name: &str, random: &mut ChaCha8Rng) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let first = letters.iter().position(|c| *c == ' ').map_or(0, |space| space + 1);
    if first + 3 < letters.len() {
        let at = random.random_range(first + 2..letters.len());
        letters[at] = if letters[at] == 'k' { 'p' } else { 'k' };
    }
    letters.into_iter().collect()
}

pub(super) fn figures(ground: &Ground) -> Result<Vec<Figure>> {
    let mut directory = open(ground)?;
    let all = typed(&ground.shop, 5);
    for typed in super::search::typed(&ground.shop, 6) {
        directory.read()?.search(&typed.text, LIMIT)?;
    }
    let (mut times, mut found) = (Vec::with_capacity(all.len()), 0);
    for typed in &all {
        let clock = ThreadTime::now();
        let hits = directory.read()?.search(&typed.text, LIMIT)?;
        times.push((typed.kind, clock.elapsed().as_secs_f64() * 1e6));
        found += usize::from(!hits.is_empty());
    }
    let of = |kinds: &[Kind]| {
        let these = times.iter().filter(|(kind, _)| kinds.contains(kind));
        Times::sorted(these.map(|(_, time)| *time).collect())
    };
    let every = of(&[Kind::Word, Kind::Mistyped, Kind::Other]);
    let (words, mistyped) = (of(&[Kind::Word]), of(&[Kind::Mistyped]));
    let bare = floor(ground, &all)?;
    let note = format!(
        "{} key presses: names, companies, numbers, addresses, orders, mistakes; {found} found somebody; floor: the bare MATCH of names and companies, plain SQLite",
        all.len()
    );
    Ok(vec![
        Figure::new("million: search, p50", "CPU µs", every.at(50), bare.at(50), note),
        Figure::new("million: search, p99", "CPU µs", every.at(99), bare.at(99), ""),
        Figure::new("million: search, worst", "CPU µs", every.at(100), bare.at(100), ""),
        Figure::new("million: search of words, p99", "CPU µs", words.at(99), bare.at(99), ""),
        Figure::new(
            "million: search with a mistake, p50",
            "CPU µs",
            mistyped.at(50),
            bare.at(50),
            "",
        ),
        Figure::new(
            "million: search with a mistake, p99",
            "CPU µs",
            mistyped.at(99),
            bare.at(99),
            "",
        ),
    ])
}

fn floor(ground: &Ground, all: &[Typed]) -> Result<Times> {
    let connection = Connection::open(&ground.plain)?;
    connection.execute_batch("PRAGMA mmap_size = 0; PRAGMA cache_size = -65536")?;
    let mut find = connection.prepare("SELECT rowid FROM found WHERE found MATCH ?1 LIMIT 10")?;
    let mut times = Vec::new();
    for typed in all.iter().filter(|typed| typed.kind == Kind::Word) {
        let words = typed.text.split(|c: char| !c.is_alphanumeric());
        let words: Vec<String> = words
            .map(ringside::number::plain)
            .filter(|word| !word.is_empty())
            .map(|word| format!("\"{word}\"{}", if word.chars().count() > 6 { "" } else { "*" }))
            .collect();
        let query = words.join(" AND ");
        for warm in [false, true] {
            let clock = ThreadTime::now();
            let mut rows = find.query([&query])?;
            while let Some(row) = rows.next()? {
                std::hint::black_box(row.get::<_, i64>(0)?);
            }
            if warm {
                times.push(clock.elapsed().as_secs_f64() * 1e6);
            }
        }
    }
    Ok(Times::sorted(times))
}
