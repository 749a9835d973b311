//! A customer's page: what the panel shows, every number and order, and nothing that is covered.

use chrono::TimeDelta;
use ringside::customer::{Currency, CustomerRef, Money};
use ringside::desk::{DeskError, PageRequest, Rules, ShowAt};
use ringside::directory::Directory;
use ringside::journal::{Act, Journal};
use ringside::pop::Cover;
use ringside::pop::view::{CustomerPageView, OrdersView, PagePlace};
use ringside::source::record::{OrderLineRow, Record};

use super::Seated;

const MARIA: (&str, &str, &str) = ("ALFKI", "Maria Anders", "+1 202 555 0143");

fn maria() -> CustomerRef {
    CustomerRef::new("files", "ALFKI")
}

/// Maria bought twice; in the second order was a return.
fn bought(rules: Rules) -> Seated {
    let seat = Seated::under(rules, &["101"], ShowAt::Ring, &[MARIA]);
    let directory = Directory::open(&seat.folder.path().join("cache.db"), seat.key.bytes()).expect("a cache");
    let mut import = directory.begin_import("files", seat.now).expect("an import");
    for (order, product, quantity_milli, minor, ago) in [
        ("A1", "tea", 2_000, 1_250, 30),
        ("A2", "pot", 1_000, 4_000, 3),
        ("A2", "tea", -1_000, -625, 3),
    ] {
        let line = OrderLineRow {
            customer: "ALFKI".to_owned(),
            order: order.to_owned(),
            at: seat.now - TimeDelta::days(ago),
            product: product.to_owned(),
            quantity_milli,
            amount: Money {
                minor,
                currency: Currency::EUR,
            },
        };
        import.record(&Record::OrderLine(line)).expect("taken in");
    }
    import.finish().expect("finished");
    seat
}

impl Seated {
    fn customer(&mut self, customer: CustomerRef, uncover: bool) -> Result<CustomerPageView, DeskError> {
        self.page(|reply| PageRequest::Customer(customer, uncover, reply))
    }

    fn orders(&mut self, behind: Option<PagePlace>, uncover: bool) -> OrdersView {
        self.page(|reply| PageRequest::Orders(maria(), behind, uncover, reply))
            .expect("orders")
    }
}

#[test]
fn many_orders_are_read_page_by_page_until_the_first_one() {
    let mut seat = Seated::under(Rules::default(), &["101"], ShowAt::Ring, &[MARIA]);
    let directory = Directory::open(&seat.folder.path().join("cache.db"), seat.key.bytes()).expect("a cache");
    let mut import = directory.begin_import("files", seat.now).expect("an import");
    for n in 0..1_000_i32 {
        let line = OrderLineRow {
            customer: "ALFKI".to_owned(),
            order: format!("A{}", n / 2),
            at: seat.now - TimeDelta::days(i64::from(n / 6)),
            product: if n % 2 == 0 { "tea" } else { "pot" }.to_owned(),
            quantity_milli: 1_000,
            amount: Money {
                minor: 100,
                currency: Currency::EUR,
            },
        };
        import.record(&Record::OrderLine(line)).expect("taken in");
    }
    import.finish().expect("finished");
    let mut page = seat.customer(maria(), false).expect("a page").orders;
    let (mut numbers, mut lines, mut pages) = (Vec::new(), 0, 1);
    loop {
        numbers.extend(page.orders.iter().map(|order| order.number.clone()));
        lines += page.orders.iter().map(|order| order.goods.len()).sum::<usize>();
        let Some(next) = page.next else { break };
        (page, pages) = (seat.orders(Some(next), false), pages + 1);
    }
    numbers.sort();
    numbers.dedup();
    assert_eq!((numbers.len(), lines, pages), (500, 1_000, 3));
}

#[test]
fn a_customers_page_has_who_they_are_every_number_and_every_order() {
    let mut seat = bought(Rules::default());
    let page = seat.customer(maria(), false).expect("a page");
    assert_eq!(
        page.pop.customer.as_ref().map(|one| one.name.as_str()),
        Some("Maria Anders")
    );
    assert_eq!((page.pop.word, page.pop.grade, page.pop.number), (None, None, None));
    assert!(page.pop.balance.is_some());
    assert_eq!(
        page.numbers.iter().map(|one| one.number.as_str()).collect::<Vec<_>>(),
        ["+1 202-555-0143"]
    );
    let orders: Vec<_> = page
        .orders
        .orders
        .iter()
        .map(|order| (order.number.as_str(), order.amounts[0].minor, order.goods.len()))
        .collect();
    assert_eq!(orders, [("A2", 3_375, 2), ("A1", 1_250, 1)]);
}

#[test]
fn a_customer_who_is_not_there_is_said_not_to_be() {
    let mut seat = Seated::at(&["101"]);
    for reference in ["files/NOBODY", "", "desk/7", "no slash"] {
        let refused = seat.customer(CustomerRef(reference.to_owned()), false);
        assert_eq!(refused.expect_err("nobody").code(), "no_such_customer", "{reference}");
    }
}

#[test]
fn what_is_covered_is_not_in_the_page_until_the_audit_trail_says_who_saw_it() {
    let rules = Rules {
        cover: Cover::Always,
        ..Rules::default()
    };
    let mut seat = bought(rules);
    let page = seat.customer(maria(), false).expect("a page");
    assert_eq!((page.pop.balance, page.orders), (None, OrdersView::default()));
    assert_eq!(seat.orders(None, false), OrdersView::default());
    assert!(!page.pop.covered.is_empty());
    let journal = |seat: &Seated| Journal::open(&seat.folder.path().join("journal.db"), &seat.key).expect("a journal");
    assert_eq!(journal(&seat).audit_trail(10).expect("read"), []);
    for _ in 0..2 {
        let page = seat.customer(maria(), true).expect("a page");
        assert!(page.pop.balance.is_some() && page.orders.orders.len() == 2 && page.pop.uncovered.is_some());
    }
    assert_eq!(seat.orders(None, true).orders.len(), 2);
    let trail = journal(&seat).audit_trail(10).expect("read");
    assert_eq!(trail.len(), 1, "looking again within half an hour is the same look");
    assert_eq!(
        (trail[0].act, trail[0].customer.clone()),
        (Act::Uncovered, Some(maria()))
    );
}
