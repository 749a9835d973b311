"""Calls with more than two people: groups, queues, transfers, a second call, hold."""
import time

from truth import ALICE, BOB, CAROL, DID, frm, one, scenario


# ------------------------------------------------------------ groups, queues
@scenario
def group_one_answers(r):
    """Ring group 101+102+103, 102 answers; for the others: answered elsewhere."""
    r.caller(DID + "600", frm(ALICE))
    for u in ("101", "103"):
        r.p[u].ringing()
    c = r.p["102"].ringing()
    time.sleep(1)
    c.answer()
    c.wait("ended")
    r.notes["cancel_101"] = r.p["101"].calls[0].detail
    return dict(calls=[one("in", ALICE, DID + "600", ["101", "102", "103"], "answered", "102", ["102"], "caller")],
                agents={"101": dict(rang=1, pop=ALICE, outcome="answered elsewhere"),
                        "102": dict(rang=1, talked=1, pop=ALICE),
                        "103": dict(rang=1, pop=ALICE, outcome="answered elsewhere")})


def _queue(r, did, queue):
    r.caller(DID + did, frm(ALICE), hold=4500)
    r.p["102"].ringing()
    c = r.p["101"].ringing()
    time.sleep(1)
    c.answer()
    c.wait("ended")
    r.notes["cancel_102"] = r.p["102"].calls[0].detail
    return dict(calls=[one("in", ALICE, DID + did, ["101", "102"], "answered", "101", ["101"], "caller", queue=queue)],
                agents={"101": dict(rang=1, talked=1, pop=ALICE),
                        "102": dict(rang=1, pop=ALICE, outcome="answered elsewhere"), "103": {}})


@scenario
def queue_one_answers(r):
    """Queue rings 101 and 102 (members are the phones), 101 answers."""
    return _queue(r, "900", "support")


@scenario
def queue_local_members(r):
    """The same with Local channels as members (as FreePBX does)."""
    return _queue(r, "901", "support-local")


@scenario
def queue_abandoned(r):
    """Queue rings 101 and 102, the caller hangs up (after the PBX answered, so by BYE)."""
    r.caller(DID + "900", frm(ALICE), hold=2500)
    r.p["102"].ringing()
    r.p["101"].ringing().wait("ended")
    return dict(calls=[one("in", ALICE, DID + "900", ["101", "102"], "missed", ended="caller",
                           queue="support", queue_outcome="abandoned")],
                agents={"101": dict(rang=1, pop=ALICE), "102": dict(rang=1, pop=ALICE), "103": {}})


@scenario
def queue_second_answers(r):
    """Linear queue: 101 lets it ring out (4 s), then 102 rings and answers."""
    r.caller(DID + "902", frm(ALICE), hold=9000)
    r.p["101"].ringing().wait("ended")
    c = r.p["102"].ringing()
    time.sleep(0.6)
    c.answer()
    c.wait("ended")
    return dict(calls=[one("in", ALICE, DID + "902", ["101", "102"], "answered", "102", ["102"], "caller",
                           queue="support-linear")],
                agents={"101": dict(rang=1, pop=ALICE, outcome="missed by this agent"),
                        "102": dict(rang=1, talked=1, pop=ALICE), "103": {}})


# ------------------------------------------------------------ transfers, two calls, hold
@scenario
def transfer_blind(r):
    """101 talks to the caller and transfers blindly to 102, who answers (REFER)."""
    r.caller(DID + "101", frm(ALICE), hold=7000)
    c = r.p["101"].ringing()
    time.sleep(0.7)
    c.answer()
    time.sleep(1.5)
    assert c.refer("102") == 202
    c2 = r.p["102"].ringing()
    r.notes["from_seen_by_102"] = c2.remote
    time.sleep(0.8)
    c2.answer()
    c.refer_done()
    c2.wait("ended")
    return dict(calls=[one("in", ALICE, DID + "101", ["101", "102"], "answered", "101", ["101", "102"], "caller",
                           transfer=dict(kind="blind", by="101", to="102"))],
                agents={"101": dict(rang=1, talked=1, pop=ALICE),
                        "102": dict(rang=1, talked=1, pop=ALICE, transferred_by="101"), "103": {}})


@scenario
def transfer_attended(r):
    """101 holds the caller, calls 102, talks, joins them (REFER with Replaces)."""
    r.caller(DID + "101", frm(ALICE), hold=9000)
    c = r.p["101"].ringing()
    time.sleep(0.7)
    c.answer()
    time.sleep(1)
    c.hold()
    time.sleep(0.3)
    q = r.p["101"].call("102")
    c2 = r.p["102"].ringing()
    r.notes["from_seen_by_102"] = c2.remote
    time.sleep(0.6)
    c2.answer()
    q.wait("up")
    time.sleep(1)
    assert c.refer("102", replaces=q) == 202
    c.refer_done()
    if q.state == "up":
        q.hangup()
    c2.wait("ended")
    return dict(calls=[one("in", ALICE, DID + "101", ["101"], "answered", "101", ["101", "102"], "caller",
                           transfer=dict(kind="attended", by="101", to="102", consultation="call 2")),
                       one("internal", "101", "102", ["102"], "answered", "102", ["101", "102"], "transfer")],
                agents={"101": dict(rang=1, talked=2, pop=ALICE),
                        "102": dict(rang=1, talked=1, pop="101, then " + ALICE + " once joined"), "103": {}})


@scenario
def transfer_attended_feature(r):
    """The same by feature code: 101 dials *2 102, talks, hangs up (no REFER at all)."""
    r.caller(DID + "101", frm(ALICE), hold=14000)
    c = r.p["101"].ringing()
    time.sleep(0.7)
    c.answer()
    time.sleep(1)
    c.dtmf("*2")
    time.sleep(1.2)
    c.dtmf("102")
    c2 = r.p["102"].ringing()
    time.sleep(0.6)
    c2.answer()
    time.sleep(1)
    c.hangup()
    c2.wait("ended")
    return dict(calls=[one("in", ALICE, DID + "101", ["101", "102"], "answered", "101", ["101", "102"], "caller",
                           transfer=dict(kind="attended", by="101", to="102"))],
                agents={"101": dict(rang=1, talked=1, pop=ALICE),
                        "102": dict(rang=1, talked=1, pop="101, then " + ALICE + " once joined"), "103": {}})


@scenario
def call_waiting(r):
    """101 talks to the first caller; a second one rings at 101, is answered (first on hold), ends; back to the first."""
    r.caller(DID + "101", frm(ALICE), hold=8000)
    a = r.p["101"].ringing()
    time.sleep(0.7)
    a.answer()
    time.sleep(1)
    r.caller(DID + "101", frm(BOB), hold=2000)
    b = r.p["101"].ringing(nth=1)
    time.sleep(0.8)
    a.hold()
    b.answer()
    b.wait("ended")
    time.sleep(0.3)
    a.unhold()
    a.wait("ended")
    return dict(calls=[one("in", ALICE, DID + "101", ["101"], "answered", "101", ["101"], "caller", held=1),
                       one("in", BOB, DID + "101", ["101"], "answered", "101", ["101"], "caller")],
                agents={"101": dict(rang=2, talked=2, pop=[ALICE, BOB]), "102": {}, "103": {}})


@scenario
def hold(r):
    """101 answers, holds, takes back, the caller hangs up."""
    r.caller(DID + "101", frm(ALICE), hold=6000)
    c = r.p["101"].ringing()
    time.sleep(0.7)
    c.answer()
    time.sleep(1)
    c.hold()
    time.sleep(1.5)
    c.unhold()
    c.wait("ended")
    return dict(calls=[one("in", ALICE, DID + "101", ["101"], "answered", "101", ["101"], "caller", held=1)],
                agents={"101": dict(rang=1, talked=1, pop=ALICE), "102": {}, "103": {}})
