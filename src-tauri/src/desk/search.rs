//! Customers that fit what an agent has typed so far: of the sources, and made by agents.

use super::error::DeskError;
use super::identify::Identify;
use super::record::customer_view;
use super::state::Desk;
use super::tickets;
use super::words::{made_customer, told};
use crate::customer::Product;
use crate::directory::{self, DirectoryError, Hit, Matched};
use crate::journal::LoggedCall;
use crate::journal::{Created, Journal};
use crate::number::{self, Key};
use crate::pop;
use crate::pop::view::{FoundView, HitBy, HitView, NoteHitView, ProductHitView, TicketFilter, TicketsOf};

/// How many customers are offered.
const HITS: usize = 8;
/// How many products, notes and tickets are.
const OTHERS: usize = 5;
const NOTES: u32 = 5;
const TICKETS: u32 = 5;
/// More characters are no search.
const MOST_TYPED: usize = 200;
/// Fewer digits are anybody's number.
const LEAST_DIGITS: usize = 3;

impl Desk {
    pub(super) fn search(&mut self, typed: &str) -> Result<Vec<HitView>, DeskError> {
        let mut hits = made(&self.journal, typed);
        hits.extend(self.identify.search(typed, HITS).map_err(DeskError::Directory)?);
        hits.truncate(HITS);
        Ok(hits)
    }

    /// Everything that fits what was typed so far.
    pub(super) fn search_all(&mut self, typed: &str) -> Result<FoundView, DeskError> {
        let typed: String = typed.trim().chars().take(MOST_TYPED).collect();
        if typed.is_empty() {
            return Ok(FoundView::default());
        }
        let filter = TicketFilter {
            state: TicketsOf::All,
            text: typed.clone(),
            ..TicketFilter::default()
        };
        let mut tickets = self.tickets(&filter, None, TICKETS)?.rows;
        if let Some(named) = tickets::numbered(&typed).and_then(|id| self.ticket(id).ok()) {
            tickets.retain(|row| row.id != named.row.id);
            tickets.insert(0, named.row);
            tickets.truncate(TICKETS as usize);
        }
        let words: Vec<String> = typed.split_whitespace().map(str::to_owned).collect();
        let notes = self.journal.calls_noted(&words, NOTES).map_err(DeskError::Journal)?;
        Ok(FoundView {
            customers: self.search(&typed)?,
            tickets,
            notes: notes.into_iter().map(note).collect(),
            products: self.identify.products(&typed).map_err(DeskError::Directory)?,
        })
    }
}

impl Identify {
    fn products(&mut self, typed: &str) -> Result<Vec<ProductHitView>, DirectoryError> {
        let reading = self.directory.read()?;
        Ok(reading.products_named(typed, OTHERS).into_iter().map(product).collect())
    }

    /// Customers of the sources that fit what has been typed so far.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn search(&mut self, typed: &str, limit: usize) -> Result<Vec<HitView>, DirectoryError> {
        let hits = self.directory.read()?.search(typed, limit)?;
        Ok(hits.into_iter().map(of_source).collect())
    }
}

/// Customers that agents made are few: all of them are looked at, the newest first.
fn made(journal: &Journal, typed: &str) -> Vec<HitView> {
    if typed.trim().is_empty() {
        return Vec::new();
    }
    let made = told(journal.all_created()).into_iter();
    made.filter_map(|created| of_desk(journal, created, typed))
        .take(HITS)
        .collect()
}

fn of_desk(journal: &Journal, created: Created, typed: &str) -> Option<HitView> {
    let card = &created.card;
    let texts = [
        (HitBy::Name, &card.name),
        (HitBy::Company, &card.company),
        (HitBy::Email, &card.email),
    ];
    let all = [card.name.as_str(), &card.company, &card.email].join(" ");
    let by_text = directory::fits(typed, &all).then(|| {
        let fit = texts.iter().find(|(_, text)| directory::fits(typed, text));
        let (by, text) = fit.unwrap_or(&texts[0]);
        (*by, (*text).clone())
    });
    let by_number = || {
        let numbers = told(journal.numbers_of(&created.reference));
        let number = numbers.into_iter().find(|number| has(*number, typed))?;
        Some((HitBy::Number, number::display(number)))
    };
    let (by, text) = by_text.or_else(by_number)?;
    Some(HitView {
        customer: pop::customer_view(&made_customer(created)),
        by,
        text,
    })
}

fn note(logged: LoggedCall) -> NoteHitView {
    let call = logged.call;
    NoteHitView {
        call: call.id.0,
        at: call.started,
        customer: call.customer.map(customer_view),
        number: Some(call.number_display).filter(|number| !number.is_empty()),
        text: logged.note.map(|note| note.text).unwrap_or_default(),
    }
}

fn product(product: &Product) -> ProductHitView {
    ProductHitView {
        key: product.key.clone(),
        name: product.name.clone(),
        category: product.category.clone(),
        price: product.price.map(pop::money_view),
        discontinued: product.discontinued,
        out_of_stock: product.restrictions.out_of_stock,
    }
}

/// Whether the typed digits stand in the number, without what is dialled before it at home.
fn has(number: Key, typed: &str) -> bool {
    let is_between = |c: char| c.is_whitespace() || "+-./()".contains(c);
    let digits: String = typed.chars().filter(|c| !is_between(*c)).collect();
    let digits = digits.trim_start_matches('0');
    digits.len() >= LEAST_DIGITS && number.get().to_string().contains(digits)
}

fn of_source(hit: Hit) -> HitView {
    let by = match hit.matched {
        Matched::Name => HitBy::Name,
        Matched::Company => HitBy::Company,
        Matched::Number => HitBy::Number,
        Matched::Email => HitBy::Email,
        Matched::Order => HitBy::Order,
    };
    HitView {
        customer: pop::customer_view(&hit.customer),
        by,
        text: hit.text,
    }
}
