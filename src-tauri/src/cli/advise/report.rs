//! How well advice did on the shop's own past, which way is used, and why.

use std::io::{self, Write};

use crate::advisor::Advice;
use crate::advisor::champion::{Champion, Task, Voice, Way};

/// Prints the report.
///
/// # Errors
/// When the output is closed.
pub(super) fn report(advice: &Advice, out: &mut impl Write) -> io::Result<()> {
    for task in Task::ALL {
        let champion = advice.champion(task);
        let cases = champion.marks[0].hits.len();
        writeln!(out, "{}: {}", task.name(), verdict(champion, cases))?;
        if cases == 0 {
            continue;
        }
        let best = champion.marks.iter().map(|marks| marks.ndcg()).fold(0.0, f64::max);
        writeln!(out, "  {:<20} {:>6} {:>8} {:>10}", "way", "HR@5", "NDCG@5", "from best")?;
        for (way, marks) in Way::ALL.into_iter().zip(&champion.marks) {
            let used = if way == champion.way { "  used" } else { "" };
            let (hits, gain) = (marks.hit_rate(), marks.ndcg());
            writeln!(
                out,
                "  {:<20} {hits:>6.3} {gain:>8.4} {:>+10.4}{used}",
                way.name(),
                gain - best
            )?;
        }
        for band in &champion.calibration {
            let (said, seen, of) = (band.said * 100.0, band.seen * 100.0, band.of);
            writeln!(out, "  said {said:>5.1} %, came true {seen:>5.1} % of {of}")?;
        }
    }
    Ok(())
}

fn verdict(champion: &Champion, cases: usize) -> String {
    let way = champion.way.name();
    match champion.voice {
        Voice::Speaks => format!("{way}, judged on {cases} customers who came back after the day it was learnt"),
        Voice::Popular => format!("silent: nothing clearly beats popularity on {cases} customers who came back"),
        Voice::Silent => format!("silent: nothing is known beyond what sells, by {cases} customers who came back"),
    }
}
