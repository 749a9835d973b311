#!/usr/bin/env python3
"""play.py DIR --phones 101,102

A real telephone network under a program's hand.  Registers the phones at the Asterisk
that pbx-up started from DIR, then reads one command a line on stdin and answers each
with one line of JSON on stdout: {"ok": true, ...} or {"ok": false, "error": "..."}.
The first line comes unasked once the phones are registered.  Numbers are sent as they
are written: +49..., 0049..., 030..., or `anonymous` for a caller who withholds it.

  call DID from NUMBER [MS] [name NAME]    sipp calls DID (101, 600, ...), talks MS (30000)
  give-up DID from NUMBER [MS]             the same, but hangs up after MS (3000) of ringing
  dial EXT to NUMBER [MS]                  our phone EXT calls out; the other side answers after MS (800)
  ringing EXT [MS]                         wait until EXT rings (10000); says who it says is calling
  answer EXT | reject EXT | hangup EXT | hold EXT | unhold EXT
  transfer EXT to EXT                      our phone EXT passes its call on blindly (REFER)
  scenario NAME                            a whole scenario of lib/scenarios*.py; gives what is true of it
  wait-ended [MS]                          wait until every call is over (30000)
  quit                                     (or the end of stdin) hangs up and unregisters
"""
import argparse
import json
import os
import shlex
import signal
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
sys.dont_write_bytecode = True
from rig import Rig          # noqa: E402
from scenarios import SCENARIOS  # noqa: E402
from sipmsg import uri_of    # noqa: E402
from truth import DID, frm   # noqa: E402


class Refused(Exception):
    """A command that cannot be done; the text says why."""


class Player:
    def __init__(self, rig):
        self.rig, self.callers = rig, []
        self.commands = {
            "call": self.call, "give-up": self.give_up, "dial": self.dial, "ringing": self.ringing,
            "answer": self.answer, "reject": self.reject, "hangup": self.hangup, "hold": self.hold,
            "unhold": self.unhold, "transfer": self.transfer, "wait-ended": self.wait_ended,
            "scenario": self.scenario,
        }

    def do(self, line):
        word, *args = shlex.split(line)
        if word not in self.commands:
            raise Refused(f"no command {word}; there are {', '.join(self.commands)}, quit")
        return self.commands[word](args)

    # --- the PSTN side
    def call(self, args):
        did, number, rest = self._from(args)
        name = rest[rest.index("name") + 1] if "name" in rest[:-1] else None
        hold = rest[0] if rest and rest[0] != "name" else 30000
        return self._sipp(did, number, ms(hold), name=name)

    def give_up(self, args):
        did, number, rest = self._from(args)
        return self._sipp(did, number, ms(rest[0] if rest else 3000), cancel=True)

    def dial(self, args):
        if len(args) not in (3, 4) or args[1] != "to":
            raise Refused("say: dial EXT to NUMBER [MS]")
        phone = self._phone(args[0])
        if args[2] not in self.rig.p:
            self.callers.append(self.rig.callee(ring=ms(args[3] if len(args) > 3 else 800)))
        phone.call(args[2])
        return {"phone": args[0], "to": args[2]}

    def _sipp(self, did, number, hold, name=None, cancel=False):
        who = '"Anonymous" <sip:anonymous@anonymous.invalid>' if number == "anonymous" else frm(number, name)
        called = did if did.startswith("+") else DID + did
        self.callers.append(self.rig.caller(called, who, hold=hold, cancel=cancel))
        return {"called": called, "from": number}

    def scenario(self, args):
        if len(args) != 1 or args[0] not in SCENARIOS:
            raise Refused("name one scenario; tests/pbx/pbx-call --list shows them")
        truth, wrong = self.rig.perform(args[0])
        self.rig.tidy()
        self._forget()
        if wrong:
            raise Refused(wrong)
        return {"truth": truth}

    @staticmethod
    def _from(args):
        if len(args) < 3 or args[1] != "from":
            raise Refused("say: call DID from NUMBER [MS], as in: call 101 from +4930901820 8000")
        return args[0], args[2], args[3:]

    # --- the agents' phones
    def ringing(self, args):
        if not args:
            raise Refused("say: ringing EXT [MS]")
        call = self._phone(args[0]).ringing(timeout=ms(args[1] if len(args) > 1 else 10000) / 1000)
        return {"phone": args[0], "from": uri_of(call.remote).removeprefix("sip:").split("@")[0]}

    def answer(self, args):
        return self._person(args, ("ringing",), lambda call: call.answer())

    def reject(self, args):
        return self._person(args, ("ringing",), lambda call: call.reject())

    def hangup(self, args):
        return self._person(args, ("up", "ringing", "out"), lambda call: call.hangup())

    def hold(self, args):
        return self._person(args, ("up",), lambda call: call.hold())

    def unhold(self, args):
        return self._person(args, ("up",), lambda call: call.unhold())

    def transfer(self, args):
        if len(args) != 3 or args[1] != "to":
            raise Refused("say: transfer EXT to EXT, as in: transfer 101 to 102")
        said = []
        self._person(args[:1], ("up",), lambda call: said.append(call.refer(args[2])))
        if said != [202]:
            raise Refused(f"the PBX answered {said[0]} to the transfer")
        return {"phone": args[0], "to": args[2]}

    def _person(self, args, states, act):
        if len(args) != 1:
            raise Refused("name one phone, as in: answer 101")
        calls = [c for c in self._phone(args[0]).calls if c.state in states]
        if not calls:
            raise Refused(f"{args[0]} has no call that is {' or '.join(states)}")
        act(calls[-1])
        return {"phone": args[0], "state": calls[-1].state}

    def _phone(self, ext):
        if ext not in self.rig.p:
            raise Refused(f"{ext} is none of the phones {', '.join(self.rig.p)}")
        return self.rig.p[ext]

    # --- both sides
    def wait_ended(self, args):
        end = time.time() + ms(args[0] if args else 30000) / 1000
        while True:
            up = [f"{u} {c.state}" for u, p in self.rig.p.items() for c in p.calls if c.state != "ended"]
            up += ["a caller" for p in self.callers if p.poll() is None]
            if not up:
                return self._forget()
            if time.time() > end:
                raise Refused(f"not over yet: {', '.join(up)}")
            time.sleep(0.05)

    def _forget(self):
        """All is over: hand out how it ended and start afresh."""
        calls = [{"phone": u, "direction": "in" if c.incoming else "out", "end": c.detail,
                  "talked": any(s == "up" for _, s, _ in c.history)}
                 for u, p in self.rig.p.items() for c in p.calls]
        exits = [p.returncode for p in self.callers]
        for p in self.rig.p.values():
            p.calls.clear()
        self.callers.clear()
        self.rig.procs.clear()
        return {"calls": calls, "sipp": exits}


def ms(text):
    try:
        return int(text)
    except ValueError:
        raise Refused(f"{text} is no number of milliseconds") from None


def say(ok, **more):
    print(json.dumps({"ok": ok, **more}, ensure_ascii=False), flush=True)


def keep_registered(rig):
    """A registration lasts 300 s; a long test must not lose its phones."""
    while True:
        time.sleep(120)
        for p in list(rig.p.values()):
            try:
                p.register()
            except Exception as e:        # said, and tried again: the PBX may be restarting
                print(f"{p.user}: not registered again: {e}", file=sys.stderr)


def serve(rig):
    player = Player(rig)
    say(True, phones=list(rig.p), asterisk=rig.version, ami_host=rig.ami[0], ami_port=rig.ami[1],
        ami_user="popmin", ami_secret="popmin-ami")
    for line in sys.stdin:
        if not line.strip():
            continue
        if line.strip() == "quit":
            return say(True)
        try:
            say(True, **player.do(line))
        except (Refused, TimeoutError, ValueError, AssertionError, RuntimeError) as e:
            say(False, error=str(e))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("dir", help="the folder pbx-up was given")
    ap.add_argument("--phones", default="101,102", help="extensions to register, of 101 to 103")
    a = ap.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        rig = Rig(a.dir, users=a.phones.split(","))
    except (OSError, TimeoutError, RuntimeError, AssertionError) as e:
        say(False, error=f"{e}; is the PBX up? tests/pbx/pbx-up {a.dir}")
        sys.exit(1)
    threading.Thread(target=keep_registered, args=(rig,), daemon=True).start()
    try:
        serve(rig)
    finally:
        rig.close()


if __name__ == "__main__":
    main()
