//! What the columns of a table mean: guessed from their names and contents, or said by the user.
//!
//! It knows words in several languages (`synonyms`) and judges by them; it reads no file.

use std::fmt;
use std::str::FromStr;

use super::synonyms::{self, Words};
use crate::number::plain;
use crate::words::Saying;

/// What a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Products.
    Products,
    /// Customers with their numbers.
    Customers,
    /// What each customer owes.
    Balances,
    /// Open invoices, from which balances are added up.
    Invoices,
    /// Lines of orders.
    Orders,
    /// Service requests.
    Tickets,
}

macro_rules! fields {
    ($($variant:ident $name:literal $describe:literal,)*) => {
        /// What a column can mean. Its name is what `--map` takes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Field {
            $(#[doc = concat!("Column with ", $describe, ".")] $variant,)*
        }

        impl Field {
            /// Every field there is.
            pub const ALL: &'static [Field] = &[$(Field::$variant,)*];

            /// The name that `--map` takes.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Field::$variant => $name,)* }
            }

            /// What stands in it, in words.
            #[must_use]
            pub fn describe(self) -> &'static str {
                match self { $(Field::$variant => $describe,)* }
            }

            /// What it is called, in a saying.
            #[must_use]
            pub fn word(self) -> Saying {
                Saying::of(match self { $(Field::$variant => concat!("setup.f.", $name),)* })
            }
        }
    };
}

fields! {
    Customer "customer" "the customer's key",
    Name "name" "the person's name",
    FirstName "first_name" "the first name",
    LastName "last_name" "the last name",
    Company "company" "the company",
    City "city" "the town",
    Country "country" "the country",
    Phone "phone" "telephone numbers",
    Email "email" "the e-mail address",
    Vat "vat" "the tax number",
    OptOut "opt_out" "whether they want no advertising",
    Product "product" "the product's key",
    ProductName "product_name" "the product's name",
    Category "category" "the product's category",
    Price "price" "the price of one",
    Discontinued "discontinued" "whether it is no longer sold",
    Stock "stock" "how many are in stock",
    Durable "durable" "whether it lasts and is bought once",
    Sensitive "sensitive" "whether nobody should be told of it",
    Order "order" "the order's number",
    Date "date" "the date",
    Quantity "quantity" "the quantity",
    Amount "amount" "the amount",
    Currency "currency" "the currency",
    Open "open" "the open amount",
    NotDue "not_due" "what is not due yet",
    Overdue "overdue" "what is overdue",
    Overdue30 "overdue_30" "what is overdue by 1 to 30 days",
    Overdue60 "overdue_60" "what is overdue by 31 to 60 days",
    OverdueMore "overdue_more" "what is overdue by more than 60 days",
    AsOf "as_of" "the date of the balance",
    Invoice "invoice" "the invoice's number",
    Due "due" "the due date",
    Ticket "ticket" "the ticket's number",
    Subject "subject" "the subject",
    Status "status" "the status",
}

/// A word that is no field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no field; fields are {fields}", fields = names())]
pub struct UnknownField(pub String);

/// A word that is no kind of table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no kind of table: it is products, customers, balances, invoices, orders or tickets")]
pub struct UnknownKind(pub String);

/// One column and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in the file.
    pub header: String,
    /// What it means; `None`: it is not read.
    pub field: Option<Field>,
}

/// What a table holds and what its columns mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// What the table holds.
    pub kind: Kind,
    /// Its columns, in order.
    pub columns: Vec<Column>,
}

/// Columns that somebody said are not to be read, by their place.
#[derive(Clone, Debug, Default)]
pub(super) struct LeftOut(Vec<usize>);

impl LeftOut {
    /// Those of `headers` that `names` name: as they are written, or else in any case and spacing.
    pub(super) fn of(headers: &[String], names: &[String]) -> Self {
        let places = |fits: &dyn Fn(&String) -> bool| -> Vec<usize> {
            let all = headers.iter().enumerate();
            all.filter(|(_, header)| fits(header)).map(|(at, _)| at).collect()
        };
        let named = names.iter().flat_map(|name| {
            let written = places(&|header| header.trim() == name.trim());
            if written.is_empty() {
                places(&|header| same(header, name))
            } else {
                written
            }
        });
        LeftOut(named.collect())
    }

    pub(super) fn has(&self, column: usize) -> bool {
        self.0.contains(&column)
    }
}

/// Fields that several columns may hold.
const REPEATED: [Field; 3] = [Field::Phone, Field::OverdueMore, Field::Category];

impl Kind {
    /// Every kind, in the order of an import: what others refer to comes first.
    pub const ALL: [Kind; 6] = [
        Kind::Products,
        Kind::Customers,
        Kind::Balances,
        Kind::Invoices,
        Kind::Orders,
        Kind::Tickets,
    ];

    /// What it is called, in a saying.
    #[must_use]
    pub fn word(self) -> Saying {
        Saying::of(match self {
            Kind::Products => "setup.holds.products",
            Kind::Customers => "setup.holds.customers",
            Kind::Balances => "setup.holds.balances",
            Kind::Invoices => "setup.holds.invoices",
            Kind::Orders => "setup.holds.orders",
            Kind::Tickets => "setup.holds.tickets",
        })
    }

    /// The columns that a table of this kind must have: of each group at least one.
    fn needs(self) -> &'static [&'static [Field]] {
        use Field::{
            Amount, Company, Customer, Date, Due, FirstName, LastName, Name, NotDue, Open, Overdue, Overdue30, Phone,
            Price, Product, ProductName, Subject, Ticket,
        };
        match self {
            Kind::Customers => &[&[Name, Company, LastName, FirstName, Customer], &[Phone]],
            Kind::Products => &[&[Product], &[ProductName, Price]],
            Kind::Orders => &[&[Customer], &[Product], &[Date], &[Price, Amount]],
            Kind::Balances => &[&[Customer], &[Open, Overdue, Overdue30, NotDue]],
            Kind::Invoices => &[&[Customer], &[Due], &[Open]],
            Kind::Tickets => &[&[Customer], &[Ticket], &[Subject]],
        }
    }
}

impl Mapping {
    /// The first column that holds a field.
    #[must_use]
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| column.field == Some(field))
    }

    /// Every column that holds a field.
    pub fn columns_of(&self, field: Field) -> impl Iterator<Item = usize> {
        let holds = move |(at, column): (usize, &Column)| (column.field == Some(field)).then_some(at);
        self.columns.iter().enumerate().filter_map(holds)
    }

    /// What the kind needs and no column holds, one field of each group.
    #[must_use]
    pub fn missing(&self) -> Vec<Field> {
        let lacks = |group: &&&[Field]| !group.iter().any(|&field| self.column(field).is_some());
        self.kind
            .needs()
            .iter()
            .filter(lacks)
            .filter_map(|group| group.first().copied())
            .collect()
    }

    /// What the columns were found to mean earlier; others, and those `out`, are not read.
    pub(super) fn known(kind: Kind, headers: &[String], known: &[(String, Field)], out: &LeftOut) -> Self {
        let field = |header: &String| {
            let found = known.iter().find(|(name, _)| same(header, name));
            found.map(|(_, field)| *field)
        };
        let columns = headers.iter().enumerate().map(|(at, header)| Column {
            header: header.clone(),
            field: field(header).filter(|_| !out.has(at)),
        });
        Mapping {
            kind,
            columns: columns.collect(),
        }
    }

    /// The best mapping: of all kinds, the one whose needs are met and whose words explain most columns; a word in the
    /// file's name weighs like two columns. `said` is what the user said of this file's columns. What it holds is judged by all
    /// of them, also by those `out`: it is the same table without them.
    pub(super) fn guess(
        file: &str,
        headers: &[String],
        said: &[(Field, String)],
        looks_like_phones: &[usize],
        out: &LeftOut,
    ) -> Option<Self> {
        let file = plain(file);
        let best = Kind::ALL
            .into_iter()
            .map(|kind| {
                let mapping = Mapping::of_kind(kind, headers, said, looks_like_phones, &LeftOut::default());
                let named = synonyms::names_kind(&file, kind);
                let explained = mapping.columns.iter().filter(|column| column.field.is_some()).count();
                let met = mapping.missing().len();
                let score = explained * 2 + usize::from(named) * 4;
                (mapping, met, score, named)
            })
            .filter(|(_, missing, score, named)| *score > 0 && (*missing == 0 || *named || *missing == 1))
            // Of kinds that fit alike the first of `ALL` wins.
            .rev()
            .max_by_key(|(mapping, missing, score, named)| {
                (*missing == 0, *named, *score, mapping.kind == Kind::Customers)
            });
        let kind = best.map(|(mapping, ..)| mapping.kind)?;
        Some(Mapping::of_kind(kind, headers, said, looks_like_phones, out))
    }

    /// The columns as a table of `kind` would have them, whether or not its needs are met.
    pub(super) fn of_kind(
        kind: Kind,
        headers: &[String],
        said: &[(Field, String)],
        looks_like_phones: &[usize],
        out: &LeftOut,
    ) -> Self {
        let mut columns: Vec<Column> = headers
            .iter()
            .map(|header| Column {
                header: header.clone(),
                field: None,
            })
            .collect();
        for (field, name) in said {
            let named = |(at, column): &(usize, &mut Column)| same(&column.header, name) && !out.has(*at);
            if let Some((_, column)) = columns.iter_mut().enumerate().find(named) {
                column.field = Some(*field);
            }
        }
        let unsaid =
            |words: &&Words| REPEATED.contains(&words.field) || !said.iter().any(|(field, _)| *field == words.field);
        let words: Vec<&Words> = synonyms::of_kind(kind).filter(unsaid).collect();
        for precise in [true, false] {
            for words in &words {
                assign(&mut columns, words, precise, out);
            }
        }
        let no_phone = said.iter().any(|(field, name)| *field == Field::Phone && name == "-");
        for column in columns
            .iter_mut()
            .filter(|column| no_phone && column.field == Some(Field::Phone))
        {
            column.field = None;
        }
        if kind == Kind::Customers && !no_phone && !columns.iter().any(|column| column.field == Some(Field::Phone)) {
            let free = |at: &usize| columns.get(*at).is_some_and(|column| column.field.is_none()) && !out.has(*at);
            let found: Vec<usize> = looks_like_phones.iter().copied().filter(free).collect();
            found.iter().for_each(|&at| columns[at].field = Some(Field::Phone));
        }
        Mapping { kind, columns }
    }
}

/// Gives the columns that the words name their field: the first of them, or all when the field may be repeated.
fn assign(columns: &mut [Column], words: &Words, precise: bool, out: &LeftOut) {
    for at in 0..columns.len() {
        let taken = columns.iter().any(|column| column.field == Some(words.field));
        if taken && !REPEATED.contains(&words.field) {
            return;
        }
        let header = plain(&columns[at].header);
        let bare = header.trim_end_matches(|c: char| c.is_ascii_digit());
        let fits = if precise {
            words.exact.iter().any(|word| *word == header || *word == bare)
        } else {
            words.within.iter().any(|word| header.contains(word))
                && !words.never.iter().any(|word| header.contains(word))
        };
        if columns[at].field.is_none() && fits && !out.has(at) {
            columns[at].field = Some(words.field);
        }
    }
}

/// The column that the user named, in any case and spacing.
pub(super) fn same(header: &str, name: &str) -> bool {
    header.trim() == name.trim() || (!plain(name).is_empty() && plain(header) == plain(name))
}

fn names() -> String {
    Field::ALL
        .iter()
        .map(|field| field.name())
        .collect::<Vec<_>>()
        .join(", ")
}

impl FromStr for Field {
    type Err = UnknownField;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = plain(text);
        let found = Field::ALL.iter().find(|field| plain(field.name()) == wanted);
        found.copied().ok_or_else(|| UnknownField(text.to_owned()))
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Kind::ALL.into_iter().find(|kind| kind.to_string() == text);
        found.ok_or_else(|| UnknownKind(text.to_owned()))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kind::Products => "products",
            Kind::Customers => "customers",
            Kind::Balances => "balances",
            Kind::Invoices => "invoices",
            Kind::Orders => "orders",
            Kind::Tickets => "tickets",
        })
    }
}
