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
            let dossier = reading.dossier(holder.customer, now).expect("answered").expect("known");
            assert!(
                dossier.balances.iter().any(|balance| balance.overdue() > 0),
                "{caller:?}"
            );
        }
    }
}

#[test]
fn the_demo_shop_goes_without_a_trace_and_what_another_source_gave_stays() {
    let home = tempfile::tempdir().expect("a folder");
    let path = home.path().join("cache.db");
    let mut directory = Directory::open(&path, &KEY).expect("a cache");
    let now = Utc.with_ymd_and_hms(2026, 11, 22, 9, 30, 0).single().expect("a moment");
    let shop = Shop::new(1, "DE", now);
    for (source, most) in [(demo::NAME, usize::MAX), ("files", 600)] {
        let mut import = directory.begin_import(source, now).expect("begun");
        for record in shop.records().take(most) {
            import.record(&record).expect("taken");
        }
        import.finish().expect("finished");
    }
    let key = number::read(&shop.callers()[0].number, None).expect("a number").key;
    assert_eq!(
        directory
            .read()
            .expect("a reading")
            .holders(key)
            .expect("answered")
            .len(),
        2
    );

    let mut import = directory.begin_import("files", now).expect("begun");
    assert!(import.forget(demo::NAME).expect("forgotten"));
    assert!(!import.forget(demo::NAME).expect("nothing there"));
    import.finish().expect("finished");
    let reading = directory.read().expect("a reading");
    let left = reading.holders(key).expect("answered");
    assert_eq!(left.len(), 1);
    let customer = reading.customer(left[0].customer).expect("answered").expect("known");
    assert_eq!(customer.source, "files");
    assert_eq!(reading.catalogue().products.len(), 120);
}
