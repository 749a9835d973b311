//! What the importer says of a file before and after it is read: codes with their values, which have words in every language.

use super::*;

#[test]
fn what_is_remarked_of_a_file_is_a_code_with_its_values_and_has_words_in_every_language() {
    let place = Place::new("home_region = \"DE\"\n");
    let text = "customer_id,order_id,date,product_id,qty,price\n7,1,1/2/2026,A,1,1.50\n";
    fs::write(place.folder.path().join("orders.csv"), text).expect("written");
    let preview = place
        .settings()
        .preview_file("orders.csv", &[], &[], Utc::now())
        .expect("read");
    let table = &preview.tables[0];
    assert_eq!(table.remarks[0][0].key, "import.day_first_usual");
    assert_eq!(table.remarks[0][0].params["column"], ParamView::Text("date".to_owned()));
    let told: Vec<(String, String)> = [Language::En, Language::Es, Language::Hr]
        .map(|language| (said(&table.written, language), said(&table.remarks[0], language)))
        .to_vec();
    let expected = [
        (
            "UTF-8, comma",
            "dates in date are read with the day before month, as usual in the home region",
        ),
        (
            "UTF-8, coma",
            "las fechas de date se leen con el día antes del mes, como es habitual en la región propia",
        ),
        (
            "UTF-8, zarez",
            "datumi u stupcu date čitaju se s danom prije mjeseca, kako je uobičajeno u domaćoj regiji",
        ),
    ];
    assert_eq!(
        told,
        expected.map(|(written, remark)| (written.to_owned(), remark.to_owned()))
    );
}

#[test]
fn a_table_that_lacks_a_column_is_shown_and_can_be_read_once_somebody_said_which_it_is() {
    let place = Place::new("home_region = \"DE\"\n");
    fs::write(
        place.folder.path().join("customers.csv"),
        "Name,Zentrale\nAna,\nBoris,\n",
    )
    .expect("written");
    let lacking = place.maps(&[]).expect("shown");
    let table = &lacking.tables[0];
    let columns: Vec<_> = table.columns.iter().map(|column| column.header.as_str()).collect();
    assert_eq!((lacking.ready, columns), (false, vec!["Name", "Zentrale"]));
    assert!(
        said(&table.lacks, Language::Es).contains("No se encontró ninguna columna para: número de teléfono"),
        "{:?}",
        table.lacks
    );
    let whole = place.maps(&[("phone", "Zentrale")]).expect("shown");
    assert_eq!((whole.ready, &whole.tables[0].lacks), (true, &Vec::new()));
    // Of a table that nobody can tell the columns are shown all the same.
    fs::write(place.folder.path().join("customers.csv"), "x,y\n1,2\n").expect("written");
    fs::rename(
        place.folder.path().join("customers.csv"),
        place.folder.path().join("z.csv"),
    )
    .expect("renamed");
    let unclear = place
        .settings()
        .preview_file("z.csv", &[], &[], Utc::now())
        .expect("shown");
    assert_eq!(
        (unclear.ready, unclear.tables[0].lacks[0].key.as_str()),
        (false, "import.unclear")
    );
    assert_eq!(unclear.tables[0].columns[0].examples, ["1"]);
}

#[test]
fn of_a_folder_what_nobody_can_tell_is_left_out_and_a_table_without_a_needed_column_stops_it() {
    let place = Place::new("home_region = \"DE\"\n");
    let folder = place.folder.path().join("data");
    fs::create_dir(&folder).expect("made");
    fs::write(folder.join("customers.csv"), CUSTOMERS).expect("written");
    fs::write(folder.join("notes.csv"), "x,y\n1,2\n").expect("written");
    fs::write(folder.join("nothing.csv"), "").expect("written");
    let preview = |()| {
        place
            .settings()
            .preview_file("data", &[], &[], Utc::now())
            .expect("shown")
    };
    let lacks: Vec<_> = preview(())
        .tables
        .iter()
        .map(|table| (table.name.clone(), table.lacks.is_empty()))
        .collect();
    assert_eq!(
        (preview(()).ready, lacks),
        (
            true,
            vec![("customers.csv".to_owned(), true), ("notes.csv".to_owned(), false)]
        )
    );
    fs::write(folder.join("orders.csv"), "customer_id,order_id,date\n7,1,1/2/2026\n").expect("written");
    assert!(!preview(()).ready);
}

#[test]
fn rows_that_an_import_did_not_use_are_counted_and_the_first_are_said_in_every_language() {
    let place = Place::new("home_region = \"DE\"\n");
    fs::write(
        place.folder.path().join("customers.csv"),
        "Customer,Name,Phone\nA1,Test Ana,030-0074321\n,Test Boris,030-0074322\n",
    )
    .expect("written");
    let settings = place.settings();
    let running = place.run();
    let revision = settings.sheet(&[]).expect("read").revision;
    let source = [
        set("source.0.kind", "files"),
        set("source.0.name", "customers"),
        set("source.0.path", "customers.csv"),
    ];
    settings.change(&revision, &source).expect("written");
    let imported = settings.import_source("customers", &running.sources).expect("read");
    running.stop();
    assert_eq!((imported.records, imported.refused), (1, 1));
    let row = said(&imported.examples[0].said, Language::Hr);
    assert!(row.ends_with("customers.csv, redak 3: šifra kupca: prazno je"), "{row}");
    let gone = settings
        .preview_file("not/there.csv", &[], &[], Utc::now())
        .expect_err("it is not there");
    assert!(
        gone.saying()
            .in_language(Language::Hr)
            .contains("nema ničega s tim imenom")
    );
}
