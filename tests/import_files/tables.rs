//! Real tables, and the ways tables are written.

use std::io::Write as _;

use super::*;

#[test]
fn every_northwind_customer_is_read_with_country_and_number() {
    for home in ["DE", "US", "HR"] {
        let settings = Settings {
            region: Region::from_code(home),
            ..settings()
        };
        let (sheet, read, rejected) = read_all(&northwind("customers.csv"), &settings).expect("a table");
        assert_eq!(sheet.kind(), Kind::Customers);
        assert_eq!(
            mapped(&sheet),
            [
                "customer <- customer_id",
                "company <- company",
                "name <- contact",
                "country <- country",
                "phone <- phone"
            ]
        );
        assert_eq!(rejected, []);
        let records: Vec<Record> = read.into_iter().map(|row| row.record).collect();
        let customers = customers(&records);
        assert_eq!(customers.len(), 91);
        for customer in &customers {
            assert!(customer.country.is_some(), "{customer:?}");
            assert!(
                matches!(&customer.phones[..], [phone] if phone.key.is_some() && phone.given == Given::National),
                "{customer:?}"
            );
        }
        let ana = customers
            .iter()
            .find(|customer| customer.key == "ANATR")
            .expect("a customer");
        assert_eq!(
            (ana.name.as_str(), ana.company.as_str()),
            ("Ana Trujillo", "Ana Trujillo Emparedados y helados")
        );
        let caller = number::read("+5255554729", None).expect("a number");
        assert_eq!(ana.phones[0].key, Some(caller.key), "home region {home}");
    }
}

#[test]
fn no_northwind_order_line_or_product_is_lost() {
    let settings = Settings {
        currency: Currency::from_code("USD").expect("a currency"),
        ..settings()
    };
    let (sheet, read, rejected) = read_all(&northwind("orders.csv.gz"), &settings).expect("a table");
    assert_eq!((sheet.kind(), rejected.len()), (Kind::Orders, 0));
    let records: Vec<Record> = read.into_iter().map(|row| row.record).collect();
    let lines = lines(&records);
    assert_eq!(lines.len(), 2155);
    let total: i64 = lines.iter().map(|line| line.amount.minor).sum();
    assert_eq!(
        total, 126_579_329,
        "the sum of quantity times price, each line in cents, halves up"
    );
    let first = lines.first().expect("a line");
    assert_eq!(first.at.to_rfc3339(), "1996-07-04T00:00:00+00:00");
    assert_eq!(
        (first.quantity_milli, first.amount.minor, first.amount.currency.code()),
        (12_000, 16_800, "USD")
    );
    let (sheet, read, rejected) = read_all(&northwind("products.csv"), &settings).expect("a table");
    assert_eq!((sheet.kind(), read.len(), rejected.len()), (Kind::Products, 77, 0));
    let Record::Product(chai) = &read[0].record else {
        panic!("a product")
    };
    assert_eq!(
        (chai.name.as_str(), chai.category.as_str(), chai.discontinued),
        ("Chai", "Beverages", true)
    );
    assert_eq!(chai.price.map(|price| price.minor), Some(1800));
}

#[test]
fn a_table_reads_the_same_in_every_encoding_and_with_every_delimiter() {
    let text = "Kundennr;Firma;Ansprechpartner;Land;Telefon\n7;Käserei Grün;José Ñandú;Deutschland;030 23125101\n";
    let utf_16: Vec<u8> = std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(text.as_bytes()).expect("packing");
    for (bytes, written) in [
        (text.as_bytes().to_vec(), "UTF-8, semicolon"),
        ([b"\xef\xbb\xbf", text.as_bytes()].concat(), "UTF-8, semicolon"),
        (
            encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
            "windows-1252, semicolon",
        ),
        (utf_16, "UTF-16LE, semicolon"),
        (text.replace(';', ",").into_bytes(), "UTF-8, comma"),
        (text.replace(';', "\t").into_bytes(), "UTF-8, tab"),
        (text.replace('\n', "\r\n").into_bytes(), "UTF-8, semicolon"),
        (format!("sep=;\n{text}").into_bytes(), "UTF-8, semicolon"),
        (format!("\n;;;;\n{text}\n\n;;;;\n").into_bytes(), "UTF-8, semicolon"),
        (
            text.replace("Käserei Grün", "\"Käserei Grün\"").into_bytes(),
            "UTF-8, semicolon",
        ),
        (gz.finish().expect("packing"), "UTF-8, semicolon"),
    ] {
        let (sheet, records, rejected) = read_bytes("kunden.csv", &bytes, &settings()).expect("a table");
        assert_eq!(sheet.written().to_string(), written);
        assert_eq!(rejected, []);
        let customers = customers(&records);
        let [customer] = customers[..] else {
            panic!("one customer in {written}")
        };
        assert_eq!(
            (customer.key.as_str(), customer.company.as_str(), customer.name.as_str()),
            ("7", "Käserei Grün", "José Ñandú")
        );
        assert_eq!(customer.country.as_deref(), Some("DE"));
        assert_eq!(
            customer.phones[0].key.map(number::Key::get),
            Some(493_023_125_101),
            "{written}"
        );
    }
}

#[test]
fn columns_are_recognised_in_five_languages_and_in_common_exports() {
    for (file, header, row, kind, expected) in [
        (
            "clientes.csv",
            "Código;Razón social;Persona de contacto;País;Teléfono;Móvil;NIF",
            "1;a;b;España;912216877;;x",
            Kind::Customers,
            "customer company name country phone phone vat",
        ),
        (
            "kupci.csv",
            "Šifra;Naziv;Grad;Država;Telefon;OIB",
            "1;a;b;Hrvatska;01 4811111;9",
            Kind::Customers,
            "customer name city country phone vat",
        ),
        (
            "clients.csv",
            "Numéro;Raison sociale;Prénom;Nom de famille;Ville;Pays;Téléphone",
            "1;a;b;c;d;France;0142345678",
            Kind::Customers,
            "customer company first_name last_name city country phone",
        ),
        (
            "export.csv",
            "ID,First Name,Last Name,E-mail,Phone,Fax",
            "1,a,b,c,030 1234567,030 1234568",
            Kind::Customers,
            "customer first_name last_name email phone",
        ),
        (
            "Artikel.csv",
            "Artikelnr;Bezeichnung;Warengruppe;Preis",
            "1;a;b;1,50",
            Kind::Products,
            "product product_name category price",
        ),
        (
            "x.csv",
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
            "536365,85123A,a,6,12/1/2010 8:26,2.55,17850,UK",
            Kind::Orders,
            "order product quantity date price customer",
        ),
        (
            "pedidos.csv",
            "Pedido;Fecha;Cliente;Artículo;Cantidad;Precio",
            "1;01/02/2026;7;8;2;3,50",
            Kind::Orders,
            "order date customer product quantity price",
        ),
        (
            "narudzbe.csv",
            "Broj narudžbe;Datum;Kupac;Šifra artikla;Količina;Iznos",
            "1;01.02.2026.;7;8;2;3,50",
            Kind::Orders,
            "order date customer product quantity amount",
        ),
        (
            "balances.csv",
            "customer_id,not_due,overdue_30,overdue_60,overdue_more,currency",
            "7,1,2,3,4,EUR",
            Kind::Balances,
            "customer not_due overdue_30 overdue_60 overdue_more currency",
        ),
        (
            "aging.csv",
            "Customer,Current,1-30,31-60,61-90,> 90,Total",
            "7,1,2,3,4,5,15",
            Kind::Balances,
            "customer not_due overdue_30 overdue_60 overdue_more overdue_more open",
        ),
        (
            "Offene Posten.csv",
            "Debitor;Rechnungsnr;Fällig am;Offener Betrag",
            "7;1;01.11.2026;12,00",
            Kind::Invoices,
            "customer invoice due open",
        ),
        (
            "tickets.csv",
            "Ticket ID,Customer ID,Subject,Status,Created at",
            "1,7,broken,open,2026-11-01",
            Kind::Tickets,
            "ticket customer subject status date",
        ),
    ] {
        let text = format!("{header}\n{row}\n");
        let (sheet, records, rejected) = read_bytes(file, text.as_bytes(), &settings()).expect("a table");
        let fields: Vec<&str> = sheet
            .mapping()
            .columns
            .iter()
            .filter_map(|column| column.field.map(Field::name))
            .collect();
        assert_eq!((sheet.kind(), fields.join(" ").as_str()), (kind, expected), "{header}");
        assert_eq!((records.len(), rejected.len()), (1, 0), "{header}: {rejected:?}");
    }
}

#[test]
fn a_column_of_numbers_is_recognised_by_its_contents() {
    let text = "nr,wer,erreichbar\n1,Anna,030 23125101\n2,Bert,0171 1740453\n3,Carl,+385 91 500 1234\n";
    let (sheet, records, _) = read_bytes(
        "liste.csv",
        text.as_bytes(),
        &Settings {
            maps: vec![(Field::Name, "wer".to_owned())],
            ..settings()
        },
    )
    .expect("a table");
    assert_eq!(mapped(&sheet), ["customer <- nr", "name <- wer", "phone <- erreichbar"]);
    assert_eq!(customers(&records).len(), 3);
}

#[test]
fn amounts_take_their_currency_from_cell_column_header_or_shop() {
    let price = |header: &str, row: &str| {
        let (_, records, rejected) = read_bytes(
            "products.csv",
            format!("sku;name;{header}\n1;a;{row}\n").as_bytes(),
            &settings(),
        )
        .expect("a table");
        assert_eq!(rejected, [], "{row}");
        let Some(Record::Product(product)) = records.first() else {
            panic!("a product")
        };
        product
            .price
            .map(|price| format!("{} {}", price.minor, price.currency.code()))
    };
    assert_eq!(price("price", "1.234,50").as_deref(), Some("123450 EUR"));
    assert_eq!(price("price (USD)", "12.50").as_deref(), Some("1250 USD"));
    assert_eq!(price("price", "£12.50").as_deref(), Some("1250 GBP"));
    assert_eq!(price("price", "1250 JPY").as_deref(), Some("1250 JPY"));
    assert_eq!(price("price;currency", "12,50;CHF").as_deref(), Some("1250 CHF"));
    assert_eq!(price("price", ""), None);
}

#[test]
fn the_last_row_of_a_column_may_decide_how_its_dates_are_read() {
    let mut text = "customer_id,order_id,date,product_id,qty,price\n".to_owned();
    (0..5000).for_each(|order| text.push_str(&format!("7,{order},1/2/2010 8:26,A,1,1.50\n")));
    let first = |text: &str| {
        let (sheet, records, _) = read_bytes("orders.csv", text.as_bytes(), &settings()).expect("a table");
        (
            lines(&records)[0].at.to_rfc3339(),
            sheet.remarks().iter().map(ToString::to_string).collect::<String>(),
        )
    };
    let (at, remark) = first(&text);
    assert_eq!(at, "2010-02-01T08:26:00+00:00");
    assert_eq!(
        remark,
        "dates in date are read with the day before month, as usual in the home region"
    );
    text.push_str("7,5000,12/13/2010 8:26,A,1,1.50\n");
    let (at, remark) = first(&text);
    assert_eq!(at, "2010-01-02T08:26:00+00:00");
    assert_eq!(
        remark,
        "dates in date are read with the month before day, as its other dates show"
    );
}

#[test]
fn open_invoices_are_added_up_to_what_each_customer_owes() {
    let text = "Debitor;Rechnungsnr;Fällig am;Offener Betrag;Währung\n\
        7;1;01.12.2026;100,00;EUR\n7;2;22.11.2026;10,00;EUR\n7;3;21.11.2026;1,00;EUR\n7;4;01.10.2026;0,10;EUR\n7;5;01.01.2026;0,01;EUR\n7;6;01.01.2026;5,00;USD\n8;7;x;1;EUR\n";
    let (_, records, rejected) = read_bytes("rechnungen.csv", text.as_bytes(), &settings()).expect("a table");
    assert_eq!(rejected.len(), 1);
    let mut owed: Vec<(&str, Balance)> = Vec::new();
    for record in &records {
        let Record::Invoice(row) = record else {
            panic!("{record:?}")
        };
        let known =
            |(customer, one): &&mut (&str, Balance)| *customer == row.customer && one.open.currency == row.currency;
        match owed.iter_mut().find(known) {
            Some((_, one)) => one.add(row.open, row.due, now()),
            None => {
                let mut one = Balance::nothing(row.currency, now());
                one.add(row.open, row.due, now());
                owed.push((&row.customer, one));
            }
        }
    }
    let rows: Vec<_> = owed
        .iter()
        .map(|(customer, b)| {
            let open = (b.open.currency.code(), b.open.minor);
            (*customer, open, b.not_due, b.overdue_30, b.overdue_60, b.overdue_more)
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("7", ("EUR", 11_111), 11_000, 100, 10, 1),
            ("7", ("USD", 500), 0, 0, 0, 500)
        ]
    );
}

#[test]
fn a_balance_is_whole_whatever_part_of_it_the_file_gives() {
    let one = |header: &str, row: &str| {
        let (_, records, rejected) = read_bytes(
            "balances.csv",
            format!("customer,{header}\n7,{row}\n").as_bytes(),
            &settings(),
        )
        .expect("a table");
        assert_eq!(rejected, [], "{header}");
        let b = balances(&records)[0];
        (b.open, b.not_due, b.overdue_30, b.overdue_60, b.overdue_more)
    };
    assert_eq!(one("balance", "12.50"), (1250, 1250, 0, 0, 0));
    assert_eq!(one("balance,overdue", "12.50,2.50"), (1250, 1000, 250, 0, 0));
    assert_eq!(
        one("current,1-30,31-60,61-90,> 90", "1,2,3,4,5"),
        (1500, 100, 200, 300, 900)
    );
    assert_eq!(one("balance", "-3"), (-300, -300, 0, 0, 0));
}

#[test]
fn a_spreadsheet_without_keys_gives_the_same_customers_again() {
    let text = "Name;Telefon;Saldo\nAnna Alt;030 23125101 / 0171 1740453;12,50\nAnna Alt;0171 1740454;\n;;\n";
    let (_, records, rejected) = read_bytes("liste.csv", text.as_bytes(), &settings()).expect("a table");
    assert_eq!(rejected, []);
    let keys: Vec<&str> = customers(&records)
        .iter()
        .map(|customer| customer.key.as_str())
        .collect();
    assert_eq!(keys, ["annaalt-493023125101", "annaalt-491711740454"]);
    assert_eq!(customers(&records)[0].phones.len(), 2);
    assert!(matches!(balances(&records)[..], [one] if one.customer == keys[0] && one.open == 1250));
}
