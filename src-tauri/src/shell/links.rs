//! What a link asked for, until the desk's window has shown it. Nothing is dialled here: the window asks the agent first.

use std::sync::{Mutex, PoisonError};

use tauri::{AppHandle, Emitter as _, Manager as _};

use super::windows;
use crate::link::{self, Link, NoLink};
use crate::pop::said_view;
use crate::pop::view::{LinkView, LogFilter};

/// Event: a link came, a [`LinkView`].
const LINK: &str = "link";

/// The link that came last, until somebody closes it.
#[derive(Default)]
pub(super) struct Opened(Mutex<Option<LinkView>>);

impl Opened {
    pub(super) fn now(&self) -> Option<LinkView> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn close(&self) {
        self.set(None);
    }

    fn set(&self, link: Option<LinkView>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = link;
    }
}

/// Brings the desk's window, with what `link` asks for or why it is refused.
///
/// # Errors
/// When it is refused.
pub(super) fn open(app: &AppHandle, link: Option<&str>) -> Result<(), NoLink> {
    let read = link.map(link::read).transpose();
    let view = match &read {
        Ok(link) => link.as_ref().map(view),
        // the link itself is not shown: it may be meant to deceive
        Err(why) => Some(LinkView::Refused {
            said: said_view(&why.saying()),
        }),
    };
    if let Some(view) = view {
        if let Some(opened) = app.try_state::<Opened>() {
            opened.set(Some(view.clone()));
        }
        windows::said(app.emit(LINK, view));
    }
    windows::on_main_thread(app, windows::show_main);
    read.map(drop)
}

fn view(link: &Link) -> LinkView {
    match link {
        Link::Dial { number, extension } => LinkView::Dial {
            number: number.clone(),
            extension: extension.clone(),
        },
        Link::Call(call) => LinkView::Call { call: call.0.clone() },
        Link::Customer(customer) => LinkView::Customer {
            reference: customer.0.clone(),
        },
        Link::Log(filter) => LinkView::Log {
            filter: LogFilter::clone(filter),
        },
    }
}
