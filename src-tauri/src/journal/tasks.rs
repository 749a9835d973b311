//! Follow-ups and callbacks in the journal: planned, put off, done.

use chrono::{DateTime, SubsecRound as _, Utc};
use rusqlite::{OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

use super::calls::{optional_time, time};
use super::record::Word;
use super::{Journal, JournalError};
use crate::call::{CallId, Line};
use crate::customer::CustomerRef;
use crate::note;
pub use crate::pop::view::TaskKind;

const COLUMNS: &str =
    "SELECT id, kind, call, customer, customer_name, number_display, text, line, created, due, done FROM tasks";

/// The number of a task; lasting, and never another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TaskId(pub i64);

/// A task that is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTask {
    /// What there is to do.
    pub kind: TaskKind,
    /// The call it came from.
    pub call: Option<CallId>,
    /// For whom.
    pub customer: Option<CustomerRef>,
    /// Their name, which stays readable when the cache is gone; empty when not known.
    pub customer_name: String,
    /// The number to ring back as people write it; empty when there is none.
    pub number_display: String,
    /// What was promised; may be empty.
    pub text: String,
    /// Whose it is.
    pub line: Line,
    /// When.
    pub due: DateTime<Utc>,
}

/// A task in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its number.
    pub id: TaskId,
    /// What was planned; `due` moves when it is put off.
    pub plan: NewTask,
    /// When it was planned.
    pub created: DateTime<Utc>,
    /// When it was done.
    pub done: Option<DateTime<Utc>>,
}

impl Journal {
    /// Plans a task. Durable on return. Card numbers are struck out of its text.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn plan_task(&mut self, plan: NewTask, at: DateTime<Utc>) -> Result<Task, JournalError> {
        let (created, due) = (at.trunc_subsecs(3), plan.due.trunc_subsecs(3));
        let text = note::struck(&plan.text).into_owned();
        let plan = NewTask { text, due, ..plan };
        self.conn
            .prepare_cached(
                "INSERT INTO tasks (id, kind, call, customer, customer_name, number_display, text, line, created, due)
                 VALUES ((SELECT highest + 1 FROM numbers_given WHERE name = 'tasks'), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )
            .and_then(|mut insert| {
                insert.insert(params![
                    Word(plan.kind),
                    plan.call.as_ref().map(|call| &call.0),
                    plan.customer.as_ref().map(|customer| &customer.0),
                    plan.customer_name,
                    plan.number_display,
                    plan.text,
                    plan.line.0,
                    created.timestamp_millis(),
                    due.timestamp_millis(),
                ])
            })
            .map(|id| Task {
                id: TaskId(id),
                plan,
                created,
                done: None,
            })
            .map_err(JournalError::NotWritten)
    }

    /// One task.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn task(&self, id: TaskId) -> Result<Option<Task>, JournalError> {
        self.conn
            .prepare_cached(&[COLUMNS, " WHERE id = ?1"].concat())
            .and_then(|mut select| select.query_row([id.0], task).optional())
            .map_err(JournalError::NotRead)
    }

    /// At most `limit` tasks that are not done, the first due first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn open_tasks(&self, limit: u32) -> Result<Vec<Task>, JournalError> {
        self.tasks_where("done IS NULL ORDER BY due, id LIMIT ?1", [limit])
    }

    /// The tasks that came from a call, in the order they were planned.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn tasks_of_call(&self, call: &CallId) -> Result<Vec<Task>, JournalError> {
        self.tasks_where("call = ?1 ORDER BY id", [&call.0])
    }

    /// What is still to be done for a customer, the first due first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn open_tasks_of(&self, customer: &CustomerRef) -> Result<Vec<Task>, JournalError> {
        self.tasks_where("customer = ?1 AND done IS NULL ORDER BY due, id", [&customer.0])
    }

    /// What is still to be done for callers of this number whom nobody knows, the first due first. The number is as
    /// people write it.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn open_tasks_of_number(&self, number: &str) -> Result<Vec<Task>, JournalError> {
        let sql = "number_display = ?1 AND customer IS NULL AND done IS NULL ORDER BY due, id";
        self.tasks_where(sql, [number])
    }

    /// Tasks that are due at `now` and of which nobody was reminded yet, the first due first. From then on they count as
    /// reminded of, until they are put off: a reminder comes once, also after a restart.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; they are given again then.
    pub fn take_due(&mut self, now: DateTime<Utc>) -> Result<Vec<Task>, JournalError> {
        let now = now.timestamp_millis();
        let due = self.tasks_where(
            "done IS NULL AND due <= ?1 AND reminded IS NOT due ORDER BY due, id",
            [now],
        )?;
        if !due.is_empty() {
            let sql = "UPDATE tasks SET reminded = due WHERE done IS NULL AND due <= ?1";
            self.conn.execute(sql, [now]).map_err(JournalError::NotWritten)?;
        }
        Ok(due)
    }

    /// When the next task comes due of which nobody was reminded; a time that is over where one waits already.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn next_due(&self) -> Result<Option<DateTime<Utc>>, JournalError> {
        self.conn
            .prepare_cached("SELECT min(due) FROM tasks WHERE done IS NULL AND reminded IS NOT due")
            .and_then(|mut select| select.query_row([], |row| optional_time(row, 0)))
            .map_err(JournalError::NotRead)
    }

    /// Puts a task off; its reminder comes again. Durable on return. `false` when there is none, or it is done.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn put_off_task(&mut self, id: TaskId, until: DateTime<Utc>) -> Result<bool, JournalError> {
        let sql = "UPDATE tasks SET due = ?2, reminded = NULL WHERE id = ?1 AND done IS NULL";
        self.changed(sql, params![id.0, until.timestamp_millis()])
    }

    /// Gives a task to whoever sits at `line`, due at `due`; its reminder comes again. Durable on return. `false` when there is
    /// none, or it is done.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn pass_task(&mut self, id: TaskId, line: &Line, due: DateTime<Utc>) -> Result<bool, JournalError> {
        let sql = "UPDATE tasks SET line = ?2, due = ?3, reminded = NULL WHERE id = ?1 AND done IS NULL";
        self.changed(sql, params![id.0, line.0, due.timestamp_millis()])
    }

    /// Marks a task as done, or, without a time, as still to be done. Durable on return. `false` when there is none.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn finish_task(&mut self, id: TaskId, done: Option<DateTime<Utc>>) -> Result<bool, JournalError> {
        let sql = "UPDATE tasks SET done = ?2 WHERE id = ?1";
        self.changed(sql, params![id.0, done.map(|done| done.timestamp_millis())])
    }

    /// Takes a task back that was planned by mistake. Durable on return. `false` when there is none.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn drop_task(&mut self, id: TaskId) -> Result<bool, JournalError> {
        self.changed("DELETE FROM tasks WHERE id = ?1", [id.0])
    }

    fn tasks_where(&self, condition: &str, values: impl rusqlite::Params) -> Result<Vec<Task>, JournalError> {
        // `condition` is one of the constants above; every value is bound.
        self.conn
            .prepare_cached(&[COLUMNS, " WHERE ", condition].concat())
            .and_then(|mut select| select.query_map(values, task)?.collect())
            .map_err(JournalError::NotRead)
    }

    fn changed(&mut self, sql: &str, values: impl rusqlite::Params) -> Result<bool, JournalError> {
        let changed = self.conn.execute(sql, values).map_err(JournalError::NotWritten)?;
        Ok(changed > 0)
    }
}

fn task(row: &Row<'_>) -> rusqlite::Result<Task> {
    Ok(Task {
        id: TaskId(row.get(0)?),
        plan: NewTask {
            kind: row.get::<_, Word<TaskKind>>(1)?.0,
            call: row.get::<_, Option<String>>(2)?.map(CallId),
            customer: row.get::<_, Option<String>>(3)?.map(CustomerRef),
            customer_name: row.get(4)?,
            number_display: row.get(5)?,
            text: row.get(6)?,
            line: Line(row.get(7)?),
            due: time(row, 9)?,
        },
        created: time(row, 8)?,
        done: optional_time(row, 10)?,
    })
}
