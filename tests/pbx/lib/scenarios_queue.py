"""Queues beyond the plain case: nobody answers, somebody rejects, the number is withheld, the call is moved on."""
import time

from truth import ALICE, DID, frm, one, scenario


@scenario
def queue_timeout(r):
    """Queue rings 101 and 102 for 5 s, nobody answers, voicemail takes the call."""
    r.caller(DID + "903", frm(ALICE), hold=15000)
    r.p["102"].ringing()
    r.p["101"].ringing().wait("ended")
    r.procs[-1].wait(20)
    return dict(calls=[one("in", ALICE, DID + "903", ["101", "102"], "missed", ended="pbx", then="voicemail",
                           queue="support", queue_outcome="timed_out")],
                agents={"101": dict(rang=1, pop=ALICE), "102": dict(rang=1, pop=ALICE), "103": {}})


@scenario
def queue_member_rejects(r):
    """Queue rings 101 and 102; 101 rejects, 102 answers."""
    r.caller(DID + "900", frm(ALICE), hold=5000)
    a, b = r.p["101"].ringing(), r.p["102"].ringing()
    time.sleep(0.8)
    a.reject()
    time.sleep(0.8)
    b.answer()
    b.wait("ended")
    return dict(calls=[one("in", ALICE, DID + "900", ["101", "102"], "answered", "102", ["102"], "caller",
                           queue="support")],
                agents={"101": dict(rang=1, pop=ALICE, outcome="rejected by this agent"),
                        "102": dict(rang=1, talked=1, pop=ALICE), "103": {}})


@scenario
def queue_withheld(r):
    """Queue rings 101 and 102 for a caller who withholds the number, 101 answers."""
    r.caller(DID + "900", '"Anonymous" <sip:anonymous@anonymous.invalid>', hold=4500,
             extra=[f"P-Asserted-Identity: <sip:{ALICE}@pstn.example>", "Privacy: id"])
    r.p["102"].ringing()
    c = r.p["101"].ringing()
    r.notes["from_seen_by_101"] = c.remote
    time.sleep(1)
    c.answer()
    c.wait("ended")
    return dict(calls=[one("in", None, DID + "900", ["101", "102"], "answered", "101", ["101"], "caller",
                           queue="support", presentation="restricted", must_not_show=ALICE)],
                agents={"101": dict(rang=1, talked=1, pop=None),
                        "102": dict(rang=1, pop=None, outcome="answered elsewhere"), "103": {}})


@scenario
def queue_agent_ends(r):
    """Queue rings 101 and 102, 101 answers and hangs up."""
    r.caller(DID + "900", frm(ALICE), hold=20000)
    r.p["102"].ringing()
    c = r.p["101"].ringing()
    time.sleep(0.8)
    c.answer()
    time.sleep(1.5)
    c.hangup()
    return dict(calls=[one("in", ALICE, DID + "900", ["101", "102"], "answered", "101", ["101"], "agent",
                           queue="support")],
                agents={"101": dict(rang=1, talked=1, pop=ALICE),
                        "102": dict(rang=1, pop=ALICE, outcome="answered elsewhere"), "103": {}})


@scenario
def queue_transferred(r):
    """Queue (Local members), 101 answers and transfers blindly to 103, who answers (REFER)."""
    r.caller(DID + "901", frm(ALICE), hold=8500)
    r.p["102"].ringing()
    a = r.p["101"].ringing()
    time.sleep(0.8)
    a.answer()
    time.sleep(1.5)
    assert a.refer("103") == 202
    c = r.p["103"].ringing()
    r.notes["from_seen_by_103"] = c.remote
    time.sleep(0.8)
    c.answer()
    a.refer_done()
    c.wait("ended")
    return dict(calls=[one("in", ALICE, DID + "901", ["101", "102", "103"], "answered", "101", ["101", "103"],
                           "caller", queue="support-local", transfer=dict(kind="blind", by="101", to="103"))],
                agents={"101": dict(rang=1, talked=1, pop=ALICE),
                        "102": dict(rang=1, pop=ALICE, outcome="answered elsewhere"),
                        "103": dict(rang=1, talked=1, pop=ALICE, transferred_by="101")})
