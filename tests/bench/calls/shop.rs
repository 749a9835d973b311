//! Two years of calls: as many by day and hour as a shop has them, with values that are rare and values that are of long ago.

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ringside::journal::Journal;
use ringside::store;
use ringside::vault::Unlocked;
use rusqlite::{Connection, params};

use crate::Result;

/// How long it has been open.
const DAYS: i64 = 730;
const CUSTOMERS: u32 = 200_000;

/// What stands in the columns, the common first; what is left to the last is rare.
pub(crate) const QUEUES: [(&str, f64); 6] = [
    ("sales", 0.35),
    ("orders", 0.3),
    ("service", 0.2),
    ("returns", 0.1),
    ("export", 0.0495),
    ("vip", 0.0005),
];
pub(crate) const RESULTS: [(&str, f64); 7] = [
    ("order", 0.4),
    ("question", 0.3),
    ("callback", 0.15),
    ("claim", 0.1),
    ("wrong_number", 0.0495),
    ("complaint", 0.0004),
    ("threat", 0.0001),
];
const OUTCOMES: [(&str, f64); 5] = [
    ("answered", 0.8),
    ("missed", 0.15),
    ("busy", 0.03),
    ("rejected", 0.0199),
    ("failed", 0.0001),
];
const VERDICTS: [(&str, f64); 4] = [("one", 0.7), ("unknown", 0.17), ("several", 0.08), ("withheld", 0.05)];
const DIRECTIONS: [(&str, f64); 3] = [("in", 0.85), ("out", 0.1495), ("internal", 0.0005)];
/// Words of notes; the last are in a handful.
pub(crate) const WORDS: [&str; 12] = [
    "delivery", "invoice", "address", "pallet", "friday", "discount", "broken", "müsli", "forklift", "sample",
    "kintsugi", "zeppelin",
];

/// How many calls there are, and when the last of them began.
pub(crate) struct Shop {
    pub(crate) calls: u32,
    pub(crate) now: DateTime<Utc>,
}

const CALL: &str = "
    INSERT INTO calls (id, feed, direction, number, number_raw, number_display, presentation, caller_name, trust, customer,
        customer_name, customer_company, called, started, answered, answered_by, ended, outcome, ended_by, unfinished, talked,
        queue, queue_outcome, verdict, popped, wrapped, mark, dialled)
    VALUES (?1, 'pbx', ?2, ?3, ?4, ?5, 'allowed', '', 'unknown', ?6, ?7, '', '100', ?8, ?9, ?10, ?11, ?12, ?13, 0, ?14, ?15, ?16,
        ?17, ?18, ?19, ?20, ?21)";

impl Shop {
    pub(crate) fn new(calls: u32) -> Self {
        let now = Utc.with_ymd_and_hms(2026, 11, 20, 17, 0, 0);
        Shop {
            calls,
            now: now.single().unwrap_or_default(),
        }
    }

    /// When it opened.
    pub(crate) fn began(&self) -> DateTime<Utc> {
        self.now - TimeDelta::days(DAYS)
    }

    /// Writes all calls in one transaction.
    pub(crate) fn fill(&self, unlocked: &Unlocked) -> Result<()> {
        drop(Journal::open(&unlocked.journal_db(), &unlocked.key)?);
        let mut conn = store::open_database(&unlocked.journal_db(), &unlocked.key)?;
        conn.execute_batch("PRAGMA cache_size = -262144")?;
        let tx = conn.transaction()?;
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let began = self.began().timestamp_millis();
        let step = TimeDelta::days(DAYS).num_milliseconds() / i64::from(self.calls);
        for n in 0..self.calls {
            let at = began + i64::from(n) * step + random.random_range(0..step);
            self.call(&tx, &mut random, n, at)?;
        }
        Ok(tx.commit()?)
    }

    fn call(&self, tx: &Connection, random: &mut ChaCha8Rng, n: u32, at: i64) -> Result<()> {
        // as phone systems name them: in no order
        let id = format!("pbx:{:08x}.{n}", n.wrapping_mul(2_654_435_761));
        let direction = pick(random, &DIRECTIONS);
        let outcome = pick(random, &OUTCOMES);
        let verdict = (direction == "in").then(|| pick(random, &VERDICTS));
        // some call often, most once or twice
        let most = random.random_range(0..CUSTOMERS);
        let most = random.random_range(0..=most);
        let customer = random.random_range(0..=most);
        let answered = (outcome == "answered").then(|| at + random.random_range(2_000..90_000));
        let ended = answered.map_or(at + random.random_range(5_000..120_000), |from| {
            from + random.random_range(10_000..900_000)
        });
        let agent = agent(random, n, self.calls);
        let queue = (direction == "in" && random.random_ratio(4, 5)).then(|| pick(random, &QUEUES));
        let mark = match random.random_range(0..5_000) {
            0 => Some("coaching"),
            1..6 => Some("reviewed"),
            _ => None,
        };
        let known = verdict.is_none_or(|verdict| verdict == "one");
        tx.prepare_cached(CALL)?.execute(params![
            id,
            direction,
            493_000_000_000_i64 + i64::from(customer),
            format!("+493{customer:09}"),
            format!("+49 30 {customer:09}"),
            known.then(|| format!("crm/{customer}")),
            if known {
                format!("Customer {customer}")
            } else {
                String::new()
            },
            at,
            answered,
            answered.map(|_| agent.as_str()),
            ended,
            outcome,
            ["caller", "agent", "pbx"][random.random_range(0..3)],
            answered.map(|from| (ended - from) / 1_000),
            queue,
            queue.map(|_| if answered.is_some() { "answered" } else { "abandoned" }),
            verdict,
            verdict.map(|_| random.random_range(300..3_000)),
            answered.map(|_| ended + random.random_range(1_000..60_000)),
            mark,
            (direction != "in").then_some(agent.as_str()),
        ])?;
        self.beside(
            tx,
            random,
            &id,
            &agent,
            (at, answered, ended),
            known.then_some(customer),
        )
    }

    /// Lines, note, result, suggestion, correction and callback of a call.
    fn beside(
        &self,
        tx: &Connection,
        random: &mut ChaCha8Rng,
        id: &str,
        agent: &str,
        (at, answered, ended): (i64, Option<i64>, i64),
        customer: Option<u32>,
    ) -> Result<()> {
        let mut line = tx.prepare_cached(
            "INSERT INTO call_lines (call, position, extension, rang, talked_from, talked_until, started)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        let until = answered.map(|_| ended);
        line.execute(params![id, 0, agent, at + 500, answered, until, at])?;
        if random.random_ratio(1, 2) {
            let other = format!("{}", 101 + random.random_range(0..20));
            line.execute(params![id, 1, other, at + 500, None::<i64>, None::<i64>, at])?;
        }
        if answered.is_none() {
            return Ok(());
        }
        if random.random_ratio(3, 10) {
            let text = note(random);
            tx.prepare_cached("INSERT INTO notes (call, text, written_at, revision, line) VALUES (?1, ?2, ?3, 1, ?4)")?
                .execute(params![id, text, ended, agent])?;
        }
        if random.random_ratio(2, 3) {
            tx.prepare_cached("INSERT INTO dispositions (call, code, line, chosen) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![id, pick(random, &RESULTS), agent, ended])?;
        }
        let customer = customer.map(|customer| format!("crm/{customer}"));
        if random.random_ratio(1, 5) {
            let product = random.random_range(0..300);
            let answer = ["accepted", "declined", "not_now", "offered"][random.random_range(0..4)];
            tx.prepare_cached("INSERT INTO offers VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
                .execute(params![
                    id,
                    format!("P{product}"),
                    format!("Product {product}"),
                    customer,
                    answer,
                    agent,
                    ended
                ])?;
        }
        if random.random_ratio(1, 100) {
            tx.prepare_cached("INSERT INTO choices VALUES (?1, NULL, 'crm/7', ?2, ?3)")?
                .execute(params![id, agent, ended])?;
        }
        if random.random_ratio(1, 10) {
            tx.prepare_cached(
                "INSERT INTO tasks (kind, call, customer, customer_name, number_display, text, line, created, due, done)
                 VALUES ('callback', ?1, ?2, '', '', '', ?3, ?4, ?5, ?6)",
            )?
            .execute(params![id, customer, agent, ended, ended + 3_600_000, ended + 4_000_000])?;
        }
        Ok(())
    }
}

/// Twenty extensions; one that took a call in ten thousand, and one that left in the first month.
fn agent(random: &mut ChaCha8Rng, n: u32, calls: u32) -> String {
    if random.random_ratio(1, 10_000) {
        return "198".to_owned();
    }
    if n < calls / 24 && random.random_ratio(1, 10) {
        return "199".to_owned();
    }
    format!("{}", 101 + random.random_range(0..20))
}

/// A note of a few words, the first of them common.
fn note(random: &mut ChaCha8Rng) -> String {
    let mut words = Vec::new();
    for _ in 0..random.random_range(3..15) {
        let nth = match random.random_range(0..50_000) {
            0 => 11,
            1..5 => 10,
            5..100 => 9,
            100..1_000 => 8,
            _ => random.random_range(0..8),
        };
        words.push(WORDS[nth]);
    }
    words.join(" ")
}

fn pick(random: &mut ChaCha8Rng, of: &[(&'static str, f64)]) -> &'static str {
    let mut left: f64 = random.random();
    for (word, share) in of {
        left -= share;
        if left < 0.0 {
            return word;
        }
    }
    of[0].0
}
