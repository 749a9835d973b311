//! What was asked to be shown and has not been painted yet.
//!
//! Every show carries a mark; the page gives it back after the second animation frame that follows,
//! which is when a person can see it. Pure: time is an argument.

use std::collections::{HashSet, VecDeque};
use std::time::{Duration, Instant};

use crate::pop::view::{CardView, PanelView};

/// A card a person can see since now.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Popped {
    /// The card.
    pub(super) card: CardView,
    /// From the desk's word to the second animation frame.
    pub(super) after: Duration,
}

/// The shows that wait for their frame.
#[derive(Debug, Default)]
pub(super) struct Painted {
    last: u64,
    waiting: VecDeque<Waiting>,
    seen: HashSet<String>,
}

#[derive(Debug)]
struct Waiting {
    mark: u64,
    since: Instant,
    cards: Vec<CardView>,
}

impl Painted {
    /// More shows than this never wait: a page that does not answer is not counted for ever.
    const MOST: usize = 64;

    /// `view` is shown at `at`. Gives the mark that the page is to give back.
    pub(super) fn begin(&mut self, view: &PanelView, at: Instant) -> u64 {
        self.last += 1;
        let fresh = |card: &&CardView| !self.seen.contains(&card.call);
        let cards: Vec<CardView> = view.cards.iter().filter(fresh).cloned().collect();
        self.seen = view.cards.iter().map(|card| card.call.clone()).collect();
        if self.waiting.len() == Self::MOST {
            self.waiting.pop_front();
        }
        self.waiting.push_back(Waiting {
            mark: self.last,
            since: at,
            cards,
        });
        self.last
    }

    /// The page gave `mark` back at `at`: this show and all before it can be seen.
    pub(super) fn painted(&mut self, mark: u64, at: Instant) -> Vec<Popped> {
        let seen = self.waiting.partition_point(|waiting| waiting.mark <= mark);
        self.waiting
            .drain(..seen)
            .flat_map(|waiting| {
                let after = at.saturating_duration_since(waiting.since);
                waiting.cards.into_iter().map(move |card| Popped { card, after })
            })
            .collect()
    }

    /// The panel went out of view: what was not painted by now was not seen.
    pub(super) fn hidden(&mut self) {
        self.waiting.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pop::view::{CardState, Direction, NoteView, PopView, Trust, VerdictKind};

    fn card(call: &str) -> CardView {
        CardView {
            call: call.to_owned(),
            state: CardState::Ringing,
            direction: Direction::In,
            since: chrono::DateTime::UNIX_EPOCH,
            talked_seconds: None,
            line: "101".to_owned(),
            called: "4000".to_owned(),
            language: None,
            queue: None,
            handed_over: None,
            outcome: None,
            pop: PopView {
                verdict: VerdictKind::Withheld,
                number: None,
                caller_name: None,
                country: None,
                trust: Trust::Unknown,
                grade: None,
                why: None,
                customer: None,
                candidates: Vec::new(),
                balance: None,
                purchases: None,
                relation: None,
                tier: None,
                suggestions: Vec::new(),
                paused: Vec::new(),
                open: Vec::new(),
                notes: Vec::new(),
                covered: Vec::new(),
                uncovered: None,
                shared_by: 0,
                word: None,
                records: Vec::new(),
            },
            note: NoteView::default(),
            disposition: None,
            closes_at: None,
        }
    }

    fn view(calls: &[&str]) -> PanelView {
        PanelView {
            cards: calls.iter().map(|call| card(call)).collect(),
            ..PanelView::default()
        }
    }

    fn calls(popped: &[Popped]) -> Vec<&str> {
        popped.iter().map(|popped| popped.card.call.as_str()).collect()
    }

    #[test]
    fn a_card_has_popped_when_its_mark_comes_back() {
        let mut painted = Painted::default();
        let start = Instant::now();
        let mark = painted.begin(&view(&["a"]), start);
        let popped = painted.painted(mark, start + Duration::from_millis(12));
        assert_eq!(calls(&popped), ["a"]);
        assert_eq!(popped[0].after, Duration::from_millis(12));
    }

    #[test]
    fn a_card_pops_once_however_often_it_is_shown() {
        let mut painted = Painted::default();
        let now = Instant::now();
        let first = painted.begin(&view(&["a"]), now);
        assert_eq!(calls(&painted.painted(first, now)), ["a"]);
        let second = painted.begin(&view(&["b", "a"]), now);
        assert_eq!(calls(&painted.painted(second, now)), ["b"]);
        assert_eq!(calls(&painted.painted(second, now)), [""; 0]);
    }

    #[test]
    fn a_frame_shows_every_card_that_was_waiting() {
        let mut painted = Painted::default();
        let now = Instant::now();
        painted.begin(&view(&["a"]), now);
        let last = painted.begin(&view(&["b", "a"]), now);
        assert_eq!(calls(&painted.painted(last, now)), ["a", "b"]);
    }

    #[test]
    fn a_panel_that_was_hidden_before_its_frame_has_not_popped() {
        let mut painted = Painted::default();
        let now = Instant::now();
        let mark = painted.begin(&view(&["a"]), now);
        painted.hidden();
        assert_eq!(painted.painted(mark, now), []);
    }

    #[test]
    fn a_page_that_never_answers_does_not_fill_the_memory() {
        let mut painted = Painted::default();
        for _ in 0..1000 {
            painted.begin(&view(&["a"]), Instant::now());
        }
        assert_eq!(painted.waiting.len(), Painted::MOST);
    }
}
