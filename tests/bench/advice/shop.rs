//! A made-up shop of the size of the bench: seeded, with favourites, families of products and steps in popularity.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const PRODUCTS: u32 = 50_000;
const FAMILIES: u32 = 2_500;
const LINES_OF_A_CUSTOMER: usize = 18;
const FIRST_DAY: u32 = 18_000;
const DAYS: u32 = 730;

/// Writes `lines` lines of customer, product and day, as little-endian numbers of 32 bits.
pub(crate) fn write(file: &Path, lines: usize) {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut out = BufWriter::with_capacity(1 << 20, File::create(file).unwrap());
    let mut customer = 0u32;
    let mut written = 0;
    while written < lines {
        let wanted =
            (1 + (-(1.0 - random.random::<f64>()).ln() * LINES_OF_A_CUSTOMER as f64) as usize).min(lines - written);
        one(&mut random, customer, wanted, &mut out);
        written += wanted;
        customer += 1;
    }
    out.flush().unwrap();
}

fn one(random: &mut ChaCha8Rng, customer: u32, lines: usize, out: &mut impl std::io::Write) {
    let favourites: [u32; 6] = std::array::from_fn(|_| popular(random));
    let families: [u32; 3] = std::array::from_fn(|_| random.random_range(0..FAMILIES));
    let mut day = random.random_range(0..DAYS);
    let mut left = random.random_range(1..8);
    for _ in 0..lines {
        if left == 0 {
            day = (day + random.random_range(7..60)) % DAYS;
            left = random.random_range(1..8);
        }
        left -= 1;
        let product = match random.random_range(0..10) {
            0..4 => favourites[random.random_range(0..6)],
            4..7 => {
                families[random.random_range(0..3)] * (PRODUCTS / FAMILIES)
                    + random.random_range(0..PRODUCTS / FAMILIES)
            }
            _ => popular(random),
        };
        for number in [customer, product, FIRST_DAY + day] {
            out.write_all(&number.to_le_bytes()).unwrap();
        }
    }
}

/// The cube of a draw makes few products the favourites of many.
fn popular(random: &mut ChaCha8Rng) -> u32 {
    let draw: f64 = random.random();
    ((draw * draw * draw * f64::from(PRODUCTS)) as u32).min(PRODUCTS - 1)
}
