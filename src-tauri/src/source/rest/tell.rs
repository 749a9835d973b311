//! Asks a system to do something: sent once, because who does not know whether it was done must not ask for it again.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use super::answer::{Meaning, meaning};
use super::ask::{Asker, Want};
use super::web::Lost;
use crate::source::pull::PullError;
use crate::words::Saying;

/// Why something was not done, or not surely. `why` is a clause that goes after the system's name.
pub(super) enum Untold {
    /// It may work later.
    Later {
        why: Saying,
        after: Option<Duration>,
        sure: bool,
    },
    /// It will not work until somebody changes something.
    Refused { why: Saying, sure: bool },
}

impl Asker {
    /// Asks for something to be done, once: who does not know whether it was done must not ask again. Only where the system does
    /// not know who asks, it is asked again with a new log-in.
    pub(super) fn tell(&mut self, want: &Want<'_>) -> Result<Value, Untold> {
        let mut renewed = false;
        loop {
            self.prove(want.stream).map_err(|error| unproved(&error))?;
            let question = self.question(want).map_err(|why| Untold::Refused {
                why: Saying::quoted(why),
                sure: true,
            })?;
            self.keep_pace();
            self.requests += 1;
            let reply = self.web.send(&question).map_err(|lost| match lost {
                Lost::Broken(why) => Untold::Later {
                    why,
                    after: None,
                    sure: false,
                },
                Lost::Refused(why) => Untold::Refused { why, sure: false },
            })?;
            // what was not understood or not let in was not done; of an answer about an error of its own nobody knows
            let sure = reply.status.is_client_error() && reply.status != StatusCode::REQUEST_TIMEOUT;
            let rules = want.errors.iter().chain(&self.system.client.errors);
            match meaning(rules, &reply, (self.outside.now)()) {
                Meaning::Good(answer) => return Ok(answer.body),
                Meaning::Nothing => return Ok(Value::Null),
                Meaning::Expired => {
                    let why = Saying::of("import.http_expired");
                    return Err(Untold::Refused { why, sure });
                }
                Meaning::Refused { why } => return Err(Untold::Refused { why, sure }),
                // what is let in again by a new key in its place is not refused for good
                Meaning::LogIn { why } if renewed || !self.can_renew() => {
                    return Err(Untold::Later {
                        why,
                        after: None,
                        sure: true,
                    });
                }
                Meaning::LogIn { .. } => {
                    renewed = true;
                    self.proof.forget();
                }
                Meaning::Retry { why, after } => return Err(Untold::Later { why, after, sure }),
            }
        }
    }
}

/// Who could not log in has done nothing, and may once the user or key is corrected.
fn unproved(error: &PullError) -> Untold {
    let why = error.saying();
    let after = match error {
        PullError::Later { after, .. } => *after,
        PullError::Stopped(_) | PullError::MarkExpired { .. } | PullError::Refused { .. } => None,
    };
    Untold::Later { why, after, sure: true }
}
