//! How the numbers of one feed are read: by its region, unless the trunk or the number that was called says otherwise.

use crate::call::Call;
use crate::config::{Ddi, Language, Trunk};
use crate::number::{self, DialContext, Key};

/// What the settings say of one feed's numbers.
#[derive(Clone, Debug, Default)]
pub struct FeedNumbers {
    context: DialContext,
    own: Vec<(Option<Key>, Ddi)>,
    trunks: Vec<Trunk>,
}

/// The way a call came.
#[derive(Clone, Copy, Debug)]
pub struct Via<'a> {
    /// Name of the feed.
    pub feed: &'a str,
    /// The number that was called, as it came.
    pub called: &'a str,
    /// The trunk it came over.
    pub trunk: Option<&'a str>,
}

impl<'a> Via<'a> {
    /// The way `call` came.
    #[must_use]
    pub fn of(call: &'a Call) -> Self {
        Via {
            feed: &call.feed,
            called: &call.called,
            trunk: call.trunk.as_deref(),
        }
    }
}

impl FeedNumbers {
    /// Numbers are read as `context` says, but for those of `own` and of `trunks`.
    #[must_use]
    pub fn new(context: DialContext, own: Vec<Ddi>, trunks: Vec<Trunk>) -> Self {
        let key = |ddi: &Ddi| number::read(&ddi.number, context.region).ok().map(|read| read.key);
        let own = own.into_iter().map(|ddi| (key(&ddi), ddi)).collect();
        FeedNumbers { context, own, trunks }
    }

    /// How the number of a caller is read. The number that was called knows best, then the trunk, then the feed.
    pub(super) fn context(&self, via: Via<'_>) -> DialContext {
        let mut context = self.context.clone();
        let trunk = self.trunks.iter().find(|trunk| via.trunk == Some(trunk.name.as_str()));
        if let Some(trunk) = trunk {
            context.region = trunk.region.or(context.region);
            if let Some(prefix) = &trunk.prefix {
                context.outside_prefix.clone_from(prefix);
            }
        }
        let region = self.called(via.called).and_then(|ddi| ddi.region);
        context.region = region.or(context.region);
        context
    }

    /// What the number that was called is for.
    pub(super) fn label(&self, called: &str) -> Option<&str> {
        let label = &self.called(called)?.label;
        (!label.is_empty()).then_some(label)
    }

    /// The language that callers of this number are spoken to in.
    pub(super) fn language(&self, called: &str) -> Option<Language> {
        self.called(called)?.language
    }

    /// Our own numbers.
    pub fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        self.own.iter().filter_map(|(key, _)| *key)
    }

    /// As it is written, or else as the same number written in another way.
    fn called(&self, called: &str) -> Option<&Ddi> {
        let as_written = self.own.iter().find(|(_, ddi)| ddi.number == called);
        let same = || {
            let key = number::read(called, self.context.region).ok()?.key;
            self.own.iter().find(|(own, _)| *own == Some(key))
        };
        as_written.or_else(same).map(|(_, ddi)| ddi)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Region;

    fn sales() -> Ddi {
        Ddi {
            number: "+493023125100".to_owned(),
            label: "Sales".to_owned(),
            region: Region::from_code("AT"),
            language: Some(Language::Es),
        }
    }

    fn numbers() -> FeedNumbers {
        let context = DialContext {
            region: Region::from_code("DE"),
            ..DialContext::default()
        };
        let trunk = Trunk {
            name: "zagreb".to_owned(),
            region: Region::from_code("HR"),
            prefix: Some("0".to_owned()),
        };
        FeedNumbers::new(context, vec![sales()], vec![trunk])
    }

    #[test]
    fn the_number_that_was_called_has_its_label_and_language_however_it_is_written() {
        for called in ["+493023125100", "00493023125100", "030 23125100"] {
            assert_eq!(numbers().label(called), Some("Sales"), "{called}");
            assert_eq!(numbers().language(called), Some(Language::Es), "{called}");
        }
        assert_eq!(numbers().label("+493023125101"), None);
    }

    #[test]
    fn the_number_that_was_called_knows_the_region_better_than_the_trunk_and_that_better_than_the_feed() {
        let region = |called, trunk| {
            let via = Via {
                feed: "pbx",
                called,
                trunk,
            };
            numbers().context(via).region.map(|region| region.code().to_owned())
        };
        assert_eq!(region("101", None).as_deref(), Some("DE"));
        assert_eq!(region("101", Some("zagreb")).as_deref(), Some("HR"));
        assert_eq!(region("+493023125100", Some("zagreb")).as_deref(), Some("AT"));
    }
}
