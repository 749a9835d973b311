"""One SIP message, read; and the small pieces every message needs."""
import random
import re


def tok(n=10):
    return "".join(random.choice("abcdefghijkmnpqrstuvwxyz23456789") for _ in range(n))


class Msg:
    """One SIP message: .start, .headers [(name, value)], .body"""

    SHORT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact",
             "l": "content-length", "c": "content-type", "o": "event", "r": "refer-to",
             "b": "referred-by", "x": "session-expires", "k": "supported"}

    def __init__(self, raw):
        head, _, body = raw.decode("utf-8", "replace").partition("\r\n\r\n")
        lines = re.sub(r"\r\n[ \t]+", " ", head).split("\r\n")
        self.start, self.headers, self.body = lines[0], [], body
        for ln in lines[1:]:
            k, _, v = ln.partition(":")
            k = k.strip().lower()
            self.headers.append((self.SHORT.get(k, k), v.strip()))
        p = self.start.split(" ", 2)
        self.is_resp = p[0] == "SIP/2.0"
        self.code = int(p[1]) if self.is_resp else 0
        self.method = "" if self.is_resp else p[0]
        self.uri = "" if self.is_resp else p[1]

    def get(self, name, default=""):
        return next((v for k, v in self.headers if k == name.lower()), default)

    def all(self, name):
        return [v for k, v in self.headers if k == name.lower()]

    @property
    def cseq(self):
        n, m = self.get("cseq").split()
        return int(n), m

    @property
    def branch(self):
        m = re.search(r"branch=([^;,\s]+)", self.get("via"))
        return m.group(1) if m else ""


def tag_of(v):
    m = re.search(r";tag=([^;>\s]+)", v)
    return m.group(1) if m else ""


def uri_of(v):
    m = re.search(r"<([^>]+)>", v)
    return m.group(1) if m else v.split(";")[0].strip()
