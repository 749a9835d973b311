//! What a call is shown with: what stays covered until the caller was verified, nothing of the caller before, and the language.

use ringside_e2e::{Caller, Home, Screen, Seat, folder, until};

const MARIA: &str = "+49300074321";
const BERLIN: &str = "customer_id,company,contact,city,country,phone\n\
    ALFKI,Alfreds Futterkiste,Maria Anders,Berlin,Germany,030-0074321\n";
const THOMAS: &str = "+441715557788";

#[tokio::test]
async fn what_is_covered_is_not_in_the_page_until_the_agent_says_that_the_caller_was_verified() {
    let folder = folder("covered");
    let seat = Seat::undisturbed(&folder, |home| {
        home.import_customers(BERLIN);
        home.set_panel("cover = \"always\"");
    })
    .await;
    let caller = seat.rings("covered-1", MARIA).await;
    seat.app.wait_for("who-name", "Maria Anders").await;
    seat.app.wait_for("covered", "Covered until verified").await;
    assert!(!seat.page().await.contains("Berlin"), "the address is in the page");
    assert_eq!(seat.app.texts("uncovered").await, [""; 0]);
    Screen.shoot(&folder.join("covered.png"));

    seat.takes_the_keyboard_at("who-company").await;
    Screen.press("alt+v");
    // It comes only once it stands in the audit trail.
    seat.app.wait_for("uncovered", "101").await;
    seat.app.wait_for("who-company", "Berlin").await;
    seat.app.wait_for_none("covered").await;
    Screen.shoot(&folder.join("uncovered.png"));
    seat.gives_up(&caller).await;

    // The next call of the same customer is covered again.
    seat.rings("covered-2", MARIA).await;
    seat.app.wait_for("covered", "Covered until verified").await;
    assert!(!seat.page().await.contains("Berlin"), "it stayed uncovered");
}

#[tokio::test]
async fn nothing_of_a_caller_is_in_the_page_once_the_call_has_gone_and_undo_brings_no_note_back() {
    let folder = folder("next-caller");
    let seat = Seat::undisturbed(&folder, Home::import_northwind).await;
    let first = seat.rings("next-1", MARIA).await;
    first.is_answered().await;
    seat.app.wait_for_card("talking").await;
    seat.takes_the_keyboard_at("note-input").await;
    seat.types("said in confidence");
    until("the note has it", async || {
        (seat.app.value("note-input").await == "said in confidence").then_some(())
    })
    .await;
    seat.wraps_up(&first).await;
    seat.closes().await;
    let page = seat.page().await;
    for gone in ["Maria", "Alfreds", "0074321", "confidence", "Flotemysost"] {
        assert!(!page.contains(gone), "`{gone}` is still in the page");
    }

    let second = seat.rings("next-2", THOMAS).await;
    second.is_answered().await;
    seat.app.wait_for_card("talking").await;
    seat.takes_the_keyboard_at("note-input").await;
    for key in ["ctrl+z", "ctrl+z", "ctrl+shift+z"] {
        Screen.press(key);
    }
    seat.types("mine");
    until("the note has what was typed", async || {
        seat.app.value("note-input").await.contains("mine").then_some(())
    })
    .await;
    assert_eq!(seat.app.value("note-input").await, "mine");
    assert!(
        !seat.page().await.contains("Maria"),
        "the first caller is in the second one's page"
    );
    Screen.shoot(&folder.join("the-next-caller.png"));
}

#[tokio::test]
async fn the_windows_speak_the_language_of_the_settings_and_another_after_it_was_changed() {
    let folder = folder("language");
    let mut seat = Seat::undisturbed(&folder, Home::import_northwind).await;
    for (language, rings) in [("en", "Ringing"), ("hr", "Zvoni"), ("es", "Sonando")] {
        seat = seat.starts_again(|home| home.set_language(language)).await;
        let caller = Caller::new(seat.port, &format!("in-{language}"), MARIA);
        caller.rings().await;
        seat.app.wait_for_panel(true).await;
        seat.app.panel().await;
        seat.app.wait_for("card-state", rings).await;
        let spoken = seat.app.run_script("arguments[0](document.documentElement.lang)").await;
        assert!(
            spoken.as_str().is_some_and(|spoken| spoken.starts_with(language)),
            "{spoken} for {language}"
        );
        Screen.shoot(&folder.join(format!("{language}.png")));
        seat.gives_up(&caller).await;
    }
}
