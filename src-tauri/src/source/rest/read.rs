//! Reads the file of a system: every key is known, every value is checked, and what is wrong is shown by line.

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;

use super::entry::{ENTRY_KNOWN, WriteBack};
use super::path::OneOrMore;
use super::pick::Reader;
use super::stream::Stream;
use super::system::{Ask, Auth, Grant, Method, Paging, System};
use super::template::{KNOWN, Template};
use crate::config::{ConfigError, nearest};
use crate::customer::Currency;
use crate::source::Settings;

/// The system that `text` describes; `path` is named in errors.
///
/// # Errors
/// [`ConfigError::Wrong`] for the first thing that is wrong.
pub fn parse(path: &Path, text: &str) -> Result<System, ConfigError> {
    let system: System = toml::from_str(text).map_err(|error| ConfigError::from_toml(path, text, &error))?;
    Check { system: &system, text }
        .all()
        .map_err(|wrong| ConfigError::at(path, text, Some(wrong.place), wrong.what))?;
    Ok(system)
}

/// Something wrong, and where.
struct Wrong {
    place: Range<usize>,
    what: String,
}

struct Check<'c> {
    system: &'c System,
    text: &'c str,
}

impl Check<'_> {
    fn all(&self) -> Result<(), Wrong> {
        let system = self.system;
        let name = &system.name;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || !name.chars().all(plain) {
            return Err(self.at(
                "name",
                "the name of a system has small letters, digits and `-`, for example \"my-erp\"",
            ));
        }
        for parameter in system.parameters.keys() {
            if KNOWN.contains(&parameter.as_str()) {
                return Err(self.at(
                    parameter,
                    &format!("`{parameter}` has a meaning of its own in requests: call the parameter something else"),
                ));
            }
        }
        self.client()?;
        self.ask(&system.defaults, None, "[defaults]")?;
        let mut names = HashSet::new();
        for (at, stream) in system.streams.iter().enumerate() {
            if !names.insert(&stream.name) {
                return Err(self.in_stream(at, &format!("there are two streams called `{}`", stream.name)));
            }
            self.stream(at, stream)?;
        }
        if system.streams.is_empty() {
            return Err(self.at("name", "there is no [[stream]]: without one nothing is read"));
        }
        system
            .write_back
            .as_ref()
            .map_or(Ok(()), |place| self.write_back(place))
    }

    fn write_back(&self, place: &WriteBack) -> Result<(), Wrong> {
        for parameter in self.system.parameters.keys() {
            if ENTRY_KNOWN.contains(&parameter.as_str()) {
                let what = format!(
                    "`{parameter}` has a meaning of its own in [write_back]: call the parameter something else"
                );
                return Err(self.at(parameter, &what));
            }
        }
        let find = place.find.as_ref();
        let asks = [
            ("create.ask", Some(&place.create.ask)),
            ("find.ask", find.map(|find| &find.ask)),
            ("update", place.update.as_ref()),
        ];
        for (name, ask) in asks {
            let Some(ask) = ask else { continue };
            let wrong = |what: String| self.at(&format!("write_back.{name}"), &what);
            if ask.paging.is_some() || ask.records.is_some() || ask.total.is_some() {
                return Err(wrong(format!(
                    "[write_back.{name}] asks once: it has no records, paging or total"
                )));
            }
            for address in queries(ask).chain(&ask.path) {
                self.known(address, false, &ENTRY_KNOWN).map_err(wrong)?;
            }
            for template in ask.headers.values().chain(&ask.body) {
                self.known(template, true, &ENTRY_KNOWN).map_err(wrong)?;
            }
        }
        let says = |ask: &Ask, name| templates(ask).any(|template| mentions(template, &[name]));
        let must = [
            (
                "create.ask",
                says(&place.create.ask, "text"),
                "nothing in it says {{ text }}, what is to be written",
            ),
            (
                "find.ask",
                find.is_none_or(|find| says(&find.ask, "marker")),
                "nothing in it says {{ marker }}, by which an entry is found",
            ),
            (
                "update",
                place.update.as_ref().is_none_or(|ask| says(ask, "entry")),
                "nothing in it says {{ entry }}, the key of what is to be changed",
            ),
        ];
        match must.into_iter().find(|(_, said, _)| !said) {
            Some((name, _, what)) => {
                Err(self.at(&format!("write_back.{name}"), &format!("[write_back.{name}]: {what}")))
            }
            None => Ok(()),
        }
    }

    fn client(&self) -> Result<(), Wrong> {
        let client = &self.system.client;
        self.template(&client.base_url, false, "base_url")?;
        for header in client.headers.values() {
            self.template(header, true, "[client.headers]")?;
        }
        let told = |template: &Template| self.template(template, true, "auth");
        match &client.auth {
            Auth::None => {}
            Auth::Basic { user, password } => [user, password].into_iter().try_for_each(told)?,
            Auth::Bearer { token } => told(token)?,
            Auth::Header { value, .. } | Auth::Query { value, .. } => told(value)?,
            Auth::Session {
                path, body, headers, ..
            } => {
                [path, body].into_iter().chain(headers.values()).try_for_each(told)?;
            }
            Auth::Oauth2 {
                token_url,
                grant,
                client_id,
                client_secret,
                refresh_token,
                form,
                ..
            } => {
                self.template(token_url, false, "token_url")?;
                [client_id, client_secret]
                    .into_iter()
                    .chain(form.values())
                    .try_for_each(told)?;
                let secret = refresh_token.as_ref().and_then(|name| self.system.parameters.get(name));
                if *grant == Grant::RefreshToken && !secret.is_some_and(|parameter| parameter.secret) {
                    return Err(self.at("auth", "refresh_token is the name of a parameter with secret = true: the service may give a new one, and it is kept there"));
                }
            }
        }
        if client
            .requests_per_second
            .is_some_and(|rate| !(rate.is_finite() && rate > 0.0))
        {
            return Err(self.at("requests_per_second", "requests_per_second is a number above 0"));
        }
        Ok(())
    }

    fn stream(&self, at: usize, stream: &Stream) -> Result<(), Wrong> {
        let wrong = |what: &str| Err(self.in_stream(at, &format!("stream `{}`: {what}", stream.name)));
        let settings = Settings {
            region: None,
            area: String::new(),
            currency: Currency::EUR,
            maps: Vec::new(),
            leave_out: Vec::new(),
            at: chrono::DateTime::UNIX_EPOCH,
        };
        if let Err(missing) = Reader::new(stream, &settings) {
            let names: Vec<String> = missing
                .iter()
                .map(|field| format!("`{}` ({})", field.name(), field.describe()))
                .collect();
            return wrong(&format!(
                "[stream.map] must say where a record has {}",
                names.join(" and ")
            ));
        }
        let pick = |pick: &super::stream::Pick| pick.path.is_some() || pick.value.is_some();
        if !stream.map.iter().flat_map(|(_, picks)| picks).all(pick) {
            return wrong("each field in [stream.map] has a path or a value");
        }
        if let Some(watermark) = &stream.watermark {
            if watermark.field.is_some() == watermark.token.is_some() {
                return wrong("[stream.watermark] has either field (when a record changed) or token");
            }
            let asks = |ask: &Ask| templates(ask).any(|template| mentions(template, &["since", "since_at"]));
            if watermark.field.is_some() && !asks(&stream.ask) && !asks(&self.system.defaults) {
                return wrong(
                    "nothing in the request says {{ since }}, so everything would be read each time: say it, or leave [stream.watermark] out",
                );
            }
        }
        self.ask(&stream.ask, Some(at), "ask")?;
        if let Some(follow) = &stream.follow {
            self.ask(&follow.ask, Some(at), "follow.ask")?;
            if !templates(&follow.ask).any(|template| mentions(template, &["ids"])) {
                return wrong("nothing in [stream.follow.ask] says {{ ids }}, the keys to ask for");
            }
        }
        if let Some(ask) = stream.deletes.as_ref().and_then(|deletes| deletes.ask.as_ref()) {
            self.ask(ask, Some(at), "deletes.ask")?;
        }
        Ok(())
    }

    fn ask(&self, ask: &Ask, stream: Option<usize>, name: &str) -> Result<(), Wrong> {
        let place = |what: String| match stream {
            Some(at) => self.in_stream(at, &what),
            None => self.at(name, &what),
        };
        for (template, secret) in ask
            .path
            .iter()
            .map(|path| (path, false))
            .chain(queries(ask).map(|query| (query, false)))
        {
            self.names(template, secret).map_err(place)?;
        }
        for template in ask.headers.values().chain(&ask.body) {
            self.names(template, true).map_err(place)?;
        }
        let defaults = &self.system.defaults;
        if matches!(ask.method, Some(Method::Put | Method::Patch)) {
            return Err(place(format!("{name}: what is read is asked for with GET or POST")));
        }
        let counted = match ask
            .paging
            .as_ref()
            .or(defaults.paging.as_ref().filter(|_| stream.is_some()))
        {
            Some(Paging::Page { .. }) => "page",
            Some(Paging::Offset { .. }) => "offset",
            Some(Paging::Cursor { .. }) => "cursor",
            Some(Paging::LastId { .. }) => "last",
            Some(Paging::None | Paging::NextUrl { .. } | Paging::Link { .. } | Paging::Range { .. }) | None => {
                return Ok(());
            }
        };
        if stream.is_some()
            && !templates(ask)
                .chain(templates(defaults))
                .any(|template| mentions(template, &[counted]))
        {
            return Err(place(format!(
                "{name}: nothing in the request says {{{{ {counted} }}}}, by which the next page is asked for"
            )));
        }
        Ok(())
    }

    fn template(&self, template: &Template, secret: bool, near: &str) -> Result<(), Wrong> {
        self.names(template, secret).map_err(|what| self.at(near, &what))
    }

    /// Is everything known that a text speaks of, and nothing secret in what may be logged?
    fn names(&self, template: &Template, secret: bool) -> Result<(), String> {
        self.known(template, secret, &[])
    }

    /// The same where `more` is known as well.
    fn known(&self, template: &Template, secret: bool, more: &[&str]) -> Result<(), String> {
        let parameters = &self.system.parameters;
        for name in template.names() {
            let said = name.as_str();
            if !KNOWN.contains(&said) && !more.contains(&said) && !parameters.contains_key(said) {
                let all = parameters
                    .keys()
                    .map(String::as_str)
                    .chain(KNOWN)
                    .chain(more.iter().copied());
                let meant = nearest(&name, all).map(|meant| format!("; did you mean `{meant}`?"));
                return Err(format!(
                    "`{name}` is neither a parameter nor anything a request knows{}",
                    meant.unwrap_or_default()
                ));
            }
            if !secret && parameters.get(&name).is_some_and(|parameter| parameter.secret) {
                return Err(format!(
                    "`{name}` is a secret, and addresses end up in logs: put it into auth, a header or the body"
                ));
            }
        }
        Ok(())
    }

    /// The first line that begins with `key`.
    fn at(&self, key: &str, what: &str) -> Wrong {
        let starts = |line: &str| {
            let line = line.trim_start();
            line.starts_with(key)
                || line
                    .strip_prefix(['['])
                    .is_some_and(|line| line.ends_with(&format!("{key}]")))
        };
        let mut start = 0;
        for line in self.text.split_inclusive('\n') {
            if starts(line.trim_end()) {
                break;
            }
            start += line.len();
        }
        let start = if start >= self.text.len() { 0 } else { start };
        Wrong {
            place: start..start,
            what: what.to_owned(),
        }
    }

    /// The line of the stream that stands at `at`.
    fn in_stream(&self, at: usize, what: &str) -> Wrong {
        let start = self
            .text
            .match_indices("[[stream]]")
            .nth(at)
            .map_or(0, |(start, _)| start);
        Wrong {
            place: start..start,
            what: what.to_owned(),
        }
    }
}

fn queries(ask: &Ask) -> impl Iterator<Item = &Template> {
    ask.query.values().flat_map(OneOrMore::iter)
}

fn templates(ask: &Ask) -> impl Iterator<Item = &Template> {
    queries(ask)
        .chain(ask.headers.values())
        .chain(&ask.path)
        .chain(&ask.body)
}

fn mentions(template: &Template, names: &[&str]) -> bool {
    let said = template.names();
    names.iter().any(|name| said.contains(*name))
}
