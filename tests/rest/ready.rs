//! The ready files of services that cannot be run here, against answers written from their documents
//! (`tests/sources/samples`).

use std::path::{Path, PathBuf};

use ringside::source::record::Record;
use ringside::source::rest::systems;

use super::server::{Act, Server};
use super::{Pulled, pull_named, source};

/// What each stream of a system gives when the service answers with its sample, asked once without a mark and once with.
fn streams(name: &str, base: &str, values: &[(&str, &str)], which: fn(&str, &str) -> &'static str) -> Vec<Pulled> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sources/samples");
    let prefix = name.to_owned();
    let server = Server::start(move |_, asked| {
        let what = which(&asked.target, &asked.body);
        let sample = folder.join(format!("{prefix}-{what}.json"));
        Act::json(std::fs::read_to_string(&sample).unwrap_or_else(|_| panic!("{} asked for", asked.target)))
    });
    let text = systems::find(name).expect("there").text;
    let here = text.replacen(base, &server.url, 1).replace("secret = true\n", "");
    assert_ne!(here, text);
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (*name, if *value == "URL" { server.url.as_str() } else { *value }))
        .collect();
    let (mut source, _) = source(&here, &values);
    let count = ringside::source::pull::Source::streams(&source).len();
    let mut all = Vec::new();
    for at in 0..count {
        let (pulled, end) = pull_named(&mut source, at, None);
        assert!(end.is_ok(), "{name} {at}: {end:?}");
        assert_eq!(pulled.refused(), [], "{name} {at}");
        all.push(pulled);
    }
    all
}

/// The records in short.
fn short(pulled: &Pulled) -> Vec<String> {
    let one = |record: &&Record| match record {
        Record::Customer(row) => {
            let phones: Vec<&str> = row.phones.iter().map(|phone| phone.raw.as_str()).collect();
            format!(
                "{} {} {} {} {:?} {}",
                row.key,
                row.name,
                row.company,
                row.city,
                row.country,
                phones.join("/")
            )
        }
        Record::Product(row) => format!(
            "{} {} {} {:?} {:?}",
            row.key,
            row.name,
            row.category,
            row.price.map(|p| p.minor),
            row.restrictions.out_of_stock
        ),
        Record::OrderLine(row) => format!(
            "{} {} {} {} {} {:?} {}",
            row.order,
            row.customer,
            row.product,
            row.quantity_milli,
            row.amount.minor,
            row.amount.currency,
            row.at.date_naive()
        ),
        other => format!("{other:?}"),
    };
    pulled.records().iter().map(one).collect()
}

fn by_path(target: &str, _: &str) -> &'static str {
    ["customers", "contacts", "products", "orders", "invoices"]
        .into_iter()
        .find(|what| target.contains(what))
        .unwrap_or("unknown")
}

fn by_query(_: &str, body: &str) -> &'static str {
    ["{ customers(", "{ products(", "{ orders("]
        .into_iter()
        .find(|what| body.contains(what))
        .map_or("unknown", |what| &what[2..what.len() - 1])
}

#[test]
fn woocommerce_is_understood() {
    let all = streams(
        "woocommerce",
        "{{ url }}",
        &[("url", "URL"), ("key", "ck"), ("secret", "cs")],
        by_path,
    );
    assert_eq!(short(&all[0]), ["799 Ship Your Idea Clothing Some(2199) Some(true)"]);
    assert_eq!(
        short(&all[1]),
        ["26 João Silva  Rio de Janeiro Some(\"BR\") +55 21 5555-1234"]
    );
    assert_eq!(
        short(&all[2]),
        [
            "727 26 93 2000 600 USD 2017-03-22",
            "727 26 799 1000 1200 USD 2017-03-22"
        ]
    );
    assert_eq!(all[2].gone(), ["729"]);
    assert!(all[1].mark().is_none() && all[2].mark().is_some());
}

#[test]
fn hubspot_is_understood() {
    let all = streams("hubspot", "https://api.hubapi.com", &[("token", "t")], by_path);
    assert_eq!(short(&all[0]), ["1295510 Implementation Service  Some(600000) None"]);
    assert_eq!(
        short(&all[1]),
        ["512 Bryan Cooper Biglytics Cambridge Some(\"US\") +1 617 555 2368"]
    );
}

#[test]
fn stripe_is_understood() {
    let all = streams("stripe", "https://api.stripe.com", &[("key", "k")], by_path);
    assert_eq!(short(&all[0]), ["prod_NWjs8kKbJWmuuc Gold Plan  Some(2000) None"]);
    assert_eq!(
        short(&all[1]),
        ["cus_NffrFeUfNV2Hib Jenny Rosen  Berlin Some(\"DE\") +49 30 23125042"]
    );
    assert_eq!(
        short(&all[2]),
        ["ABC-0001 cus_NffrFeUfNV2Hib prod_NWjs8kKbJWmuuc 2000 4000 USD 2023-04-04"]
    );
}

#[test]
fn shopify_is_understood() {
    let all = streams(
        "shopify",
        "https://{{ shop }}",
        &[("shop", "x"), ("token", "t")],
        by_query,
    );
    assert_eq!(short(&all[0]), ["108828309 Draft Snowboard Some(62995) Some(true)"]);
    assert_eq!(
        short(&all[1]),
        ["544365967 Bob Bobsen  Ottawa Some(\"CA\") +16135551111/+1(613)555-1212"]
    );
    assert_eq!(
        short(&all[2]),
        [
            "#1001 544365967 108828309 2000 125990 CAD 2025-06-30",
            "#1001 544365967 Engraving 1000 1000 CAD 2025-06-30"
        ]
    );
    assert_eq!(all[2].gone(), ["#1002"]);
}
