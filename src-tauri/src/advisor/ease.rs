//! What else people have who have what the customer has, each product's part told from that of the others.
//!
//! EASE (Steck, H. (2019), "Embarrassingly shallow autoencoders for sparse data", WWW '19, 3251-3257): a ridge regression of
//! every product on all others, solved in one step from the counts of who bought both. Unlike counts alone it does not
//! sum the same evidence many times. Only the products that sell are weighed, since the solution costs the cube
//! of their number, and of many customers the latest are asked, since more of them change no digit that matters.

use super::baskets::{Baskets, Day, index};

/// Products that are weighed.
const MOST_PRODUCTS: usize = 1_000;
/// Customers that are asked.
const MOST_CUSTOMERS: usize = 30_000;
/// Products of one customer that are counted, the latest.
const MOST_ITEMS: usize = 300;
/// Pull of every weight towards zero, in customers.
const RIDGE: f32 = 300.0;
/// Weights kept for a product.
const KEPT: usize = 64;
/// Days that tell what sells.
const SEASON: Day = 90;

/// How much having one product speaks for another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weight {
    /// The other product.
    pub other: u32,
    /// How much.
    pub weight: f32,
}

/// For every product what it speaks for.
#[derive(Clone, Debug, Default)]
pub struct Ease {
    starts: Vec<u32>,
    weights: Vec<Weight>,
}

impl Ease {
    /// Learns from the first `until` baskets, as of `day`.
    #[must_use]
    pub fn at(baskets: &Baskets, until: u32, day: Day) -> Self {
        let sold = sold(baskets, until, day);
        let mut slots = vec![u32::MAX; baskets.products() as usize];
        for (slot, &product) in sold.iter().enumerate() {
            slots[product as usize] = index(slot);
        }
        let counted = gram(baskets, until, &slots, sold.len());
        match inverse(counted, sold.len()) {
            Some(precision) => Ease::of(&sold, &slots, &precision),
            None => Ease::default(),
        }
    }

    fn of(sold: &[u32], slots: &[u32], precision: &[f32]) -> Self {
        let n = sold.len();
        let mut ease = Ease::default();
        let mut row: Vec<(f32, usize)> = Vec::with_capacity(n);
        for &slot in slots {
            ease.starts.push(index(ease.weights.len()));
            let slot = slot as usize;
            if slot >= n {
                continue;
            }
            row.clear();
            row.extend((0..n).filter(|&other| other != slot).map(|other| {
                let both = precision[slot.max(other) * n + slot.min(other)];
                (-both / precision[other * n + other], other)
            }));
            let better = |a: &(f32, usize), b: &(f32, usize)| b.0.abs().total_cmp(&a.0.abs()).then(a.1.cmp(&b.1));
            if row.len() > KEPT {
                row.select_nth_unstable_by(KEPT, better);
                row.truncate(KEPT);
            }
            row.sort_unstable_by(better);
            ease.weights.extend(row.iter().map(|&(weight, other)| Weight {
                other: sold[other],
                weight,
            }));
        }
        ease.starts.push(index(ease.weights.len()));
        ease
    }

    /// What a product speaks for, the most telling first.
    #[must_use]
    pub fn of_product(&self, product: u32) -> &[Weight] {
        let at = product as usize;
        match self.starts.get(at..at + 2) {
            Some(ends) => &self.weights[ends[0] as usize..ends[1] as usize],
            None => &[],
        }
    }
}

/// What sold in most baskets of the last season, the best first.
fn sold(baskets: &Baskets, until: u32, day: Day) -> Vec<u32> {
    let mut counts = vec![0u32; baskets.products() as usize];
    for basket in baskets.before(day - SEASON).min(until)..until {
        for &product in baskets.items(basket) {
            counts[product as usize] += 1;
        }
    }
    let mut sold: Vec<u32> = (0..baskets.products())
        .filter(|&one| counts[one as usize] > 1)
        .collect();
    sold.sort_unstable_by_key(|&one| (u32::MAX - counts[one as usize], one));
    sold.truncate(MOST_PRODUCTS);
    sold
}

/// The lower triangle of who has both, with the pull on its diagonal.
fn gram(baskets: &Baskets, until: u32, slots: &[u32], n: usize) -> Vec<f32> {
    let mut gram = vec![0.0f32; n * n];
    let mut asked = vec![false; baskets.customers() as usize];
    let (mut customers, mut items) = (0, Vec::new());
    for basket in (0..until).rev() {
        let customer = baskets.customer(basket);
        if customers == MOST_CUSTOMERS {
            break;
        }
        if std::mem::replace(&mut asked[customer as usize], true) {
            continue;
        }
        customers += 1;
        items.clear();
        let of = baskets.of_customer(customer);
        for &basket in of[..of.partition_point(|&one| one < until)].iter().rev() {
            if items.len() >= MOST_ITEMS {
                break;
            }
            let sold = baskets.items(basket).iter().map(|&one| slots[one as usize]);
            items.extend(sold.filter(|&slot| slot != u32::MAX).map(|slot| slot as usize));
        }
        items.sort_unstable();
        items.dedup();
        for (nth, &row) in items.iter().enumerate() {
            let row = &mut gram[row * n..][..n];
            for &column in &items[..=nth] {
                row[column] += 1.0;
            }
        }
    }
    for at in 0..n {
        gram[at * n + at] += RIDGE;
    }
    gram
}

/// The lower triangle of the inverse of a symmetric positive definite matrix of which the lower triangle is given.
///
/// By Cholesky, row by row, so that every inner loop is a dot product or a sum of two rows that lie in memory.
fn inverse(mut a: Vec<f32>, n: usize) -> Option<Vec<f32>> {
    for row in 0..n {
        let (before, rest) = a.split_at_mut(row * n);
        let this = &mut rest[..n];
        for column in 0..row {
            let other = &before[column * n..][..=column];
            this[column] = (this[column] - dot(&this[..column], &other[..column])) / other[column];
        }
        let left = this[row] - dot(&this[..row], &this[..row]);
        if left <= 0.0 || !left.is_finite() {
            return None;
        }
        this[row] = left.sqrt();
    }
    // the inverse of the factor, stored by its columns: `columns[c][r]` for r ≥ c
    let mut rows = vec![0.0f32; n * n];
    for row in 0..n {
        let (before, rest) = rows.split_at_mut(row * n);
        let this = &mut rest[..n];
        for k in 0..row {
            let factor = a[row * n + k];
            for (sum, value) in this[..=k].iter_mut().zip(&before[k * n..][..=k]) {
                *sum -= factor * value;
            }
        }
        let diagonal = a[row * n + row];
        this[row] = 1.0;
        for value in &mut this[..=row] {
            *value /= diagonal;
        }
    }
    for row in 0..n {
        for column in 0..=row {
            a[column * n + row] = rows[row * n + column];
        }
    }
    let columns = a;
    for row in 0..n {
        for column in 0..=row {
            rows[row * n + column] = dot(&columns[row * n..][row..n], &columns[column * n..][row..n]);
        }
    }
    Some(rows)
}

/// Eight sums side by side, which the processor adds at once.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 16];
    let (a_chunks, b_chunks) = (a.chunks_exact(16), b.chunks_exact(16));
    let rest: f32 = a_chunks
        .remainder()
        .iter()
        .zip(b_chunks.remainder())
        .map(|(a, b)| a * b)
        .sum();
    for (a, b) in a_chunks.zip(b_chunks) {
        for lane in 0..16 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    rest + sums.iter().sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inverse_times_the_matrix_is_one() {
        let n = 37;
        let value = |row: usize, column: usize| {
            let wave = ((row * 7 + column * 3) % 11) as f32 / 11.0;
            if row == column { 12.0 + wave } else { wave }
        };
        let lower = |row: usize, column: usize| value(row.max(column), row.min(column));
        let matrix = (0..n * n).map(|at| lower(at / n, at % n)).collect();
        let inverse = inverse(matrix, n).expect("positive definite");
        let inverted = |row: usize, column: usize| inverse[row.max(column) * n + row.min(column)];
        for row in 0..n {
            for column in 0..n {
                let sum: f32 = (0..n).map(|k| lower(row, k) * inverted(k, column)).sum();
                let wanted = if row == column { 1.0 } else { 0.0 };
                assert!((sum - wanted).abs() < 1e-3, "{row} {column}: {sum}");
            }
        }
    }

    #[test]
    fn what_is_not_positive_definite_has_none() {
        assert_eq!(inverse(vec![1.0, 0.0, 2.0, 1.0], 2), None);
    }
}
