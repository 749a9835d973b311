//! Who is it, where the number alone does not say: chosen, linked and made by keys alone, and remembered.

use ringside_e2e::{Home, Screen, Seat, folder, until};
use serde_json::Value;

/// A switchboard and three people behind it.
const HOTEL: &str = "customer_id,company,contact,country,phone\n\
    H0,Hotel Marjan,,Croatia,+385 21 555 200\n\
    H1,Hotel Marjan,Ante Perišić,Croatia,+385 21 555 200\n\
    H2,Hotel Marjan,Đurđica Šarić,Croatia,+385 21 555 200\n\
    H3,Hotel Marjan,Nikša Tomašević,Croatia,+385 21 555 200\n";
const SWITCHBOARD: &str = "+38521555200";

/// Whom the latest call is logged for, once that is `name`.
async fn logged_for(seat: &Seat, name: Option<&str>) {
    until(&format!("the call is logged for {name:?}"), async || {
        let calls = seat.home.calls();
        let logged = calls.first()?["customer"]["name"].as_str().map(str::to_owned);
        (logged.as_deref() == name).then_some(())
    })
    .await;
}

#[tokio::test]
async fn of_several_a_digit_key_chooses_one_who_stands_first_at_the_next_call_and_can_be_taken_back() {
    let folder = folder("several");
    let seat = Seat::undisturbed(&folder, |home| home.import_customers(HOTEL)).await;
    let first = seat.rings("several-1", SWITCHBOARD).await;
    seat.app.wait_for("who-name", "Hotel Marjan").await;
    let people = seat.app.texts("candidate").await;
    assert_eq!(people.len(), 4);
    assert!(
        people[0].contains("Hotel Marjan"),
        "the company stands first: {people:?}"
    );
    Screen.shoot(&folder.join("several-share-the-number.png"));
    seat.takes_the_keyboard_at("who-company").await;
    Screen.press("3");
    seat.app.wait_for("who-name", "Đurđica Šarić").await;
    seat.app.wait_for("word", "You said who it is").await;
    seat.app.wait_for("shared-by", "4").await;
    logged_for(&seat, Some("Đurđica Šarić")).await;
    Screen.shoot(&folder.join("one-was-chosen.png"));
    seat.gives_up(&first).await;

    let second = seat.rings("several-2", SWITCHBOARD).await;
    seat.app.wait_for("who-name", "Hotel Marjan").await;
    let people = seat.app.texts("candidate").await;
    assert!(
        people[1].contains("Đurđica Šarić") && people[1].contains("Chosen last time by line 101"),
        "{people:?}"
    );
    assert_eq!(seat.app.texts("chosen-before").await.len(), 1);
    logged_for(&seat, None).await;
    Screen.shoot(&folder.join("the-choice-is-remembered.png"));
    seat.takes_the_keyboard_at("who-company").await;
    Screen.press("2");
    seat.app.wait_for("who-name", "Đurđica Šarić").await;
    logged_for(&seat, Some("Đurđica Šarić")).await;
    Screen.press("alt+z");
    seat.app.wait_for("who-name", "Hotel Marjan").await;
    logged_for(&seat, None).await;
    seat.gives_up(&second).await;
}

#[tokio::test]
async fn an_unknown_caller_is_found_by_typing_linked_and_known_at_the_next_call() {
    let folder = folder("linked");
    let seat = Seat::undisturbed(&folder, Home::import_northwind).await;
    let first = seat.rings("linked-1", "+49301234567").await;
    seat.app.wait_for("who-company", "Unknown caller").await;
    seat.takes_the_keyboard_at("who-company").await;
    seat.types("ander");
    until("all is typed, the first key too", async || {
        (seat.app.value("find-input").await == "ander").then_some(())
    })
    .await;
    seat.app.wait_for("find-hit", "Maria Anders").await;
    Screen.shoot(&folder.join("an-unknown-caller-is-looked-for.png"));
    Screen.press("Return");
    seat.app.wait_for("who-name", "Maria Anders").await;
    seat.app.wait_for("word", "You linked this number").await;
    logged_for(&seat, Some("Maria Anders")).await;
    seat.gives_up(&first).await;

    let second = seat.rings("linked-2", "+49301234567").await;
    seat.app.wait_for("who-name", "Maria Anders").await;
    seat.app.wait_for("word", "Linked by line 101").await;
    Screen.shoot(&folder.join("the-linked-number-is-known.png"));
    seat.takes_the_keyboard_at("who-company").await;
    Screen.press("alt+z");
    seat.app.wait_for("who-company", "Unknown caller").await;
    logged_for(&seat, None).await;
    seat.gives_up(&second).await;
}

#[tokio::test]
async fn an_unknown_caller_is_made_a_customer_by_keys_alone_and_known_after_the_cache_is_gone() {
    let folder = folder("made");
    let seat = Seat::undisturbed(&folder, Home::import_northwind).await;
    seat.rings("made-1", "+49301234567").await;
    seat.takes_the_keyboard_at("who-company").await;
    Screen.press("alt+c");
    seat.app.find("new-name").await;
    assert_eq!(seat.app.value("new-number").await, "+49 30 1234567");
    seat.types("Kathe Strahl\tStrahl Catering\tkathe at example");
    Screen.press("Return");
    seat.app.wait_for("new-problem", "no e-mail address").await;
    Screen.shoot(&folder.join("what-is-wrong-is-said.png"));
    assert_eq!(
        seat.app.value("new-name").await,
        "Kathe Strahl",
        "nothing typed is lost"
    );
    Screen.press("ctrl+a");
    seat.types("kathe@example.com");
    Screen.press("Return");
    seat.app.wait_for("who-name", "Kathe Strahl").await;
    seat.app.wait_for("word", "You made this customer").await;
    Screen.shoot(&folder.join("a-customer-was-made.png"));
    logged_for(&seat, Some("Kathe Strahl")).await;

    let seat = seat.starts_again(Home::delete_cache).await;
    seat.rings("made-2", "+49301234567").await;
    seat.app.wait_for("who-name", "Kathe Strahl").await;
    seat.app.wait_for("word", "Made by line 101").await;
    let calls = seat.home.calls();
    let made = |call: &Value| {
        call["customer"]["reference"]
            .as_str()
            .is_some_and(|one| one.starts_with("desk/"))
    };
    assert!(calls.iter().any(made), "{calls:?}");
}
