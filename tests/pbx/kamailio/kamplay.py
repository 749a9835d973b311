#!/usr/bin/env python3
"""kamplay.py ADDRESS:PORT

Telephones at a Kamailio under a program's hand.  Reads one command a line on stdin and answers each with one
line of JSON on stdout: {"ok": true, ...} or {"ok": false, "error": "..."}; the first line comes unasked.

  case answers|no-answer|busy|offline   one call to 101 whose phone does that: what the caller got
  register                              101's phone registers and rings from now on
  call NAME NUMBER                      NUMBER calls 101; NUMBER may be anonymous (with the number in P-Asserted-Identity)
  ringing                               wait until 101 rings
  answer | hangup NAME                  101 answers what rings; the caller NAME hangs up or gives up
  quit                                  (or the end of stdin)
"""
import json
import os
import sys
import threading
import time
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "lib"))
sys.dont_write_bytecode = True
from sipua import Phone  # noqa: E402

HOST, PORT = sys.argv[1].rsplit(":", 1)
KAMAILIO = (HOST, int(PORT))
CALLER = "+12025550143"
voicemail = Phone("vm", "-", KAMAILIO, ("127.0.0.1", 26409))
callers, phone = {}, None


def voicemail_answers():
    while True:
        try:
            voicemail.ringing(timeout=600).answer()
        except Exception:
            return


def new_phone(user, password="-"):
    return Phone(user, password, KAMAILIO, ("127.0.0.1", 0))


def talked(device):
    return any(state == "up" for call in device.calls for _, state, _ in call.history)


def case(does):
    """What the caller of 101 gets, as in kamtest.py; who is told by each device, not concluded from the others."""
    voicemail.calls.clear()
    real, caller = new_phone("101", "secret-101"), new_phone(CALLER)
    if does != "offline":
        real.register()
    if does == "busy":
        real.auto_code = 486
    began = time.time()
    call = caller.call("101")
    if does in ("answers", "no-answer"):
        rings = real.ringing(timeout=3)
        if does == "answers":
            time.sleep(1)
            rings.answer()
    try:
        call.wait("up", "ended", timeout=12)
    except TimeoutError:
        pass
    took = time.time() - began
    time.sleep(0.2)
    up = [name for name, device in (("101", real), ("voicemail", voicemail)) if talked(device)]
    # the proxy puts the fork's winning code into the voicemail address: vm-486@...
    why = voicemail.calls[0].invite.uri.split("@")[0].split("-")[-1] if voicemail.calls else ""
    # what the caller hears of 101, so before voicemail is asked
    asked = voicemail.calls[0].began if voicemail.calls else time.time()
    heard = [detail for at, state, detail in call.history if state == "ringing" and at < asked]
    got = "talks" if any(state == "up" for _, state, _ in call.history) else f"{call.state} {call.detail}"
    if call.state != "ended":
        call.hangup()
    time.sleep(0.6)
    if does != "offline":
        real.register(0)
    real.close()
    caller.close()
    return dict(caller=got, with_whom=up, fork_result=why, after_s=round(took, 1), heard=heard)


def do(line):
    global phone
    word, *args = line.split()
    if word == "case":
        return case(*args)
    if word == "register":
        phone = new_phone("101", "secret-101")
        phone.register()
    elif word == "call":
        name, number = args
        extra = []
        if number == "anonymous":
            extra = [f"P-Asserted-Identity: <sip:{CALLER}@127.0.0.1>", "Privacy: id"]
        callers[name] = new_phone(number).call("101", extra=extra)
    elif word == "ringing":
        phone.ringing()
    elif word == "answer":
        phone.ringing().answer()
    elif word == "hangup":
        callers[args[0]].hangup()
    else:
        raise ValueError(f"no command {word}")
    return {}


threading.Thread(target=voicemail_answers, daemon=True).start()
print(json.dumps({"ok": True}), flush=True)
for text in sys.stdin:
    if text.strip() == "quit":
        break
    try:
        print(json.dumps({"ok": True, **do(text)}), flush=True)
    except Exception as error:
        print(json.dumps({"ok": False, "error": f"{type(error).__name__}: {error}"}), flush=True)
# a contact that is left behind would be rung by every later case
if phone:
    phone.register(0)
