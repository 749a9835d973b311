//! Who sits at the desk: signing in and out. Calls pop whoever it is; what is written stands under the name of whoever is
//! signed in, and so do the extensions.

use chrono::{DateTime, SubsecRound as _, Utc};

use super::error::DeskError;
use super::state::Desk;
use crate::call::Line;
use crate::journal::{Act, AuditEntry, User, UserError, UserId};
use crate::pop::view::{PersonView, SessionView};
use crate::role::Standing;

/// Who sits here, and what counts when nobody is signed in.
#[derive(Debug, Default)]
pub(super) struct Sitting {
    /// Who is signed in.
    user: Option<UserId>,
    locked: bool,
    /// The extensions of this desk by its settings.
    lines: Vec<Line>,
    /// Who sits here by the settings, where the desk is not shared.
    agent: String,
}

/// A PIN that is to be looked at, and by whom it has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Whose.
    pub user: UserId,
    /// What is kept of the PIN.
    pub pin: String,
}

impl Sitting {
    pub(super) fn of_settings(lines: &[Line], agent: &str) -> Self {
        Sitting {
            lines: lines.to_vec(),
            agent: agent.to_owned(),
            ..Sitting::default()
        }
    }

    /// The settings have other extensions from now on.
    pub(super) fn moved(&mut self, lines: &[Line]) {
        self.lines = lines.to_vec();
    }

    pub(super) fn user(&self) -> Option<UserId> {
        self.user
    }
}

impl Desk {
    /// How whoever sits here stands. Read anew each time: the command line may have changed it.
    pub(super) fn standing(&mut self) -> Result<Standing, DeskError> {
        if !self.journal.is_shared().map_err(DeskError::Journal)? {
            return Ok(Standing::Alone);
        }
        Ok(match self.signed_in()? {
            Some(user) if !self.sitting.locked => Standing::In(user.who.role),
            _ => Standing::Out,
        })
    }

    /// Who sits at the desk, and who else may.
    pub(super) fn session(&mut self) -> Result<SessionView, DeskError> {
        let signed_in = self.signed_in()?;
        let people = self.journal.users().map_err(DeskError::Journal)?;
        let person = |user: User| PersonView {
            name: user.who.name,
            role: user.who.role,
        };
        Ok(SessionView {
            people: people.into_iter().map(person).collect(),
            locked: self.sitting.locked && signed_in.is_some(),
            signed_in: signed_in.map(person),
            lock_minutes: self.rules.lock_minutes,
        })
    }

    /// Counts a try, and gives what the PIN is to be held against.
    pub(super) fn begin_sign_in(&mut self, name: &str, now: DateTime<Utc>) -> Result<Attempt, DeskError> {
        let user = match self.journal.begin_sign_in(name, now) {
            Ok(user) => user,
            Err(error) => {
                if let UserError::TooSoon { .. } = error {
                    self.audit_sign_in(Act::SignInRefused, name, now)?;
                }
                return Err(error.into());
            }
        };
        Ok(Attempt {
            user: user.id,
            pin: user.pin,
        })
    }

    /// The PIN was right, or was not.
    pub(super) fn end_sign_in(
        &mut self,
        id: UserId,
        right: bool,
        now: DateTime<Utc>,
    ) -> Result<SessionView, DeskError> {
        let user = self.journal.user(id).map_err(DeskError::Journal)?;
        let user = user.ok_or(DeskError::NoSuchUser)?;
        if !right {
            self.audit_sign_in(Act::SignInRefused, &user.who.name, now)?;
            return Err(user.not_before.map_or(DeskError::WrongPin, |until| {
                DeskError::Waits((until - now).num_seconds())
            }));
        }
        self.journal.signed_in(id)?;
        self.audit_sign_in(Act::SignedIn, &user.who.name, now)?;
        self.sitting.locked = false;
        if self.sitting.user != Some(id) {
            self.sit(Some(&user), now);
        }
        self.session()
    }

    /// Nobody is signed in any more.
    pub(super) fn sign_out(&mut self, now: DateTime<Utc>) -> Result<SessionView, DeskError> {
        self.sit(None, now);
        self.session()
    }

    /// Whoever is signed in has to show that it is still them before any page is theirs again.
    pub(super) fn lock(&mut self) -> Result<SessionView, DeskError> {
        self.sitting.locked = self.sitting.user.is_some();
        self.session()
    }

    /// Who is signed in. Whom an admin removed meanwhile is so no longer.
    fn signed_in(&mut self) -> Result<Option<User>, DeskError> {
        let Some(id) = self.sitting.user else { return Ok(None) };
        let user = self.journal.user(id).map_err(DeskError::Journal)?;
        if user.is_none() {
            self.sit(None, Utc::now());
        }
        Ok(user)
    }

    /// At a shared desk nobody is signed in at first, whatever name the settings have.
    pub(super) fn begin_sitting(&mut self) {
        if self.journal.is_shared().unwrap_or(true) {
            self.rules.agent = String::new();
        }
    }

    /// From now on this is who sits here: name and extensions are theirs.
    pub(super) fn sit(&mut self, user: Option<&User>, now: DateTime<Utc>) {
        self.sitting.user = user.map(|user| user.id);
        self.sitting.locked = false;
        self.rules.agent = match user {
            Some(user) => user.who.name.clone(),
            None if self.journal.is_shared().unwrap_or(true) => String::new(),
            None => self.sitting.agent.clone(),
        };
        let theirs = user.map(|user| user.who.lines.clone()).unwrap_or_default();
        let lines = if theirs.is_empty() {
            self.sitting.lines.clone()
        } else {
            theirs
        };
        if lines != self.lines {
            self.move_to(lines, now);
        }
        self.panel.log_changed();
    }

    /// Who signs in, or tried to, stands in the trail before anything is theirs.
    fn audit_sign_in(&mut self, act: Act, name: &str, now: DateTime<Utc>) -> Result<(), DeskError> {
        let entry = AuditEntry {
            at: now.trunc_subsecs(3),
            agent: name.to_owned(),
            line: self.here(),
            act,
            detail: String::new(),
            call: None,
            customer: None,
        };
        self.journal.audit(&entry).map_err(DeskError::Journal)
    }
}
