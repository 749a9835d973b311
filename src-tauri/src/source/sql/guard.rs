//! Sees that a query is one statement that only reads. It is the first of three locks: the transaction is read-only as
//! well, and the user should have no right to write.
//!
//! Pure. It reads words, texts, comments and signs as databases do, and no grammar.

/// Words that change something, wherever they stand outside texts and quoted names.
const WRITES: [&str; 22] = [
    "insert", "update", "delete", "merge", "replace", "truncate", "drop", "alter", "create", "grant", "revoke", "copy",
    "call", "do", "execute", "prepare", "lock", "vacuum", "attach", "pragma", "load", "into",
];

/// Words of [`WRITES`] that are also names of functions: `replace(…)`, `insert(…)`.
const FUNCTIONS: [&str; 3] = ["replace", "insert", "truncate"];

/// Is `sql` one statement that reads? What is wrong otherwise.
pub(super) fn reads_only(sql: &str) -> Result<(), String> {
    let words = words(sql)?;
    match words.first().map(|(word, _)| word.as_str()) {
        Some("select" | "with") => {}
        Some(first) => {
            return Err(format!(
                "it begins with {}, and only a SELECT is sent to a database",
                first.to_uppercase()
            ));
        }
        None => return Err("there is no SELECT in it".to_owned()),
    }
    let writes = |(word, called): &&(String, bool)| {
        WRITES.contains(&word.as_str()) && !(*called && FUNCTIONS.contains(&word.as_str()))
    };
    match words.iter().find(writes) {
        Some((word, _)) => Err(format!(
            "{} has no place in a query that only reads",
            word.to_uppercase()
        )),
        None => Ok(()),
    }
}

/// The words of a statement in small letters, and whether a bracket follows each. Texts, quoted names and comments are
/// passed over.
fn words(sql: &str) -> Result<Vec<(String, bool)>, String> {
    let mut words = Vec::new();
    let mut rest = sql;
    let mut ended = false;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("/*!") || rest.starts_with("/*M!") {
            return Err("MySQL runs what stands in /*! … */: leave it out".to_owned());
        }
        let behind = &rest[c.len_utf8()..];
        rest = match c {
            '\'' | '"' | '`' => after_quote(behind, c)?,
            '-' if rest.starts_with("--") => rest.split_once('\n').map_or("", |(_, next)| next),
            '#' => return Err("write comments as -- to the end of the line".to_owned()),
            '/' if rest.starts_with("/*") => {
                let (inside, next) = rest[2..].split_once("*/").ok_or("a comment is opened and not closed")?;
                if inside.contains("/*") {
                    return Err("a comment stands in a comment".to_owned());
                }
                next
            }
            '$' if is_dollar_quote(rest) => return Err("write texts in single quotes, not in $$".to_owned()),
            '\\' => return Err("a backslash has no place outside of a text".to_owned()),
            ';' => {
                ended = true;
                behind
            }
            c if ended && !c.is_whitespace() => return Err("there is more than one statement in it".to_owned()),
            c if c.is_alphabetic() || c == '_' => {
                let end = rest
                    .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
                    .unwrap_or(rest.len());
                let (word, next) = rest.split_at(end);
                words.push((word.to_lowercase(), next.trim_start().starts_with('(')));
                next
            }
            _ => behind,
        };
    }
    Ok(words)
}

/// A quote is doubled inside. A backslash is a sign like any other in PostgreSQL and SQLite and none in MySQL: a query that
/// would be two different ones is refused.
fn after_quote(text: &str, quote: char) -> Result<&str, String> {
    let end = text.find(quote).ok_or("a quote is opened and not closed")?;
    if text[..end].contains('\\') {
        return Err("a backslash in a text means different things to different databases: leave it out".to_owned());
    }
    let next = &text[end + quote.len_utf8()..];
    match next.strip_prefix(quote) {
        Some(more) => after_quote(more, quote),
        None => Ok(next),
    }
}

fn is_dollar_quote(text: &str) -> bool {
    let tag = &text[1..];
    let end = tag
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(tag.len());
    tag[end..].starts_with('$')
}

/// `value` as a text of SQL; `None` when it has anything but what times and numbers are written with.
pub(super) fn literal(value: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || " :.+-_/,".contains(c);
    (!value.is_empty() && value.len() <= 100 && value.chars().all(plain)).then(|| format!("'{value}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_statement_that_reads_is_let_through() {
        for sql in [
            "SELECT 1",
            "  select id, replace(name, 'x', '; drop table t') from t where changed >= {since};  ",
            "WITH a AS (SELECT 1) SELECT * FROM a -- insert nothing\n",
            "SELECT \"update\", `delete` FROM t /* drop */",
            "SELECT updated_at, created, into_stock FROM t WHERE name = 'it''s; fine'",
        ] {
            assert_eq!(reads_only(sql), Ok(()), "{sql}");
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        for (sql, part) in [
            ("", "no SELECT"),
            ("DELETE FROM t", "begins with DELETE"),
            ("SELECT 1; DROP TABLE t", "more than one statement"),
            ("SELECT 1; SELECT 2", "more than one statement"),
            (
                "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
                "DELETE has no place",
            ),
            ("SELECT * INTO copy FROM t", "INTO has no place"),
            ("SELECT * FROM t INTO OUTFILE '/tmp/x'", "INTO has no place"),
            ("SELECT * FROM t FOR UPDATE", "UPDATE has no place"),
            ("SELECT 1 /*! ; DROP TABLE t */", "/*!"),
            (
                "SELECT 1 /* a /* b */ ; drop table t */",
                "a comment stands in a comment",
            ),
            ("SELECT '\\'; DROP TABLE t; --'", "backslash"),
            ("SELECT $$x$$", "single quotes"),
            ("SELECT $tag$x$tag$", "single quotes"),
            ("SELECT 'open", "not closed"),
            ("SELECT 1 # comment\n; DROP TABLE t", "write comments as --"),
            ("EXPLAIN ANALYZE SELECT 1", "begins with EXPLAIN"),
            ("pragma writable_schema=1", "begins with PRAGMA"),
        ] {
            let error = reads_only(sql).expect_err(sql);
            assert!(error.contains(part), "{sql}: {error}");
        }
    }

    #[test]
    fn only_times_and_numbers_become_literals() {
        assert_eq!(
            literal("2026-11-28 12:00:00.123+01").as_deref(),
            Some("'2026-11-28 12:00:00.123+01'")
        );
        assert_eq!(literal("42").as_deref(), Some("'42'"));
        for hostile in ["", "' OR 1=1", "1\\", "x;y", "\u{0}", &"9".repeat(101)] {
            assert_eq!(literal(hostile), None, "{hostile}");
        }
    }
}
