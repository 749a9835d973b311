//! The numerics behind the lifetime models: the logarithm of the gamma function, Gauss' hypergeometric function, and a search
//! that needs no derivatives.

/// Coefficients of Lanczos' approximation with g = 7 (P. Godfrey, 2001): fifteen digits.
const LANCZOS: [f64; 9] = [
    0.999_999_999_999_809_9,
    676.520_368_121_885_1,
    -1_259.139_216_722_402_8,
    771.323_428_777_653_1,
    -176.615_029_162_140_6,
    12.507_343_278_686_905,
    -0.138_571_095_265_720_12,
    9.984_369_578_019_572e-6,
    1.505_632_735_149_311_6e-7,
];

/// ln Γ(x) for x > 0.
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    if x < 0.5 {
        return (std::f64::consts::PI / (std::f64::consts::PI * x).sin()).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let base = x + 7.5;
    let sum = LANCZOS[1..]
        .iter()
        .zip(1..)
        .fold(LANCZOS[0], |sum, (c, k)| sum + c / (x + f64::from(k)));
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * base.ln() - base + sum.ln()
}

/// ₂F₁(a, b; c; z) for 0 ≤ z < 1 by its series, to twelve digits.
#[must_use]
pub fn hypergeometric(a: f64, b: f64, c: f64, z: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 0..10_000 {
        let k = f64::from(k);
        term *= (a + k) * (b + k) / ((c + k) * (k + 1.0)) * z;
        sum += term;
        if term.abs() < 1e-12 * sum.abs() {
            break;
        }
    }
    sum
}

/// The point where `f` is least, from `start` (Nelder, J. and Mead, R. (1965), Computer Journal 7, 308-313).
#[must_use]
pub fn least<const N: usize>(f: impl Fn(&[f64; N]) -> f64, start: [f64; N]) -> [f64; N] {
    let mut corners: Vec<([f64; N], f64)> = vec![(start, f(&start))];
    for axis in 0..N {
        let mut corner = start;
        corner[axis] += 0.5;
        corners.push((corner, f(&corner)));
    }
    for _ in 0..2_000 {
        corners.sort_by(|a, b| a.1.total_cmp(&b.1));
        let spread = corners[N].1 - corners[0].1;
        let wide = (0..N)
            .map(|axis| (corners[N].0[axis] - corners[0].0[axis]).abs())
            .fold(0.0, f64::max);
        if spread.abs() < 1e-9 * (1.0 + corners[0].1.abs()) && wide < 1e-6 {
            break;
        }
        step(&f, &mut corners);
    }
    corners.sort_by(|a, b| a.1.total_cmp(&b.1));
    corners[0].0
}

/// Moves the worst of the sorted corners.
fn step<const N: usize>(f: &impl Fn(&[f64; N]) -> f64, corners: &mut [([f64; N], f64)]) {
    let mut centre = [0.0; N];
    for (corner, _) in &corners[..N] {
        for axis in 0..N {
            centre[axis] += corner[axis] / N as f64;
        }
    }
    let worst = corners[N];
    let along = |far: f64| {
        let point = std::array::from_fn(|axis| centre[axis] + far * (worst.0[axis] - centre[axis]));
        (point, f(&point))
    };
    let mirrored = along(-1.0);
    if mirrored.1 < corners[0].1 {
        let further = along(-2.0);
        corners[N] = if further.1 < mirrored.1 { further } else { mirrored };
    } else if mirrored.1 < corners[N - 1].1 {
        corners[N] = mirrored;
    } else {
        let nearer = along(if mirrored.1 < worst.1 { -0.5 } else { 0.5 });
        if nearer.1 < worst.1.min(mirrored.1) {
            corners[N] = nearer;
            return;
        }
        let best = corners[0].0;
        for corner in &mut corners[1..] {
            let point = std::array::from_fn(|axis| best[axis] + 0.5 * (corner.0[axis] - best[axis]));
            *corner = (point, f(&point));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gamma_function_is_that_of_the_tables() {
        for (x, expected) in [
            (0.5, 0.572_364_942_924_7),
            (1.0, 0.0),
            (5.0, 3.178_053_830_347_9),
            (100.5, 361.435_540_467_7),
        ] {
            assert!((ln_gamma(x) - expected).abs() < 1e-9, "{x}: {}", ln_gamma(x));
        }
    }

    #[test]
    fn the_hypergeometric_function_is_that_of_its_closed_forms() {
        // ₂F₁(1, 1; 2; z) = −ln(1 − z) / z and ₂F₁(a, b; b; z) = (1 − z)^−a
        assert!((hypergeometric(1.0, 1.0, 2.0, 0.5) - 2.0f64.ln() / 0.5).abs() < 1e-10);
        assert!((hypergeometric(2.5, 3.0, 3.0, 0.3) - 0.7f64.powf(-2.5)).abs() < 1e-10);
    }

    #[test]
    fn the_search_finds_the_bottom_of_a_bent_valley() {
        // Rosenbrock's function
        let found = least(
            |at: &[f64; 2]| (1.0 - at[0]).powi(2) + 100.0 * (at[1] - at[0] * at[0]).powi(2),
            [-1.2, 1.0],
        );
        assert!(
            (found[0] - 1.0).abs() < 1e-3 && (found[1] - 1.0).abs() < 1e-3,
            "{found:?}"
        );
    }
}
