//! A customer's page: whom the panel would show, every number, every order, and what the journal has of them.

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};

use super::error::DeskError;
use super::identify::{Found, Identify, Moment};
use super::numbers::Via;
use super::open;
use super::paging;
use super::state::{Desk, moment};
use super::words::told;
use crate::call::{CallId, Direction, Line, Party, Trust};
use crate::customer::{CustomerId, CustomerRef, PurchaseLine};
use crate::directory::{DirectoryError, Reach, Reading};
use crate::journal::{Act, AuditEntry, Choice, Journal, Said, is_created};
use crate::number;
use crate::pop;
use crate::pop::view::{CustomerPageView, GoodsView, OrderView, OrdersView, PagePlace, ReachView, UncoveredView};

/// Purchase lines of a page of orders.
const MOST_LINES: u32 = 400;
/// So long a page stays uncovered that was uncovered once.
const UNCOVERED_FOR: TimeDelta = TimeDelta::minutes(30);

impl Desk {
    /// The page. What the policy covers is not in it, unless it is to be uncovered: that stands in the audit trail first.
    pub(super) fn customer_page(
        &mut self,
        customer: &CustomerRef,
        uncover: bool,
        now: DateTime<Utc>,
    ) -> Result<CustomerPageView, DeskError> {
        let all = self.references_of(customer)?;
        let history = self.history(&all, None, now)?;
        let found = self.identify.of_customer(customer, &self.journal, moment(now));
        let mut found = found.map_err(DeskError::Directory)?.ok_or(DeskError::NoSuchCustomer)?;
        let nothing = CallId(String::new());
        open::renew(&self.journal, &nothing, &mut found);
        open::hold_back(&self.journal, &mut found.pop, None, now);
        let of_source = found
            .customer
            .as_ref()
            .filter(|customer| !is_created(&customer.reference));
        let mut page = CustomerPageView {
            numbers: Vec::new(),
            email: String::new(),
            orders: OrdersView::default(),
            history,
            pop: found.pop,
        };
        match of_source.map(|customer| customer.id) {
            Some(id) => self.identify.fill(id, &mut page).map_err(DeskError::Directory)?,
            None => page.numbers = made_numbers(&self.journal, customer),
        }
        if pop::is_covered(self.rules.cover, Direction::Out, Trust::Unknown) {
            if uncover {
                page.pop.uncovered = Some(self.uncover_page(customer, now)?);
            } else {
                pop::cover(&mut page.pop);
                page.orders = OrdersView::default();
            }
        }
        Ok(page)
    }

    /// A page of a customer's orders; none while they are covered.
    pub(super) fn orders_page(
        &mut self,
        customer: &CustomerRef,
        behind: Option<PagePlace>,
        uncover: bool,
        now: DateTime<Utc>,
    ) -> Result<OrdersView, DeskError> {
        if pop::is_covered(self.rules.cover, Direction::Out, Trust::Unknown) {
            if !uncover {
                return Ok(OrdersView::default());
            }
            self.uncover_page(customer, now)?;
        }
        self.identify.orders_of(customer, behind).map_err(DeskError::Directory)
    }

    /// Every reference that a customer has.
    pub(super) fn references_of(&mut self, customer: &CustomerRef) -> Result<Vec<CustomerRef>, DeskError> {
        let mut all = self.identify.records_of(customer).map_err(DeskError::Directory)?;
        if !all.contains(customer) {
            all.push(customer.clone());
        }
        Ok(all)
    }

    /// Notes that somebody looks at what is covered; once in a while is enough.
    fn uncover_page(&mut self, customer: &CustomerRef, now: DateTime<Utc>) -> Result<UncoveredView, DeskError> {
        let (agent, line) = (self.rules.agent.clone(), self.here());
        let at = now.trunc_subsecs(3);
        let by = if agent.is_empty() {
            line.0.clone()
        } else {
            agent.clone()
        };
        let earlier = told(self.journal.audit_trail(50)).into_iter().find(|entry| {
            entry.act == Act::Uncovered
                && entry.call.is_none()
                && entry.customer.as_ref() == Some(customer)
                && (&entry.agent, &entry.line) == (&agent, &line)
                && now - entry.at < UNCOVERED_FOR
        });
        if let Some(earlier) = earlier {
            return Ok(UncoveredView { by, at: earlier.at });
        }
        let entry = AuditEntry {
            at,
            agent,
            line,
            act: Act::Uncovered,
            detail: String::new(),
            call: None,
            customer: Some(customer.clone()),
        };
        self.journal.audit(&entry).map_err(DeskError::Journal)?;
        Ok(UncoveredView { by, at })
    }
}

impl Identify {
    /// What the panel would show if this customer called.
    ///
    /// # Errors
    /// When the cache cannot be read. `Ok(None)` when the customer is not in it.
    pub fn of_customer(
        &mut self,
        customer: &CustomerRef,
        journal: &Journal,
        moment: Moment,
    ) -> Result<Option<Found>, DirectoryError> {
        let via = Via {
            feed: "",
            called: "",
            trunk: None,
        };
        let word = Choice {
            customer: customer.clone(),
            number: None,
            said: Said {
                call: CallId(String::new()),
                line: Line(String::new()),
                at: moment.now,
            },
        };
        let found = self.find_chosen(via, &Party::default(), &word, Some(journal), moment)?;
        Ok(found.map(|mut found| {
            // nobody chose anybody: the page was asked for
            (found.pop.word, found.pop.grade, found.pop.why) = (None, None, None);
            found.pop.number = None;
            found
        }))
    }

    /// All records of the sources that are this customer, where there are several.
    fn records_of(&mut self, customer: &CustomerRef) -> Result<Vec<CustomerRef>, DirectoryError> {
        let reading = self.directory.read()?;
        let Some(leader) = reading.by_reference(customer)? else {
            return Ok(Vec::new());
        };
        let records = reading.records(leader.id)?.into_iter();
        Ok(records.map(|record| record.reference).collect())
    }

    /// What the cache has of a customer beside what the panel shows.
    fn fill(&mut self, id: CustomerId, page: &mut CustomerPageView) -> Result<(), DirectoryError> {
        let reading = self.directory.read()?;
        let records = all_of(&reading, id)?;
        for &id in &records {
            for one in reading.reach(id)?.into_iter().map(reach) {
                let known = |known: &ReachView| (&known.number, &known.ext) == (&one.number, &one.ext);
                if !page.numbers.iter().any(known) {
                    page.numbers.push(one);
                }
            }
            if page.email.is_empty() {
                page.email = reading.email(id)?;
            }
        }
        page.orders = orders_page(&reading, &records, None)?;
        Ok(())
    }

    /// A page of the orders of a customer of the sources; nobody else has any.
    fn orders_of(&mut self, customer: &CustomerRef, behind: Option<PagePlace>) -> Result<OrdersView, DirectoryError> {
        let reading = self.directory.read()?;
        let Some(leader) = reading.by_reference(customer)? else {
            return Ok(OrdersView::default());
        };
        let records = all_of(&reading, leader.id)?;
        orders_page(&reading, &records, behind)
    }
}

/// The rows of all records that are this customer.
fn all_of(reading: &Reading<'_>, id: CustomerId) -> Result<Vec<CustomerId>, DirectoryError> {
    let records = reading.records(id)?.into_iter().map(|record| record.id);
    let records: Vec<CustomerId> = records.collect();
    Ok(if records.is_empty() { vec![id] } else { records })
}

fn orders_page(
    reading: &Reading<'_>,
    records: &[CustomerId],
    behind: Option<PagePlace>,
) -> Result<OrdersView, DirectoryError> {
    let needed = paging::needed(behind, MOST_LINES);
    let mut lines = Vec::new();
    for id in records {
        lines.extend(reading.bought_lines(*id, behind.map(|place| place.at), needed)?);
    }
    lines.sort_by(|a, b| (b.at, &a.order).cmp(&(a.at, &b.order)));
    let (lines, next) = paging::page(lines, |line| line.at, behind, MOST_LINES);
    Ok(OrdersView {
        orders: orders(lines),
        next,
    })
}

fn reach(reach: Reach) -> ReachView {
    ReachView {
        number: reach.key.map_or(reach.raw, number::display),
        dialled: reach.key.is_some(),
        ext: reach.ext,
        label: reach.label,
    }
}

/// The numbers of a customer that an agent made.
fn made_numbers(journal: &Journal, customer: &CustomerRef) -> Vec<ReachView> {
    let numbers = told(journal.numbers_of(customer)).into_iter();
    let reach = |key| ReachView {
        number: number::display(key),
        ext: None,
        label: String::new(),
        dialled: true,
    };
    numbers.map(reach).collect()
}

/// Lines as they come, put together by their order.
fn orders(lines: Vec<PurchaseLine>) -> Vec<OrderView> {
    let mut orders: Vec<OrderView> = Vec::new();
    for line in lines {
        let amount = pop::money_view(line.amount);
        let goods = GoodsView {
            name: line.product_name,
            quantity_milli: line.quantity_milli,
            amount: amount.clone(),
        };
        let place = orders.iter().rposition(|order| order.number == line.order);
        let place = place.unwrap_or_else(|| {
            orders.push(OrderView {
                number: line.order,
                at: line.at,
                amounts: Vec::new(),
                goods: Vec::new(),
            });
            orders.len() - 1
        });
        let order = &mut orders[place];
        match order.amounts.iter_mut().find(|sum| sum.currency == amount.currency) {
            Some(sum) => sum.minor = sum.minor.saturating_add(amount.minor),
            None => order.amounts.push(amount),
        }
        order.goods.push(goods);
    }
    orders
}
