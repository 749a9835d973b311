#!/usr/bin/env python3
"""kamtest.py OUTFOLDER   a silent second contact behind a forking proxy (Kamailio at
127.0.0.1:26060): what does it see, and what does it break?  For each behaviour of the
observer and each behaviour of the real phone: who saw what, what did the caller get."""
import json
import os
import sys
import threading
import time
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "lib"))
sys.dont_write_bytecode = True
from sipua import Phone

out = sys.argv[1]
os.makedirs(out, exist_ok=True)
K = ("127.0.0.1", 26060)
LOG = open(f"{out}/observer_matrix.sip.log", "wb")
lock = threading.Lock()


def log(user, way, data):
    with lock:
        LOG.write(f"--- {time.time():.3f} {user} {way}\r\n".encode() + data + b"\r\n")


rows, port = [], 26420
vm = Phone("vm", "-", K, ("127.0.0.1", 26409), log=lambda *a: log("voicemail", *a[1:]))


def vm_answers():
    while True:
        try:
            vm.ringing(timeout=600).answer()
        except Exception:
            return


threading.Thread(target=vm_answers, daemon=True).start()
MODES = [None, "180", "none", "mute", "480", "486", "603"]
for phone_does in ("answers", "no answer", "busy 486", "offline"):
    for mode in MODES:
        with lock:
            LOG.write(f"\r\n######## phone: {phone_does}; observer: {mode}\r\n\r\n".encode())
        port += 4
        vm.calls.clear()
        phone = Phone("101", "secret-101", K, ("127.0.0.1", port), log=lambda *a: log("phone-101", *a[1:]))
        if phone_does != "offline":
            phone.register()
        if phone_does.startswith("busy"):
            phone.auto_code = 486
        ob = None
        if mode:
            ob = Phone("101", "secret-101", K, ("127.0.0.1", port + 1), observe=mode, log=lambda *a: log("observer-101", *a[1:]))
            ob.register()
        cl = Phone("+12025550143", "-", K, ("127.0.0.1", port + 2), log=lambda *a: log("caller", *a[1:]))
        t0 = time.time()
        c = cl.call("101")
        p = None
        if phone_does in ("answers", "no answer"):
            p = phone.ringing(timeout=3)
            if phone_does == "answers":
                time.sleep(1)
                p.answer()
        try:
            c.wait("up", "ended", timeout=12)
        except TimeoutError:
            pass
        took = time.time() - t0
        time.sleep(0.2)
        # who really has the call: asked of each device, not concluded from the others
        up = [n for n, d in (("101", phone), ("observer", ob), ("voicemail", vm))
              if d and any(s == "up" for x in d.calls for _, s, _ in x.history)]
        # the proxy puts the fork's winning code into the voicemail address: vm-486@...
        why = vm.calls[0].invite.uri.split("@")[0].split("-")[-1] if vm.calls else ""
        if c.state == "up":
            time.sleep(0.4)
            c.hangup()
        elif c.state != "ended":
            c.hangup()
        time.sleep(0.6)
        row = dict(phone=phone_does, observer=mode or "(none)",
                   caller="talks" if any(s == "up" for _, s, _ in c.history) else f"{c.state} {c.detail}",
                   with_whom=up, fork_result=why, after_s=round(took, 1),
                   observer_saw=[s + (" " + d if d else "") for _, s, d in ob.calls[0].history] if ob and ob.calls else [],
                   observer_from=ob.calls[0].remote if ob and ob.calls else "")
        rows.append(row)
        print(json.dumps(row), flush=True)
        for x in (phone, ob):
            if x:
                try:
                    x.register(0)
                except Exception:
                    pass
                x.close()
        cl.close()
json.dump(rows, open(f"{out}/observer_matrix.json", "w"), indent=1)
LOG.close()

# ---- SUBSCRIBE to dialog-info
LOG = open(f"{out}/dialog_info.sip.log", "wb")
w = Phone("watch", "secret-watch", K, ("127.0.0.1", 26600), log=log)
w.register()
phone = Phone("101", "secret-101", K, ("127.0.0.1", 26601), log=log)
phone.register()
r = w.subscribe("101")
print("SUBSCRIBE:", r.start)
time.sleep(0.5)
a = Phone("+12025550143", "-", K, ("127.0.0.1", 26602), log=log)
b = Phone("+442079460123", "-", K, ("127.0.0.1", 26603), log=log)
an = Phone("anonymous", "-", K, ("127.0.0.1", 26604), log=log)
ca = a.call("101")
p1 = phone.ringing()
time.sleep(0.5)
p1.answer()
ca.wait("up")
time.sleep(0.5)
cb = b.call("101")
time.sleep(1)
cb.hangup()
time.sleep(1)
ca.hangup()
time.sleep(0.5)
cc = an.call("101", extra=["P-Asserted-Identity: <sip:+12025550143@127.0.0.1>", "Privacy: id"])
time.sleep(0.8)
cc.hangup()
time.sleep(1)
res = [dict(t=round(t - w.notifies[0][0], 2), body=body) for t, e, body in w.notifies if e == "dialog"] if w.notifies else []
json.dump(res, open(f"{out}/dialog_info.json", "w"), indent=1)
for x in res:
    print(x["t"], x["body"][:1200])
