//! A database as a source: rows made into records, in batches, from a mark on.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use zeroize::Zeroizing;

use super::database::{Database, Failure, Texts};
use super::file::{Query, SqlFile};
use super::guard;
use crate::source::date::{self, Order};
use crate::source::pull::{Batch, Extent, Mark, PullError, Refused, Sink, Source, Stopped, Stream};
use crate::source::rows::key_field;
use crate::source::shape::{Shape, keyed};
use crate::source::{Field, Kind, Settings};
use crate::vault::{self, Keyring, SecretError};
use crate::words::Saying;

/// Records of a batch, which is one transaction: each writes the pages it changes, encrypted, however little it changes of them.
const BATCH: usize = 5_000;

/// Lines of one order, which stand in one batch.
const LONGEST_ORDER: usize = 20_000;

/// How far back a time is asked for again, in seconds.
const OVERLAP: u32 = 120;

/// A database.
pub struct SqlSource {
    file: SqlFile,
    password: Option<Zeroizing<String>>,
    folder: PathBuf,
    settings: Settings,
}

impl SqlSource {
    /// The database of a file. The password is read now; `folder` is what relative paths count from.
    ///
    /// # Errors
    /// When the password cannot be had.
    pub fn new(
        file: SqlFile,
        folder: PathBuf,
        keyring: Option<&Keyring>,
        settings: Settings,
    ) -> Result<Self, SecretError> {
        let password = file.database.password.as_ref();
        let password = password
            .map(|place| vault::read_secret(place, &folder, keyring))
            .transpose()?;
        Ok(SqlSource {
            file,
            password,
            folder,
            settings,
        })
    }

    /// What should be set up otherwise, in sentences: a user who may write.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub fn remarks(&self) -> Result<Vec<String>, PullError> {
        let mut database = self.open("")?;
        let writes = database.may_write();
        let remark = format!(
            "{}: the user {} may also write. Ringside only reads, but take a user who cannot do anything else",
            self.file.title, self.file.database.user
        );
        Ok(writes.then_some(remark).into_iter().collect())
    }

    fn open(&self, stream: &str) -> Result<Database, PullError> {
        let password = self.password.as_ref().map(|password| password.as_str());
        Database::open(&self.file.database, password, &self.folder).map_err(|failure| self.error(stream, failure))
    }

    fn error(&self, stream: &str, failure: Failure) -> PullError {
        let name = if stream.is_empty() {
            self.file.title.clone()
        } else {
            format!("{} ({stream})", self.file.title)
        };
        match failure {
            Failure::Refused(why) => PullError::Refused {
                said: Saying::of("import.system").with("system", name).with_said("why", why),
            },
            Failure::Later(why) => PullError::Later {
                said: Saying::of("import.system_later")
                    .with("system", name)
                    .with_said("why", why),
                after: None,
            },
        }
    }
}

impl Source for SqlSource {
    fn streams(&self) -> Vec<Stream> {
        let stream = |query: &Query| Stream {
            name: query.name.clone(),
            kind: keyed(query.gives),
        };
        self.file.queries.iter().map(stream).collect()
    }

    fn pull(&mut self, stream: &Stream, mark: Option<&Mark>, sink: &mut Sink<'_>) -> Result<Extent, PullError> {
        let refused = |what: String| self.error(&stream.name, Failure::Refused(Saying::quoted(what)));
        let query = self.file.queries.iter().find(|query| query.name == stream.name);
        let query = query.ok_or_else(|| refused("there is no such query in the file any more".to_owned()))?;
        let sql = filled(query, mark).ok_or_else(|| PullError::MarkExpired {
            what: self.file.title.clone(),
        })?;
        guard::reads_only(&sql).map_err(refused)?;
        let mut run = Run {
            query,
            settings: &self.settings,
            reader: None,
            batch: Batch::default(),
            reached: mark.map(|mark| mark.0.clone()),
            order: None,
            orders: HashSet::new(),
            end: None,
            sink,
        };
        let mut database = self.open(&stream.name)?;
        database
            .rows(&sql, &mut |names, texts| run.take(names, &texts))
            .map_err(|failure| self.error(&stream.name, failure))?;
        run.finish().map_err(|end| match end {
            End::Stopped => PullError::Stopped(Stopped),
            End::Wrong(what) => refused(what),
        })?;
        let whole = mark.is_none() || query.watermark.is_none();
        Ok(if whole { Extent::Whole } else { Extent::Changes })
    }
}

/// The SQL of a query from a mark on; `None` when the mark is none.
fn filled(query: &Query, mark: Option<&Mark>) -> Option<String> {
    let since = match mark {
        Some(mark) => back(&mark.0, query.overlap_seconds.unwrap_or(OVERLAP)),
        None => query.first.clone().unwrap_or_else(|| "1970-01-01 00:00:00".to_owned()),
    };
    Some(query.sql.replace("{since}", &guard::literal(&since)?))
}

/// A time so many seconds earlier, as text of SQL; what is no time stays as it is.
fn back(since: &str, seconds: u32) -> String {
    match time(since) {
        Some(at) => {
            (at - TimeDelta::seconds(seconds.into()))
                .format("%Y-%m-%d %H:%M:%S%.6f")
                .to_string()
                + zone(since)
        }
        None => since.to_owned(),
    }
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    let is_number = text.bytes().all(|b| b.is_ascii_digit());
    date::read(text, Order::DayFirst).filter(|_| !is_number)
}

/// A time with a zone stays one with a zone: it was turned into UTC.
fn zone(text: &str) -> &'static str {
    let clock = text.get(10..).unwrap_or_default();
    if clock.contains(['+', '-']) || text.ends_with('Z') {
        "+00"
    } else {
        ""
    }
}

/// Is `one` before `other`, as times or numbers?
fn is_before(one: &str, other: &str) -> bool {
    match (time(one), time(other)) {
        (Some(one), Some(other)) => one < other,
        _ => match (one.parse::<i128>(), other.parse::<i128>()) {
            (Ok(one), Ok(other)) => one < other,
            _ => one < other,
        },
    }
}

/// Why a run ended before its rows did.
enum End {
    Stopped,
    Wrong(String),
}

struct Run<'r, 's> {
    query: &'r Query,
    settings: &'r Settings,
    reader: Option<Reader>,
    batch: Batch,
    reached: Option<String>,
    order: Option<String>,
    orders: HashSet<u64>,
    end: Option<End>,
    sink: &'r mut Sink<'s>,
}

/// Which column is what.
struct Reader {
    shape: Shape,
    cells: Vec<usize>,
    phones: Vec<(String, usize)>,
    key: Option<usize>,
    watermark: Option<usize>,
}

impl Run<'_, '_> {
    /// Takes a row; `false` when no more are wanted.
    fn take(&mut self, names: &[String], texts: &Texts) -> bool {
        self.end = self.row(names, texts).err();
        self.end.is_none()
    }

    fn row(&mut self, names: &[String], texts: &Texts) -> Result<(), End> {
        if self.reader.is_none() {
            self.reader = Some(Reader::new(self.query, names, self.settings).map_err(End::Wrong)?);
        }
        let Some(reader) = &self.reader else { return Ok(()) };
        let text = |at: usize| {
            texts
                .get(at)
                .and_then(Option::as_deref)
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        let key = reader.key.map(text).unwrap_or_default();
        if let Some(changed) = reader.watermark.map(text).filter(|changed| !changed.is_empty())
            && self.reached.as_ref().is_none_or(|reached| is_before(reached, &changed))
        {
            self.reached = Some(changed);
        }
        let cells: Vec<String> = reader.cells.iter().map(|&at| text(at)).collect();
        let phones: Vec<(String, String)> = reader
            .phones
            .iter()
            .map(|(label, at)| (label.clone(), text(*at)))
            .collect();
        let read = reader.shape.records(&cells, &phones);
        self.part(&key)?;
        match read {
            Ok(records) => self.batch.records.extend(records),
            Err(reason) => self.batch.refused.push(Refused {
                key,
                reason: reason.saying(),
            }),
        }
        Ok(())
    }

    /// Hands a full batch over, never within an order.
    fn part(&mut self, key: &str) -> Result<(), End> {
        let full = self.batch.records.len() + self.batch.refused.len();
        if self.query.gives == Kind::Orders {
            if self.order.as_deref() == Some(key) {
                let long = full >= LONGEST_ORDER;
                return if long {
                    Err(End::Wrong(format!("order {key} has more than {LONGEST_ORDER} lines")))
                } else {
                    Ok(())
                };
            }
            let mut hasher = DefaultHasher::new();
            key.hash(&mut hasher);
            if !self.orders.insert(hasher.finish()) {
                return Err(End::Wrong(format!(
                    "the lines of order {key} do not stand together: add ORDER BY with the order's number"
                )));
            }
            self.order = Some(key.to_owned());
        }
        if full >= BATCH { self.hand_over() } else { Ok(()) }
    }

    fn hand_over(&mut self) -> Result<(), End> {
        (self.sink)(std::mem::take(&mut self.batch)).map_err(|Stopped| End::Stopped)
    }

    fn finish(mut self) -> Result<(), End> {
        if let Some(end) = self.end.take() {
            return Err(end);
        }
        if self.query.watermark.is_some() {
            self.batch.mark = self
                .reached
                .take()
                .filter(|reached| guard::literal(reached).is_some())
                .map(Mark);
        }
        self.hand_over()
    }
}

impl Reader {
    fn new(query: &Query, names: &[String], settings: &Settings) -> Result<Self, String> {
        let there = || names.join(", ");
        let find = |name: &str| names.iter().position(|known| known.eq_ignore_ascii_case(name));
        let (mut fields, mut cells, mut phones) = (Vec::new(), Vec::new(), Vec::new());
        for &field in Field::ALL {
            let said = query.map.get(field.name());
            let usual = [field.name().to_owned()];
            for name in said.map_or(&usual[..], |columns| columns.names()) {
                match find(name) {
                    Some(at) if field == Field::Phone => phones.push((name.clone(), at)),
                    Some(at) => {
                        fields.push(field);
                        cells.push(at);
                    }
                    None if said.is_some() => {
                        return Err(format!(
                            "map says that {field} is the column {name}, and the query gives {}",
                            there()
                        ));
                    }
                    None => {}
                }
            }
        }
        if let [(label, _)] = &mut phones[..] {
            label.clear();
        }
        let shape = Shape::new(query.gives, &fields, settings).map_err(|missing| {
            let missing: Vec<String> = missing
                .iter()
                .map(|field| format!("{} ({})", field.name(), field.describe()))
                .collect();
            format!(
                "the query gives no column called {}; it gives {}. Name it by AS in the SQL, or in map",
                missing.join(" nor "),
                there()
            )
        })?;
        let watermark = match &query.watermark {
            Some(name) => Some(
                find(name)
                    .ok_or_else(|| format!("the watermark is the column {name}, and the query gives {}", there()))?,
            ),
            None => None,
        };
        let key = fields.iter().position(|field| *field == key_field(query.gives));
        let key = key.map(|at| cells[at]);
        Ok(Reader {
            shape,
            cells,
            phones,
            key,
            watermark,
        })
    }
}
