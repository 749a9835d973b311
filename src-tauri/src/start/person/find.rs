//! Finds the one person that is meant, with everything that the stores know them by. It changes nothing.

use super::{Candidate, NoPerson, Person, SHORTEST_NAME};
use crate::customer::{Customer, CustomerRef};
use crate::directory::Reading;
use crate::journal::{Journal, Subject, is_created};
use crate::number::{self, Key};

/// So many are listed where somebody could be meant.
const LISTED: usize = 20;

/// The two stores that know people.
pub(super) struct Stores<'r> {
    pub(super) reading: Reading<'r>,
    pub(super) journal: &'r Journal,
}

impl Stores<'_> {
    pub(super) fn knows(&self, record: &CustomerRef) -> Result<bool, NoPerson> {
        let in_cache = self.reading.by_reference(record)?.is_some();
        Ok(in_cache || self.journal.name_of(record)?.is_some())
    }

    /// Everybody who has or had the number; where nobody has, who called from it.
    pub(super) fn by_number(&self, text: &str, key: u64) -> Result<Person, NoPerson> {
        let mut records = self.reading.records_with(key)?;
        records.extend(self.journal.who_had(key)?);
        let mut people = self.groups(records)?;
        match people.len() {
            0 => {
                let person = self.person(Vec::new(), vec![key], true)?;
                match self.journal.calls_of_person(&person.subject)?.0.is_empty() {
                    true => Err(NoPerson::Nobody(shown_text(text))),
                    false => Ok(person),
                }
            }
            1 => self.person(people.remove(0), Vec::new(), true),
            _ => Err(self.several(text, &people)?),
        }
    }

    pub(super) fn by_name(&self, text: &str) -> Result<Person, NoPerson> {
        let hits = self.reading.search(text, LISTED + 1)?.into_iter();
        let mut records: Vec<CustomerRef> = hits.map(|hit| hit.customer.reference).collect();
        records.extend(self.journal.called_like(text)?);
        let mut people = self.groups(records)?;
        match people.len() {
            0 => Err(NoPerson::Nobody(shown_text(text))),
            1 => {
                let mut person = self.person(people.remove(0), Vec::new(), false)?;
                person.exact = person.name.to_lowercase() == text.to_lowercase();
                Ok(person)
            }
            _ => Err(self.several(text, &people)?),
        }
    }

    fn several(&self, text: &str, people: &[Vec<CustomerRef>]) -> Result<NoPerson, NoPerson> {
        let candidates = people.iter().take(LISTED).filter_map(|records| records.first());
        let candidates = candidates.map(|record| {
            Ok(Candidate {
                reference: record.clone(),
                name: self.called(std::slice::from_ref(record))?,
            })
        });
        Ok(NoPerson::Several {
            text: shown_text(text),
            candidates: candidates.collect::<Result<_, NoPerson>>()?,
        })
    }

    /// Records as people: each person's records together.
    fn groups(&self, records: Vec<CustomerRef>) -> Result<Vec<Vec<CustomerRef>>, NoPerson> {
        let mut people: Vec<Vec<CustomerRef>> = Vec::new();
        for record in records {
            if !people.iter().any(|person| person.contains(&record)) {
                people.push(self.all_records(vec![record])?);
            }
        }
        Ok(people)
    }

    /// Every record of the person that these are of, by what the sources and what people said.
    fn all_records(&self, mut records: Vec<CustomerRef>) -> Result<Vec<CustomerRef>, NoPerson> {
        loop {
            let before = records.len();
            for record in records.clone() {
                let others = self.reading.records_of(&record)?.into_iter();
                let others = others.map(|other| other.reference);
                let linked = self.journal.linked_with(std::slice::from_ref(&record))?;
                for other in others.chain(linked) {
                    if !records.contains(&other) {
                        records.push(other);
                    }
                }
            }
            if records.len() == before {
                return Ok(records);
            }
        }
    }

    pub(super) fn person(&self, records: Vec<CustomerRef>, numbers: Vec<u64>, exact: bool) -> Result<Person, NoPerson> {
        let records = self.all_records(records)?;
        let (mut keys, mut texts, mut names) = (numbers, Vec::new(), Vec::new());
        for record in &records {
            keys.extend(self.journal.numbers_linked_to(record)?);
            names.extend(self.journal.name_of(record)?);
            if let Some(customer) = self.record(record)? {
                keys.extend(self.reading.keys_of(&customer)?);
                let reach = self.reading.reach(customer.id)?.into_iter();
                texts.extend(reach.filter(|one| one.key.is_none()).map(|one| one.raw));
                names.push(self.reading.email(customer.id)?);
                names.push(customer.name);
            }
        }
        keys.sort_unstable();
        keys.dedup();
        let (mut own, mut shared) = (Vec::new(), Vec::new());
        for key in keys {
            let mut others = self.reading.records_with(key)?;
            others.extend(self.journal.who_had(key)?);
            others.retain(|other| !records.contains(other));
            others.sort_unstable();
            others.dedup();
            if others.is_empty() {
                texts.extend(Key::new(key).map(number::display));
                own.push(key);
            } else {
                shared.push((shown(key), others));
            }
        }
        names.retain(|name| name.chars().count() >= SHORTEST_NAME);
        names.sort_unstable();
        names.dedup();
        let name = match records.is_empty() {
            true => own.first().copied().map(shown).unwrap_or_default(),
            false => self.called(&records)?,
        };
        let subject = Subject {
            records,
            numbers: own,
            texts,
            names,
        };
        Ok(Person {
            name,
            subject,
            shared,
            exact,
        })
    }

    /// The record itself, not the person that it is one of.
    fn record(&self, record: &CustomerRef) -> Result<Option<Customer>, NoPerson> {
        let records = self.reading.records_of(record)?;
        Ok(records.into_iter().find(|one| one.reference == *record))
    }

    fn called(&self, records: &[CustomerRef]) -> Result<String, NoPerson> {
        for record in records {
            let customer = self.reading.by_reference(record)?.filter(|_| !is_created(record));
            let name = match customer {
                Some(customer) if !customer.name.is_empty() => Some(customer.name),
                Some(customer) => Some(customer.company),
                None => self.journal.name_of(record)?,
            };
            if let Some(name) = name.filter(|name| !name.trim().is_empty()) {
                return Ok(shown_text(&name));
            }
        }
        Ok(records.first().map(ToString::to_string).unwrap_or_default())
    }
}

/// The key of a text that is a number and nothing else.
pub(super) fn number_of(text: &str, home: &number::Home) -> Option<u64> {
    let dialled = |c: char| c.is_ascii_digit() || " +-/().\u{a0}".contains(c);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if digits < 5 || !text.chars().all(dialled) {
        return None;
    }
    number::read(text, home.region).ok().map(|read| read.key.get())
}

/// A number as people write it.
pub(super) fn shown(key: u64) -> String {
    Key::new(key).map_or_else(|| format!("+{key}"), number::display)
}

/// A text of a source may move the cursor of a terminal.
pub(super) fn shown_text(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '·' } else { c }).collect()
}
