//! Those who share the desk, as an admin sees and changes them; and the handle for it, which is where PINs are hashed, so that
//! no call waits for that.

use chrono::{DateTime, SubsecRound as _, Utc};

use super::error::DeskError;
use super::pages::PageRequest;
use super::request::DeskHandle;
use super::state::Desk;
use crate::call::Line;
use crate::config::is_extension;
use crate::journal::{Act, AuditEntry, Doer, NewUser, User, UserId};
use crate::pop::view::{SessionView, UserRequest, UserView};
use crate::role;
use crate::vault::Pin;

/// The most extensions that one person sits at.
const MOST_LINES: usize = 20;

impl Desk {
    /// Everybody who shares the desk.
    pub(super) fn users(&self, now: DateTime<Utc>) -> Result<Vec<UserView>, DeskError> {
        let me = self.sitting.user();
        let view = |user: User| UserView {
            id: user.id.0,
            me: Some(user.id) == me,
            name: user.who.name,
            role: user.who.role,
            extensions: user.who.lines.into_iter().map(|line| line.0).collect(),
            added: user.created,
            waits_until: user.not_before.filter(|until| *until > now),
        };
        let users = self.journal.users().map_err(DeskError::Journal)?;
        Ok(users.into_iter().map(view).collect())
    }

    /// Adds somebody with what is kept of their PIN.
    pub(super) fn add_user(&mut self, new: &UserRequest, pin: &str, now: DateTime<Utc>) -> Result<(), DeskError> {
        let new = read(new)?;
        let first = !self.journal.is_shared().map_err(DeskError::Journal)?;
        self.journal.add_user(&new, pin, now)?;
        self.audit_user(Act::UserAdded, &new.name, now)?;
        if first {
            self.sit(None, now);
        }
        Ok(())
    }

    /// Writes somebody anew.
    pub(super) fn change_user(&mut self, id: UserId, new: &UserRequest, now: DateTime<Utc>) -> Result<(), DeskError> {
        let new = read(new)?;
        let name = self.name_of(id)?;
        self.journal.change_user(id, &new)?;
        self.audit_user(Act::UserChanged, &name, now)?;
        self.sit_again(id, now)
    }

    /// Gives somebody another PIN.
    pub(super) fn set_pin(&mut self, id: UserId, pin: &str, now: DateTime<Utc>) -> Result<(), DeskError> {
        let name = self.name_of(id)?;
        self.journal.set_pin(id, pin)?;
        self.audit_user(Act::UserChanged, &name, now)
    }

    /// Removes somebody.
    pub(super) fn remove_user(&mut self, id: UserId, now: DateTime<Utc>) -> Result<(), DeskError> {
        let name = self.name_of(id)?;
        self.journal.remove_user(id)?;
        self.audit_user(Act::UserRemoved, &name, now)?;
        if self.sitting.user() == Some(id) {
            self.sit(None, now);
        }
        Ok(())
    }

    /// Whoever was changed sits here: name and extensions count at once.
    fn sit_again(&mut self, id: UserId, now: DateTime<Utc>) -> Result<(), DeskError> {
        if self.sitting.user() == Some(id) {
            let user = self.journal.user(id).map_err(DeskError::Journal)?;
            self.sit(user.as_ref(), now);
        }
        Ok(())
    }

    fn name_of(&self, id: UserId) -> Result<String, DeskError> {
        let user = self.journal.user(id).map_err(DeskError::Journal)?;
        Ok(user.ok_or(DeskError::NoSuchUser)?.who.name)
    }

    /// Who sits here, as the trail has it.
    pub(super) fn doer(&self) -> Doer {
        Doer {
            agent: self.rules.agent.clone(),
            line: self.here(),
        }
    }

    /// What was done to somebody stands in the trail.
    fn audit_user(&mut self, act: Act, name: &str, now: DateTime<Utc>) -> Result<(), DeskError> {
        let Doer { agent, line } = self.doer();
        let entry = AuditEntry {
            at: now.trunc_subsecs(3),
            agent,
            line,
            act,
            detail: name.to_owned(),
            call: None,
            customer: None,
        };
        self.journal.audit(&entry).map_err(DeskError::Journal)
    }
}

/// Somebody as they can be kept.
fn read(new: &UserRequest) -> Result<NewUser, DeskError> {
    let mut lines: Vec<Line> = Vec::new();
    for extension in new.extensions.iter().map(|extension| extension.trim()) {
        if !is_extension(extension) || lines.len() == MOST_LINES {
            return Err(DeskError::BadExtension(extension.to_owned()));
        }
        let line = Line(extension.to_owned());
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    Ok(NewUser {
        name: new.name.clone(),
        role: new.role,
        lines,
    })
}

impl DeskHandle {
    /// Whether whoever sits at the desk may do this; for what is asked of others than the desk.
    ///
    /// # Errors
    /// Who may instead.
    pub async fn may(&self, act: role::Act) -> Result<Doer, DeskError> {
        self.ask(|reply| super::DeskRequest::May(act, reply)).await
    }

    /// Who sits at the desk, and who else may.
    pub async fn session(&self) -> Result<SessionView, DeskError> {
        self.of_page(PageRequest::Session).await
    }

    /// Signs somebody in by name and PIN. The try counts as wrong before the PIN is looked at.
    pub async fn sign_in(&self, name: String, pin: String) -> Result<SessionView, DeskError> {
        let attempt = self.of_page(|reply| PageRequest::BeginSignIn(name, reply)).await?;
        let (user, hash) = (attempt.user, attempt.pin);
        let pin = Pin::read(&pin);
        let right = apart(move || pin.is_some_and(|pin| pin.fits(&hash))).await?;
        self.of_page(|reply| PageRequest::EndSignIn(user, right, reply)).await
    }

    /// Nobody is signed in any more.
    pub async fn sign_out(&self) -> Result<SessionView, DeskError> {
        self.of_page(PageRequest::SignOut).await
    }

    /// Whoever is signed in has to show that it is still them.
    pub async fn lock(&self) -> Result<SessionView, DeskError> {
        self.of_page(PageRequest::Lock).await
    }

    /// Everybody who shares the desk.
    pub async fn users(&self) -> Result<Vec<UserView>, DeskError> {
        self.of_page(PageRequest::Users).await
    }

    /// Adds somebody. When this returns, it is on the disk.
    pub async fn add_user(&self, new: UserRequest, pin: String) -> Result<(), DeskError> {
        self.may(role::Act::Users).await?;
        let hash = hashed(&pin).await?;
        self.of_page(|reply| PageRequest::AddUser(new, hash, reply)).await
    }

    /// Writes somebody anew. When this returns, it is on the disk.
    pub async fn change_user(&self, id: UserId, new: UserRequest) -> Result<(), DeskError> {
        self.of_page(|reply| PageRequest::ChangeUser(id, new, reply)).await
    }

    /// Gives somebody another PIN. When this returns, it is on the disk.
    pub async fn set_pin(&self, id: UserId, pin: String) -> Result<(), DeskError> {
        self.may(role::Act::Users).await?;
        let hash = hashed(&pin).await?;
        self.of_page(|reply| PageRequest::SetPin(id, hash, reply)).await
    }

    /// Removes somebody. When this returns, it is on the disk.
    pub async fn remove_user(&self, id: UserId) -> Result<(), DeskError> {
        self.of_page(|reply| PageRequest::RemoveUser(id, reply)).await
    }
}

async fn hashed(pin: &str) -> Result<String, DeskError> {
    let pin = Pin::read(pin).ok_or(DeskError::BadPin)?;
    apart(move || pin.hash()).await?.map_err(|_| DeskError::BadPin)
}

/// On a thread of its own: Argon2 takes its time by design.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, DeskError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| DeskError::Closed)
}
