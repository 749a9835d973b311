//! Each guard silences its product in what the panel is given, and the trace says which it was.

use ringside::customer::Restrictions;
use ringside::desk::{AdviceRules, Found};
use ringside::pop::view::{GuardView, Pause, SilencedView};

use super::pot::{Pot, look};

fn suggested(found: &Found) -> Vec<&str> {
    found.pop.suggestions.iter().map(|one| one.name.as_str()).collect()
}

#[track_caller]
fn assert_silenced(pot: &Pot, rules: AdviceRules, guard: GuardView) {
    let found = look(pot, rules);
    assert_eq!(suggested(&found), [] as [&str; 0]);
    assert_eq!(traced(&found), [("Tea pot", guard)]);
}

fn traced(found: &Found) -> Vec<(&str, GuardView)> {
    let silenced = found.how.silenced.iter();
    silenced.map(|one| (one.name.as_str(), one.guard)).collect()
}

fn plain() -> Pot {
    Pot {
        orders: 20,
        ..Pot::default()
    }
}

fn sensitive() -> AdviceRules {
    AdviceRules::of(&[], &["Health".to_owned()])
}

#[test]
fn what_nothing_forbids_is_suggested() {
    let found = look(&plain(), AdviceRules::default());
    assert_eq!(suggested(&found), ["Tea pot"]);
    assert_eq!(found.how.silenced, []);
}

#[test]
fn too_few_orders_are_no_evidence() {
    let pot = Pot { orders: 4, ..plain() };
    assert_eq!(suggested(&look(&pot, AdviceRules::default())), [] as [&str; 0]);
}

#[test]
fn what_is_no_longer_sold_is_silenced() {
    let pot = Pot {
        discontinued: true,
        ..plain()
    };
    assert_silenced(&pot, AdviceRules::default(), GuardView::Discontinued);
}

#[test]
fn a_no_of_the_last_90_days_silences() {
    let pot = Pot {
        declined: Some(89),
        ..plain()
    };
    assert_silenced(&pot, AdviceRules::default(), GuardView::Declined);
}

#[test]
fn a_no_of_longer_ago_does_not() {
    let pot = Pot {
        declined: Some(90),
        ..plain()
    };
    assert_eq!(suggested(&look(&pot, AdviceRules::default())), ["Tea pot"]);
}

#[test]
fn a_sensitive_category_is_silenced() {
    let pot = Pot {
        category: "health",
        ..plain()
    };
    assert_silenced(&pot, sensitive(), GuardView::Sensitive);
}

#[test]
fn a_sensitive_category_is_never_a_reason() {
    let pot = Pot {
        tea: "Health",
        ..plain()
    };
    assert_eq!(suggested(&look(&pot, sensitive())), [] as [&str; 0]);
}

#[test]
fn a_product_that_its_source_calls_sensitive_is_silenced() {
    let pot = Pot {
        restrictions: Restrictions {
            sensitive: Some(true),
            ..Restrictions::default()
        },
        ..plain()
    };
    assert_silenced(&pot, AdviceRules::default(), GuardView::Sensitive);
}

#[test]
fn what_is_out_of_stock_is_silenced() {
    let with = |out_of_stock| Pot {
        restrictions: Restrictions {
            out_of_stock,
            ..Restrictions::default()
        },
        ..plain()
    };
    assert_silenced(&with(Some(true)), AdviceRules::default(), GuardView::Stock);
    assert_eq!(
        suggested(&look(&with(Some(false)), AdviceRules::default())),
        ["Tea pot"]
    );
}

#[test]
fn who_wants_no_advertising_gets_none() {
    let with = |no_advertising| Pot {
        no_advertising,
        ..plain()
    };
    assert_silenced(&with(Some(true)), AdviceRules::default(), GuardView::OptedOut);
    assert_eq!(
        suggested(&look(&with(Some(false)), AdviceRules::default())),
        ["Tea pot"]
    );
}

#[test]
fn what_is_thought_of_on_too_little_evidence_is_named_in_the_trace() {
    let pot = Pot {
        orders: 4,
        crowd: true,
        ..plain()
    };
    let found = look(&pot, AdviceRules::default());
    assert_eq!(suggested(&found), [] as [&str; 0]);
    assert!(!found.how.silenced.is_empty());
    assert!(traced(&found).iter().all(|one| one.1 == GuardView::Evidence));
    assert!(
        traced(&found)
            .iter()
            .all(|one| one.0.starts_with('G') || one.0 == "Tea pot")
    );
}

#[test]
fn what_lasts_and_is_owned_is_not_offered_again() {
    let pot = |durable| Pot {
        category: "Kitchen",
        again: 5,
        crowd: true,
        restrictions: Restrictions {
            durable,
            ..Restrictions::default()
        },
        ..plain()
    };
    let found = look(&pot(None), AdviceRules::default());
    assert!(suggested(&found).contains(&"Tea pot"), "{found:?}");
    let kitchen = AdviceRules::of(&["kitchen".to_owned()], &[]);
    for (durable, rules) in [(None, kitchen), (Some(true), AdviceRules::default())] {
        let found = look(&pot(durable), rules);
        assert!(!suggested(&found).contains(&"Tea pot"));
        assert!(traced(&found).contains(&("Tea pot", GuardView::Owned)), "{found:?}");
    }
}

#[test]
fn what_is_paused_stands_in_the_trace_with_the_reason() {
    let overdue = Pot {
        overdue: true,
        ..plain()
    };
    let complaint = Pot {
        complaint: true,
        ..plain()
    };
    let cases = [
        (overdue, Pause::Overdue, GuardView::Overdue),
        (complaint, Pause::Complaint, GuardView::Complaint),
    ];
    for (pot, pause, guard) in cases {
        let found = look(&pot, AdviceRules::default());
        assert_eq!(found.pop.paused, [pause]);
        assert_eq!(
            found.silenced(),
            [SilencedView {
                name: "Tea pot".into(),
                guard
            }]
        );
    }
}

#[test]
fn a_guard_that_nothing_is_known_for_is_off_and_says_so() {
    let found = look(&plain(), AdviceRules::default());
    assert_eq!(
        found.how.guards_off,
        [
            GuardView::Stock,
            GuardView::Owned,
            GuardView::Sensitive,
            GuardView::OptedOut
        ]
    );
    let found = look(&plain(), sensitive());
    assert!(!found.how.guards_off.contains(&GuardView::Sensitive));
    let told = Pot {
        restrictions: Restrictions {
            out_of_stock: Some(false),
            durable: Some(false),
            sensitive: Some(false),
        },
        no_advertising: Some(false),
        ..plain()
    };
    assert_eq!(look(&told, AdviceRules::default()).how.guards_off, []);
}
