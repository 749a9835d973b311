//! When to call back, as people write it: "Fri 10:00", "mañana a las 9", "u petak u 10".
//!
//! Pure; now is an argument, in the agent's own time of day. It does not know time zones, nor what happens at that
//! time. Nothing is guessed over a word that it does not know: the rest of the sentence may turn the meaning around.

mod resolve;
mod scan;
mod words;

use chrono::{Months, NaiveDateTime, Weekday};

use crate::config::Language;
use scan::{Token, tokens};
use words::{Part, Unit, Word, word};

/// Letters that are read; more is no time.
const LONGEST: usize = 100;

/// How far ahead a time may be.
const YEARS: Months = Months::new(24);

/// Why a text is no time to call back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhenError {
    /// There is nothing in it.
    #[error("write a day or a time")]
    Empty,
    /// A word that says nothing here.
    #[error("`{0}` is not understood")]
    Word(String),
    /// A day or an hour that there is not, or two of them.
    #[error("there is no such day or time")]
    Nonsense,
    /// It is over.
    #[error("that time is over")]
    Past,
    /// It is more than two years ahead.
    #[error("that is more than two years ahead")]
    TooFar,
}

/// When `text` means, on the agent's clock, to the minute. Words are those of `language`, or of another language of
/// the desk when they are not. A weekday is the next one, today's when its hour is still to come; a day without an hour
/// is at nine; an hour without a day is the next such hour. `12/25` is read as a month and a day where `month_first`.
///
/// # Errors
/// When it is not understood, over, or more than two years ahead.
pub fn when(text: &str, now: NaiveDateTime, language: Language, month_first: bool) -> Result<NaiveDateTime, WhenError> {
    if text.chars().count() > LONGEST {
        return Err(WhenError::Word(text.chars().take(LONGEST).collect()));
    }
    let tokens = tokens(text);
    if tokens.is_empty() {
        return Err(WhenError::Empty);
    }
    let others = Language::ALL.into_iter().filter(|other| *other != language);
    let first = Reader::new(&tokens, language, month_first).read(now);
    let understood = others.fold(first, |read, other| match read {
        Err(WhenError::Word(word)) => {
            let again = Reader::new(&tokens, other, month_first).read(now);
            again.map_err(|why| {
                if matches!(why, WhenError::Word(_)) {
                    WhenError::Word(word)
                } else {
                    why
                }
            })
        }
        read => read,
    })?;
    match understood {
        at if at <= now => Err(WhenError::Past),
        at if at > now + YEARS => Err(WhenError::TooFar),
        at => Ok(at),
    }
}

/// A day as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Day {
    Ahead(u64),
    Weekday(Weekday),
    Date(u32, u32, Option<i32>),
}

/// What is gathered from left to right.
#[derive(Debug)]
struct Reader<'a> {
    tokens: &'a [Token],
    language: Language,
    month_first: bool,
    at: usize,
    /// A word for "in" came, so numbers are distances.
    distance: bool,
    /// A word for "at" came, so the next number is an hour.
    hour_comes: bool,
    next: bool,
    day: Option<Day>,
    month: Option<u32>,
    time: Option<(u32, u32)>,
    /// The hour was written so that it can only be that one: `03:00`, `15`.
    plain: bool,
    half_to: bool,
    part: Option<Part>,
    ahead: Option<(u32, Unit)>,
    half_ahead: bool,
}

type Step<T = ()> = Result<T, WhenError>;

impl<'a> Reader<'a> {
    fn new(tokens: &'a [Token], language: Language, month_first: bool) -> Self {
        Reader {
            tokens,
            language,
            month_first,
            at: 0,
            distance: false,
            hour_comes: false,
            next: false,
            day: None,
            month: None,
            time: None,
            plain: false,
            half_to: false,
            part: None,
            ahead: None,
            half_ahead: false,
        }
    }

    fn read(mut self, now: NaiveDateTime) -> Step<NaiveDateTime> {
        while let Some(token) = self.tokens.get(self.at) {
            self.at += 1;
            match token {
                Token::Mark(_) => {}
                Token::Number(value, digits) => self.number(*value, *digits)?,
                Token::Word(text) => self.word(text)?,
            }
        }
        self.resolve(now)
    }

    fn word(&mut self, text: &str) -> Step {
        let Some(word) = self.meaning(text) else {
            return Err(WhenError::Word(text.to_owned()));
        };
        match word {
            Word::Filler => {}
            Word::At => self.hour_comes = true,
            Word::In => self.distance = true,
            Word::Next => self.next = true,
            Word::Today => set(&mut self.day, Day::Ahead(0))?,
            Word::Tomorrow if self.day.is_some() => self.part = Some(Part::Morning),
            Word::Tomorrow => self.day = Some(Day::Ahead(1)),
            Word::DayAfterTomorrow => {
                set(&mut self.day, Day::Ahead(2))?;
                // "pasado mañana" is one word in two
                self.at += usize::from(self.peek_word() == Some(Word::Tomorrow));
            }
            Word::Day(day) => set(&mut self.day, Day::Weekday(day))?,
            Word::Month(month) => self.named_month(month)?,
            Word::Unit(unit) => self.unit(1, unit)?,
            Word::Number(value) => self.small(value)?,
            Word::AndHalf => self.half()?,
            Word::HalfTo => self.half_to = true,
            Word::Noon => set(&mut self.time, (12, 0))?,
            Word::Part(part) => self.part = Some(part),
        }
        Ok(())
    }

    /// What the word says where it stands.
    fn meaning(&self, text: &str) -> Option<Word> {
        let before = self.at.checked_sub(2).and_then(|at| self.tokens.get(at));
        let word = word(text, self.language)?;
        match (self.language, text) {
            // "u pet" is on Friday, "u petak u pet" at five, "za pet minuta" in five minutes
            (Language::Hr, "pet") => {
                let counted = self.distance || self.half_to || matches!(self.peek_word(), Some(Word::Unit(_)));
                let hour = self.hour_comes && self.day.is_some();
                Some(if counted || hour { Word::Number(5) } else { word })
            }
            (Language::Es, "mar") if !matches!(before, Some(Token::Number(..))) => Some(Word::Day(Weekday::Tue)),
            // "por la mañana" is no day, "mañana" alone is
            (Language::Es, "manana") if before.is_some_and(|token| token.is_word("la")) => {
                Some(Word::Part(Part::Morning))
            }
            _ => Some(word),
        }
    }

    fn number(&mut self, value: u32, digits: usize) -> Step {
        if digits == 4 && self.mark(0) == Some('-') {
            return self.iso(value);
        }
        match (self.mark(0), self.behind(1)) {
            (Some(':' | 'h'), Some((minute, 2))) => {
                self.at += 2;
                self.plain = true;
                return set(&mut self.time, (value, minute));
            }
            (Some(mark @ ('.' | '/' | '-')), Some((second, length))) => return self.two(value, mark, second, length),
            _ => {}
        }
        if self.mark(0) == Some('.') {
            self.at += 1;
        }
        if let Some(Word::Month(month)) = self.peek_over_fillers() {
            return self.day_of(value, month);
        }
        if let Some(month) = self.month.take() {
            let year = self.year();
            return set(&mut self.day, Day::Date(value, month, year));
        }
        match digits {
            4 if self.ahead.is_none() && !self.distance && value % 100 < 60 => {
                self.plain = true;
                set(&mut self.time, (value / 100, value % 100))
            }
            1 | 2 => {
                self.plain = value > 12 || (digits == 2 && value < 10);
                self.small(value)
            }
            _ => Err(WhenError::Nonsense),
        }
    }

    /// Two numbers with a dot or a stroke between: a date, or hour and minute where it can be no date.
    fn two(&mut self, first: u32, mark: char, second: u32, length: usize) -> Step {
        self.at += 2;
        let dotted = mark == '.' && self.mark(0) == Some('.');
        let hour = mark == '.' && !dotted && length == 2 && (self.hour_comes || second > 12);
        if hour {
            self.plain = true;
            return set(&mut self.time, (first, second));
        }
        let swapped = mark == '/' && self.month_first;
        let (day, month) = if swapped { (second, first) } else { (first, second) };
        let year = match (self.mark(0), self.behind(1)) {
            (Some(again), Some((year, 4 | 2))) if again == mark => {
                self.at += 2;
                i32::try_from(if year < 100 { 2000 + year } else { year }).ok()
            }
            _ => None,
        };
        self.at += usize::from(self.mark(0) == Some('.'));
        set(&mut self.day, Day::Date(day, month, year))
    }

    fn iso(&mut self, year: u32) -> Step {
        match (self.behind(1), self.mark(2), self.behind(3)) {
            (Some((month, _)), Some('-'), Some((day, _))) => {
                self.at += 4;
                set(&mut self.day, Day::Date(day, month, i32::try_from(year).ok()))
            }
            _ => Err(WhenError::Nonsense),
        }
    }

    /// A number of one or two digits, or in words.
    fn small(&mut self, value: u32) -> Step {
        let unit = match self.peek_word() {
            Some(Word::Unit(unit)) => unit,
            _ => return set(&mut self.time, (value, 0)),
        };
        let of_clock = unit == Unit::Hour && !self.distance && self.is_of_clock();
        self.at += 1;
        if of_clock {
            set(&mut self.time, (value, 0))
        } else {
            self.unit(value, unit)
        }
    }

    /// Whether the hour that comes is one of the clock, "u 10 sati", and no distance, "2 hours".
    fn is_of_clock(&self) -> bool {
        let short = self.tokens.get(self.at).is_some_and(|token| token.is_word("h"));
        match self.language {
            _ if self.hour_comes || self.day.is_some() => true,
            Language::Hr => true,
            Language::Es => short,
            Language::En => false,
        }
    }

    fn unit(&mut self, count: u32, unit: Unit) -> Step {
        if self.next {
            self.next = false;
            self.ahead = Some((1, unit));
            return Ok(());
        }
        if std::mem::take(&mut self.half_ahead) || std::mem::take(&mut self.half_to) {
            let minutes = if unit == Unit::Hour {
                30
            } else {
                return Err(WhenError::Nonsense);
            };
            return set(&mut self.ahead, (minutes, Unit::Minute));
        }
        match self.ahead {
            // "za tjedan dana": the second unit says what the first already did
            Some((_, Unit::Week | Unit::Month)) if unit == Unit::Day => Ok(()),
            _ => set(&mut self.ahead, (count, unit)),
        }
    }

    fn half(&mut self) -> Step {
        match &mut self.time {
            Some((_, minute @ 0)) => *minute = 30,
            Some(_) => return Err(WhenError::Nonsense),
            None => {
                self.half_ahead = true;
                // "half an hour", "media hora"
                self.at += usize::from(self.peek_word() == Some(Word::Number(1)));
            }
        }
        Ok(())
    }

    /// A month's name that no day stands before: the day comes behind, `Dec 25`.
    fn named_month(&mut self, month: u32) -> Step {
        set(&mut self.month, month)
    }

    /// A day with the month's name behind it, and perhaps the year.
    fn day_of(&mut self, day: u32, month: u32) -> Step {
        while self.peek_word() == Some(Word::Filler) {
            self.at += 1;
        }
        self.at += 1;
        let year = self.year();
        set(&mut self.day, Day::Date(day, month, year))
    }

    /// A year, when one comes.
    fn year(&mut self) -> Option<i32> {
        let mut at = 0;
        while self.mark(at).is_some() || matches!(self.word_at(at), Some(Word::Filler)) {
            at += 1;
        }
        match self.tokens.get(self.at + at) {
            Some(Token::Number(year @ 2000..=2099, 4)) => {
                self.at += at + 1;
                i32::try_from(*year).ok()
            }
            _ => None,
        }
    }

    fn mark(&self, ahead: usize) -> Option<char> {
        match self.tokens.get(self.at + ahead) {
            Some(Token::Mark(mark)) => Some(*mark),
            // "10h30"
            Some(Token::Word(text)) if text == "h" && matches!(self.behind(ahead + 1), Some((_, 2))) => Some('h'),
            _ => None,
        }
    }

    /// The number so many tokens ahead, and how many digits it has.
    fn behind(&self, ahead: usize) -> Option<(u32, usize)> {
        match self.tokens.get(self.at + ahead) {
            Some(Token::Number(value, digits)) => Some((*value, *digits)),
            _ => None,
        }
    }

    fn word_at(&self, ahead: usize) -> Option<Word> {
        match self.tokens.get(self.at + ahead) {
            Some(Token::Word(text)) => word(text, self.language),
            _ => None,
        }
    }

    fn peek_word(&self) -> Option<Word> {
        self.word_at(0)
    }

    fn peek_over_fillers(&self) -> Option<Word> {
        let words = (0..).map_while(|ahead| self.word_at(ahead));
        words.skip_while(|word| *word == Word::Filler).take(1).next()
    }
}

fn set<T>(place: &mut Option<T>, value: T) -> Step {
    if place.is_some() {
        return Err(WhenError::Nonsense);
    }
    *place = Some(value);
    Ok(())
}

#[cfg(test)]
mod tests;
