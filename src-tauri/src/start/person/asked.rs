//! What is asked in the window about one person. Supervisors and admins may; the desk says so before anything is looked at.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::{Declined, GivenOut, NoPerson, People, Person};
use crate::customer::CustomerRef;
use crate::desk::{DeskError, DeskHandle};
use crate::pop::view::KnownView;
use crate::role::Act;

impl People {
    /// What is known of the customer with this reference, and would go.
    ///
    /// # Errors
    /// See [`Declined`].
    pub async fn asked_what_is_known(&self, desk: &DeskHandle, reference: String) -> Result<KnownView, Declined> {
        desk.may(Act::Team).await?;
        let people = self.clone();
        apart(move || people.known(&people.of_page(&reference)?)).await
    }

    /// Writes all that is known of the customer with this reference into a file. That it was given out, and by whom, stands in
    /// the audit trail first.
    ///
    /// # Errors
    /// See [`Declined`].
    pub async fn asked_to_give_out(
        &self,
        desk: &DeskHandle,
        reference: String,
        path: PathBuf,
        now: DateTime<Utc>,
    ) -> Result<GivenOut, Declined> {
        let people = self.clone().by(desk.may(Act::Team).await?);
        apart(move || people.write(&people.of_page(&reference)?, &path, now)).await
    }

    /// Begins to erase the customer with this reference, whose name was `typed`: the next start does it, before anything is
    /// loaded. Durable on return.
    ///
    /// # Errors
    /// See [`Declined`]; nothing is begun then.
    pub async fn asked_to_erase(
        &self,
        desk: &DeskHandle,
        reference: String,
        typed: String,
        now: DateTime<Utc>,
    ) -> Result<(), Declined> {
        let people = self.clone().by(desk.may(Act::Team).await?);
        apart(move || {
            let person = people.of_page(&reference)?;
            match person.is_called(&typed) {
                true => people.begin(&person, now).map(drop),
                false => Err(NoPerson::AnotherName),
            }
        })
        .await
    }

    /// The person whose page is open. A page is of a record and of nothing that a search would forgive.
    fn of_page(&self, reference: &str) -> Result<Person, NoPerson> {
        let person = self.find(reference)?;
        match person.subject.records.contains(&CustomerRef(reference.to_owned())) {
            true => Ok(person),
            false => Err(NoPerson::NobodyNamed),
        }
    }
}

/// On a thread of its own: the stores of a large shop take seconds, and no call waits for that.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> Result<T, NoPerson> + Send + 'static) -> Result<T, Declined> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|_| DeskError::Closed)??)
}
