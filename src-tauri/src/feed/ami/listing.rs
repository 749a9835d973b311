//! The list of channels that Asterisk is asked for after a log-in, and whether it can be believed.
//!
//! A list that is cut off, or that leaves a channel out, would end calls that are on: then it is asked for again.

use std::collections::HashSet;

use super::message::Message;

/// Channels kept count of. A phone system with more would be the largest there is; a server that lies would fill the memory.
const MOST: usize = 100_000;

/// What was listed so far.
#[derive(Debug, Default)]
pub(super) struct Listing {
    live: HashSet<String>,
    /// Hung up while the list was on its way: it may stand in the list all the same.
    gone: HashSet<String>,
    listed: u64,
    overflowed: bool,
}

impl Listing {
    /// Takes in an event that came while the list is on its way. False for a listed channel that has hung up already.
    pub(super) fn take(&mut self, message: &Message<'_>) -> bool {
        let event = message.raw("Event").unwrap_or_default();
        let is_listed = event == b"CoreShowChannel";
        let kept = match event {
            b"Hangup" => &mut self.gone,
            // a channel may come into being while the list is being sent
            b"CoreShowChannel" | b"Newchannel" => &mut self.live,
            _ => return true,
        };
        let Some(unique) = message.get("Uniqueid") else {
            return true;
        };
        self.listed += u64::from(is_listed);
        if kept.len() >= MOST {
            self.overflowed = true;
        } else {
            kept.insert(unique.clone().into_owned());
        }
        !(is_listed && self.gone.contains(unique.as_ref()))
    }

    /// The channels that are on; `None` when the end of the list, `complete`, says that some are missing.
    pub(super) fn finish(self, complete: &Message<'_>) -> Option<Vec<String>> {
        let said = complete.get("ListItems")?.trim().parse::<u64>().ok()?;
        let is_whole = said == self.listed && !self.overflowed && complete.raw("EventList") != Some(b"cancelled");
        let on = self.live.into_iter().filter(|unique| !self.gone.contains(unique));
        is_whole.then(|| on.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(events: &[&str], complete: &str) -> Option<Vec<String>> {
        let mut listing = Listing::default();
        for event in events {
            listing.take(&Message::new(event.as_bytes()));
        }
        listing.finish(&Message::new(complete.as_bytes())).map(|mut on| {
            on.sort();
            on
        })
    }

    const LISTED: &str = "Event: CoreShowChannel\r\nUniqueid: 1.1";

    #[test]
    fn the_channels_that_are_listed_and_those_that_came_meanwhile_are_on() {
        let on = after(&[LISTED, "Event: Newchannel\r\nUniqueid: 1.2"], "ListItems: 1");
        assert_eq!(on, Some(vec!["1.1".to_owned(), "1.2".to_owned()]));
    }

    #[test]
    fn a_channel_that_hung_up_while_the_list_came_is_not_on() {
        let hangup = "Event: Hangup\r\nUniqueid: 1.1";
        assert_eq!(after(&[hangup, LISTED], "ListItems: 1"), Some(vec![]));
        assert_eq!(after(&[LISTED, hangup], "ListItems: 1"), Some(vec![]));
        let mut listing = Listing::default();
        assert!(listing.take(&Message::new(hangup.as_bytes())));
        assert!(!listing.take(&Message::new(LISTED.as_bytes())), "it would be a ghost");
    }

    #[test]
    fn a_list_that_leaves_channels_out_or_says_no_number_is_not_believed() {
        for complete in [
            "ListItems: 2",
            "ListItems: 0",
            "ListItems: many",
            "ListItems: -1",
            "ListItems: 99999999999999999999",
            "X: 1",
            "EventList: cancelled\r\nListItems: 1",
        ] {
            assert_eq!(after(&[LISTED], complete), None, "{complete}");
        }
    }

    #[test]
    fn a_list_without_end_does_not_fill_the_memory() {
        let mut listing = Listing::default();
        for number in 0..MOST + 10 {
            listing.take(&Message::new(
                format!("Event: CoreShowChannel\r\nUniqueid: {number}").as_bytes(),
            ));
        }
        assert_eq!(listing.live.len(), MOST);
        let complete = format!("ListItems: {}", MOST + 10);
        assert_eq!(listing.finish(&Message::new(complete.as_bytes())), None);
    }
}
