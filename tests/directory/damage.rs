//! Wrong keys, foreign files and damaged ones.

use std::fs;
use std::path::Path;

use super::*;
use ringside::directory::{DirectoryError, Opened};

#[test]
fn a_wrong_key_is_said_to_be_one() {
    let cache = Cache::new();
    cache.import(&shop());
    let error = Directory::open(&cache.path(), &[8; 32]).err().unwrap();
    assert!(matches!(error, DirectoryError::WrongKey { .. }));
    assert!(error.to_string().contains("delete it and import again"), "{error}");
    assert_eq!(cache.dossier("ALFKI").orders.len(), 2);
}

#[test]
fn no_customer_data_stands_in_the_file_in_the_clear() {
    let cache = Cache::new();
    let directory = cache.open();
    import(&directory, &shop(), day(100));
    for file in fs::read_dir(cache.folder.path()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(5).any(|window| window == b"ALFKI" || window == b"SQLit"));
    }
}

#[test]
fn a_file_of_something_else_is_an_error_and_is_left_alone() {
    let cache = Cache::new();
    fs::write(cache.path(), "customer,phone\n".repeat(1_000)).unwrap();
    assert!(matches!(
        Directory::open(&cache.path(), &KEY).err().unwrap(),
        DirectoryError::WrongKey { .. }
    ));
    assert!(fs::read_to_string(cache.path()).unwrap().starts_with("customer,phone"));
}

#[test]
fn another_database_with_the_same_key_is_left_alone() {
    let cache = Cache::new();
    cache
        .sql()
        .execute_batch("CREATE TABLE calls (note TEXT); INSERT INTO calls VALUES ('kept')")
        .unwrap();
    assert!(matches!(
        Directory::open(&cache.path(), &KEY).err().unwrap(),
        DirectoryError::Foreign { .. }
    ));
    let note: String = cache
        .sql()
        .query_row("SELECT note FROM calls", [], |row| row.get(0))
        .unwrap();
    assert_eq!(note, "kept");
}

#[test]
fn a_cache_of_a_newer_version_is_emptied_and_said_to_be() {
    let cache = Cache::new();
    cache.import(&shop());
    cache
        .sql()
        .execute_batch("CREATE TABLE invented (x); PRAGMA user_version = 999")
        .unwrap();
    let mut directory = cache.open();
    assert_eq!(directory.opened(), Opened::Rebuilt);
    assert!(holders(&mut directory, 4_930_123).is_empty());
    import(&directory, &shop(), day(100));
    assert_eq!(holders(&mut directory, 4_930_123).len(), 1);
    assert_eq!(cache.open().opened(), Opened::Existing);
}

#[test]
fn a_damaged_cache_is_an_error_that_says_what_to_do() {
    let cache = Cache::new();
    let mut records = vec![customer("ALFKI", &[phone(4_930_123)])];
    records.extend((0..2_000).map(|n| line("ALFKI", &format!("order number {n}"), n, "tea", n)));
    cache.import(&records);
    let whole = fs::read(cache.path()).unwrap();
    let mut errors = 0;
    for page in 0..whole.len() / 4_096 {
        let mut bytes = whole.clone();
        for byte in &mut bytes[page * 4_096 + 100..page * 4_096 + 200] {
            *byte ^= 0x55;
        }
        fs::write(cache.path(), bytes).unwrap();
        if let Err(error) = read_everything(&cache.path()) {
            assert!(
                error.to_string().contains("delete it and import again"),
                "page {page}: {error:?}"
            );
            errors += 1;
        }
    }
    assert!(errors > 3, "the damage was seen {errors} times");
}

fn read_everything(path: &Path) -> Result<(), DirectoryError> {
    let mut directory = Directory::open(path, &KEY)?;
    let reading = directory.read()?;
    for holder in reading.holders(Key::new(4_930_123).unwrap())? {
        reading.dossier(holder.customer, day(100))?;
    }
    drop(reading);
    let mut import = directory.begin_import("files", day(101))?;
    import.record(&line("ALFKI", "order number 7", 7, "tea", 7))?;
    import.finish()?;
    Ok(())
}

#[test]
fn a_folder_that_is_not_there_is_an_error_that_names_it() {
    let error = Directory::open(Path::new("/nowhere/at/all/cache.db"), &KEY)
        .err()
        .unwrap();
    assert!(matches!(error, DirectoryError::Open { .. }));
    assert!(error.to_string().contains("/nowhere/at/all/cache.db"));
}
