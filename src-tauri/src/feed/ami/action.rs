//! What is sent to an Asterisk: actions as text, and the answer to its challenge.

use md5::{Digest, Md5};

/// An action with its headers. A line break in a value would smuggle in another header: there is none after this.
pub(super) fn action(name: &str, id: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut text = format!("Action: {name}\r\nActionID: {id}\r\n");
    for (name, value) in headers {
        text.push_str(name);
        text.push_str(": ");
        text.extend(value.chars().filter(|c| !c.is_control()));
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    text.into_bytes()
}

/// The `Key` of a log-in by challenge: the secret itself does not cross the network.
pub(super) fn key(challenge: &str, secret: &str) -> String {
    let hash = Md5::new().chain_update(challenge).chain_update(secret).finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a stranger sent, short and without control characters, for a message.
pub(super) fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_can_add_a_header_or_an_action() {
        let hostile = "101\r\nAction: Command\r\n\r\nAction: Originate\u{85}\u{0}";
        let sent = String::from_utf8(action("Login", "login", &[("Username", hostile)])).expect("UTF-8");
        assert_eq!(sent.matches("\r\n").count(), 4, "{sent:?}");
        assert_eq!(
            sent,
            "Action: Login\r\nActionID: login\r\nUsername: 101Action: CommandAction: Originate\r\n\r\n"
        );
    }

    #[test]
    fn the_key_is_the_md5_of_challenge_and_secret() {
        assert_eq!(key("840415273", "secret"), "81c3ab5534a432bec402f6d988ee45b4");
    }
}
