//! The formats, one file each. None of them knows another, nor HTTP connections.

pub(super) mod aircall;
pub(super) mod amazon_connect;
mod cti;
pub(super) mod exotel;
pub(super) mod placetel;
pub(super) mod plivo;
pub(super) mod ringcentral;
pub(super) mod sipgate;
pub(super) mod telnyx;
pub(super) mod three_cx;
pub(super) mod twilio;
mod twiml;
pub(super) mod vonage;
pub(super) mod zadarma;
pub(super) mod zammad;
pub(super) mod zoom_phone;
