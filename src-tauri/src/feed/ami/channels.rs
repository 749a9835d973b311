//! All channels of one Asterisk, found by themselves, by their call and by their bridge.
//!
//! Whoever asks for the channels of a call or a bridge does not pay for all the others: an Asterisk may have thousands.

use std::collections::HashMap;

use super::channel::Channel;
use crate::call::CallKey;

/// Channels by their `Uniqueid`.
#[derive(Debug, Default)]
pub(super) struct Channels {
    all: HashMap<String, Channel>,
    by_call: HashMap<CallKey, Vec<String>>,
    by_bridge: HashMap<String, Vec<String>>,
}

impl Channels {
    pub(super) fn contains(&self, unique: &str) -> bool {
        self.all.contains_key(unique)
    }

    pub(super) fn get(&self, unique: &str) -> Option<&Channel> {
        self.all.get(unique)
    }

    /// To change anything but its call and its bridge: see [`Channels::move_to_call`] and [`Channels::move_to_bridge`].
    pub(super) fn get_mut(&mut self, unique: &str) -> Option<&mut Channel> {
        self.all.get_mut(unique)
    }

    pub(super) fn insert(&mut self, unique: String, channel: Channel) {
        self.by_call
            .entry(channel.call.clone())
            .or_default()
            .push(unique.clone());
        self.all.insert(unique, channel);
    }

    pub(super) fn remove(&mut self, unique: &str) -> Option<Channel> {
        self.move_to_bridge(unique, None);
        let channel = self.all.remove(unique)?;
        leave(&mut self.by_call, &channel.call, unique);
        Some(channel)
    }

    /// The channel belongs to `call` from now on; the call it belonged to.
    pub(super) fn move_to_call(&mut self, unique: &str, call: &CallKey) -> Option<CallKey> {
        let channel = self.all.get_mut(unique)?;
        let was = std::mem::replace(&mut channel.call, call.clone());
        leave(&mut self.by_call, &was, unique);
        self.by_call.entry(call.clone()).or_default().push(unique.to_owned());
        Some(was)
    }

    /// The channel is in `bridge` from now on, and in no other.
    pub(super) fn move_to_bridge(&mut self, unique: &str, bridge: Option<String>) {
        let Some(channel) = self.all.get_mut(unique) else {
            return;
        };
        if let Some(was) = std::mem::replace(&mut channel.bridge, bridge.clone()) {
            leave(&mut self.by_bridge, &was, unique);
        }
        if let Some(bridge) = bridge {
            self.by_bridge.entry(bridge).or_default().push(unique.to_owned());
        }
    }

    /// The channels of a call, in the order they came to it.
    pub(super) fn of(&self, call: &CallKey) -> impl Iterator<Item = (&String, &Channel)> {
        self.named(self.by_call.get(call))
    }

    /// The channels in a bridge, in the order they entered it.
    pub(super) fn within(&self, bridge: &str) -> impl Iterator<Item = (&String, &Channel)> {
        self.named(self.by_bridge.get(bridge))
    }

    /// All of them, in no order.
    pub(super) fn uniques(&self) -> impl Iterator<Item = &String> {
        self.all.keys()
    }

    /// The calls that have a channel, in order.
    pub(super) fn calls(&self) -> Vec<CallKey> {
        let mut calls: Vec<CallKey> = self.by_call.keys().cloned().collect();
        calls.sort();
        calls
    }

    fn named<'a>(&'a self, uniques: Option<&'a Vec<String>>) -> impl Iterator<Item = (&'a String, &'a Channel)> {
        let uniques = uniques.map(Vec::as_slice).unwrap_or_default();
        uniques
            .iter()
            .filter_map(|unique| Some((unique, self.all.get(unique)?)))
    }
}

/// Forgets a key with its last channel.
fn leave<K: std::hash::Hash + Eq>(index: &mut HashMap<K, Vec<String>>, key: &K, unique: &str) {
    if let Some(uniques) = index.get_mut(key) {
        uniques.retain(|other| other != unique);
        if uniques.is_empty() {
            index.remove(key);
        }
    }
}
