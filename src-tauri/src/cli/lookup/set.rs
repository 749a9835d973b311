//! A labelled set: tenants with customers and calls, each matched as a deployment of its own.
//!
//! The customers go through what an import does with a telephone field into a cache of their own, and the calls through
//! what a ringing phone asks. It never opens the truth that a set is scored by.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use chrono::DateTime;
use tempfile::TempDir;

use crate::config::{Trunk, write_durably};
use crate::customer::CustomerId;
use crate::desk::{FeedNumbers, Via};
use crate::directory::{Directory, DirectoryError};
use crate::matching;
use crate::number::{DialContext, Home, Region};
use crate::source::phones_of;
use crate::source::record::CustomerRow;

use super::{candidates, words};

/// Why a set cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SetError {
    /// A file lacks or cannot be read.
    #[error("cannot read {}: {error}; a set has tenants.csv, customers.csv and calls.csv", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: csv::Error,
    },
    /// A column lacks.
    #[error("{} has no column `{column}`; it has {found}", path.display())]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: &'static str,
        /// Those that are there.
        found: String,
    },
    /// A row says what cannot be.
    #[error("{}, line {line}: {what}", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// The line that the row begins on, counted from 1.
        line: u64,
        /// What is wrong with it.
        what: String,
    },
    /// The cache of the set cannot be kept.
    #[error("the customers of the set cannot be kept in {}: {error}", path.display())]
    Cache {
        /// Its folder.
        path: PathBuf,
        /// What the cache says.
        error: DirectoryError,
    },
    /// The result or its cache cannot be written.
    #[error("cannot write {}: {error}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

/// What was done.
pub(super) struct Done {
    pub(super) tenants: usize,
    pub(super) calls: usize,
    /// Calls that name anybody.
    pub(super) named: usize,
}

/// A row, by the columns that were asked for.
struct Row {
    line: u64,
    cells: Vec<String>,
}

/// One deployment.
#[derive(Default)]
struct Tenant {
    home: Home,
    trunks: Vec<Trunk>,
    customers: Vec<Stored>,
    known: HashMap<String, usize>,
    calls: Vec<Call>,
}

/// A customer with every telephone field.
#[derive(Default)]
struct Stored {
    key: String,
    name: String,
    country: Option<Region>,
    phones: Vec<String>,
}

/// A call, with its place in the file.
struct Call {
    nth: usize,
    trunk: String,
    number: String,
}

/// Matches the set in `folder` and writes whom each call names to `out`.
pub(super) fn run(folder: &Path, out: &Path) -> Result<Done, SetError> {
    let mut tenants = tenants(&folder.join("tenants.csv"))?;
    customers(&folder.join("customers.csv"), &mut tenants)?;
    let ids = calls(&folder.join("calls.csv"), &mut tenants)?;
    let caches = temporary()?;
    let mut answers: Vec<(String, String)> = vec![Default::default(); ids.len()];
    for (nth, tenant) in tenants.values().enumerate() {
        let path = caches.path().join(format!("{nth}.db"));
        matched(tenant, &path, &mut answers).map_err(|error| SetError::Cache { path, error })?;
    }
    let named = answers.iter().filter(|(who, _)| !who.is_empty()).count();
    write(out, &ids, &answers)?;
    Ok(Done {
        tenants: tenants.len(),
        calls: ids.len(),
        named,
    })
}

fn tenants(path: &Path) -> Result<HashMap<String, Tenant>, SetError> {
    let columns = [
        "tenant",
        "home_region",
        "home_area",
        "trunk",
        "trunk_region",
        "cli_prefix",
        "idd",
    ];
    let mut tenants: HashMap<String, Tenant> = HashMap::new();
    for Row { line, cells } in rows(path, &columns)? {
        let [tenant, home, area, trunk, region, prefix, idd] = array(cells);
        let region_of = |code: &str| {
            let what = format!("`{code}` is no country: give a two-letter code such as DE");
            let path = path.to_owned();
            Region::from_code(code).ok_or(SetError::Row { path, line, what })
        };
        let entry = tenants.entry(tenant).or_default();
        entry.home = Home {
            region: Some(region_of(&home)?),
            area,
        };
        entry.trunks.push(Trunk {
            name: trunk,
            region: Some(region_of(&region)?),
            prefix: Some(prefix),
            idd,
        });
    }
    Ok(tenants)
}

fn customers(path: &Path, tenants: &mut HashMap<String, Tenant>) -> Result<(), SetError> {
    for Row { line, cells } in rows(path, &["tenant", "customer_id", "name", "country", "phone_raw"])? {
        let [tenant, key, name, country, phone] = array(cells);
        let tenant = of_tenant(tenants, &tenant, path, line)?;
        let nth = *tenant.known.entry(key.clone()).or_insert(tenant.customers.len());
        if nth == tenant.customers.len() {
            tenant.customers.push(Stored {
                key,
                name,
                ..Stored::default()
            });
        }
        let customer = &mut tenant.customers[nth];
        customer.country = customer.country.or_else(|| Region::parse(&country));
        customer.phones.push(phone);
    }
    Ok(())
}

/// Hands the calls to their tenants; gives the ids in the order of the file.
fn calls(path: &Path, tenants: &mut HashMap<String, Tenant>) -> Result<Vec<String>, SetError> {
    let mut ids = Vec::new();
    for Row { line, cells } in rows(path, &["call_id", "tenant", "trunk", "caller_id"])? {
        let [id, name, trunk, number] = array(cells);
        let tenant = of_tenant(tenants, &name, path, line)?;
        if !tenant.trunks.iter().any(|known| known.name == trunk) {
            let (path, what) = (path.to_owned(), format!("tenants.csv gives {name} no trunk `{trunk}`"));
            return Err(SetError::Row { path, line, what });
        }
        let nth = ids.len();
        tenant.calls.push(Call { nth, trunk, number });
        ids.push(id);
    }
    Ok(ids)
}

fn of_tenant<'t>(
    tenants: &'t mut HashMap<String, Tenant>,
    name: &str,
    path: &Path,
    line: u64,
) -> Result<&'t mut Tenant, SetError> {
    let wrong = || SetError::Row {
        path: path.to_owned(),
        line,
        what: format!("tenants.csv has no tenant `{name}`"),
    };
    tenants.get_mut(name).ok_or_else(wrong)
}

/// Imports the customers of a tenant into a new cache at `path`, and asks it for every call.
fn matched(tenant: &Tenant, path: &Path, answers: &mut [(String, String)]) -> Result<(), DirectoryError> {
    let mut directory = Directory::open(path, &rand::random())?;
    let mut import = directory.begin_import("set", DateTime::UNIX_EPOCH)?;
    for stored in &tenant.customers {
        let fields: Vec<(&str, &str)> = stored.phones.iter().map(|phone| ("", phone.trim())).collect();
        import.customer(&CustomerRow {
            key: stored.key.clone(),
            name: stored.name.clone(),
            country: stored.country.map(|region| region.to_string()),
            phones: phones_of(&fields, stored.country, &tenant.home),
            ..CustomerRow::default()
        })?;
    }
    import.finish()?;
    let home = DialContext::of(tenant.home.clone());
    let numbers = FeedNumbers::new(home, Vec::new(), tenant.trunks.clone());
    let reading = directory.read()?;
    for call in &tenant.calls {
        let context = numbers.context(Via {
            feed: "set",
            called: "",
            trunk: Some(&call.trunk),
        });
        let sought = matching::find(&call.number, &context, &[], |key| reading.holders(key))?;
        let found = candidates(&sought.verdict);
        let key = |id: CustomerId| {
            let customer = reading.customer(id)?;
            Ok(customer
                .and_then(|one| one.reference.0.split_once('/').map(|(_, key)| key.to_owned()))
                .unwrap_or_default())
        };
        let who = found
            .iter()
            .map(|one| key(one.customer))
            .collect::<Result<Vec<_>, DirectoryError>>()?;
        let grades: Vec<&str> = found.iter().map(|one| words::grade(one.grade)).collect();
        answers[call.nth] = (who.join(";"), grades.join(";"));
    }
    Ok(())
}

fn write(path: &Path, ids: &[String], answers: &[(String, String)]) -> Result<(), SetError> {
    let failed = |error| SetError::Write {
        path: path.to_owned(),
        error,
    };
    let mut table = csv::Writer::from_writer(Vec::new());
    let header = ["call_id", "customer_ids", "grades"];
    table.write_record(header).map_err(io::Error::other).map_err(failed)?;
    for (id, (who, grades)) in ids.iter().zip(answers) {
        let row = [id, who, grades];
        table.write_record(row).map_err(io::Error::other).map_err(failed)?;
    }
    let bytes = table.into_inner().map_err(|error| failed(error.into_error()))?;
    // a bare name is in the current folder
    write_durably(&Path::new(".").join(path), &bytes).map_err(failed)
}

/// The rows of a file, their cells in the order of `columns`.
fn rows(path: &Path, columns: &[&'static str]) -> Result<Vec<Row>, SetError> {
    let unreadable = |error| SetError::Read {
        path: path.to_owned(),
        error,
    };
    let mut reader = csv::Reader::from_path(path).map_err(unreadable)?;
    let header = reader.headers().map_err(unreadable)?.clone();
    let place = |column: &&'static str| {
        let missing = || SetError::NoColumn {
            path: path.to_owned(),
            column,
            found: header.iter().collect::<Vec<_>>().join(", "),
        };
        header.iter().position(|name| name == *column).ok_or_else(missing)
    };
    let places = columns.iter().map(place).collect::<Result<Vec<_>, _>>()?;
    let row = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record.map_err(unreadable)?;
        Ok(Row {
            line: record.position().map_or(0, csv::Position::line),
            cells: places.iter().map(|&place| record[place].to_owned()).collect(),
        })
    };
    reader.records().map(row).collect()
}

/// As many cells as columns were asked for.
fn array<const N: usize>(cells: Vec<String>) -> [String; N] {
    let mut cells = cells.into_iter();
    std::array::from_fn(|_| cells.next().unwrap_or_default())
}

/// A folder for caches that goes with the value.
fn temporary() -> Result<TempDir, SetError> {
    let error = |error| SetError::Write {
        path: std::env::temp_dir(),
        error,
    };
    TempDir::with_prefix("ringside-set-").map_err(error)
}
