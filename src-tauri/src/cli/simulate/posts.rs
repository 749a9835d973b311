//! The posts that tell a traffic, each with how long to wait for it after the one before.
//!
//! Pure. A post is signed with the time at which it is due.

use std::collections::VecDeque;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::call::{CallEvent, CallKey};
use crate::feed::simulated::{self, Ends, Traffic};
use crate::feed::webhook::{Teller, Telling};

/// One post.
#[derive(Clone, Debug)]
pub(super) struct Post {
    /// The call it tells of.
    pub(super) call: CallKey,
    ends: Ends,
    pub(super) telling: Telling,
}

/// What a post says of the end of its call.
pub(super) fn ends(post: &Post) -> (CallKey, Ends) {
    (post.call.clone(), post.ends)
}

/// The posts of a traffic.
pub(super) struct Posts {
    traffic: Traffic,
    teller: Teller,
    now: DateTime<Utc>,
    waited: Duration,
    ready: VecDeque<Post>,
}

impl Posts {
    /// Tells `traffic` by `teller`, from `now` on.
    pub(super) fn new(traffic: Traffic, teller: Teller, now: DateTime<Utc>) -> Self {
        Posts {
            traffic,
            teller,
            now,
            waited: Duration::ZERO,
            ready: VecDeque::new(),
        }
    }

    /// Events of one call at one moment, until one of them ends something: a hang-up is told alone, so that it can be
    /// lost alone.
    fn tell(&mut self, events: &[CallEvent]) {
        for event in events.chunk_by(|one, next| simulated::ends(one).0 == simulated::ends(next).0 && is_one(one, next))
        {
            let Some((call, ends)) = event.last().map(simulated::ends) else {
                continue;
            };
            for telling in self.teller.tell(event, self.now) {
                let call = call.clone();
                self.ready.push_back(Post { call, ends, telling });
            }
        }
    }
}

fn is_one(one: &CallEvent, next: &CallEvent) -> bool {
    [one, next]
        .iter()
        .all(|event| simulated::ends(event).1 == Ends::Nothing)
}

impl Iterator for Posts {
    type Item = (Duration, Post);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(post) = self.ready.pop_front() {
                return Some((std::mem::take(&mut self.waited), post));
            }
            let (delay, events) = self.traffic.moment()?;
            self.waited += delay;
            self.now += TimeDelta::from_std(delay).unwrap_or_default();
            self.tell(&events);
        }
    }
}
