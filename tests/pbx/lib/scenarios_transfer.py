"""Transfers beyond the plain ones: before the colleague answers, by feature code, out of the house, of any call."""
import time

from truth import ALICE, BOB, DID, frm, one, scenario

JOINED = "101, then " + ALICE + " once joined"


def _talking(r, hold):
    """The caller talks to 101."""
    r.caller(DID + "101", frm(ALICE), hold=hold)
    c = r.p["101"].ringing()
    time.sleep(0.7)
    c.answer()
    time.sleep(1)
    return c


def _inbound(rang, talked, ended, transfer=None, **more):
    if transfer:
        more["transfer"] = transfer
    return one("in", ALICE, DID + "101", rang, "answered", "101", talked, ended, **more)


def _agents(first, second=None, third=None):
    return {"101": first, "102": second or {}, "103": third or {}}


# ------------------------------------------------------------ before the colleague answers ("blonde")
def _blonde(r, hold):
    c = _talking(r, hold)
    c.hold()
    time.sleep(0.3)
    q = r.p["101"].call("102")
    c2 = r.p["102"].ringing()
    q.wait("ringing")
    time.sleep(0.8)
    code = c.refer("102", replaces=q)
    r.notes["refer"] = code
    assert code == 202, f"REFER {code}"
    return c, q, c2


@scenario
def transfer_blonde(r):
    """101 holds the caller, calls 102, joins them while 102 still rings (REFER with Replaces); 102 answers."""
    c, q, c2 = _blonde(r, 8000)
    time.sleep(0.8)
    c2.answer()
    c.refer_done()
    c2.wait("ended")
    # the phone of 102 rings for one call and then for the other: which of the two "rang" is not judged
    return dict(calls=[_inbound(None, ["101", "102"], "caller", held=1,
                                transfer=dict(kind="blonde", by="101", to="102", consultation="call 2")),
                       one("internal", "101", "102", ["102"], None, None, None, "transfer")],
                agents=_agents(dict(rang=1, talked=1, pop=ALICE), dict(rang=1, talked=1, pop=JOINED)))


@scenario
def transfer_blonde_unanswered(r):
    """The same, 102 never answers, the caller gives up."""
    c, q, c2 = _blonde(r, 6000)
    c.refer_done()
    c2.wait("ended")
    return dict(calls=[_inbound(None, ["101"], "caller", held=1,
                                transfer=dict(kind="blonde", by="101", to="102", consultation="call 2")),
                       one("internal", "101", "102", ["102"], None, None, [], "transfer")],
                agents=_agents(dict(rang=1, talked=1, pop=ALICE), dict(rang=1, pop=JOINED)))


@scenario
def transfer_blonde_cancelled(r):
    """As many phones do it: 101 calls 102, cancels that while it rings, and sends the caller there (plain REFER)."""
    c = _talking(r, 9000)
    c.hold()
    time.sleep(0.3)
    q = r.p["101"].call("102")
    c2 = r.p["102"].ringing()
    time.sleep(0.8)
    q.hangup()
    c2.wait("ended")
    assert c.refer("102") == 202
    c3 = r.p["102"].ringing()
    time.sleep(0.8)
    c3.answer()
    c.refer_done()
    c3.wait("ended")
    return dict(calls=[_inbound(["101", "102"], ["101", "102"], "caller", held=1,
                                transfer=dict(kind="blind", by="101", to="102")),
                       one("internal", "101", "102", ["102"], "missed", None, [], "caller")],
                agents=_agents(dict(rang=1, talked=1, pop=ALICE),
                               dict(rang=2, talked=1, pop=["101", ALICE], transferred_by="101")))


@scenario
def transfer_blonde_feature(r):
    """By feature code: 101 dials *2 102 and hangs up while 102 rings; 102 answers."""
    c = _talking(r, 12000)
    c.dtmf("*2")
    time.sleep(1.2)
    c.dtmf("102")
    c2 = r.p["102"].ringing()
    time.sleep(0.8)
    c.hangup()
    time.sleep(1)
    c2.answer()
    c2.wait("ended")
    return dict(calls=[_inbound(["101", "102"], ["101", "102"], "caller",
                                transfer=dict(kind="blonde", by="101", to="102"))],
                agents=_agents(dict(rang=1, talked=1, pop=ALICE), dict(rang=1, talked=1, pop=JOINED)))


@scenario
def transfer_blonde_feature_unanswered(r):
    """The same, 102 does not answer: after 6 s the PBX calls 101 back, who talks to the caller again."""
    c = _talking(r, 20000)
    c.dtmf("*2")
    time.sleep(1.2)
    c.dtmf("102")
    c2 = r.p["102"].ringing()
    time.sleep(0.8)
    c.hangup()
    c2.wait("ended")
    back = r.p["101"].ringing(timeout=15)
    r.notes["from_seen_by_101"] = back.remote
    time.sleep(0.8)
    back.answer()
    back.wait("ended", timeout=25)
    return dict(calls=[_inbound(["101", "102"], ["101"], "caller")],
                agents=_agents(dict(rang=2, talked=2, pop=ALICE), dict(rang=1, pop=None)))


# ------------------------------------------------------------ by feature code
@scenario
def transfer_blind_feature(r):
    """101 dials ##102: a blind transfer by feature code (no REFER at all); 102 answers."""
    c = _talking(r, 12000)
    c.dtmf("##")
    time.sleep(1.2)
    c.dtmf("102")
    c2 = r.p["102"].ringing()
    r.notes["from_seen_by_102"] = c2.remote
    time.sleep(0.8)
    c2.answer()
    c2.wait("ended")
    return dict(calls=[_inbound(["101", "102"], ["101", "102"], "caller",
                                transfer=dict(kind="blind", by="101", to="102"))],
                agents=_agents(dict(rang=1, talked=1, pop=ALICE),
                               dict(rang=1, talked=1, pop=ALICE, transferred_by="101")))


@scenario
def transfer_threeway_feature(r):
    """101 dials *2 102, 102 answers, 101 makes it a talk of three (*3), then leaves."""
    c = _talking(r, 16000)
    c.dtmf("*2")
    time.sleep(1.2)
    c.dtmf("102")
    c2 = r.p["102"].ringing()
    time.sleep(0.7)
    c2.answer()
    time.sleep(1)
    c.dtmf("*3")
    time.sleep(2.5)
    c.hangup()
    c2.wait("ended")
    return dict(calls=[_inbound(["101", "102"], ["101", "102"], "caller",
                                transfer=dict(kind="attended", by="101", to="102"))],
                agents=_agents(dict(rang=1, talked=1, pop=ALICE), dict(rang=1, talked=1, pop=JOINED)))


@scenario
def consultation_feature_abandoned(r):
    """101 dials *2 102, talks to 102, who hangs up; 101 goes on with the caller: no transfer."""
    c = _talking(r, 14000)
    c.dtmf("*2")
    time.sleep(1.2)
    c.dtmf("102")
    c2 = r.p["102"].ringing()
    time.sleep(0.7)
    c2.answer()
    time.sleep(1)
    c2.hangup()
    c.wait("ended", timeout=20)
    return dict(calls=[_inbound(["101", "102"], ["101", "102"], "caller")],
                agents=_agents(dict(rang=1, talked=1, pop=ALICE), dict(rang=1, talked=1, pop="101")))


# ------------------------------------------------------------ where to, and how it can fail
@scenario
def transfer_blind_to_outside(r):
    """101 transfers the caller blindly to an outside number, which answers (REFER)."""
    c = _talking(r, 8000)
    r.callee()
    assert c.refer(BOB) == 202
    c.refer_done()
    r.procs[0].wait(20)
    return dict(calls=[_inbound(["101"], ["101"], "caller", transfer=dict(kind="blind", by="101", to=BOB))],
                agents=_agents(dict(rang=1, talked=1, pop=ALICE)))


@scenario
def transfer_blind_rejected(r):
    """101 transfers the caller blindly to 102, who rejects, which ends the call."""
    c = _talking(r, 15000)
    assert c.refer("102") == 202
    c2 = r.p["102"].ringing()
    time.sleep(0.8)
    c2.reject()
    time.sleep(0.5)
    if c.state == "up":
        c.hangup()
    return dict(calls=[_inbound(["101", "102"], ["101"], "agent", transfer=dict(kind="blind", by="101", to="102"))],
                agents=_agents(dict(rang=1, talked=1, pop=ALICE), dict(rang=1, pop=ALICE, transferred_by="101")))


@scenario
def transfer_attended_given_up(r):
    """101 holds the caller, talks to 102 on a second line, ends that and goes back to the caller: no transfer."""
    c = _talking(r, 8000)
    c.hold()
    time.sleep(0.3)
    q = r.p["101"].call("102")
    c2 = r.p["102"].ringing()
    time.sleep(0.7)
    c2.answer()
    q.wait("up")
    time.sleep(1)
    q.hangup()
    c2.wait("ended")
    time.sleep(0.3)
    c.unhold()
    c.wait("ended")
    return dict(calls=[_inbound(["101"], ["101"], "caller", held=1),
                       one("internal", "101", "102", ["102"], "answered", "102", ["101", "102"], "caller")],
                agents=_agents(dict(rang=1, talked=2, pop=ALICE), dict(rang=1, talked=1, pop="101")))


@scenario
def transfer_twice(r):
    """101 transfers blindly to 102, who talks and transfers blindly to 103."""
    c = _talking(r, 11000)
    assert c.refer("102") == 202
    c2 = r.p["102"].ringing()
    time.sleep(0.7)
    c2.answer()
    c.refer_done()
    time.sleep(1.2)
    assert c2.refer("103") == 202
    c3 = r.p["103"].ringing()
    time.sleep(0.6)
    c3.answer()
    c2.refer_done()
    c3.wait("ended")
    return dict(calls=[_inbound(["101", "102", "103"], ["101", "102", "103"], "caller",
                                transfer=dict(kind="blind", by="102", to="103"))],
                agents=_agents(dict(rang=1, talked=1, pop=ALICE),
                               dict(rang=1, talked=1, pop=ALICE, transferred_by="101"),
                               dict(rang=1, talked=1, pop=ALICE, transferred_by="102")))


# ------------------------------------------------------------ calls that did not come from outside
@scenario
def internal_transfer(r):
    """103 calls 101, who transfers blindly to 102, who answers (REFER); 103 hangs up."""
    a = r.p["103"].call("101")
    c = r.p["101"].ringing()
    time.sleep(0.6)
    c.answer()
    time.sleep(1)
    assert c.refer("102") == 202
    c2 = r.p["102"].ringing()
    r.notes["from_seen_by_102"] = c2.remote
    time.sleep(0.8)
    c2.answer()
    c.refer_done()
    time.sleep(1)
    a.hangup()
    c2.wait("ended")
    return dict(calls=[one("internal", "103", "101", ["101", "102"], "answered", "101", ["103", "101", "102"], "caller",
                           transfer=dict(kind="blind", by="101", to="102"))],
                agents=_agents(dict(rang=1, talked=1, pop="103"),
                               dict(rang=1, talked=1, pop="103", transferred_by="101"), dict(talked=1)))


@scenario
def outgoing_transferred(r):
    """101 dials an outside number, holds it, calls 102, joins them (REFER with Replaces); 102 hangs up."""
    r.callee()
    c = r.p["101"].call(ALICE)
    c.wait("up")
    time.sleep(1)
    c.hold()
    time.sleep(0.3)
    q = r.p["101"].call("102")
    c2 = r.p["102"].ringing()
    time.sleep(0.7)
    c2.answer()
    q.wait("up")
    time.sleep(1)
    assert c.refer("102", replaces=q) == 202
    c.refer_done()
    if q.state == "up":
        q.hangup()
    time.sleep(1.5)
    c2.hangup()
    return dict(calls=[one("out", "101", ALICE, [], "answered", ALICE, ["101", "102"], "agent", held=1,
                           shown_to_callee=DID + "100",
                           transfer=dict(kind="attended", by="101", to="102", consultation="call 2")),
                       one("internal", "101", "102", ["102"], "answered", "102", ["101", "102"], "transfer")],
                agents=_agents(dict(talked=2, pop=ALICE), dict(rang=1, talked=1, pop=JOINED)))


# ------------------------------------------------------------ hold, parking
@scenario
def hold_by_reinvite_twice(r):
    """101 answers, holds and takes back twice, the caller hangs up."""
    c = _talking(r, 7000)
    for _ in range(2):
        c.hold()
        time.sleep(0.8)
        c.unhold()
        time.sleep(0.8)
    c.wait("ended")
    return dict(calls=[_inbound(["101"], ["101"], "caller", held=2)],
                agents=_agents(dict(rang=1, talked=1, pop=ALICE)))


@scenario
def parked(r):
    """101 parks the caller (REFER to 700); 102 takes the call from the parking lot (dials 7001)."""
    c = _talking(r, 10000)
    assert c.refer("700") == 202
    c.refer_done()
    time.sleep(1.5)
    d = r.p["102"].call("7001")
    d.wait("up")
    d.wait("ended")
    return dict(calls=[_inbound(["101"], ["101", "102"], "caller", parked=1)],
                agents=_agents(dict(rang=1, talked=1, pop=ALICE), dict(talked=1, pop=ALICE)))
