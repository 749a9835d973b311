//! BG/NBD and Gamma-Gamma reproduce what was published of the CDNOW customers, to one per cent.

use ringside::advisor::bgnbd::{BgNbd, Orders};
use ringside::advisor::gamma_gamma::{GammaGamma, Spent};

fn customers() -> Vec<(Orders, Spent)> {
    let read = |line: &str| {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().expect("a number")).collect();
        let orders = Orders {
            repeats: cells[1],
            recency: cells[2],
            age: cells[3],
        };
        let spent = Spent {
            orders: cells[1],
            mean: cells[4],
        };
        (orders, spent)
    };
    include_str!("cdnow.csv").lines().skip(1).map(read).collect()
}

#[track_caller]
fn assert_near(name: &str, found: f64, published: f64) {
    let off = (found / published - 1.0).abs();
    assert!(off < 0.01, "{name}: {found}, published {published}");
}

#[test]
fn the_order_model_finds_the_published_parameters() {
    let orders: Vec<Orders> = customers().into_iter().map(|one| one.0).collect();
    assert_eq!(orders.len(), 2_357);
    let model = BgNbd::fit(&orders).expect("enough customers");
    assert_near("r", model.r, 0.2426);
    assert_near("alpha", model.alpha, 4.4135);
    assert_near("a", model.a, 0.7929);
    assert_near("b", model.b, 2.4258);
    assert_near("log-likelihood", model.log_likelihood(&orders), -9582.43);
}

#[test]
fn the_order_model_expects_the_published_orders() {
    let model = BgNbd {
        r: 0.2426,
        alpha: 4.4135,
        a: 0.7929,
        b: 2.4258,
    };
    let customer = Orders {
        repeats: 2.0,
        recency: 30.43,
        age: 38.86,
    };
    assert_near("E[Y(39)]", model.expected(customer, 39.0), 1.2259);
}

#[test]
fn the_value_model_finds_the_published_parameters() {
    let spent: Vec<Spent> = customers().into_iter().map(|one| one.1).collect();
    let model = GammaGamma::fit(&spent).expect("enough customers");
    assert_near("p", model.p, 6.249);
    assert_near("q", model.q, 3.745);
    assert_near("v", model.v, 15.448);
    assert_near("mean", model.mean(), 35.17);
}

#[test]
fn too_few_customers_fit_no_model() {
    let few: Vec<_> = customers().into_iter().take(20).collect();
    assert_eq!(BgNbd::fit(&few.iter().map(|one| one.0).collect::<Vec<_>>()), None);
    assert_eq!(GammaGamma::fit(&few.iter().map(|one| one.1).collect::<Vec<_>>()), None);
}
