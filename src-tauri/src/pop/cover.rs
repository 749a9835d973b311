//! What stays covered until the caller was verified. Pure: takes values out of a view, never puts any in.

use super::view::{CoveredFact, CustomerView, Direction, PopView, Trust};

/// For whom balance, address and tier stay covered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cover {
    /// For nobody.
    #[default]
    Never,
    /// For callers whose number the network could not confirm.
    Failed,
    /// For callers whose number the network did not confirm fully.
    Unverified,
    /// For everybody, whoever called whom.
    Always,
}

/// Whether balance, address and tier of whoever is on the other side stay covered. Of whom we call the network says nothing:
/// only [`Cover::Always`] covers them.
#[must_use]
pub fn is_covered(cover: Cover, direction: Direction, trust: Trust) -> bool {
    let calls_us = direction == Direction::In;
    match cover {
        Cover::Never => false,
        Cover::Failed => calls_us && trust == Trust::Failed,
        Cover::Unverified => calls_us && trust != Trust::Verified,
        Cover::Always => true,
    }
}

/// Takes balance, address and tier out of a view, of everybody it names, and says of which something is known. Suggestions go
/// with the balance: whether they are paused would tell of it. The tier says what may be asked for, which whoever only
/// claims to be the customer may not.
pub fn cover(view: &mut PopView) {
    let (balance, tier) = (view.balance.take().is_some(), view.tier.take().is_some());
    let mut address = view.customer.as_mut().is_some_and(take_address);
    for candidate in &mut view.candidates {
        address |= take_address(&mut candidate.customer);
    }
    for record in &mut view.records {
        address |= record.city.take().is_some() | record.country.take().is_some();
    }
    if balance {
        view.suggestions.clear();
        view.paused.clear();
    }
    // of several nobody is the caller yet: there is nothing to uncover
    if view.customer.is_some() {
        let known = [
            (balance, CoveredFact::Balance),
            (address, CoveredFact::Address),
            (tier, CoveredFact::Tier),
        ];
        view.covered = known
            .iter()
            .filter(|(known, _)| *known)
            .map(|(_, fact)| *fact)
            .collect();
    }
}

fn take_address(customer: &mut CustomerView) -> bool {
    let (city, country) = (customer.city.take(), customer.country.take());
    city.is_some() || country.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_policy_covers_those_it_names() {
        use Cover::{Always, Failed, Never, Unverified};
        use Trust::{NotVerifiedB, Unknown, Verified};
        let cases = [
            (Never, Direction::In, Trust::Failed, false),
            (Failed, Direction::In, Trust::Failed, true),
            (Failed, Direction::In, NotVerifiedB, false),
            (Unverified, Direction::In, NotVerifiedB, true),
            (Unverified, Direction::In, Unknown, true),
            (Unverified, Direction::In, Verified, false),
            (Unverified, Direction::Out, Unknown, false),
            (Always, Direction::In, Verified, true),
            (Always, Direction::Out, Unknown, true),
        ];
        for (cover, direction, trust, expected) in cases {
            assert_eq!(
                is_covered(cover, direction, trust),
                expected,
                "{cover:?} {direction:?} {trust:?}"
            );
        }
    }
}
