#![allow(clippy::unwrap_used)]

mod money;

use super::view::MatchReason;
use super::*;
use crate::advisor::{Advised, Catalogue, Kind, ProductId, Suggestion};
use crate::customer::{Currency, CustomerId, CustomerRef, Product, PurchaseLine, Restrictions};
use crate::directory::OrderTotal;

fn at(time: &str) -> DateTime<Utc> {
    time.parse().unwrap()
}

fn money(minor: i64, code: &str) -> Money {
    Money {
        minor,
        currency: Currency::from_code(code).unwrap(),
    }
}

fn order(number: &str, time: &str, minor: i64, code: &str) -> OrderTotal {
    OrderTotal {
        at: at(time),
        number: number.into(),
        amount: money(minor, code),
    }
}

fn customer(key: &str) -> Customer {
    Customer {
        id: CustomerId(1),
        reference: CustomerRef::new("files", key),
        name: "Maria Anders".into(),
        company: "Alfreds Futterkiste".into(),
        city: String::new(),
        country: Some("DE".into()),
        source: "files".into(),
        seen: at("2026-01-01T00:00:00Z"),
    }
}

fn dossier(orders: Vec<OrderTotal>) -> Dossier {
    let line = |order: &OrderTotal| PurchaseLine {
        at: order.at,
        order: order.number.clone(),
        product: "11".into(),
        product_name: "Queso Cabrales".into(),
        quantity_milli: 12_000,
        amount: order.amount,
    };
    Dossier {
        customer: customer("ALFKI"),
        balances: Vec::new(),
        balance_sources: Vec::new(),
        other_balances: Vec::new(),
        lines: orders.iter().map(line).collect(),
        orders,
        orders_seen: Some(at("2026-01-02T00:00:00Z")),
        bought: Vec::new(),
        tickets: Vec::new(),
        no_advertising: None,
        records: Vec::new(),
    }
}

fn known(dossier: Dossier) -> Who {
    Who::One(Box::new(Known {
        grade: Grade::Exact,
        why: None,
        dossier,
        advised: Advised::default(),
        relation: None,
        tier: None,
        open: Vec::new(),
        notes: Vec::new(),
        word: None,
    }))
}

fn caller() -> CallerLine {
    CallerLine {
        number: Some("+49 30 0074321".into()),
        name: Some("ANDERS".into()),
        country: Some("DE".into()),
        trust: Trust::Verified,
    }
}

/// In Berlin, at noon in the middle of a summer month.
fn shown(who: Who) -> PopView {
    view_of(
        caller(),
        who,
        &Catalogue::default(),
        at("2026-07-15T10:00:00Z"),
        FixedOffset::east_opt(7_200).unwrap(),
    )
}

fn purchases(orders: Vec<OrderTotal>) -> view::PurchasesView {
    shown(known(dossier(orders))).purchases.unwrap()
}

#[test]
fn a_withheld_caller_has_no_number_and_no_country() {
    let view = shown(Who::Withheld);
    assert_eq!(
        (view.verdict, view.number, view.country),
        (VerdictKind::Withheld, None, None)
    );
}

#[test]
fn whoever_is_no_customer_is_shown_by_what_the_phone_system_said() {
    for (who, kind) in [
        (Who::Unknown, VerdictKind::Unknown),
        (Who::Own, VerdictKind::Own),
        (Who::Internal, VerdictKind::Internal),
    ] {
        let view = shown(who);
        assert_eq!(view.verdict, kind);
        assert_eq!(view.caller_name.as_deref(), Some("ANDERS"));
        assert_eq!(view.number.as_deref(), Some("+49 30 0074321"));
        assert_eq!((view.customer, view.balance, view.purchases), (None, None, None));
    }
}

#[test]
fn a_known_customer_stands_under_their_own_name() {
    let view = shown(known(dossier(Vec::new())));
    assert_eq!(
        (view.verdict, view.grade, view.trust),
        (VerdictKind::One, Some(Grade::Exact), Trust::Verified)
    );
    assert_eq!(view.caller_name, None);
    let customer = view.customer.unwrap();
    assert_eq!(
        (customer.name.as_str(), customer.company.as_deref()),
        ("Maria Anders", Some("Alfreds Futterkiste"))
    );
    assert_eq!(customer.city, None);
}

#[test]
fn a_company_without_a_person_stands_above_alone() {
    let alone = customer_view(&Customer {
        name: String::new(),
        ..customer("ALFKI")
    });
    assert_eq!((alone.name.as_str(), alone.company), ("Alfreds Futterkiste", None));
    let nameless = customer_view(&Customer {
        name: String::new(),
        company: String::new(),
        ..customer("ALFKI")
    });
    assert_eq!(nameless.name, "files/ALFKI");
}

#[test]
fn blocks_that_have_nothing_to_say_are_absent() {
    let view = shown(known(dossier(Vec::new())));
    assert_eq!((view.purchases, view.balance), (None, None));
    assert!(view.suggestions.is_empty() && view.open.is_empty() && view.notes.is_empty());
}

fn ambiguous(word: Option<WordView>) -> PopView {
    shown(Who::One(Box::new(Known {
        grade: Grade::Ambiguous,
        why: Some(ReasonView {
            code: MatchReason::CallerNoArea,
            country: Some("DE".to_owned()),
        }),
        dossier: dossier(vec![order("o1", "2026-07-01T00:00:00Z", 100, "EUR")]),
        advised: Advised::default(),
        relation: None,
        tier: None,
        open: Vec::new(),
        notes: vec![],
        word,
    })))
}

#[test]
fn an_ambiguous_number_asks_for_a_choice_and_opens_no_record() {
    let view = ambiguous(None);
    assert_eq!(view.verdict, VerdictKind::One);
    assert_eq!((view.customer, view.purchases, view.grade), (None, None, None));
    assert_eq!((view.balance, view.notes.len(), view.candidates.len()), (None, 0, 1));
    let candidate = &view.candidates[0];
    assert_eq!(candidate.last_contact, Some(at("2026-07-01T00:00:00Z")));
    assert_eq!(
        candidate.why.as_ref().map(|why| why.code),
        Some(MatchReason::CallerNoArea)
    );
}

#[test]
fn an_ambiguous_number_opens_the_record_once_an_agent_said_so() {
    let word = WordView {
        kind: view::WordKind::Chosen,
        line: "101".into(),
        at: at("2026-07-01T00:00:00Z"),
        in_this_call: true,
    };
    let view = ambiguous(Some(word.clone()));
    assert_eq!((view.word, view.candidates.len()), (Some(word), 0));
    assert!(view.customer.is_some() && view.purchases.is_some());
}

fn sharing(key: &str, last_contact: Option<&str>) -> Candidate {
    Candidate {
        customer: customer(key),
        grade: Grade::National,
        why: None,
        last_contact: last_contact.map(at),
        chosen: None,
        open_tickets: 0,
    }
}

fn ranked(several: Vec<Candidate>) -> Vec<String> {
    let candidates = shown(Who::Several(several)).candidates.into_iter();
    candidates.map(|one| one.customer.reference).collect()
}

#[test]
fn those_who_share_a_number_are_ranked_by_recency_and_are_at_most_ten() {
    let day = |day: u32| format!("2026-06-{day:02}T00:00:00Z");
    let candidate = |of: u32| sharing(&format!("C{of:02}"), (of > 0).then(|| day(of)).as_deref());
    let view = shown(Who::Several((0..14).map(candidate).collect()));
    assert_eq!(
        (view.verdict, view.grade, view.customer),
        (VerdictKind::Several, None, None)
    );
    let names = ranked((0..14).map(candidate).collect());
    assert_eq!(names.len(), 10);
    assert_eq!((names[0].as_str(), names[9].as_str()), ("files/C13", "files/C04"));
}

#[test]
fn the_company_stands_first_then_whoever_was_chosen_last_then_the_latest_contact_then_what_is_open() {
    let chosen = |key: &str, when: &str| Candidate {
        chosen: Some(view::ChosenView {
            line: "101".into(),
            at: at(when),
            times: 1,
            last: false,
        }),
        ..sharing(key, None)
    };
    let mut company = sharing("COMPANY", None);
    company.customer.name.clear();
    let mut elsewhere = sharing("ELSEWHERE", None);
    (elsewhere.customer.name, elsewhere.customer.company) = (String::new(), "Another GmbH".into());
    let busy = Candidate {
        open_tickets: 2,
        ..sharing("BUSY", None)
    };
    let several = vec![
        elsewhere,
        sharing("QUIET", None),
        busy,
        sharing("LATELY", Some("2026-07-14T00:00:00Z")),
        chosen("BEFORE", "2026-06-01T00:00:00Z"),
        chosen("LAST", "2026-06-02T00:00:00Z"),
        company,
    ];
    let expected =
        ["COMPANY", "LAST", "BEFORE", "LATELY", "BUSY", "ELSEWHERE", "QUIET"].map(|key| format!("files/{key}"));
    assert_eq!(ranked(several), expected);
}

#[test]
fn a_suggestion_carries_names_price_and_counts() {
    let product = |key: &str, price| Product {
        key: key.into(),
        name: format!("Product {key}"),
        category: String::new(),
        price,
        discontinued: false,
        restrictions: Restrictions::default(),
    };
    let mut catalogue = Catalogue::default();
    catalogue.products.insert(ProductId(1), product("tea", None));
    catalogue
        .products
        .insert(ProductId(2), product("pot", Some(money(1_990, "EUR"))));
    let suggestion = Suggestion {
        kind: Kind::CrossSell,
        product: ProductId(2),
        with: ProductId(1),
        together: 46,
        of: 148,
        bound: 0.2521,
        stated: Some(0.2521),
        chance: Some(0.125),
    };
    let unknown = Suggestion {
        product: ProductId(3),
        ..suggestion.clone()
    };
    let known = Known {
        grade: Grade::Exact,
        why: None,
        dossier: dossier(Vec::new()),
        relation: None,
        tier: None,
        advised: Advised {
            suggestions: vec![suggestion, unknown],
            ..Advised::default()
        },
        open: Vec::new(),
        notes: Vec::new(),
        word: None,
    };
    let offset = FixedOffset::east_opt(0).unwrap();
    let view = view_of(
        caller(),
        Who::One(Box::new(known)),
        &catalogue,
        at("2026-07-15T10:00:00Z"),
        offset,
    );
    assert_eq!(view.suggestions.len(), 1);
    let shown = &view.suggestions[0];
    assert_eq!(
        (shown.product.as_str(), shown.with_name.as_str()),
        ("pot", "Product tea")
    );
    assert_eq!((shown.together, shown.of, shown.at_least_percent), (46, 148, Some(25)));
    assert_eq!(shown.chance_percent, Some(12));
    assert_eq!(shown.price.as_ref().unwrap().minor, 1_990);
}

#[test]
fn the_last_three_notes_are_shown() {
    let note = |n: i32| PastNoteView {
        text: format!("note {n}"),
        at: at("2026-07-01T00:00:00Z"),
        line: "101".into(),
    };
    let Who::One(mut one) = known(dossier(Vec::new())) else {
        unreachable!("one is one")
    };
    one.notes = (1..=5).map(note).collect();
    let view = shown(Who::One(one));
    assert_eq!(
        view.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(),
        ["note 1", "note 2", "note 3"]
    );
}
