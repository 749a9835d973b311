//! Which records of different sources are one person or company.
//!
//! All of it is found out anew from what the records say and what people said, so that a record that is parted is again
//! what it was. A telephone number alone never links: it is shared, and it changes hands.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use rusqlite::{Connection, params};

use super::{DirectoryError, Place, related, schema};
use crate::customer::CustomerRef;
use crate::number::plain;

/// Page cache of a connection that reads all customers once.
const ONCE_KIB: u32 = 8 * 1024;
/// A tax number of fewer letters and digits is none.
const SHORTEST_TAX_NUMBER: usize = 6;

/// What people said of records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hand {
    /// These two are one.
    pub together: Vec<(CustomerRef, CustomerRef)>,
    /// These are nobody else, whatever they have in common with others.
    pub apart: Vec<CustomerRef>,
}

/// A record, as far as it tells who it is.
struct Node {
    id: i64,
    source: i64,
    precedence: i64,
    apart: bool,
}

/// Records that were joined, each pointing to another of its group or to itself.
struct Groups {
    nodes: Vec<Node>,
    parent: Vec<usize>,
    /// Of a group, by its root: the sources that it has records of, where it has more than one record.
    sources: HashMap<usize, Vec<i64>>,
}

impl Place {
    /// Links the records of different sources that are one: by what a source says itself, by tax number, by e-mail
    /// address, and by hand. Gives how many records changed sides.
    ///
    /// # Errors
    /// [`DirectoryError::Taken`] when somebody else is writing, and when the cache cannot be written.
    pub fn link(&self, hand: &Hand) -> Result<u64, DirectoryError> {
        let _turn = schema::take_turn(&self.path)?;
        let mut connection = schema::open(&self.path, &self.key, ONCE_KIB)?;
        schema::prepare(&mut connection, &self.path)?;
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let sources = "SELECT count(*) FROM sources s WHERE EXISTS (SELECT 1 FROM customers c WHERE c.source = s.id)";
        let several: i64 = transaction.query_row(sources, [], |row| row.get(0))?;
        let leaders = match several > 1 || !hand.together.is_empty() {
            true => leaders(&transaction, hand)?,
            false => HashMap::new(),
        };
        let changed = write(&transaction, &leaders)?;
        if changed > 0 {
            related::catalogue_changed(&transaction)?;
        }
        transaction.commit()?;
        Ok(changed)
    }
}

/// Of every record that is not alone the one that leads.
fn leaders(connection: &Connection, hand: &Hand) -> Result<HashMap<i64, i64>, DirectoryError> {
    let mut apart = Vec::new();
    for reference in &hand.apart {
        apart.extend(row_of(connection, reference)?);
    }
    let hasher = RandomState::new();
    let (mut nodes, mut emails, mut taxes) = (Vec::new(), Vec::new(), Vec::new());
    let sql = "SELECT c.id, c.source, s.precedence, c.email, c.vat FROM customers c JOIN sources s ON s.id = c.source";
    let mut find = connection.prepare(sql)?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        let text = |column| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
        let (at, id) = (nodes.len(), row.get(0)?);
        let email = text(3)?.trim().to_lowercase();
        if email.contains('@') {
            emails.push((hasher.hash_one(email), at));
        }
        let tax = plain(text(4)?);
        if tax.len() >= SHORTEST_TAX_NUMBER {
            taxes.push((hasher.hash_one(tax), at));
        }
        nodes.push(Node {
            id,
            source: row.get(1)?,
            precedence: row.get(2)?,
            apart: apart.contains(&id),
        });
    }
    let mut groups = Groups::new(nodes);
    groups.join_by_hand(connection, hand)?;
    groups.join_by_word(connection)?;
    groups.join_alike(taxes);
    groups.join_alike(emails);
    Ok(groups.leaders())
}

impl Groups {
    fn new(nodes: Vec<Node>) -> Self {
        Groups {
            parent: (0..nodes.len()).collect(),
            sources: HashMap::new(),
            nodes,
        }
    }

    fn join_by_hand(&mut self, connection: &Connection, hand: &Hand) -> Result<(), DirectoryError> {
        for (one, other) in &hand.together {
            let rows = (row_of(connection, one)?, row_of(connection, other)?);
            if let (Some(one), Some(other)) = (rows.0.and_then(|id| self.at(id)), rows.1.and_then(|id| self.at(id))) {
                self.unite(one, other);
            }
        }
        Ok(())
    }

    fn join_by_word(&mut self, connection: &Connection) -> Result<(), DirectoryError> {
        let mut find = connection.prepare("SELECT customer_id, reference FROM same_as ORDER BY 1, 2")?;
        let mut rows = find.query([])?;
        while let Some(row) = rows.next()? {
            let other = row_of(connection, &CustomerRef(row.get(1)?))?;
            if let (Some(one), Some(other)) = (self.at(row.get(0)?), other.and_then(|id| self.at(id))) {
                self.join(one, other);
            }
        }
        Ok(())
    }

    /// Joins records that have the same, unless a source has it at several of its own records: then it says nothing of
    /// any of them.
    fn join_alike(&mut self, mut alike: Vec<(u64, usize)>) {
        alike.sort_unstable();
        for group in alike.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
            let mut sources: Vec<i64> = group.iter().map(|(_, at)| self.nodes[*at].source).collect();
            sources.sort_unstable();
            if sources.windows(2).all(|two| two[0] != two[1]) {
                group.windows(2).for_each(|two| self.join(two[0].1, two[1].1));
            }
        }
    }

    /// Joins two records, unless a person parted one, or it would make two records of one source one.
    fn join(&mut self, one: usize, other: usize) {
        if self.nodes[one].apart || self.nodes[other].apart {
            return;
        }
        let (a, b) = (self.root(one), self.root(other));
        let sources = |root: usize| match self.sources.get(&root) {
            Some(sources) => sources.clone(),
            None => vec![self.nodes[root].source],
        };
        let (of_a, of_b) = (sources(a), sources(b));
        if a != b && of_a.iter().all(|source| !of_b.contains(source)) {
            self.unite(one, other);
        }
    }

    fn unite(&mut self, one: usize, other: usize) {
        let (a, b) = (self.root(one), self.root(other));
        if a == b {
            return;
        }
        let mut sources = self.sources.remove(&a).unwrap_or_else(|| vec![self.nodes[a].source]);
        let of_b = self.sources.remove(&b).unwrap_or_else(|| vec![self.nodes[b].source]);
        sources.extend(of_b);
        self.parent[b] = a;
        self.sources.insert(a, sources);
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    /// Rows come in the order of their ids.
    fn at(&self, id: i64) -> Option<usize> {
        self.nodes.binary_search_by_key(&id, |node| node.id).ok()
    }

    fn leaders(mut self) -> HashMap<i64, i64> {
        let mut groups: HashMap<usize, Vec<usize>> = HashMap::new();
        for at in 0..self.nodes.len() {
            let root = self.root(at);
            if self.sources.contains_key(&root) {
                groups.entry(root).or_default().push(at);
            }
        }
        let mut leaders = HashMap::new();
        for members in groups.into_values() {
            let first = |at: &&usize| (self.nodes[**at].precedence, self.nodes[**at].id);
            if let Some(leader) = members.iter().min_by_key(first) {
                leaders.extend(members.iter().map(|at| (self.nodes[*at].id, self.nodes[*leader].id)));
            }
        }
        leaders
    }
}

/// Writes what is new; how many records that were.
fn write(connection: &Connection, leaders: &HashMap<i64, i64>) -> Result<u64, DirectoryError> {
    let mut known: HashMap<i64, i64> = connection
        .prepare("SELECT id, person FROM customers WHERE person IS NOT NULL")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut update = connection.prepare("UPDATE customers SET person = ?2 WHERE id = ?1")?;
    let mut changed = 0;
    for (id, leader) in leaders {
        if known.remove(id) != Some(*leader) {
            update.execute([id, leader])?;
            changed += 1;
        }
    }
    for id in known.into_keys() {
        update.execute(params![id, None::<i64>])?;
        changed += 1;
    }
    Ok(changed)
}

pub(super) fn row_of(connection: &Connection, reference: &CustomerRef) -> Result<Option<i64>, DirectoryError> {
    let Some((source, key)) = reference.0.split_once('/') else {
        return Ok(None);
    };
    match super::sync::source_id(connection, source)? {
        Some(source) => super::removal::customer_of(connection, source, key),
        None => Ok(None),
    }
}
