//! Columns that say what must not be offered, and to whom.

use super::*;
use ringside::customer::Restrictions;

fn restrictions(name: &str, text: &str) -> Vec<(String, Restrictions)> {
    let (_, records, rejected) = read_bytes(name, text.as_bytes(), &settings()).expect("a table");
    assert_eq!(rejected, []);
    let read = |record| match record {
        Record::Product(row) => (row.key, row.restrictions),
        other => panic!("no product: {other:?}"),
    };
    records.into_iter().map(read).collect()
}

#[test]
fn stock_durability_and_sensitivity_are_read_from_columns_in_five_languages() {
    let tables = [
        "sku,name,price,Units In Stock,durable,sensitive\n1,Pot,5,0,yes,no\n",
        "Artikelnr;Bezeichnung;Preis;Lagerbestand;Langlebig;Sensibel\n1;Kanne;5,00;0;ja;nein\n",
        "codigo;nombre;precio;Existencias;Duradero;Delicado\n1;Tetera;5,00;0;sí;no\n",
        "sifra;naziv;cijena;Količina na zalihi;Trajno;Osjetljivo\n1;Čajnik;5,00;0;da;ne\n",
        "reference;designation;prix;Quantité en stock;Durable;Sensible\n1;Théière;5,00;0;oui;non\n",
    ];
    for table in tables {
        let expected = Restrictions {
            out_of_stock: Some(true),
            durable: Some(true),
            sensitive: Some(false),
        };
        assert_eq!(restrictions("products.csv", table), [("1".into(), expected)], "{table}");
    }
}

#[test]
fn stock_is_a_number_or_a_word_and_anything_else_says_nothing() {
    let table =
        "sku,name,price,stock\n1,A,5,12\n2,B,5,-1\n3,C,5,0.5\n4,D,5,sold out\n5,E,5,yes\n6,F,5,\n7,G,5,ask us\n";
    let read: Vec<_> = restrictions("products.csv", table)
        .into_iter()
        .map(|one| one.1.out_of_stock)
        .collect();
    let (gone, left) = (Some(true), Some(false));
    assert_eq!(read, [left, gone, left, gone, left, None, None]);
}

#[test]
fn a_table_without_such_columns_says_nothing() {
    let read = restrictions("products.csv", "sku,name,price\n1,A,5\n");
    assert_eq!(read, [("1".into(), Restrictions::default())]);
}

#[test]
fn whoever_wants_no_advertising_is_read_and_anything_but_a_clear_no_counts() {
    for header in [
        "Opt-out",
        "Werbesperre",
        "Sin publicidad",
        "Bez reklama",
        "Sans publicité",
    ] {
        let table =
            format!("id,name,phone,{header}\n1,A,030 1,yes\n2,B,030 2,2026-01-31\n3,C,030 3,\n4,D,030 4,nein\n");
        let (_, records, _) = read_bytes("customers.csv", table.as_bytes(), &settings()).expect("a table");
        let read: Vec<_> = customers(&records).iter().map(|row| row.no_advertising).collect();
        assert_eq!(read, [Some(true), Some(true), Some(false), Some(false)], "{header}");
    }
    let (_, records, _) = read_bytes("customers.csv", b"id,name,phone\n1,A,030 1\n", &settings()).expect("a table");
    assert_eq!(customers(&records)[0].no_advertising, None);
}
