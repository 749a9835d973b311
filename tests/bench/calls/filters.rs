//! Pages of the log, for filters as supervisors put them together.

use chrono::{DateTime, TimeDelta, Utc};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ringside::call::{Direction, Outcome};
use ringside::journal::{CallFilter, Mark};
use ringside::pop::view::{LogFilter, PeriodView};
use ringside::start::CallReport;

use crate::figures::{Figure, Result, quick};
use crate::shop::{QUEUES, RESULTS, Shop, WORDS};
use crate::{Ground, at, floor, timed};

/// Rows of a page.
const PAGE: u32 = 50;

pub(crate) fn figures(ground: &Ground) -> Result<Vec<Figure>> {
    let filters = filters(&ground.shop, if quick() { 100 } else { 400 });
    let (mut ours, pages) = ours(ground, &filters)?;
    let (mut least, mut unencrypted) = floors(ground, &filters, &pages)?;
    let rows: usize = pages.iter().map(Vec::len).sum();
    let note = format!(
        "{} filters over {} calls, {:.0} rows a page; floor: for each filter the quickest statement of all that there are",
        filters.len(),
        ground.shop.calls,
        rows as f64 / filters.len() as f64
    );
    let mut first = firsts(ground, &filters)?;
    let mut of = |percent, note: String| {
        let name = format!("log: a filter's page, p{percent}");
        let note = format!("{note}not encrypted {:.2} ms", at(&mut unencrypted, percent));
        Figure::new(name, "CPU ms", at(&mut ours, percent), at(&mut least, percent), note)
    };
    Ok(vec![
        of(50, format!("{note}; ")),
        of(99, String::new()),
        Figure::new("log: first page, p50", "CPU ms", at(&mut first, 50), 100.0, ""),
        Figure::new(
            "log: first page, p99",
            "CPU ms",
            at(&mut first, 99),
            100.0,
            "the store opened anew, nothing in its memory, rows as the window gets them; floor: the bar of 100 ms",
        ),
        Figure::new("log: first page, slowest", "CPU ms", at(&mut first, 100), 100.0, ""),
    ])
}

/// Milliseconds of CPU of each page, what it reads being in memory, and the calls of it.
fn ours(ground: &Ground, filters: &[CallFilter]) -> Result<(Vec<f64>, Vec<Vec<String>>)> {
    let journal = ground.journal()?;
    let mut all = (Vec::new(), Vec::new());
    for filter in filters {
        journal.log(filter, None, PAGE)?;
        let (took, page) = timed(|| Ok(journal.log(filter, None, PAGE)?))?;
        all.0.push(took);
        all.1
            .push(page.into_iter().map(|entry| entry.logged.call.id.0).collect());
    }
    Ok(all)
}

/// The same by the quickest statement of all, and by that where nothing is encrypted.
fn floors(ground: &Ground, filters: &[CallFilter], pages: &[Vec<String>]) -> Result<(Vec<f64>, Vec<f64>)> {
    let bare = ground.bare()?;
    let mut quickest = Vec::new();
    for (filter, page) in filters.iter().zip(pages) {
        let one = floor::Page::quickest(&bare, filter, PAGE)?;
        if one.ids != *page {
            let (other, this) = (one.ids.len(), page.len());
            return Err(format!("bare SQL finds {other} calls, the log {this}: {filter:?}").into());
        }
        quickest.push(one);
    }
    drop(bare);
    let plain = ground.plain()?;
    let unencrypted = quickest
        .iter()
        .map(|one| one.elsewhere(&plain))
        .collect::<Result<_>>()?;
    Ok((quickest.iter().map(|one| one.took).collect(), unencrypted))
}

/// What the window waits for, for each filter.
fn firsts(ground: &Ground, filters: &[CallFilter]) -> Result<Vec<f64>> {
    let report = CallReport::new(&ground.unlocked);
    let now = ground.shop.now;
    let pages = filters.iter().map(|filter| {
        let asked = as_asked(filter);
        timed(|| Ok(report.log(&asked, None, PAGE, now)?)).map(|(took, _)| took)
    });
    pages.collect()
}

/// As the window asks; its days are whole.
fn as_asked(filter: &CallFilter) -> LogFilter {
    let day = |at: DateTime<Utc>| at.date_naive();
    LogFilter {
        period: filter.from.map(|from| PeriodView::Between {
            from: day(from),
            until: filter.until.map_or(day(from), day),
        }),
        direction: filter.direction,
        outcome: filter.outcome,
        agent: filter.extension.clone(),
        queue: filter.queue.clone(),
        disposition: filter.disposition.clone(),
        customer: filter.customer.clone(),
        matched: filter.matched,
        marked: filter.mark,
        words: filter.words.clone(),
    }
}

/// One to four things asked, rare and common alike, in half of them of some days, now or long ago.
fn filters(shop: &Shop, count: usize) -> Vec<CallFilter> {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    (0..count).map(|_| filter(&mut random, shop)).collect()
}

fn filter(random: &mut ChaCha8Rng, shop: &Shop) -> CallFilter {
    let mut filter = CallFilter::default();
    for _ in 0..random.random_range(1..=4) {
        match random.random_range(0..9) {
            0 => filter.queue = QUEUES[random.random_range(0..QUEUES.len())].0.to_owned(),
            1 => filter.disposition = RESULTS[random.random_range(0..RESULTS.len())].0.to_owned(),
            2 => {
                let agents = ["101", "107", "113", "120", "198", "199"];
                filter.extension = agents[random.random_range(0..agents.len())].to_owned();
            }
            3 => {
                let outcomes = [
                    Outcome::Answered,
                    Outcome::Missed,
                    Outcome::Busy,
                    Outcome::Rejected,
                    Outcome::Failed,
                ];
                filter.outcome = Some(outcomes[random.random_range(0..5)]);
            }
            4 => {
                let directions = [Direction::In, Direction::Out, Direction::Internal];
                filter.direction = Some(directions[random.random_range(0..3)]);
            }
            5 => filter.matched = Some(random.random_ratio(1, 2)),
            6 => filter.mark = Some([Mark::Coaching, Mark::Reviewed][random.random_range(0..2)]),
            7 => filter.customer = format!("crm/{}", [0, 5, 700, 150_000][random.random_range(0..4)]),
            _ => {
                let words = (0..random.random_range(1..=2)).map(|_| WORDS[random.random_range(0..WORDS.len())]);
                filter.words = words.collect::<Vec<_>>().join(" ");
            }
        }
    }
    if random.random_ratio(1, 2) {
        let days = [1, 7, 30, 365][random.random_range(0..4)];
        let ago = [0, 0, 0, 200][random.random_range(0..4)];
        let until = shop.now - TimeDelta::days(ago);
        filter.until = Some(until);
        filter.from = Some((until - TimeDelta::days(days)).max(shop.began()));
    }
    filter
}
