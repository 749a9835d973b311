"""A small scripted SIP telephone over UDP (standard library only).

It exists because the telephones packaged in Debian 12 cannot be told by a
script to do an attended transfer (REFER with Replaces) or to hold.  It knows:
REGISTER, INVITE both ways, CANCEL, BYE, hold (re-INVITE), REFER blind and
attended, SUBSCRIBE, digest authentication (MD5).  It keeps a log of every
message.  With `silent=True` it is the passive observer: it registers, sees
INVITEs, and sends nothing for them except what RFC 3261 demands of a UAS that
declines to take part (see observe= below).
"""
import hashlib
import random
import re
import socket
import sys
import threading
import time

from sipcall import Call
from sipmsg import Msg, tag_of, tok, uri_of


class Phone:
    def __init__(self, user, password, pbx, bind, observe=None, ring=True, log=None, domain=None):
        """pbx, bind: (ip, port).  observe: None = a telephone; "180", "none",
        or a code such as "486": a watcher that never answers and reacts to an
        INVITE with 180, with nothing but 100, or with that final code."""
        self.user, self.password, self.pbx, self.observe = user, password, pbx, observe
        self.domain = domain or f"{pbx[0]}:{pbx[1]}"
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(bind)
        self.addr = self.sock.getsockname()
        self.rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.rtp.bind((bind[0], 0))
        self.cond = threading.Condition()
        self.calls, self.subs, self.pending, self.done = [], {}, {}, {}
        self.last_invite, self.notifies, self.log, self.ring = {}, [], log, ring
        self.auto_code = None        # e.g. 486 for do-not-disturb
        self.forward_to = None       # the number to which this phone sends every call on (302)
        self.alive = True
        self.sock.settimeout(0.2)          # so that close() can end the reader
        self.reader = threading.Thread(target=self._loop, daemon=True)
        self.reader.start()

    def close(self):
        self.alive = False
        self.reader.join(2)
        self.sock.close()
        self.rtp.close()

    # --- wire
    def send_raw(self, text):
        data = text if isinstance(text, bytes) else text.encode()
        if self.log:
            self.log(self.user, "send", data)
        self.sock.sendto(data, self.pbx)

    @staticmethod
    def strip_body(text):
        head = text.partition("\r\n\r\n")[0]
        keep = [ln for ln in head.split("\r\n")
                if not re.match(r"(Content-|Authorization|Contact|Allow)", ln)]
        return "\r\n".join(keep) + "\r\nContent-Length: 0\r\n\r\n"

    def contact(self):
        return f"<sip:{self.user}@{self.addr[0]}:{self.addr[1]}>"

    def sdp(self, call, direction="sendrecv"):
        ip, port = self.rtp.getsockname()
        return (f"v=0\r\no={self.user} 1 {call.sdp_ver} IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\n"
                f"t=0 0\r\nm=audio {port} RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n"
                f"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na={direction}\r\n")

    def build(self, method, uri, frm, to, call_id, cseq, body="", ctype=None, extra=(), routes=()):
        h = [f"{method} {uri} SIP/2.0",
             f"Via: SIP/2.0/UDP {self.addr[0]}:{self.addr[1]};rport;branch=z9hG4bK{tok(14)}",
             "Max-Forwards: 70", f"From: {frm}", f"To: {to}", f"Call-ID: {call_id}",
             f"CSeq: {cseq} {method}", f"Contact: {self.contact()}"]
        h += [f"Route: {r}" for r in routes] + list(extra)
        if ctype:
            h.append(f"Content-Type: {ctype}")
        h.append(f"Content-Length: {len(body.encode())}")
        return "\r\n".join(h) + "\r\n\r\n" + body

    def digest(self, resp, method, uri):
        prox = resp.code == 407
        ch = resp.get("proxy-authenticate" if prox else "www-authenticate")
        p = dict(re.findall(r'(\w+)="?([^",]+)"?', ch.partition(" ")[2]))
        md5 = lambda s: hashlib.md5(s.encode()).hexdigest()
        ha1, ha2 = md5(f"{self.user}:{p['realm']}:{self.password}"), md5(f"{method}:{uri}")
        v = f'Digest username="{self.user}", realm="{p["realm"]}", nonce="{p["nonce"]}", uri="{uri}", algorithm=MD5'
        if "qop" in p:
            cn = tok(8)
            v += (f', qop=auth, nc=00000001, cnonce="{cn}", response="'
                  + md5(f"{ha1}:{p['nonce']}:00000001:{cn}:auth:{ha2}") + '"')
        else:
            v += f', response="{md5(":".join((ha1, p["nonce"], ha2)))}"'
        if "opaque" in p:
            v += f', opaque="{p["opaque"]}"'
        return ("Proxy-Authorization: " if prox else "Authorization: ") + v

    def exchange(self, text, timeout=8, provisional=None):
        """Sends a request, repeats it until something comes, returns the final response."""
        m = Msg(text.encode())
        box = self.pending[(m.branch, m.cseq[1])] = []
        end, nxt = time.time() + timeout, 0.5
        self.send_raw(text)
        with self.cond:
            while True:
                fin = [r for r in box if r.code >= 200]
                if fin:
                    return fin[0]
                left = end - time.time()
                if left <= 0:
                    raise TimeoutError(f"{self.user}: no answer to {m.start}")
                if not self.cond.wait(min(left, nxt)) and not box:
                    self.send_raw(text)
                    nxt = min(nxt * 2, 2)

    def authed(self, method, uri, frm, to, call_id, cseq, **kw):
        r = self.exchange(self.build(method, uri, frm, to, call_id, cseq, **kw))
        if r.code in (401, 407):
            kw["extra"] = list(kw.get("extra", ())) + [self.digest(r, method, uri)]
            r = self.exchange(self.build(method, uri, frm, to, call_id, cseq + 1, **kw))
        return r

    # --- outside a dialog
    def register(self, expires=300):
        aor = f"<sip:{self.user}@{self.domain}>"
        r = self.authed("REGISTER", f"sip:{self.domain}", f"{aor};tag={tok()}", aor, tok(16), 1,
                        extra=[f"Expires: {expires}"])
        assert r.code == 200, f"REGISTER {self.user}: {r.start}"
        return r

    def subscribe(self, who, event="dialog", accept="application/dialog-info+xml", expires=300):
        uri, cid, ft = f"sip:{who}@{self.domain}", tok(16), tok()
        r = self.authed("SUBSCRIBE", uri, f"<sip:{self.user}@{self.domain}>;tag={ft}", f"<{uri}>", cid, 1,
                        extra=[f"Event: {event}", f"Accept: {accept}", f"Expires: {expires}"])
        if r.code < 300:
            self.subs[cid] = (uri_of(r.get("contact")) or uri, f"<sip:{self.user}@{self.domain}>;tag={ft}",
                              r.get("to"), event, r.cseq[0])
        return r

    def unsubscribe(self):
        """Ends all subscriptions; one left behind keeps sending NOTIFYs to a dead port."""
        for cid, (uri, frm, to, event, cseq) in self.subs.items():
            self.authed("SUBSCRIBE", uri, frm, to, cid, cseq + 1, extra=[f"Event: {event}", "Expires: 0"])
        self.subs.clear()

    def call(self, number, extra=()):
        c = Call(self, False, tok(16))
        uri = f"sip:{number}@{self.domain}"
        c.local, c.remote = f"<sip:{self.user}@{self.domain}>", f"<{uri}>"
        c.target, c.number, c.extra = uri, number, list(extra)
        self.calls.append(c)
        c.set("out")
        self._send_invite(c)
        return c

    def _send_invite(self, c, auth=()):
        c.cseq += 1
        t = self.build("INVITE", c.target, f"{c.local};tag={c.local_tag}", c.remote, c.call_id, c.cseq,
                       body=self.sdp(c), ctype="application/sdp", extra=c.extra + list(auth))
        self.last_invite[c.call_id] = t
        self.send_raw(t)

    # --- inside a dialog
    def transact(self, c, method, uri, body="", ctype=None, extra=()):
        c.cseq += 1
        frm, to = f"{c.local};tag={c.local_tag}", f"{c.remote};tag={c.remote_tag}"
        kw = dict(body=body, ctype=ctype, routes=c.routes)
        r = self.exchange(self.build(method, uri, frm, to, c.call_id, c.cseq, extra=extra, **kw))
        if method == "INVITE":
            self._ack(c, r)
        if r.code in (401, 407):
            a = [self.digest(r, method, uri)]
            c.cseq += 1
            r = self.exchange(self.build(method, uri, frm, to, c.call_id, c.cseq, extra=list(extra) + a, **kw))
            if method == "INVITE":
                self._ack(c, r)
        return r.code

    def _ack(self, c, r):
        to = r.get("to")
        if r.code >= 300:      # same branch as the INVITE
            h = ["ACK " + c.target + " SIP/2.0", "Via: " + r.get("via"), "Max-Forwards: 70",
                 "From: " + r.get("from"), "To: " + to, "Call-ID: " + c.call_id,
                 f"CSeq: {r.cseq[0]} ACK", "Content-Length: 0"]
            self.send_raw("\r\n".join(h) + "\r\n\r\n")
        else:
            self.send_raw(self.build("ACK", c.target, r.get("from"), to, c.call_id, r.cseq[0], routes=c.routes))

    def respond(self, req, code, reason, call=None, sdp=False, extra=(), contact=None):
        if self.observe and req.method == "INVITE" and 200 <= code < 300:
            raise RuntimeError("an observer must never answer a call")
        to = req.get("to")
        if code > 100 and not tag_of(to):
            to += ";tag=" + (call.local_tag if call else tok())
        h = [f"SIP/2.0 {code} {reason}"] + [f"Via: {v}" for v in req.all("via")]
        h += [f"Record-Route: {v}" for v in req.all("record-route")]
        h += [f"From: {req.get('from')}", f"To: {to}", f"Call-ID: {req.get('call-id')}", f"CSeq: {req.get('cseq')}"]
        if call:
            h += [f"Contact: {contact or self.contact()}", "Allow: INVITE,ACK,BYE,CANCEL,OPTIONS,REFER,NOTIFY,UPDATE,INFO",
                  "Supported: replaces"]
        h += list(extra)
        body = self.sdp(call) if sdp else ""
        if sdp:
            h.append("Content-Type: application/sdp")
        h.append(f"Content-Length: {len(body)}")
        t = "\r\n".join(h) + "\r\n\r\n" + body
        if code >= 200:
            self.done[(req.branch, req.method)] = t
        self.send_raw(t)

    # --- what arrives
    def _loop(self):
        while self.alive:
            try:
                data, _ = self.sock.recvfrom(65535)
            except socket.timeout:
                continue
            except OSError:
                return
            if data.strip(b"\r\n\0 ") == b"":
                continue
            if self.log:
                self.log(self.user, "recv", data)
            try:
                m = Msg(data)
                (self._response if m.is_resp else self._request)(m)
            except Exception as e:            # one bad message must not stop the phone
                print(f"{self.user}: {type(e).__name__}: {e}", file=sys.stderr)

    def find(self, call_id):
        return next((c for c in self.calls if c.call_id == call_id), None)

    def _rtp_of(self, c, body):
        ip, port = re.search(r"c=IN IP4 (\S+)", body), re.search(r"m=audio (\d+)", body)
        if ip and port:
            c.rtp_to = (ip.group(1), int(port.group(1)))

    def _response(self, m):
        box = self.pending.get((m.branch, m.cseq[1]))
        if box is not None:
            with self.cond:
                box.append(m)
                self.cond.notify_all()
            return
        c = self.find(m.get("call-id"))
        if not c or m.cseq[1] != "INVITE":
            return
        if m.code in (401, 407):
            self._ack(c, m)
            if not c.auth_tried:
                c.auth_tried = True
                self._send_invite(c, [self.digest(m, "INVITE", c.target)])
        elif m.code < 200:
            if m.code > 100 and c.state == "out":
                c.remote_tag = tag_of(m.get("to"))     # of the early dialog: a transfer may name it
                c.set("ringing", str(m.code))
        elif m.code < 300:
            c.remote_tag, c.target = tag_of(m.get("to")), uri_of(m.get("contact"))
            c.routes = list(reversed(m.all("record-route")))
            self._rtp_of(c, m.body)
            self._ack(c, m)
            if c.state != "up":
                c.set("up")
        else:
            self._ack(c, m)
            c.set("ended", f"{m.code}")

    def _request(self, m):
        again = self.done.get((m.branch, m.method))
        if again and m.method != "ACK":
            return self.send_raw(again)
        c = self.find(m.get("call-id"))
        if m.method == "INVITE":
            if c and not tag_of(m.get("to")):  # no To tag: the first INVITE, repeated
                return None                    # (answering it as a re-INVITE would take the call!)
            if c:                              # in the dialog: hold, connected line
                self._rtp_of(c, m.body)
                c.sdp_ver += 1
                return self.respond(m, 200, "OK", call=c, sdp=True)
            c = Call(self, True, m.get("call-id"))
            c.invite, c.remote, c.local = m, re.sub(r";tag=[^;]+", "", m.get("from")), m.get("to")
            c.remote_tag, c.target = tag_of(m.get("from")), uri_of(m.get("contact"))
            c.routes = m.all("record-route")
            self._rtp_of(c, m.body)
            self.calls.append(c)
            if self.observe == "mute":         # not even 100: for the proxy we are dead
                return c.set("ringing")
            if self.observe not in (None, "180", "none"):
                self.respond(m, int(self.observe), "Observer", call=c)
                return c.set("ended", f"observer {self.observe}")
            if self.auto_code:
                self.respond(m, self.auto_code, "Busy Here", call=c)
                return c.set("ended", f"rejected {self.auto_code}")
            if self.forward_to:
                return c.redirect(self.forward_to)
            self.respond(m, 100, "Trying")
            if self.observe != "none" and self.ring:
                self.respond(m, 180, "Ringing", call=c)
            c.set("ringing")
        elif m.method == "CANCEL":
            self.respond(m, 200, "OK")
            if c and c.state == "ringing":
                self.respond(c.invite, 487, "Request Terminated", call=c)
                c.set("ended", "cancelled" + ("; Reason: " + m.get("reason") if m.get("reason") else ""))
        elif m.method == "BYE":
            self.respond(m, 200 if c else 481, "OK" if c else "No such call")
            if c:
                c.set("ended", "remote")
        elif m.method == "ACK":
            pass
        elif m.method == "NOTIFY":
            self.respond(m, 200, "OK")
            ev = m.get("event").split(";")[0]
            self.notifies.append((time.time(), ev, m.body))
            if c and ev == "refer":
                c.refer_status.append(m.body.strip())
            with self.cond:
                self.cond.notify_all()
        else:
            self.respond(m, 200, "OK", call=c)

    # --- for scripts
    def ringing(self, timeout=10, nth=None):
        """The first call that rings now (or the nth call ever)."""
        end = time.time() + timeout
        with self.cond:
            while True:
                for i, c in enumerate(self.calls):
                    if c.incoming and c.state == "ringing" and (nth is None or i == nth):
                        return c
                left = end - time.time()
                if left <= 0:
                    raise TimeoutError(f"{self.user}: nothing rings")
                self.cond.wait(left)
