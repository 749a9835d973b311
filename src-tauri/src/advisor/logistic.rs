//! Logistic regression by Newton's method, and a calibration that a sum of features cannot give.

#![allow(
    clippy::cast_possible_truncation,
    reason = "chances and logarithms need no more than 24 bits"
)]

use super::features::{Row, WIDTH};

/// Inputs and the constant.
const SIZE: usize = WIDTH + 1;

/// Strength of the pull of every weight towards zero, in examples.
const RIDGE: f64 = 20.0;

/// What hardly differs between examples may differ between days, and must not be stretched to count for much.
const LEAST_SPREAD: f64 = 0.2;

/// Newton steps: six or seven reach the last digit.
const STEPS: usize = 12;
/// A step that promises less, in log-likelihood, is the last.
const LEAST_GAIN: f64 = 0.5;

/// An example: what was known, whether it was bought, and for how many examples it stands.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// What was known.
    pub row: Row,
    /// Whether it was bought.
    pub bought: bool,
    /// For how many examples it stands, because of what was left out.
    pub weight: f32,
}

/// A head: the chance that a product is in the next basket.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    weights: [f32; WIDTH],
    constant: f32,
}

impl Default for Head {
    /// A head that gives nothing a chance.
    fn default() -> Self {
        Head {
            weights: [0.0; WIDTH],
            constant: -20.0,
        }
    }
}

impl Head {
    /// Learns from examples. Inputs are put on one scale first, so that the pull is fair.
    #[must_use]
    pub fn learn(examples: &[Example]) -> Self {
        let hits = examples.iter().filter(|one| one.bought).count();
        if hits == 0 || hits == examples.len() {
            return Head::default();
        }
        let (mean, scale) = scales(examples);
        let scaled: Vec<Example> = examples.iter().map(|one| one.scaled(&mean, &scale)).collect();
        let weights = climb(&scaled);
        let mut head = Head {
            weights: [0.0; WIDTH],
            constant: weights[WIDTH] as f32,
        };
        for at in 0..WIDTH {
            head.weights[at] = weights[at] as f32 / scale[at];
            head.constant -= head.weights[at] * mean[at];
        }
        head
    }

    /// The logarithm of the odds.
    #[must_use]
    pub fn odds(&self, row: &Row) -> f32 {
        // sums side by side, which the processor adds at once
        let ((weights, last_weights), (values, last_values)) = (self.weights.as_chunks::<8>(), row.as_chunks::<8>());
        let mut sums = [0.0f32; 8];
        for (weights, values) in weights.iter().zip(values) {
            for lane in 0..8 {
                sums[lane] += weights[lane] * values[lane];
            }
        }
        for (lane, (weight, value)) in last_weights.iter().zip(last_values).enumerate() {
            sums[lane] += weight * value;
        }
        self.constant + sums.iter().sum::<f32>()
    }
}

/// Newton's steps from the shop's base rate, each shortened until it gains.
fn climb(examples: &[Example]) -> [f64; SIZE] {
    let share = |wanted: bool| {
        examples
            .iter()
            .filter(|one| one.bought == wanted)
            .map(|one| f64::from(one.weight))
            .sum::<f64>()
    };
    let mut weights = [0.0; SIZE];
    weights[WIDTH] = (share(true) / share(false)).ln();
    let (mut gain, mut gradient, mut curvature) = slope(examples, &weights);
    for _ in 0..STEPS {
        let Some(step) = solve(curvature, gradient) else { break };
        let promised: f64 = step.iter().zip(&gradient).map(|(a, b)| a * b).sum();
        let mut length = 1.0;
        loop {
            let next = std::array::from_fn(|at| weights[at] + length * step[at]);
            let looked = slope(examples, &next);
            if looked.0 > gain {
                weights = next;
                (gain, gradient, curvature) = looked;
                break;
            }
            length *= 0.25;
            if length < 1e-3 {
                return weights;
            }
        }
        if promised < LEAST_GAIN {
            break;
        }
    }
    weights
}

/// From the logarithm of the odds to a chance.
#[must_use]
pub fn chance(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

impl Example {
    fn scaled(&self, mean: &Row, scale: &Row) -> Example {
        Example {
            row: std::array::from_fn(|at| (self.row[at] - mean[at]) / scale[at]),
            ..*self
        }
    }
}

fn scales(examples: &[Example]) -> (Row, Row) {
    let (mut sum, mut squares, mut all) = ([0.0f64; WIDTH], [0.0f64; WIDTH], 0.0f64);
    for one in examples {
        let weight = f64::from(one.weight);
        all += weight;
        for at in 0..WIDTH {
            let value = f64::from(one.row[at]);
            sum[at] += weight * value;
            squares[at] += weight * value * value;
        }
    }
    let mean: Row = std::array::from_fn(|at| (sum[at] / all) as f32);
    let scale: Row = std::array::from_fn(|at| {
        let mean = sum[at] / all;
        let spread = (squares[at] / all - mean * mean).max(0.0).sqrt();
        spread.max(LEAST_SPREAD) as f32
    });
    (mean, scale)
}

/// The log-likelihood with its pull, its gradient and its negative curvature.
fn slope(examples: &[Example], weights: &[f64; SIZE]) -> (f64, [f64; SIZE], [[f64; SIZE]; SIZE]) {
    let mut likelihood = 0.0;
    let small: [f32; SIZE] = std::array::from_fn(|at| weights[at] as f32);
    let (mut gradient, mut curvature) = ([0.0f64; SIZE], [[0.0f64; SIZE]; SIZE]);
    for block in examples.chunks(512) {
        let mut block_likelihood = 0.0f32;
        let (mut block_gradient, mut block_curvature) = ([0.0f32; SIZE], [[0.0f32; SIZE]; SIZE]);
        for one in block {
            let mut inputs = [1.0f32; SIZE];
            inputs[..WIDTH].copy_from_slice(&one.row);
            let odds: f32 = inputs.iter().zip(&small).map(|(a, b)| a * b).sum();
            let p = chance(odds);
            let right = if one.bought { p } else { 1.0 - p };
            block_likelihood += one.weight * right.max(1e-9).ln();
            let off = one.weight * (f32::from(u8::from(one.bought)) - p);
            let bend = one.weight * p * (1.0 - p);
            for at in 0..SIZE {
                block_gradient[at] += off * inputs[at];
                let bent = bend * inputs[at];
                for (sum, input) in block_curvature[at][..=at].iter_mut().zip(&inputs) {
                    *sum += bent * input;
                }
            }
        }
        likelihood += f64::from(block_likelihood);
        for at in 0..SIZE {
            gradient[at] += f64::from(block_gradient[at]);
            for other in 0..=at {
                curvature[at][other] += f64::from(block_curvature[at][other]);
            }
        }
    }
    for at in 0..WIDTH {
        likelihood -= RIDGE * weights[at] * weights[at] / 2.0;
        gradient[at] -= RIDGE * weights[at];
        curvature[at][at] += RIDGE;
    }
    curvature[WIDTH][WIDTH] += 1e-6;
    (likelihood, gradient, curvature)
}

/// Solves by Cholesky; only the lower triangle is read. `None` when it is not positive definite.
fn solve(mut matrix: [[f64; SIZE]; SIZE], mut right: [f64; SIZE]) -> Option<[f64; SIZE]> {
    for row in 0..SIZE {
        for column in 0..=row {
            let known = matrix[row].iter().zip(&matrix[column]).take(column);
            let sum = matrix[row][column] - known.map(|(a, b)| a * b).sum::<f64>();
            if row == column {
                if sum <= 1e-9 {
                    return None;
                }
                matrix[row][row] = sum.sqrt();
            } else {
                matrix[row][column] = sum / matrix[column][column];
            }
        }
    }
    for row in 0..SIZE {
        for k in 0..row {
            right[row] -= matrix[row][k] * right[k];
        }
        right[row] /= matrix[row][row];
    }
    for row in (0..SIZE).rev() {
        for k in row + 1..SIZE {
            right[row] -= matrix[k][row] * right[k];
        }
        right[row] /= matrix[row][row];
    }
    Some(right)
}
