//! What every place of customer data is to Ringside: streams of records, each read from a mark on.
//!
//! A source reads and hands over. It does not know where its records are kept, when it is asked again, or whether what
//! it calls gone may go: `sync` decides that, and keeps the mark in the transaction that keeps the records.

use crate::source::record::Record;
use crate::words::Saying;

/// One kind of record of a source, read by itself and with a mark of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stream {
    /// Its name within the source, for example `parties`: stands in progress, messages and marks.
    pub name: String,
    /// What its records are.
    pub kind: Keyed,
}

/// What a record is found by when its source says that it is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Keyed {
    /// Products, by their key.
    Product,
    /// Customers, by their key.
    Customer,
    /// Orders, by their number; a batch gives an order whole.
    Order,
    /// Invoices, by their number.
    Invoice,
    /// What customers owe, by the customer's key.
    Balance,
    /// Service requests, by their number.
    Ticket,
}

/// Where a stream was left: the source's own text, opaque to everybody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark(pub String);

/// What a source hands over at one go.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// Records, new or changed or given again: whoever keeps them compares.
    pub records: Vec<Record>,
    /// Keys of the stream's [`Keyed`] that the source says are deleted.
    pub gone: Vec<String>,
    /// What could not be used, one sentence each, with the record's key where it has one.
    pub refused: Vec<Refused>,
    /// Where to go on once this batch is kept; `None`: the next batch says.
    pub mark: Option<Mark>,
    /// How many records the run will give in all, where the source says so.
    pub total: Option<u64>,
}

/// A record that could not be used. The run goes on without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The source's key, or where the record stands; empty when neither is known.
    pub key: String,
    /// What is wrong with it.
    pub reason: Saying,
}

/// How a stream came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What changed since the mark.
    Changes,
    /// Everything there is: what was not given is gone.
    Whole,
}

/// Takes batches. [`Stopped`] ends the run: the batch is not kept.
pub type Sink<'a> = dyn FnMut(Batch) -> Result<(), Stopped> + 'a;

/// Whoever takes the batches wants no more: the run was cancelled, or nothing can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the run was stopped")]
pub struct Stopped;

/// A place that customer data lives in.
///
/// It blocks: a run has a thread of its own.
pub trait Source: Send {
    /// What it gives, in the order in which it must be read: what others refer to comes first.
    fn streams(&self) -> Vec<Stream>;

    /// Reads a stream from `mark` on, or whole without one, in batches of at most some thousand records.
    ///
    /// # Errors
    /// When the source cannot be read on. What was handed over before stays, and its last mark is where to go on.
    fn pull(&mut self, stream: &Stream, mark: Option<&Mark>, sink: &mut Sink<'_>) -> Result<Extent, PullError>;
}

/// Why a source cannot be read on. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// Whoever took the batches stopped the run.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// The mark is no longer good (a delta token that expired): read whole.
    #[error("{}", expired(what))]
    MarkExpired {
        /// The stream.
        what: String,
    },
    /// It may work later: a network, a limit, a server that is down.
    #[error("{said}")]
    Later {
        /// What happened, and that it is tried again.
        said: Saying,
        /// How long the source asked to be left alone.
        after: Option<std::time::Duration>,
    },
    /// It will not work until somebody changes something.
    #[error("{said}")]
    Refused {
        /// What happened and what to do.
        said: Saying,
    },
}

impl PullError {
    /// The same for a person.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            PullError::Stopped(_) => Saying::of("import.stopped"),
            PullError::MarkExpired { what } => expired(what),
            PullError::Later { said, .. } | PullError::Refused { said } => said.clone(),
        }
    }
}

fn expired(what: &str) -> Saying {
    Saying::of("import.mark_expired").with("what", what)
}
