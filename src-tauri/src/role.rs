//! Who may do what where several people share a desk.
//!
//! Pure, and the only place that says so: every request of the desk and every command of the windows names what it does as an
//! [`Act`], and [`least`] has who may. Where nobody was set up, whoever sits there may do everything.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What somebody is here; whoever is more may do all that whoever is less may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Takes and makes calls; sees their own.
    Agent,
    /// Sees everybody's calls, and what they come to.
    Supervisor,
    /// Sets everything up, also who may what.
    Admin,
}

impl Role {
    /// All of them.
    pub const ALL: [Role; 3] = [Role::Agent, Role::Supervisor, Role::Admin];

    /// The word that it is stored and written by.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Role::Agent => "agent",
            Role::Supervisor => "supervisor",
            Role::Admin => "admin",
        }
    }

    /// The role of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Role::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// What is done, as far as it matters who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// What belongs to a call that is on: the telephone asks for no PIN.
    Phone,
    /// To sign in and out, and to see who can.
    SignIn,
    /// One's own day, calls, promises and tickets, and the customers.
    Work,
    /// Everybody's calls, what they come to, and what others are to do.
    Team,
    /// Settings, sources of data, phone systems.
    Settings,
    /// Who may what.
    Users,
}

impl Act {
    /// All of them.
    pub const ALL: [Act; 6] = [Act::Phone, Act::SignIn, Act::Work, Act::Team, Act::Settings, Act::Users];
}

/// Who may do it at least; `None`: also whoever is not signed in.
#[must_use]
pub fn least(act: Act) -> Option<Role> {
    match act {
        Act::Phone | Act::SignIn => None,
        Act::Work => Some(Role::Agent),
        Act::Team => Some(Role::Supervisor),
        Act::Settings | Act::Users => Some(Role::Admin),
    }
}

/// How whoever sits at the desk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody was set up: the desk is one person's.
    Alone,
    /// The desk is shared, and nobody is signed in, or whoever is has locked it.
    Out,
    /// Signed in.
    In(Role),
}

/// Why somebody may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is not known who it is.
    SignInFirst,
    /// Whoever may is more.
    Only(Role),
}

impl Standing {
    /// Whether whoever stands so may do it.
    ///
    /// # Errors
    /// Why not.
    pub fn allows(self, act: Act) -> Result<(), Refused> {
        match (least(act), self) {
            (None, _) | (_, Standing::Alone) => Ok(()),
            (Some(least), Standing::In(role)) if role >= least => Ok(()),
            (Some(least), Standing::In(_)) => Err(Refused::Only(least)),
            (Some(_), Standing::Out) => Err(Refused::SignInFirst),
        }
    }

    /// Whether only calls at one's own extensions are seen.
    #[must_use]
    pub fn sees_own_alone(self) -> bool {
        self.allows(Act::Team).is_err()
    }
}

/// So many wrong PINs one after the other cost nothing.
const FREE: u32 = 4;
const FIRST_PAUSE: i64 = 30;
const LONGEST_PAUSE: i64 = 60 * 60;

/// How long no PIN is looked at after so many wrong ones: half a minute after the fifth, twice as long after every other, an
/// hour at most.
#[must_use]
pub fn pause_after(wrong: u32) -> Option<TimeDelta> {
    let over = wrong.checked_sub(FREE + 1)?;
    let seconds = FIRST_PAUSE.checked_shl(over.min(20)).unwrap_or(LONGEST_PAUSE);
    Some(TimeDelta::seconds(seconds.min(LONGEST_PAUSE)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who may do each, from nobody to the admin.
    const TABLE: [(Act, [bool; 4]); 6] = [
        (Act::Phone, [true, true, true, true]),
        (Act::SignIn, [true, true, true, true]),
        (Act::Work, [false, true, true, true]),
        (Act::Team, [false, false, true, true]),
        (Act::Settings, [false, false, false, true]),
        (Act::Users, [false, false, false, true]),
    ];

    #[test]
    fn everybody_may_what_the_table_says_and_nothing_else() {
        assert_eq!(TABLE.map(|(act, _)| act), Act::ALL);
        let standings = [Standing::Out].into_iter().chain(Role::ALL.map(Standing::In));
        for (nth, standing) in standings.enumerate() {
            for (act, may) in TABLE {
                assert_eq!(standing.allows(act).is_ok(), may[nth], "{standing:?} {act:?}");
            }
        }
    }

    #[test]
    fn whoever_is_alone_may_do_everything() {
        assert!(Act::ALL.into_iter().all(|act| Standing::Alone.allows(act).is_ok()));
        assert!(!Standing::Alone.sees_own_alone());
    }

    #[test]
    fn a_refusal_says_who_may() {
        let agent = Standing::In(Role::Agent);
        assert_eq!(agent.allows(Act::Team), Err(Refused::Only(Role::Supervisor)));
        assert_eq!(agent.allows(Act::Users), Err(Refused::Only(Role::Admin)));
        assert_eq!(Standing::Out.allows(Act::Work), Err(Refused::SignInFirst));
    }

    #[test]
    fn the_pause_begins_with_the_fifth_wrong_pin_and_grows_to_an_hour() {
        let seconds = |wrong| pause_after(wrong).map_or(0, |pause| pause.num_seconds());
        let all: Vec<i64> = (0..14).map(seconds).collect();
        assert_eq!(all, [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
        assert_eq!(seconds(u32::MAX), 3600);
    }

    #[test]
    fn a_role_is_read_from_its_word_and_from_no_other() {
        for role in Role::ALL {
            assert_eq!(Role::of_word(role.word()), Some(role));
        }
        assert_eq!(Role::of_word("Admin"), None);
    }
}
