//! The formats, one file each. None of them knows another, nor HTTP connections.

mod cti;
pub(super) mod placetel;
pub(super) mod ringcentral;
pub(super) mod sipgate;
pub(super) mod telnyx;
pub(super) mod twilio;
mod twiml;
pub(super) mod vonage;
pub(super) mod zammad;
