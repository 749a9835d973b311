//! A field that holds several numbers, each with what people wrote around it.
//!
//! It parts text and reads no number: what a piece means is `read`'s to say.

use super::text::{digits_of, fold};

/// One number's text in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The number as it was written, without its label.
    pub text: String,
    /// What stood before or behind it (`Mobile`, `casa`), empty when nothing did.
    pub label: String,
}

/// Words that stand between two numbers.
const WORDS_BETWEEN: [&str; 12] = [
    " or ", " and ", " oder ", " und ", " y ", " o ", " ili ", " i ", " ou ", " et ", " e ", " & ",
];
/// The fewest digits on both sides of a sign that may also stand inside a number (`02/2916 4382`).
const WHOLE_NUMBER_DIGITS: usize = 7;

/// The longest cell that is parted, in bytes: some forty numbers with their labels.
const MOST_CELL: usize = 2_048;

/// Parts a cell at line breaks, `;`, `|`, words such as "or", and at `/` and `,` where whole numbers stand on both
/// sides. A cell without any number, or of over 2,048 bytes (a remark in the wrong column), gives its text as one piece,
/// an empty cell nothing.
#[must_use]
pub fn split(cell: &str) -> Vec<Piece> {
    if cell.len() > MOST_CELL {
        return vec![Piece {
            text: cell.to_owned(),
            label: String::new(),
        }];
    }
    let folded: String = cell
        .chars()
        .map(|c| if matches!(c, '\n' | '\r' | '\t') { '\n' } else { c })
        .collect();
    let mut pieces: Vec<String> = fold_lines(&folded);
    for word in WORDS_BETWEEN {
        pieces = pieces
            .iter()
            .flat_map(|piece| piece.split(word))
            .map(str::to_owned)
            .collect();
    }
    pieces = pieces.iter().flat_map(|piece| at_slashes(piece)).collect();
    pieces
        .iter()
        .map(|piece| piece.trim())
        .filter(|piece| !piece.is_empty())
        .map(unlabelled)
        .collect()
}

fn fold_lines(text: &str) -> Vec<String> {
    let hard = |c: char| matches!(c, '\n' | '|' | ';' | '\u{2028}' | '\u{b}' | '\u{c}');
    let mut pieces: Vec<String> = Vec::new();
    for piece in text.split(hard).map(fold) {
        // A parameter of a URI or an extension belongs to the number before it.
        let parameter = piece.trim_start().split('=').next().unwrap_or_default();
        let belongs =
            piece.contains('=') && matches!(parameter, "ext" | "isub" | "phone-context" | "user" | "transport");
        match pieces.last_mut() {
            Some(last) if belongs => {
                last.push(';');
                last.push_str(&piece);
            }
            _ => pieces.push(piece),
        }
    }
    pieces
}

fn at_slashes(text: &str) -> Vec<String> {
    for (at, sign) in text.match_indices(['/', ',']) {
        let (before, after) = (&text[..at], &text[at + sign.len()..]);
        let next = after.split(['/', ',']).next().unwrap_or(after);
        let whole = |part: &str| digits_of(part).len() >= WHOLE_NUMBER_DIGITS;
        // Digits count up to a word such as `ext.`: an extension is no number of its own.
        let tail = next.trim_start();
        if whole(before) && whole(tail) {
            let mut pieces = vec![before.to_owned()];
            pieces.extend(at_slashes(after));
            return pieces;
        }
        if whole(before) && sign == "/" && digits_of(tail).len() <= 3 && !tail.contains(char::is_alphabetic) {
            // `555 1234/35`: the last digits of a second line; the first number stands whole.
            return vec![before.to_owned()];
        }
    }
    vec![text.to_owned()]
}

/// Takes words off both ends; an extension stays with the number.
fn unlabelled(piece: &str) -> Piece {
    let scheme = ["tel:", "sip:", "sips:", "callto:"]
        .iter()
        .any(|s| piece.to_ascii_lowercase().starts_with(s));
    if scheme || digits_of(piece).is_empty() {
        return Piece {
            text: piece.to_owned(),
            label: String::new(),
        };
    }
    let begins = |c: char| c.is_ascii_digit() || matches!(c, '+' | '(');
    let number = piece.find(begins).map_or(piece, |at| &piece[at..]);
    let before = &piece[..piece.len() - number.len()];
    let last_digit = number
        .rfind(|c: char| c.is_ascii_digit())
        .map_or(number.len(), |at| at + 1);
    let (text, behind) = number.split_at(last_digit);
    let behind = if behind.contains(char::is_alphabetic) && text.len() > 3 {
        behind
    } else {
        ""
    };
    let text = if behind.is_empty() { number } else { text };
    let label = [before, behind].map(trimmed).join(" ").trim().to_owned();
    let vanity = label.chars().all(|c| c.is_ascii_uppercase()) && !label.is_empty() && !behind.is_empty();
    if vanity || !before.contains(char::is_alphabetic) && behind.is_empty() {
        return Piece {
            text: piece.to_owned(),
            label: String::new(),
        };
    }
    Piece {
        text: text.trim().to_owned(),
        label,
    }
}

fn trimmed(label: &str) -> &str {
    label.trim_matches(|c: char| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(cell: &str) -> Vec<String> {
        split(cell).into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn numbers_are_parted_at_what_stands_between_numbers() {
        for cell in [
            "+14156103365\n01116508206968",
            "+14156103365 ; 01116508206968",
            "+14156103365 | 01116508206968",
            "+14156103365 / 01116508206968",
            "+14156103365/01116508206968",
            "+14156103365, 01116508206968",
            "+14156103365 or 01116508206968",
            "+14156103365 oder 01116508206968",
            "+14156103365 y 01116508206968",
            "+14156103365 ili 01116508206968",
            "\u{202a}+14156103365\u{202c} & 01116508206968",
        ] {
            assert_eq!(texts(cell), ["+14156103365", "01116508206968"], "{cell:?}");
        }
    }

    #[test]
    fn signs_inside_a_number_part_nothing() {
        for cell in [
            "02/2916 4382",
            "(713)/508-0294",
            "0351/15-582-9011",
            "0711/81977991, 5729",
            "+49406400724, 1650",
            "2072075765;ext=7801",
            "tel:863-1234;phone-context=+1-914-555",
            "01865/055390",
        ] {
            assert_eq!(texts(cell), [cell], "{cell:?}");
        }
    }

    #[test]
    fn three_numbers_and_last_digits_of_a_second_line_are_parted() {
        assert_eq!(
            texts("030 1234567 / 0171 1234567 / 040 7654321"),
            ["030 1234567", "0171 1234567", "040 7654321"]
        );
        assert_eq!(texts("030 5551234/35"), ["030 5551234"]);
    }

    #[test]
    fn a_label_is_kept_beside_the_number() {
        for (cell, text, label) in [
            ("Tel.: +49 30 1234567", "+49 30 1234567", "Tel"),
            ("Handy: +56 2 2583 2584", "+56 2 2583 2584", "Handy"),
            ("388 484 7031 (oficina)", "388 484 7031", "oficina"),
            ("07 58 53 88 44 ufficio", "07 58 53 88 44", "ufficio"),
            ("(305) 566-7202", "(305) 566-7202", ""),
            ("0711 998370 ext. 22", "0711 998370 ext. 22", ""),
            ("1-800-FLOWERS", "1-800-FLOWERS", ""),
            ("n/a", "n/a", ""),
        ] {
            assert_eq!(
                split(cell),
                [Piece {
                    text: text.to_owned(),
                    label: label.to_owned()
                }],
                "{cell:?}"
            );
        }
    }

    #[test]
    fn an_empty_cell_has_no_piece() {
        assert_eq!(split(""), []);
        assert_eq!(split(" ; \n"), []);
    }
}
