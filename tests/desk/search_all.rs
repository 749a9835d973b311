//! One search over customers, tickets, notes and products.

use ringside::customer::{CustomerRef, Restrictions};
use ringside::desk::{PageRequest, TicketRequest};
use ringside::directory::Directory;
use ringside::journal::{Priority, TicketKind};
use ringside::pop::view::FoundView;
use ringside::source::record::{ProductRow, Record};

use super::{Seated, TO_THE_END};

fn product(key: &str, name: &str, discontinued: bool) -> Record {
    Record::Product(ProductRow {
        key: key.to_owned(),
        name: name.to_owned(),
        category: "Pantry".to_owned(),
        price: None,
        discontinued,
        restrictions: Restrictions::default(),
    })
}

impl Seated {
    fn all_found(&mut self, typed: &str) -> FoundView {
        self.page(|reply| PageRequest::Search(typed.to_owned(), reply))
            .expect("an answer")
    }

    fn products(&mut self, typed: &str) -> Vec<String> {
        self.all_found(typed)
            .products
            .into_iter()
            .map(|product| product.name)
            .collect()
    }

    fn take_in(&self, records: &[Record]) {
        let directory = Directory::open(&self.folder.path().join("cache.db"), self.key.bytes()).expect("a cache");
        let mut import = directory.begin_import("files", self.now).expect("an import");
        for record in records {
            import.record(record).expect("taken in");
        }
        import.finish().expect("finished");
    }
}

#[test]
fn one_word_finds_the_customer_the_ticket_the_note_and_the_product() {
    let mut seat = Seated::at(&["101"]);
    seat.take_in(&[product("1", "Maria biscuits, 400 g", false)]);
    seat.play("in_answered", TO_THE_END);
    let call = seat.card().call;
    seat.save(&call, "For Maria: two kettles").expect("saved");
    let ticket = TicketRequest {
        kind: TicketKind::Question,
        priority: Priority::Low,
        subject: "Price of kettles".to_owned(),
    };
    let maria = Some(CustomerRef::new("files", "ALFKI"));
    seat.page(|reply| PageRequest::NewTicket(maria, ticket, reply))
        .expect("opened");
    let found = seat.all_found("mari");
    let counts = [
        found.customers.len(),
        found.tickets.len(),
        found.notes.len(),
        found.products.len(),
    ];
    assert_eq!(counts, [1, 1, 1, 1]);
    assert_eq!(
        found.notes[0].customer.as_ref().map(|one| one.name.as_str()),
        Some("Maria Anders")
    );
    assert_eq!(seat.all_found("kettl mari").notes.len(), 1);
}

#[test]
fn products_are_found_by_the_beginnings_of_words_in_any_order_those_still_sold_first() {
    let mut seat = Seated::at(&["101"]);
    seat.take_in(&[
        product("1", "Kräutertee, lose", true),
        product("2", "Tee-Kanne", false),
        product("3", "Tea strainer", false),
    ]);
    assert_eq!(seat.products("tee"), ["Tee-Kanne"]);
    assert_eq!(seat.products("kan tee"), ["Tee-Kanne"]);
    assert_eq!(seat.products("krauter"), ["Kräutertee, lose"]);
    assert_eq!(seat.products("ee"), Vec::<String>::new());
    seat.take_in(&[product("4", "Kräutersalz", false)]);
    assert_eq!(seat.products("kräuter"), ["Kräutersalz", "Kräutertee, lose"]);
}

#[test]
fn nothing_typed_finds_nothing_and_whatever_is_typed_is_borne() {
    let mut seat = Seated::at(&["101"]);
    assert_eq!(seat.all_found("  "), FoundView::default());
    for typed in [
        "\"",
        "* OR *",
        "%_%",
        "#",
        "\u{202e}",
        &"x".repeat(100_000),
        "'; DROP TABLE notes; --",
    ] {
        seat.all_found(typed);
    }
}
