//! Every table of the journal, with whose its rows are and what becomes of them when somebody is erased.
//!
//! One list serves export and erasure, so that what is given out is what is taken out. A test compares it with the tables
//! there are. A table of rows by call is one line: [`Table::by_call`].

/// What becomes of somebody's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// They go.
    Gone,
    /// They stay without what tells who it was: these columns are set.
    Anonymous(&'static str),
    /// They go with those of another table, by `ON DELETE CASCADE`.
    Follows,
    /// An index of another table, which triggers keep.
    Derived,
    /// They stay, and why.
    Kept(&'static str),
}

/// A table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    /// The condition on a row of somebody; empty where nobody's data stands in it.
    pub(super) whose: &'static str,
    pub(super) fate: Fate,
    /// The columns that are given out; all of them where it is empty.
    pub(super) shown: &'static str,
    /// It has a column `call`: what stays of it names the call by its new name.
    pub(super) names_call: bool,
}

impl Table {
    /// Rows that belong to a call and go with its person.
    const fn by_call(name: &'static str) -> Table {
        gone(name, BY_CALL)
    }

    /// Its rows are of one call, and of nothing else that lasts longer.
    pub(super) fn goes_with_its_call(&self) -> bool {
        match self.fate {
            Fate::Gone | Fate::Anonymous(_) => [BY_CALL, BOTH, OUTBOX].contains(&self.whose),
            Fate::Follows | Fate::Derived | Fate::Kept(_) => false,
        }
    }

    const fn shown_as(self, shown: &'static str) -> Table {
        Table { shown, ..self }
    }

    const fn without_call(self) -> Table {
        Table {
            names_call: false,
            ..self
        }
    }
}

const BY_CALL: &str = "call IN (SELECT call FROM person_calls)";
const BY_CUSTOMER: &str = "customer IN (SELECT reference FROM person_records)";
/// Of a call of theirs and of nobody else.
const TASKS: &str = "customer IN (SELECT reference FROM person_records)
    OR customer IS NULL AND (call IN (SELECT call FROM person_calls)
        OR number_display IN (SELECT text FROM person_texts))";
const TICKETS: &str = "customer IN (SELECT reference FROM person_records)
    OR customer IS NULL AND call IN (SELECT call FROM person_calls)";
const BOTH: &str = "customer IN (SELECT reference FROM person_records) OR call IN (SELECT call FROM person_calls)";
const ABOUT: &str = "erased IS NULL AND (customer IN (SELECT reference FROM person_records)
    OR call IN (SELECT call FROM person_calls))";

/// Of their calls; and where a call of somebody else was passed on to a number of theirs, however it was dialled. Where the
/// last seven digits are not enough to tell, one step too many goes.
const STEPS: &str = "call IN (SELECT call FROM person_calls) OR other IN (SELECT text FROM person_texts)
    OR EXISTS (SELECT 1 FROM person_numbers n, (SELECT ltrim(replace(replace(replace(other, '+', ''), ' ', ''), '-', ''), '0') AS digits)
        WHERE length(digits) >= 7 AND substr(CAST(n.number AS TEXT), -length(digits)) = digits)";
/// Of their calls; and where they stood at the call of somebody else until it was corrected.
const WORDS: &str = "call IN (SELECT call FROM person_calls)
    OR customer IN (SELECT reference FROM person_records) OR before IN (SELECT reference FROM person_records)";

/// Who else was named in the same breath is nobody's business but theirs.
const WORDS_SHOWN: &str = "id, call, at, line, word,
    iif(customer IN (SELECT reference FROM person_records), customer, NULL) AS customer,
    iif(customer IN (SELECT reference FROM person_records), customer_name, '') AS customer_name,
    iif(before IN (SELECT reference FROM person_records), before, NULL) AS before,
    iif(before IN (SELECT reference FROM person_records), before_name, '') AS before_name";

const OUTBOX: &str =
    "source || '/' || record IN (SELECT reference FROM person_records) OR call IN (SELECT call FROM person_calls)";

/// A call that stays: when, how long, at which of our phones and queues, and how it came out. Whoever it was with is not in
/// it, and the name it has from then on is no name that a phone system knows.
const CALL: &str = "
    id = (SELECT anonymous FROM person_calls p WHERE p.call = calls.id), number = NULL, number_raw = '',
    number_display = '', caller_name = '', customer = NULL, customer_name = '', customer_company = '', mark = NULL,
    called = CASE direction WHEN 'in' THEN called ELSE '' END,
    answered_by = CASE WHEN EXISTS (SELECT 1 FROM call_lines l
        WHERE l.call IN (calls.id, (SELECT anonymous FROM person_calls p WHERE p.call = calls.id))
          AND l.extension = calls.answered_by) THEN answered_by END";

/// All of them.
pub(super) const TABLES: &[Table] = &[
    kept_anonymous("calls", "id IN (SELECT call FROM person_calls)", CALL).without_call(),
    kept_anonymous("call_lines", BY_CALL, ""),
    gone("call_steps", STEPS),
    kept_anonymous("call_waits", BY_CALL, ""),
    gone("call_words", WORDS).shown_as(WORDS_SHOWN),
    Table::by_call("call_comments"),
    Table::by_call("call_marks"),
    Table::by_call("notes"),
    follows("note_revisions", BY_CALL),
    Table::by_call("handed_notes"),
    gone("customers", "'desk/' || key IN (SELECT reference FROM person_records)"),
    gone("links", BY_CUSTOMER),
    gone("choices", BOTH),
    kept_anonymous("dispositions", BY_CALL, ""),
    gone("tasks", TASKS),
    gone("tickets", TICKETS),
    follows(
        "ticket_entries",
        "ticket IN (SELECT id FROM tickets WHERE customer IN (SELECT reference FROM person_records)
            OR customer IS NULL AND call IN (SELECT call FROM person_calls))",
    ),
    gone("offers", BOTH),
    kept_anonymous("missed_closed", BY_CALL, ""),
    gone(
        "saved_filters",
        "EXISTS (SELECT 1 FROM person_records WHERE instr(filter, json_quote(reference)) > 0)",
    )
    .without_call(),
    gone("contacts", BY_CUSTOMER).without_call(),
    gone(
        "record_links",
        "one IN (SELECT reference FROM person_records) OR other IN (SELECT reference FROM person_records)",
    )
    .without_call(),
    gone("records_apart", "record IN (SELECT reference FROM person_records)").without_call(),
    gone("edits", "record IN (SELECT reference FROM person_records)").without_call(),
    gone("outbox", OUTBOX),
    kept(
        "campaigns",
        "what a list is for; whom it has stands in campaign_entries",
    ),
    gone("campaign_entries", BY_CUSTOMER).without_call(),
    Table {
        name: "campaign_tries",
        whose: "entry IN (SELECT id FROM campaign_entries WHERE customer IN (SELECT reference FROM person_records))",
        fate: Fate::Follows,
        shown: "",
        names_call: true,
    },
    kept_anonymous("audit_about", ABOUT, "customer = NULL, call = NULL, erased = :person").without_call(),
    Table {
        name: "audit",
        whose: "about IN (SELECT id FROM audit_about WHERE customer IN (SELECT reference FROM person_records)
            OR call IN (SELECT call FROM person_calls))",
        fate: Fate::Kept("who saw and did what has to be answered for; whom it was about is a pseudonym from then on"),
        shown: "",
        names_call: false,
    },
    kept("audit_gate", "empty"),
    kept("left_out", "hashes, so that no source brings anybody back"),
    kept("left_out_key", "the key of the hashes"),
    kept("erasures", "what an erasure has still to do; empty when it has done it"),
    kept("numbers_given", "how many rows each table ever had"),
    kept("write_back", "sources of the settings"),
    kept("my_lines", "extensions of the settings"),
    kept("users", "those who share the desk"),
    kept("user_lines", "where they sit"),
    derived("note_words"),
    derived("note_words_config"),
    derived("note_words_data"),
    derived("note_words_docsize"),
    derived("note_words_idx"),
];

const fn gone(name: &'static str, whose: &'static str) -> Table {
    Table {
        name,
        whose,
        fate: Fate::Gone,
        shown: "",
        names_call: true,
    }
}

const fn kept_anonymous(name: &'static str, whose: &'static str, set: &'static str) -> Table {
    Table {
        name,
        whose,
        fate: Fate::Anonymous(set),
        shown: "",
        names_call: true,
    }
}

const fn follows(name: &'static str, whose: &'static str) -> Table {
    Table {
        name,
        whose,
        fate: Fate::Follows,
        shown: "",
        names_call: false,
    }
}

const fn kept(name: &'static str, why: &'static str) -> Table {
    Table {
        name,
        whose: "",
        fate: Fate::Kept(why),
        shown: "",
        names_call: false,
    }
}

const fn derived(name: &'static str) -> Table {
    Table {
        name,
        whose: "",
        fate: Fate::Derived,
        shown: "",
        names_call: false,
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::journal::Journal;
    use crate::vault::MasterKey;

    fn journal() -> (tempfile::TempDir, Journal) {
        let folder = tempfile::tempdir().expect("a folder");
        let key = MasterKey::from_hex(&"07".repeat(32)).expect("a key");
        let journal = Journal::open(&folder.path().join("journal.db"), &key).expect("open");
        (folder, journal)
    }

    fn texts(conn: &Connection, sql: &str) -> Vec<String> {
        let mut select = conn.prepare(sql).expect("a statement");
        let rows = select.query_map([], |row| row.get(0)).expect("rows");
        rows.collect::<Result<_, _>>().expect("texts")
    }

    #[test]
    fn every_table_of_the_journal_says_what_becomes_of_it() {
        let (_folder, journal) = journal();
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
        let there = texts(&journal.conn, sql);
        let mut known: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
        known.sort_unstable();
        assert_eq!(
            there, known,
            "say in journal/person_tables.rs what becomes of each table when somebody is erased"
        );
    }

    #[test]
    fn what_names_a_call_a_customer_or_a_number_is_not_just_kept() {
        let (_folder, journal) = journal();
        for table in TABLES {
            let columns = texts(
                &journal.conn,
                &format!("SELECT name FROM pragma_table_info('{}')", table.name),
            );
            let has = |name: &str| columns.iter().any(|column| column == name);
            let of_somebody = ["call", "customer", "number", "record", "customer_name"]
                .into_iter()
                .any(has);
            let untouched = table.whose.is_empty();
            assert!(
                !(of_somebody && untouched && matches!(table.fate, Fate::Kept(_))),
                "{}",
                table.name
            );
            let gone_by_itself = matches!(table.fate, Fate::Follows | Fate::Derived) || table.name == "audit_about";
            assert!(
                !has("call") || table.names_call || gone_by_itself,
                "{} names calls",
                table.name
            );
            assert!(has("call") || !table.names_call, "{} names no call", table.name);
            if let Fate::Kept(why) = table.fate {
                assert!(!why.is_empty(), "{}", table.name);
            }
        }
    }

    #[test]
    fn every_condition_is_one_that_the_journal_understands() {
        let (_folder, journal) = journal();
        let all = journal
            .everything_of(&crate::journal::Subject::default())
            .expect("read");
        assert!(all.values().all(|rows| rows.as_array().is_some_and(Vec::is_empty)));
    }
}
