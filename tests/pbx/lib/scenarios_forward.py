"""Calls that somebody else than the one who was dialled takes: forwarding, pickup, several devices."""
import time

from truth import ALICE, BOB, DID, frm, one, scenario


# ------------------------------------------------------------ forwarding
def _forwarded(r, did, number=None):
    """102 takes a call to `did` that went on from 101; number: to where 101's phone redirects it."""
    r.p["101"].forward_to = number
    try:
        r.caller(DID + did, frm(ALICE), hold=3000)
        c = r.p["102"].ringing()
    finally:
        r.p["101"].forward_to = None
    r.notes["from_seen_by_102"] = c.remote
    time.sleep(0.8)
    c.answer()
    c.wait("ended")
    return dict(calls=[one("in", ALICE, DID + did, ["102"], "answered", "102", ["102"], "caller",
                           forwarded=dict(by="101", to="102"))],
                agents={"101": {}, "102": dict(rang=1, talked=1, pop=ALICE), "103": {}})


@scenario
def forward_by_phone(r):
    """101's phone sends every call on to 102 (302 Moved Temporarily), who answers."""
    return _forwarded(r, "101", "102")


@scenario
def forward_in_dialplan(r):
    """Call forward of 101 in the dialplan, through a Local channel, to 102, who answers."""
    return _forwarded(r, "111")


@scenario
def forward_after_ringing(r):
    """101 rings, the agent sends the call on to 102 by a button of the phone (302), who answers."""
    r.caller(DID + "101", frm(ALICE), hold=4500)
    a = r.p["101"].ringing()
    time.sleep(1)
    a.redirect("102")
    c = r.p["102"].ringing()
    time.sleep(0.8)
    c.answer()
    c.wait("ended")
    return dict(calls=[one("in", ALICE, DID + "101", ["101", "102"], "answered", "102", ["102"], "caller",
                           forwarded=dict(by="101", to="102"))],
                agents={"101": dict(rang=1, pop=ALICE, outcome="forwarded to 102"),
                        "102": dict(rang=1, talked=1, pop=ALICE), "103": {}})


@scenario
def forward_not_answered(r):
    """101's phone sends every call on to 102 (302), the caller gives up while 102 rings."""
    r.p["101"].forward_to = "102"
    try:
        r.caller(DID + "101", frm(ALICE), hold=2500, cancel=True)
        r.p["102"].ringing().wait("ended")
    finally:
        r.p["101"].forward_to = None
    return dict(calls=[one("in", ALICE, DID + "101", ["102"], "missed", ended="caller",
                           forwarded=dict(by="101", to="102"))],
                agents={"101": {}, "102": dict(rang=1, pop=ALICE), "103": {}})


def _outside(r, did, number=None):
    r.p["101"].forward_to = number
    try:
        r.callee()
        r.caller(DID + did, frm(ALICE), hold=2500).wait(20)
    finally:
        r.p["101"].forward_to = None
    return dict(calls=[one("in", ALICE, DID + did, [], "answered", BOB, [], "caller",
                           forwarded=dict(by="101", to=BOB))],
                agents={"101": {}, "102": {}, "103": {}})


@scenario
def forward_outside(r):
    """101's phone sends every call on to an outside number (302), which answers: no phone of ours rings."""
    return _outside(r, "101", BOB)


@scenario
def forward_outside_in_dialplan(r):
    """The same by the dialplan, through a Local channel."""
    return _outside(r, "112")


# ------------------------------------------------------------ pickup
def _picked_up(r, did, rang, code):
    r.caller(DID + did, frm(ALICE), hold=4000)
    for u in rang:
        r.p[u].ringing()
    time.sleep(1)
    c = r.p["102"].call(code)
    c.wait("up")
    for u in rang:
        r.p[u].calls[0].wait("ended")
    c.wait("ended")
    agents = {u: dict(rang=1, pop=ALICE, outcome="answered elsewhere") if u in rang else {} for u in ("101", "103")}
    return dict(calls=[one("in", ALICE, DID + did, rang, "answered", "102", ["102"], "caller", picked_up="102")],
                agents={"102": dict(talked=1, pop=ALICE), **agents})


@scenario
def pickup(r):
    """101 rings, 102 of the same pickup group dials *8 and has the call."""
    return _picked_up(r, "101", ["101"], "*8")


@scenario
def pickup_directed(r):
    """101 rings, 102 dials **101 (PickupChan in the dialplan) and has the call."""
    return _picked_up(r, "101", ["101"], "**101")


@scenario
def pickup_from_group(r):
    """101 and 103 ring, 102 dials *8 and has the call."""
    return _picked_up(r, "602", ["101", "103"], "*8")


# ------------------------------------------------------------ one agent, two devices
def _second_device(r, user="101", port=411):
    x = r.extra_phone(user, port)
    x.register()
    return x


@scenario
def two_devices(r):
    """101 has two devices, both ring as channels of their own, the second one answers."""
    x = _second_device(r)
    r.caller(DID + "161", frm(ALICE), hold=3000)
    a, b = r.p["101"].ringing(), x.ringing()
    time.sleep(1)
    b.answer()
    a.wait("ended")
    r.notes["cancel_first_device"] = a.detail
    b.wait("ended")
    return dict(calls=[one("in", ALICE, DID + "161", ["101"], "answered", "101", ["101"], "caller")],
                agents={"101": dict(rang=1, devices=2, talked=1, pop=ALICE), "102": {}, "103": {}})


@scenario
def two_devices_missed(r):
    """101 has two devices, both ring, the caller gives up: one missed call."""
    x = _second_device(r)
    r.caller(DID + "161", frm(ALICE), hold=2000, cancel=True)
    x.ringing()
    r.p["101"].ringing().wait("ended")
    return dict(calls=[one("in", ALICE, DID + "161", ["101"], "missed", ended="caller")],
                agents={"101": dict(rang=1, devices=2, pop=ALICE), "102": {}, "103": {}})


@scenario
def two_devices_one_rejects(r):
    """101 rejects on one device, the other one rings on and is answered."""
    x = _second_device(r)
    r.caller(DID + "161", frm(ALICE), hold=4000)
    a, b = r.p["101"].ringing(), x.ringing()
    time.sleep(0.8)
    a.reject()
    time.sleep(0.8)
    b.answer()
    b.wait("ended")
    return dict(calls=[one("in", ALICE, DID + "161", ["101"], "answered", "101", ["101"], "caller")],
                agents={"101": dict(rang=1, devices=2, talked=1, pop=ALICE), "102": {}, "103": {}})


@scenario
def group_two_devices(r):
    """Ring group of 101 (two devices) and 102; 102 answers."""
    x = _second_device(r)
    r.caller(DID + "601", frm(ALICE), hold=3000)
    r.p["101"].ringing()
    x.ringing()
    c = r.p["102"].ringing()
    time.sleep(1)
    c.answer()
    c.wait("ended")
    return dict(calls=[one("in", ALICE, DID + "601", ["101", "102"], "answered", "102", ["102"], "caller")],
                agents={"101": dict(rang=1, devices=2, pop=ALICE, outcome="answered elsewhere"),
                        "102": dict(rang=1, talked=1, pop=ALICE), "103": {}})


# ------------------------------------------------------------ side by side
@scenario
def two_calls_at_once(r):
    """Two callers at the same time, one to 101 and one to 102."""
    r.caller(DID + "101", frm(ALICE), hold=4000)
    a = r.p["101"].ringing()
    r.caller(DID + "102", frm(BOB), hold=2500)
    b = r.p["102"].ringing()
    time.sleep(0.5)
    b.answer()
    time.sleep(0.5)
    a.answer()
    b.wait("ended")
    a.wait("ended")
    return dict(calls=[one("in", ALICE, DID + "101", ["101"], "answered", "101", ["101"], "caller"),
                       one("in", BOB, DID + "102", ["102"], "answered", "102", ["102"], "caller")],
                agents={"101": dict(rang=1, talked=1, pop=ALICE), "102": dict(rang=1, talked=1, pop=BOB), "103": {}})
