//! The demo shop in a real cache: what its callers are found as.

use std::time::Instant;

use chrono::{TimeDelta, TimeZone, Utc};
use ringside::directory::Directory;
use ringside::number;
use ringside::source::demo::{self, CallerKind, Shop};

const KEY: [u8; 32] = [7; 32];

#[test]
fn every_caller_of_the_demo_shop_is_found_in_the_cache_as_what_they_are() {
    let home = tempfile::tempdir().expect("a folder");
    let mut directory = Directory::open(&home.path().join("cache.db"), &KEY).expect("a cache");
    let now = Utc.with_ymd_and_hms(2026, 11, 22, 9, 30, 0).single().expect("a moment");
    let began = Instant::now();
    for start in [now - TimeDelta::days(1), now] {
        let mut import = directory.begin_import(demo::NAME, start).expect("begun");
        for record in Shop::new(1, "DE", start).records() {
            import.record(&record).expect("taken");
        }
        import.finish().expect("finished");
    }
    println!("imported twice in {:?}", began.elapsed());

    let shop = Shop::new(1, "DE", now);
    let reading = directory.read().expect("a reading");
    for caller in shop.callers() {
        let key = number::read(&caller.number, None).expect("a number").key;
        let holders = reading.holders(key).expect("answered");
        match caller.kind {
            CallerKind::Regular | CallerKind::Overdue => assert_eq!(holders.len(), 1, "{caller:?}"),
            CallerKind::Shared => assert!((3..=4).contains(&holders.len()), "{caller:?}"),
            CallerKind::Stranger => assert!(holders.is_empty(), "{caller:?}"),
        }
        if let ([holder], CallerKind::Overdue) = (holders.as_slice(), caller.kind) {
            let dossier = reading.dossier(holder.customer).expect("answered").expect("known");
            assert!(
                dossier.balances.iter().any(|balance| balance.overdue() > 0),
                "{caller:?}"
            );
        }
    }
}
