//! Files as sources: workbooks, address books, folders that change.

use std::fs;
use std::path::Path;

use ringside::customer::Currency;
use ringside::number::Region;
use ringside::source::files::{Files, load};
use ringside::source::record::{CustomerRow, Record};
use ringside::source::sync::{self, Failed, Report};
use ringside::source::{Field, Kind, Settings, Sheet};
use tempfile::TempDir;

use super::workbook::{row, workbook, zipped};
use super::{World, plan};
use crate::directory::{Cache, day};

fn settings() -> Settings {
    Settings {
        region: Region::from_code("DE"),
        area: String::new(),
        currency: Currency::EUR,
        maps: Vec::new(),
        leave_out: Vec::new(),
        at: day(1),
    }
}

fn run(cache: &Cache, path: &Path, memory: Option<&Path>) -> Report {
    let mut source = Files::new(path.to_owned(), settings(), memory.map(Path::to_owned)).at_once();
    sync::run(&mut source, &cache.open().place(), &plan("files"), &mut World::at(2)).unwrap()
}

fn customers(path: &Path) -> Vec<CustomerRow> {
    let mut found = Vec::new();
    for sheet in Sheet::inspect_all(path, &settings(), &[]).unwrap() {
        let mut rows = sheet.rows().unwrap();
        while let Some(row) = rows.read().unwrap() {
            if let Record::Customer(row) = row.unwrap().record {
                found.push(row);
            }
        }
    }
    found
}

#[test]
fn a_workbook_with_a_title_hidden_sheets_and_numbers_for_telephones_is_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("shop.xlsx");
    let people = [
        row(1, &["Unsere Kunden 2026"]),
        row(3, &["Kd-Nr", "Firma", "Ansprechpartner", "Telefon", "E-Mail"]),
        row(
            4,
            &[
                "#1001",
                "Müller GmbH",
                "Anna Müller",
                "#493023125101",
                "anna@example.org",
            ],
        ),
        row(5, &["#1002", "", "Jürgen Weiß", "#3023125102", ""]),
    ]
    .concat();
    let sales = [
        row(1, &["Kundennr", "Bestellnr", "Datum", "Artikel", "Menge", "Betrag"]),
        row(2, &["#1001", "A1", "@46000", "Tee", "#2.5", "#19.9"]),
    ]
    .concat();
    let bytes = workbook(&[
        ("Kunden", false, &people),
        ("Bestellungen", false, &sales),
        ("alte Kunden", true, &people),
        ("Notizen", false, &row(1, &["nur", "Text"])),
    ]);
    fs::write(&path, bytes).unwrap();
    let sheets = Sheet::inspect_all(&path, &settings(), &[]).unwrap();
    let kinds: Vec<Kind> = sheets.iter().map(Sheet::kind).collect();
    assert_eq!(kinds, [Kind::Customers, Kind::Orders]);
    let remarks: Vec<String> = sheets[0].remarks().iter().map(ToString::to_string).collect();
    let remarks = remarks.join("; ");
    assert!(
        remarks.contains("alte Kunden") && remarks.contains("leading zeros are lost"),
        "{remarks}"
    );
    let found = customers(&path);
    assert_eq!(found[0].key, "1001");
    assert_eq!(found[0].phones[0].raw, "493023125101");
    assert_eq!(found[1].name, "Jürgen Weiß");
    let cache = Cache::new();
    let report = run(&cache, &path, None);
    assert_eq!((report.failed.clone(), report.tally.added), (None, 3), "{report:?}");
    let known = cache.dossier("1001");
    assert_eq!(known.lines[0].quantity_milli, 2_500);
    assert_eq!(known.lines[0].amount.minor, 1_990);
    assert_eq!(known.lines[0].at.to_string(), "2025-12-09 00:00:00 UTC");
}

#[test]
fn hostile_workbooks_are_refused_with_what_to_do() {
    let folder = TempDir::new().unwrap();
    let far = [
        row(1, &["customer", "name", "phone"]),
        r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#.to_owned(),
        row(2, &["C1", "Anna", "+493023125101"]),
    ]
    .concat();
    let whole = workbook(&[("Sheet1", false, &far)]);
    let bomb = {
        let rows = "<row><c><v>1</v></c></row>".repeat(1_000_000);
        workbook(&[("Sheet1", false, &rows)])
    };
    let cases: [(&str, &[u8], &str); 5] = [
        ("cut.xlsx", &whole[..whole.len() / 2], "cannot be read as a workbook"),
        (
            "zip.xlsx",
            &zipped(&[("readme.txt", "hello")]),
            "cannot be read as a workbook",
        ),
        ("bomb.xlsx", &bomb, "unpacks to more than"),
        (
            "old.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more",
            "one with a password",
        ),
        ("empty.xlsx", &workbook(&[("Sheet1", false, "")]), "is empty"),
    ];
    for (name, bytes, part) in cases {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let error = Sheet::inspect_all(&path, &settings(), &[]).expect_err(name).to_string();
        assert!(error.contains(part) && error.contains(name), "{error}");
    }
    // A cell in the last corner costs no memory for all before it.
    let path = folder.path().join("customers.xlsx");
    fs::write(&path, whole).unwrap();
    assert_eq!(customers(&path).len(), 1);
}

#[test]
fn an_open_document_table_is_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("clientes.ods");
    let cell = |text: &str| {
        format!(r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#)
    };
    let line = |cells: &[&str]| {
        let cells: String = cells.iter().map(|text| cell(text)).collect();
        format!("<table:table-row>{cells}</table:table-row>")
    };
    let content = format!(
        r#"<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="Hoja1">{}{}<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#,
        line(&["Código cliente", "Nombre", "Teléfono móvil"]),
        line(&["7", "María López", "+34 612 345 678"]),
    );
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    let manifest = r#"<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"#;
    let parts = [
        ("mimetype", kind),
        ("content.xml", &content),
        ("META-INF/manifest.xml", manifest),
    ];
    fs::write(&path, zipped(&parts)).unwrap();
    let found = customers(&path);
    assert_eq!((found[0].key.as_str(), found[0].name.as_str()), ("7", "María López"));
    assert_eq!(found[0].phones[0].raw, "+34 612 345 678");
}

#[test]
fn address_books_of_all_versions_are_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("contacts.vcf");
    let text = "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=\r\n=BCrgen\r\nTEL;CELL;PREF:+49 171 2345678\r\nTEL;WORK;FAX:+49 30 111111\r\nEND:VCARD\r\n\
        BEGIN:VCARD\r\nVERSION:3.0\r\nUID:abc-1\r\nFN:Ana Horvat\\, dipl. ing.\r\nORG:Zlatna ptica\\; d.o.o.;Prodaja\r\nitem1.TEL;type=pref:+385 1 4567\r\n  890\r\nitem1.X-ABLabel:_$!<Mobile>!$_\r\nEMAIL;TYPE=INTERNET:ana@example.org\r\nADR;TYPE=WORK:;;Ilica 1;Zagreb;;10000;Croatia\r\nNOTE:two: colons\\nand a line\r\nEND:VCARD\r\n\
        BEGIN:VCARD\r\nVERSION:4.0\r\nUID:urn:uuid:4fbe8971\r\nFN:Simon Perreault\r\nTEL;VALUE=uri;TYPE=\"voice,home\":tel:+1-418-656-9254;ext=102\r\nEND:VCARD\r\n\
        BEGIN:VCARD\r\nVERSION:3.0\r\nNOTE:nobody\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:Cut Off\r\nTEL:+49 30 23125103";
    fs::write(&path, text).unwrap();
    let found = customers(&path);
    let names: Vec<&str> = found.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(
        names,
        ["Jürgen Müller", "Ana Horvat, dipl. ing.", "Simon Perreault", "Cut Off"]
    );
    assert_eq!(found[0].phones.len(), 1);
    assert_eq!(found[0].phones[0].label, "cell");
    let ana = &found[1];
    assert_eq!(
        (ana.key.as_str(), ana.company.as_str()),
        ("abc-1", "Zlatna ptica; d.o.o.")
    );
    assert_eq!((ana.city.as_str(), ana.country.as_deref()), ("Zagreb", Some("HR")));
    assert_eq!(
        (ana.phones[0].raw.as_str(), ana.phones[0].label.as_str()),
        ("+385 1 4567 890", "Mobile")
    );
    assert_eq!(found[2].key, "4fbe8971");
    assert_eq!(found[2].phones[0].key.map(|key| key.get()), Some(14_186_569_254));
    assert!(found[0].key != found[3].key && !found[3].key.is_empty());
}

#[test]
fn a_folder_is_read_again_only_when_something_changed_and_what_a_table_no_longer_has_goes() {
    let (cache, folder, home) = (Cache::new(), TempDir::new().unwrap(), TempDir::new().unwrap());
    let memory = home.path().join("sources/files.toml");
    let rows = |numbers: std::ops::Range<u32>| {
        let rows: String = numbers.map(|n| format!("K{n},Name {n},+49 30 2312{n:04}\n")).collect();
        format!("Kundennr,Name,Telefon\n{rows}")
    };
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("kunden.csv", &rows(0..100));
    write(
        "bestellungen.csv",
        "Kundennr,Bestellnr,Datum,Artikel,Menge,Betrag\nK1,A1,2026-01-01,Tee,1,5.00\nK2,A2,2026-01-01,Tee,1,5.00\nK1,A1,2026-01-01,Tasse,1,7.00\n",
    );
    write("notes.txt", "remember the milk\n");
    let first = run(&cache, folder.path(), Some(&memory));
    assert_eq!((first.failed, first.tally.added), (None, 103));
    // lines of an order that do not stand together are one order
    assert_eq!(cache.dossier("K1").orders[0].amount.minor, 1_200);
    let again = run(&cache, folder.path(), Some(&memory));
    assert_eq!(
        (again.tally.added, again.tally.changed, again.tally.unchanged),
        (0, 0, 0)
    );
    write("kunden.csv", &rows(1..100));
    let third = run(&cache, folder.path(), Some(&memory));
    assert_eq!((third.tally.unchanged, third.tally.removed), (102, 1));
    let known = load(&memory).unwrap();
    assert_eq!(known.len(), 2);
    let kunden = known.iter().find(|known| known.file == "kunden.csv").unwrap();
    assert_eq!(kunden.columns[0], ("Kundennr".to_owned(), Field::Customer));
    // a file that is gone takes nothing with it
    fs::remove_file(folder.path().join("kunden.csv")).unwrap();
    let fourth = run(&cache, folder.path(), Some(&memory));
    assert_eq!((fourth.failed, fourth.tally.removed), (None, 0));
    assert_eq!(cache.open().place().kept("files").unwrap().customers, 99);
}

#[test]
fn what_was_corrected_by_hand_is_not_guessed_anew() {
    let (cache, folder) = (Cache::new(), TempDir::new().unwrap());
    let (path, memory) = (folder.path().join("kunden.csv"), folder.path().join("map.toml"));
    fs::write(
        &path,
        "Kundennr,Name,Telefon,Fon2\n1,Anna,+49 30 23125101,+49 30 23125102\n",
    )
    .unwrap();
    run(&cache, &path, Some(&memory));
    let text = fs::read_to_string(&memory).unwrap();
    assert!(text.starts_with('#') && text.contains("Telefon = \"phone\""), "{text}");
    fs::write(&memory, text.replace("Telefon = \"phone\"", "Fon2 = \"phone\"")).unwrap();
    fs::write(
        &path,
        "Kundennr,Name,Telefon,Fon2\n1,Anna B,+49 30 23125101,+49 30 23125102\n",
    )
    .unwrap();
    assert_eq!(run(&cache, &path, Some(&memory)).tally.changed, 1);
    let found = crate::directory::holders(&mut cache.open(), 493_023_125_102);
    assert_eq!(found.len(), 1);
    fs::write(&memory, "[[table]]\nfile = \"kunden.csv\"\nkind = \"clients\"\n").unwrap();
    fs::write(&path, "Kundennr,Name,Telefon,Fon2\n1,Anna C,+49 30 23125101,\n").unwrap();
    let Some(Failed::Refused(why)) = run(&cache, &path, Some(&memory)).failed else {
        panic!("a wrong word is an error")
    };
    let why = why.to_string();
    assert!(why.contains("map.toml") && why.contains("clients"), "{why}");
}

#[test]
fn a_file_that_is_gone_or_no_table_leaves_the_last_data() {
    let (cache, folder) = (Cache::new(), TempDir::new().unwrap());
    let path = folder.path().join("kunden.csv");
    fs::write(&path, "Kundennr,Name,Telefon\n1,Anna,+49 30 23125101\n").unwrap();
    run(&cache, &path, None);
    for bytes in [&b""[..], b"%PDF-1.7", b"Kundennr,Name,Telefon\n"] {
        fs::write(&path, bytes).unwrap();
        let report = run(&cache, &path, None);
        assert!(matches!(report.failed, Some(Failed::Refused(_))), "{report:?}");
    }
    fs::remove_file(&path).unwrap();
    assert!(matches!(run(&cache, &path, None).failed, Some(Failed::Refused(_))));
    assert_eq!(cache.open().place().kept("files").unwrap().customers, 1);
}
