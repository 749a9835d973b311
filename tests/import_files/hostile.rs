//! Files and rows that cannot be used, and files that mean harm.

use std::io::Write as _;

use super::*;

#[test]
fn a_customers_file_without_a_phone_column_is_refused_with_what_to_say() {
    let text = b"customer_id,name,fax number\n1,Anna,x\n";
    let error = read_bytes("customers.csv", text, &settings())
        .expect_err("no phone column")
        .to_string();
    for part in [
        "customers.csv",
        "telephone number",
        "customer_id, name, fax number",
        "--map phone=COLUMN",
        "--map phone=-",
    ] {
        assert!(error.contains(part), "{error}");
    }
    let said = |name: &str| Settings {
        maps: vec![(Field::Phone, name.to_owned())],
        ..settings()
    };
    let (sheet, ..) = read_bytes("customers.csv", text, &said("Fax Number")).expect("a table");
    assert_eq!(sheet.mapping().column(Field::Phone), Some(2));
    let (_, records, _) = read_bytes("customers.csv", text, &said("-")).expect("a table");
    assert!(matches!(customers(&records)[..], [anna] if anna.phones.is_empty()));
}

#[test]
fn what_is_no_table_is_refused_with_what_to_do() {
    for (name, bytes, part) in [
        ("a.csv", &b""[..], "is empty"),
        ("a.csv", b"\n\n  \n", "is empty"),
        ("a.csv", b"\xef\xbb\xbf", "is empty"),
        ("customers.csv", b"customer_id,name,phone\n", "is empty"),
        ("customers.xlsx", b"PK\x03\x04 and more", "or CSV"),
        ("a.csv", b"%PDF-1.7 and more", "is a PDF"),
        ("a.csv", b"hello\nworld\n", "cannot tell what is in it"),
        ("a.csv.gz", b"\x1f\x8b\x08\x00broken", "cannot read"),
    ] {
        let error = read_bytes(name, bytes, &settings()).expect_err(part).to_string();
        assert!(error.contains(part) && error.contains(name), "{error}");
    }
}

#[test]
fn a_bad_row_is_reported_with_line_and_reason_and_the_rest_is_read() {
    let text = "customer_id,order_id,timestamp,product_id,qty,price\n\
        7,1,2026-01-01,A,1,1.50\n\
        ,2,2026-01-01,A,1,1.50\n\
        7,3,yesterday,A,1,1.50\n\
        7,4,2026-01-01,A,one,1.50\n\
        7,5,2026-01-01,A,1,1.50,extra,fields\n\
        7,6,2026-01-01\n\
        7,\"7,2026-01-01,A,1,1.50\n\
        7,8,2026-01-01,\"A \"\"quoted\"\"\nin two lines\",1,1.50\n\
        7,9,2026-01-01,A,1,99999999999999999999\n\
        7,10,2026-01-01,A,-2,1.50\n";
    let (_, records, rejected) = read_bytes("orders.csv", text.as_bytes(), &settings()).expect("a table");
    let orders: Vec<&str> = lines(&records).iter().map(|line| line.order.as_str()).collect();
    assert_eq!(orders, ["1", "8", "10"]);
    assert_eq!(
        lines(&records)[1].product,
        "A \"quoted\"in two lines".replace("\"in", "\"\nin")
    );
    assert_eq!(lines(&records)[2].amount.minor, -300);
    let reasons: Vec<(u64, String)> = rejected.iter().map(|row| (row.line, row.reason.to_string())).collect();
    let expected = [
        (3, "customer’s key is empty"),
        (4, "`yesterday` is no date (date)"),
        (5, "`one` is no amount (quantity)"),
        (
            6,
            "8 fields where the header has 6: is a text with a delimiter not quoted?",
        ),
        (7, "product’s key is empty"),
        (8, "a quote is opened and not closed"),
        (11, "`99999999999999999999` is too large (price of one)"),
    ];
    assert_eq!(reasons, expected.map(|(line, reason)| (line, reason.to_owned())));
    assert_eq!(rejected[5].raw, "7,\"7,2026-01-01,A,1,1.50");
}

#[test]
fn rows_that_could_not_be_used_are_written_to_a_report() {
    let folder = TempDir::new().expect("a folder");
    let mut rejects = Rejects::new(folder.path(), now());
    let row = Rejected {
        key: String::new(),
        file: "orders.csv".into(),
        line: 3,
        reason: Reason::OpenQuote,
        raw: "=1+1,\"x".to_owned(),
    };
    rejects.note(&row).expect("a report");
    let (count, path) = rejects.finish().expect("a report").expect("a row");
    assert_eq!(
        (count, path.file_name().and_then(|n| n.to_str())),
        (1, Some("import-rejected-20261122T100000Z.csv"))
    );
    let text = fs::read_to_string(path).expect("a report");
    assert_eq!(
        text,
        "file,line,reason,row\norders.csv,3,a quote is opened and not closed,\"'=1+1,\"\"x\"\n"
    );
    assert_eq!(Rejects::new(folder.path(), now()).finish().expect("nothing"), None);
}

#[test]
fn hostile_files_cost_neither_memory_nor_a_crash() {
    let one_column = read_bytes("x.csv", b"phone\n030 23125101\n", &settings())
        .expect_err("nobody has the number")
        .to_string();
    assert!(one_column.contains("--map"), "{one_column}");

    let nul = b"customer_id,name,phone\n1,An\0na,030\0 23125101\n";
    let (_, records, _) = read_bytes("customers.csv", nul, &settings()).expect("a table");
    assert_eq!(
        (
            customers(&records)[0].name.as_str(),
            customers(&records)[0].phones[0].key.map(number::Key::get)
        ),
        ("Anna", Some(493_023_125_101))
    );

    let huge = format!(
        "customer_id,name,phone\n1,{},030 23125101\n2,Bert,030 23125102\n",
        "x".repeat(3_000_000)
    );
    let (_, records, rejected) = read_bytes("customers.csv", huge.as_bytes(), &settings()).expect("a table");
    assert_eq!(
        (customers(&records).len(), &rejected[0].reason, rejected[0].line),
        (1, &Reason::TooLong, 2)
    );
    assert!(rejected[0].raw.len() <= 4_000);

    let formula = "customer_id,name,phone\n1,\"=HYPERLINK(\"\"http://x\"\";\"\"y\"\")\",030 23125101\n";
    let (_, records, _) = read_bytes("customers.csv", formula.as_bytes(), &settings()).expect("a table");
    assert_eq!(customers(&records)[0].name, "=HYPERLINK(\"http://x\";\"y\")");

    let mut open_quote = "customer_id,name,phone\n1,\"Anna,030 23125101\n".to_owned();
    (2..5_000).for_each(|n| open_quote.push_str(&format!("{n},Bert,030 23125102\n")));
    let (_, records, rejected) = read_bytes("customers.csv", open_quote.as_bytes(), &settings()).expect("a table");
    assert_eq!(
        (customers(&records).len(), rejected.len(), &rejected[0].reason),
        (4_998, 1, &Reason::OpenQuote)
    );
}

#[test]
fn a_gzip_bomb_is_stopped_long_before_the_disk_or_the_day_ends() {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gz.write_all(b"customer_id,name,phone\n").expect("packing");
    let block = b"1,Anna,030 23125101\n".repeat(50_000);
    (0..40).for_each(|_| gz.write_all(&block).expect("packing"));
    let bomb = gz.finish().expect("packing");
    assert!(bomb.len() < 160_000, "{} bytes unpack to 40 million", bomb.len());
    let error = read_bytes("customers.csv.gz", &bomb, &settings())
        .expect_err("a bomb")
        .to_string();
    assert!(error.contains("unpacks to more than"), "{error}");
}
