//! A cache that is deleted and made anew while it is open.

use std::fs;
use std::time::Duration;

use super::death::{CUSTOMERS, generation, kill_an_import};
use super::*;

/// Which generation a reader sees, the same everywhere.
fn seen(reader: &mut Directory) -> i64 {
    let reading = reader.read().unwrap();
    let mut seen = Vec::new();
    for n in 0..CUSTOMERS {
        let reference = CustomerRef::new("files", &format!("C{n}"));
        let customer = reading.by_reference(&reference).unwrap().unwrap();
        seen.push(customer.name.parse::<i64>().unwrap());
        let dossier = reading.dossier(customer.id, day(100)).unwrap().unwrap();
        seen.extend(dossier.lines.iter().map(|line| line.amount.minor));
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "half of one and half of another");
    seen[0]
}

fn delete(cache: &Cache, ends: &[&str]) {
    for end in ends {
        fs::remove_file(cache.folder.path().join(format!("cache.db{end}"))).unwrap();
    }
}

fn serves_until_the_new_one_is_whole(deleted: &[&str]) {
    let cache = Cache::new();
    cache.import(&generation(1));
    let mut reader = cache.open();
    assert_eq!(seen(&mut reader), 1);
    delete(&cache, deleted);
    assert_eq!(seen(&mut reader), 1, "nothing is there yet");
    kill_an_import(&cache.path(), 2, 4, Duration::ZERO);
    assert_eq!(seen(&mut reader), 1, "a half is there");
    // The eleventh step is told when the import is done.
    kill_an_import(&cache.path(), 3, 11, Duration::ZERO);
    assert_eq!(seen(&mut reader), 3, "the new one is whole");
    drop(reader);
    assert_eq!(seen(&mut cache.open()), 3);
    let whole: String = cache
        .sql()
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(whole, "ok");
}

#[test]
fn a_deleted_cache_serves_until_another_process_has_made_it_anew() {
    serves_until_the_new_one_is_whole(&["", "-wal", "-shm"]);
}

#[test]
fn a_deleted_cache_serves_also_when_only_the_file_itself_was_deleted() {
    serves_until_the_new_one_is_whole(&[""]);
}

#[test]
fn an_import_of_the_process_that_has_the_deleted_cache_open_makes_it_anew() {
    let cache = Cache::new();
    cache.import(&generation(1));
    let mut reader = cache.open();
    assert_eq!(seen(&mut reader), 1);
    delete(&cache, &[""]);
    let mut new = reader.begin_import("files", day(2)).unwrap();
    for record in generation(2) {
        new.record(&record).unwrap();
    }
    assert_eq!(seen(&mut reader), 1);
    new.finish().unwrap();
    assert_eq!(seen(&mut reader), 2);
    delete(&cache, &[""]);
    import(&reader, &generation(3), day(3));
    assert_eq!(seen(&mut reader), 3, "and again");
}

#[test]
fn a_cache_made_anew_with_another_key_leaves_the_old_data() {
    let cache = Cache::new();
    cache.import(&generation(1));
    let mut reader = cache.open();
    assert_eq!(seen(&mut reader), 1);
    delete(&cache, &["", "-wal", "-shm"]);
    let other = Directory::open(&cache.path(), &[9; 32]).unwrap();
    import(&other, &generation(2), day(2));
    assert_eq!(seen(&mut reader), 1);
}
