"""One call on a telephone (a SIP dialog), and what a person does with it."""
import random
import re
import struct
import time

from sipmsg import tok


class Call:
    """One dialog.  state: out, ringing, up, ended.  history: [(time, state, detail)]; began: before its first byte is answered"""

    def __init__(self, phone, incoming, call_id):
        self.phone, self.incoming, self.call_id = phone, incoming, call_id
        self.began, self.state, self.detail, self.history = time.time(), "new", "", []
        self.local_tag, self.remote_tag = tok(), ""
        self.local = self.remote = self.target = ""
        self.cseq, self.invite, self.sdp_ver = random.randint(1, 500), None, 1
        self.rtp_to, self.routes, self.final = None, [], {}
        self.refer_status, self.req_branch, self.auth_tried = [], "", False

    def set(self, state, detail=""):
        self.state, self.detail = state, detail
        self.history.append((time.time(), state, detail))
        with self.phone.cond:
            self.phone.cond.notify_all()

    def wait(self, *states, timeout=15):
        end = time.time() + timeout
        with self.phone.cond:
            while self.state not in states:
                left = end - time.time()
                if left <= 0:
                    raise TimeoutError(f"{self.phone.user}: {self.state} {self.detail}, "
                                       f"waited for {'/'.join(states)}")
                self.phone.cond.wait(left)
        return self

    # --- what a person does with the phone
    def answer(self):
        self.phone.respond(self.invite, 200, "OK", call=self, sdp=True)
        self.set("up")

    def reject(self, code=486, reason="Busy Here", extra=()):
        self.phone.respond(self.invite, code, reason, call=self, extra=extra)
        self.set("ended", f"rejected {code}")

    def redirect(self, number):
        """Sends the call on to number without answering it, as a phone set to forward does."""
        to = f"<sip:{number}@{self.phone.domain}>"
        self.phone.respond(self.invite, 302, "Moved Temporarily", call=self, contact=to)
        self.set("ended", f"redirected to {number}")

    def hangup(self):
        if self.state == "up":
            self.request("BYE")
            self.set("ended", "local")
        elif not self.incoming and self.state in ("out", "ringing"):
            inv = self.phone.last_invite[self.call_id]
            self.phone.send_raw(re.sub(r"\r\nCSeq: (\d+) INVITE", r"\r\nCSeq: \1 CANCEL",
                                re.sub(r"^INVITE", "CANCEL", self.phone.strip_body(inv))))
        else:
            self.reject(486)

    def hold(self):
        self._reinvite("sendonly")

    def unhold(self):
        self._reinvite("sendrecv")

    def _reinvite(self, direction):
        self.sdp_ver += 1
        body = self.phone.sdp(self, direction)
        code = self.request("INVITE", body=body, ctype="application/sdp")
        assert code == 200, f"re-INVITE {code}"

    def refer(self, number, replaces=None):
        """Blind transfer to number; attended when replaces is our other Call."""
        d = self.phone.domain
        to = f"<sip:{number}@{d}>"
        if replaces is not None:
            o = replaces
            esc = f"{o.call_id};to-tag={o.remote_tag};from-tag={o.local_tag}"
            esc = esc.replace("@", "%40").replace(";", "%3B").replace("=", "%3D")
            to = f"<sip:{number}@{d}?Replaces={esc}>"
        return self.request("REFER", extra=[f"Refer-To: {to}",
                                            f"Referred-By: <sip:{self.phone.user}@{d}>"])

    def refer_done(self, timeout=15):
        """Waits for the NOTIFY that says the transfer worked, then hangs up, as
        telephones do.  Asterisk keeps our leg up until we send BYE."""
        end = time.time() + timeout
        with self.phone.cond:
            while not any(" 200" in x for x in self.refer_status):
                if time.time() > end:
                    raise TimeoutError(f"refer: {self.refer_status}")
                self.phone.cond.wait(0.5)
        if self.state == "up":
            self.hangup()

    def dtmf(self, digits):
        """RFC 4733 events to the PBX, for feature codes such as *2."""
        seq, ssrc, ts = random.randint(1, 9999), random.getrandbits(32), 1000
        for ch in digits:
            ev = "0123456789*#".index(ch)
            for i, dur in enumerate([160, 320, 480, 640, 800, 800, 800]):
                end = 0x80 if i >= 4 else 0
                pkt = struct.pack("!BBHII", 0x80, 101 | (0x80 if i == 0 else 0), seq & 0xffff, ts, ssrc)
                self.phone.rtp.sendto(pkt + struct.pack("!BBH", ev, end | 10, dur), self.rtp_to)
                seq += 1
                time.sleep(0.02)
            ts += 1600
            time.sleep(0.08)

    def request(self, method, body="", ctype=None, extra=()):
        """In-dialog request; waits for the final answer, returns its code."""
        return self.phone.transact(self, method, self.target, body, ctype, extra)
