//! The recovery code: 128 random bits that a person can write down and type again.
//!
//! Crockford's base 32 (<https://www.crockford.com/base32.html>) in seven groups of four: 128 bits of secret
//! and 12 bits of checksum, so that a typing error is told from a wrong code. Knows no file.

use std::fmt;

use rand::TryRngCore as _;
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::VaultError;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SYMBOLS: usize = 28;
const CHECK_BITS: u32 = 12;

/// A recovery code. Wiped from memory when dropped; [`RecoveryCode::text`] is for the one time it is shown.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct RecoveryCode(u128);

/// Why a text is not a recovery code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// A sign that no code has.
    #[error("a recovery code has no `{0}`; it consists of digits and letters, seven groups of four")]
    Sign(char),
    /// Too few or too many signs.
    #[error("a recovery code has 28 digits and letters, not {0}")]
    Length(usize),
    /// The checksum does not fit.
    #[error("the recovery code has a typing error; compare it sign by sign")]
    Checksum,
}

impl RecoveryCode {
    /// A new code from the system's random source.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn random() -> Result<Self, VaultError> {
        let mut bytes = Zeroizing::new([0; 16]);
        rand::rngs::OsRng
            .try_fill_bytes(bytes.as_mut())
            .map_err(|_| VaultError::NoRandomness)?;
        Ok(RecoveryCode(u128::from_be_bytes(*bytes)))
    }

    /// Reads what a person typed: case, spaces and dashes do not count, O is 0, I and L are 1.
    ///
    /// # Errors
    /// See [`CodeError`].
    pub fn parse(typed: &str) -> Result<Self, CodeError> {
        let mut values = Zeroizing::new(Vec::with_capacity(SYMBOLS));
        for sign in typed
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—' | '_' | '.'))
        {
            values.push(value(sign).ok_or(CodeError::Sign(sign))?);
        }
        if values.len() != SYMBOLS {
            return Err(CodeError::Length(values.len()));
        }
        // 28 signs are 140 bits: the last two and the low two bits of the third from the end are the checksum.
        let secret = values[..25]
            .iter()
            .fold(0, |all: u128, five| all << 5 | u128::from(*five))
            << 3
            | u128::from(values[25] >> 2);
        let check = u16::from(values[25] & 3) << 10 | u16::from(values[26]) << 5 | u16::from(values[27]);
        if check == checksum(secret) {
            Ok(RecoveryCode(secret))
        } else {
            Err(CodeError::Checksum)
        }
    }

    /// The code as it is shown: `XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX`.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(SYMBOLS + 6));
        for position in 0..SYMBOLS {
            if position > 0 && position % 4 == 0 {
                text.push('-');
            }
            text.push(char::from(ALPHABET[usize::from(self.symbol(position))]));
        }
        text
    }

    /// The five bits at `position` of secret followed by checksum.
    fn symbol(&self, position: usize) -> u8 {
        let check = checksum(self.0);
        let bits = match position {
            0..25 => self.0 >> (123 - 5 * position),
            25 => self.0 << 2 | u128::from(check >> 10),
            26 => u128::from(check >> 5),
            _ => u128::from(check),
        };
        (bits & 31) as u8
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

fn value(sign: char) -> Option<u8> {
    let plain = match sign.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let position = ALPHABET.iter().position(|known| char::from(*known) == plain)?;
    u8::try_from(position).ok()
}

fn checksum(secret: u128) -> u16 {
    let digest = Sha256::digest(secret.to_be_bytes());
    u16::from_be_bytes([digest[0], digest[1]]) >> (16 - CHECK_BITS)
}
