//! What a period of calls came to, read from the journal, and as the page of the reports shows it.

use std::cmp::Reverse;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};

use crate::journal::{Journal, JournalError};
use crate::pop::view::{
    AgentReportView, BandsView, CellView, DayView, FigureUnit, FigureView, HourView, ProductReportView,
    QueueReportView, ReportView, ResultReportView,
};
use crate::review::{
    Cell, FIGURES, HANDLE_BANDS, Only, Period, Promise, Report, Reporter, Target, Unit, WAIT_BANDS, a_week_before,
    local_days,
};

/// Reports on the calls of two periods, as [`local_days`](crate::review::local_days) gives them for `zone`. Reads every call of
/// both.
///
/// # Errors
/// [`JournalError::NotRead`].
pub fn call_report<Z: TimeZone>(
    journal: &Journal,
    zone: Z,
    periods: [Period; 2],
    target: Target,
    only: &Only,
    now: DateTime<Utc>,
) -> Result<Report, JournalError> {
    let mut reporter = Reporter::new(zone, periods, target).only(only.clone());
    for period in periods {
        let (agents, queues) = journal.agents_and_queues_in(period.from, period.until)?;
        reporter.choices(agents, queues);
        journal.review(period, only, |call| reporter.add(call))?;
        journal.review_promises(period, |promise| reporter.promise(&promise, now))?;
        journal.review_suggestions(period, |one| reporter.suggested(&one))?;
    }
    Ok(reporter.report())
}

/// The report of the day of `now` so far, set beside the same weekday a week before, as it stood at the same time of its clock: of that
/// day the calls count that were over by then. Where the journal does not tell of that day, there is nothing before. Reads the calls
/// of these two days.
///
/// # Errors
/// [`JournalError::NotRead`].
pub fn day_so_far<Z: TimeZone>(
    journal: &Journal,
    zone: &Z,
    target: Target,
    only: &Only,
    now: DateTime<Utc>,
) -> Result<ReportView, JournalError> {
    let date = now.with_timezone(zone).date_naive();
    let [today, yesterday] = local_days(zone, date, 1);
    let then = match a_week_before(zone, now) {
        Some((day, moment)) if journal.knows_day(day)? => Some((day.from, moment)),
        _ => None,
    };
    // without that day, a period that has no moment in it
    let (from, until) = then.unwrap_or((today.from, today.from));
    let before = Period { from, until };
    let mut reporter = Reporter::new(zone.clone(), [today, before], target).only(only.clone());
    let (agents, queues) = journal.agents_and_queues_in(yesterday.from, today.until)?;
    reporter.choices(agents, queues);
    for (period, at) in [(today, now), (before, until)] {
        // what is known of today was so by now
        let was_so = |then: DateTime<Utc>| period == today || then <= at;
        journal.review(period, only, |call| {
            if call.ended.is_some_and(was_so) {
                reporter.add(call);
            }
        })?;
        journal.review_promises(period, |promise| {
            let done = promise.done.filter(|done| was_so(*done));
            reporter.promise(&Promise { done, ..promise }, at);
        })?;
        journal.review_suggestions(period, |one| reporter.suggested(&one))?;
    }
    let mut view = report_view(reporter.report(), date, 1, target, now);
    if then.is_none() {
        view.figures.iter_mut().for_each(|figure| figure.before = None);
    }
    Ok(view)
}

/// The report of `days` days from `first` on, as the page shows it.
#[must_use]
pub fn report_view(report: Report, first: NaiveDate, days: u32, target: Target, made: DateTime<Utc>) -> ReportView {
    let figures = FIGURES.iter().map(|figure| FigureView {
        code: figure.code.to_owned(),
        unit: unit(figure.unit),
        now: figure.of(&report.now),
        before: figure.of(&report.before),
    });
    let mut products: Vec<ProductReportView> = report
        .products
        .into_iter()
        .map(|(product, said)| ProductReportView {
            product,
            suggested: said.suggested,
            accepted: said.accepted,
            declined: said.declined,
            not_now: said.not_now,
        })
        .collect();
    products.sort_by_key(|one| Reverse((one.suggested, one.accepted)));
    let all_days = first.iter_days().take(days as usize).map(|day| DayView {
        day,
        calls: cell(report.days.get(&day).copied().unwrap_or_default()),
    });
    let queues = report.queues.into_iter();
    let agents = report.agents.into_iter();
    let results = report.dispositions.into_iter();
    ReportView {
        from: first,
        days_long: days,
        target_seconds: target.seconds,
        made,
        figures: figures.collect(),
        hours: hours(&report.hours),
        days: all_days.collect(),
        waits: bands(&WAIT_BANDS, report.wait_bands),
        handles: bands(&HANDLE_BANDS, report.handle_bands),
        agents: agents
            .map(|(agent, did)| AgentReportView {
                agent,
                answered: did.answered,
                dialled: did.dialled,
                talked: did.talked,
            })
            .collect(),
        queues: queues
            .map(|(queue, calls)| QueueReportView {
                queue,
                calls: cell(calls),
            })
            .collect(),
        results: results.map(|(code, calls)| ResultReportView { code, calls }).collect(),
        products,
        all_agents: report.all_agents.into_iter().collect(),
        all_queues: report.all_queues.into_iter().collect(),
    }
}

fn hours(hours: &[[Cell; 24]; 7]) -> Vec<HourView> {
    let all = (0..).zip(hours).flat_map(|(weekday, row)| {
        (0..).zip(row).map(move |(hour, calls)| HourView {
            weekday,
            hour,
            calls: cell(*calls),
        })
    });
    all.filter(|one| one.calls.offered > 0).collect()
}

fn cell(cell: Cell) -> CellView {
    CellView {
        offered: cell.offered,
        answered: cell.answered,
        in_vain: cell.in_vain,
        service_level: cell.service_level(),
    }
}

fn bands(bounds: &[u32], counts: Vec<u32>) -> BandsView {
    BandsView {
        bounds: bounds.to_vec(),
        counts,
    }
}

fn unit(unit: Unit) -> FigureUnit {
    match unit {
        Unit::Count => FigureUnit::Count,
        Unit::Share => FigureUnit::Share,
        Unit::Seconds => FigureUnit::Seconds,
        Unit::Millis => FigureUnit::Millis,
    }
}
