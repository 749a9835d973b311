//! A distribution: how many, the mean, what half and nine of ten are below, and the largest.

use serde::Serialize;

/// Values of one kind as they come, and what is said of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Values(Vec<u32>);

/// What is said of a distribution. All zero of none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// How many values.
    pub count: u32,
    /// Arithmetic mean.
    pub mean: f64,
    /// The value at the middle (nearest rank): half are at or below it.
    pub median: u32,
    /// Nine of ten are at or below it (nearest rank).
    pub p90: u32,
    /// The largest.
    pub most: u32,
}

impl Values {
    pub(super) fn add(&mut self, value: u32) {
        self.0.push(value);
    }

    /// Sums up all that was added.
    pub(super) fn spread(mut self) -> Spread {
        let count = self.0.len();
        let Some(&most) = self.0.iter().max() else {
            return Spread::default();
        };
        let sum: u64 = self.0.iter().map(|&value| u64::from(value)).sum();
        let mut rank = |hundredths: usize| {
            let at = (count * hundredths).div_ceil(100).max(1) - 1;
            *self.0.select_nth_unstable(at).1
        };
        Spread {
            count: u32::try_from(count).unwrap_or(u32::MAX),
            mean: sum as f64 / count as f64,
            median: rank(50),
            p90: rank(90),
            most,
        }
    }

    /// How many lie in each band: below the first bound, below the second, and so on; the last is what is at or above all.
    pub(super) fn bands(&self, bounds: &[u32]) -> Vec<u32> {
        let mut bands = vec![0; bounds.len() + 1];
        for value in &self.0 {
            bands[bounds.partition_point(|bound| bound <= value)] += 1;
        }
        bands
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[u32]) -> Values {
        Values(values.to_vec())
    }

    #[test]
    fn ranks_are_the_nearest_ones() {
        let spread = of(&[10, 2, 4, 8, 6, 1, 3, 5, 9, 7]).spread();
        assert_eq!((spread.count, spread.median, spread.p90, spread.most), (10, 5, 9, 10));
        assert!((spread.mean - 5.5).abs() < 1e-12);
        assert_eq!(of(&[7]).spread().median, 7);
        assert_eq!(of(&[]).spread(), Spread::default());
    }

    #[test]
    fn a_value_on_a_bound_belongs_to_the_band_above_it() {
        assert_eq!(of(&[0, 19, 20, 59, 60, 600]).bands(&[20, 60]), [2, 2, 2]);
    }
}
