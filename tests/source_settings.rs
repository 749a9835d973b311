//! `[[source]]` in the settings: what is right is read, and what is wrong is shown by line, before anything is asked.

use std::path::Path;
use std::time::Duration;

use ringside::config::{Config, SourceKind, parse};

fn read(text: &str) -> Result<Config, String> {
    parse(Path::new("config.toml"), text).map_err(|error| error.to_string())
}

#[test]
fn every_kind_of_source_is_read() {
    let config = read(
        r#"
[[source]]
name = "shop"
kind = "files"
path = "/srv/shop"
every_minutes = 0
region = "DE"
currency = "EUR"
[source.map]
phone = "Rufnummer 2"

[[source]]
name = "erp"
kind = "rest"
system = "tryton"
precedence = 1
private_hosts = ["erp.lan"]
write_back = true
[source.with]
url = "https://erp.lan"
key = "keyring:erp"

[[source]]
name = "books"
kind = "sql"
file = "books.toml"
"#,
    )
    .expect("good");
    let [shop, erp, books] = config.sources.as_slice() else {
        panic!("{:?}", config.sources)
    };
    assert_eq!((shop.every(), shop.precedence, shop.writes_back()), (None, 1, false));
    assert_eq!((erp.every(), erp.precedence), (Some(Duration::from_secs(900)), 1));
    assert!(erp.writes_back());
    assert!(matches!(&erp.kind, SourceKind::Rest(rest) if rest.with["key"] == "keyring:erp"));
    assert!(
        books.precedence == 3 && matches!(&books.kind, SourceKind::Sql(sql) if sql.file == Path::new("books.toml"))
    );
}

#[test]
fn a_mistake_is_shown_by_line_with_what_to_do() {
    let files = "[[source]]\nname = \"shop\"\nkind = \"files\"\npath = \"/srv/shop\"\n";
    let rest = "[[source]]\nname = \"erp\"\nkind = \"rest\"\nsystem = \"tryton\"\n";
    for (text, line, what) in [
        ("[source]\nname = \"a\"\n".to_owned(), "line 1,", "double brackets"),
        (
            "[[source]]\nkind = \"files\"\n".to_owned(),
            "line 1,",
            "missing field `name`",
        ),
        (
            "[[source]]\nname = \"a\"\n".to_owned(),
            "line 1,",
            "a source needs `kind`, one of `files`, `rest`, `sql`",
        ),
        (
            "[[source]]\nname = \"a\"\nkind = \"file\"\n".to_owned(),
            "line 3,",
            "did you mean `files`?",
        ),
        (
            "[[source]]\nname = \"a/b\"\nkind = \"files\"\npath = \"x\"\n".to_owned(),
            "line 2,",
            "letters, digits",
        ),
        (
            "[[source]]\nname = \"desk\"\nkind = \"files\"\npath = \"x\"\n".to_owned(),
            "line 2,",
            "choose another name",
        ),
        (format!("{files}{files}"), "line 6,", "two sources with the name `shop`"),
        (format!("{files}every_minutes = -1\n"), "line 5,", "invalid value"),
        (
            format!("{files}write_back = true\n"),
            "line",
            "unknown field `write_back`",
        ),
        (format!("{files}regoin = \"DE\"\n"), "line", "unknown field `regoin`"),
        (format!("{files}[source.map]\nfone = \"Tel\"\n"), "line", "fone"),
        (format!("{rest}file = \"mine.toml\"\n"), "line 1,", "one of the two"),
        (
            "[[source]]\nname = \"e\"\nkind = \"rest\"\n".to_owned(),
            "line 1,",
            "ringside source systems",
        ),
        (format!("{rest}write_back = \"yes\"\n"), "line 5,", "invalid type"),
        (format!("{rest}url = \"https://x\"\n"), "line", "unknown field `url`"),
        (
            "[[source]]\nname = \"d\"\nkind = \"sql\"\n".to_owned(),
            "line 1,",
            "missing field `file`",
        ),
    ] {
        let error = read(&text).expect_err(&text);
        assert!(error.contains(line) && error.contains(what), "{text}\n{error}");
    }
}
