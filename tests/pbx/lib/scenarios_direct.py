"""Direct calls: to one extension, from one extension, and how the caller's number is presented."""
import time

from rec import Ami
from truth import ALICE, BOB, CAROL, DID, frm, one, scenario


# ------------------------------------------------------------ plain inbound
@scenario
def in_answered(r):
    """Direct call to 101, answered, the caller hangs up."""
    r.caller(DID + "101", frm(ALICE))
    c = r.p["101"].ringing()
    time.sleep(1)
    c.answer()
    c.wait("ended")
    return dict(calls=[one("in", ALICE, DID + "101", ["101"], "answered", "101", ["101"], "caller")],
                agents={"101": dict(rang=1, talked=1, pop=ALICE), "102": {}, "103": {}})


@scenario
def in_answered_agent_ends(r):
    """Direct call to 101, answered, the agent hangs up."""
    r.caller(DID + "101", frm(ALICE), hold=15000)
    c = r.p["101"].ringing()
    time.sleep(0.6)
    c.answer()
    time.sleep(1.5)
    c.hangup()
    return dict(calls=[one("in", ALICE, DID + "101", ["101"], "answered", "101", ["101"], "agent")],
                agents={"101": dict(rang=1, talked=1, pop=ALICE), "102": {}, "103": {}})


@scenario
def in_missed(r):
    """Direct call to 101, the caller gives up while it rings."""
    r.caller(DID + "101", frm(ALICE), hold=2000, cancel=True)
    r.p["101"].ringing().wait("ended")
    return dict(calls=[one("in", ALICE, DID + "101", ["101"], "missed", ended="caller")],
                agents={"101": dict(rang=1, pop=ALICE), "102": {}, "103": {}})


@scenario
def in_rejected(r):
    """101 rings, the agent presses reject (486)."""
    r.caller(DID + "101", frm(ALICE))
    c = r.p["101"].ringing()
    time.sleep(1)
    c.reject()
    return dict(calls=[one("in", ALICE, DID + "101", ["101"], "rejected", ended="agent")],
                agents={"101": dict(rang=1, pop=ALICE), "102": {}, "103": {}})


@scenario
def in_busy(r):
    """101 has do-not-disturb: 486 at once, it never rings."""
    r.p["101"].auto_code = 486
    try:
        r.caller(DID + "101", frm(ALICE)).wait(20)
    finally:
        r.p["101"].auto_code = None
    return dict(calls=[one("in", ALICE, DID + "101", [], "busy", ended="pbx")],
                agents={"101": {}, "102": {}, "103": {}})


@scenario
def in_offline(r):
    """101's phone is not registered."""
    r.p["101"].register(0)
    try:
        r.caller(DID + "101", frm(ALICE)).wait(20)
    finally:
        r.p["101"].register()
    return dict(calls=[one("in", ALICE, DID + "101", [], "failed", ended="pbx")],
                agents={"101": {}, "102": {}, "103": {}})


@scenario
def in_no_answer_voicemail(r):
    """101 rings 4 s, then voicemail answers: for the agent a missed call, though the caller's channel is up."""
    r.caller(DID + "151", frm(ALICE), hold=15000)
    r.p["101"].ringing().wait("ended")
    r.procs[-1].wait(20)
    return dict(calls=[one("in", ALICE, DID + "151", ["101"], "missed", ended="pbx", then="voicemail")],
                agents={"101": dict(rang=1, pop=ALICE), "102": {}, "103": {}})


# ------------------------------------------------------------ outbound, internal, click-to-dial
@scenario
def out_answered(r):
    """101 dials an outside number, it is answered, the agent hangs up."""
    r.callee()
    c = r.p["101"].call(ALICE)
    c.wait("up")
    time.sleep(1.5)
    c.hangup()
    return dict(calls=[one("out", "101", ALICE, [], "answered", ALICE, ["101"], "agent", shown_to_callee=DID + "100")],
                agents={"101": dict(talked=1, pop=ALICE), "102": {}, "103": {}})


@scenario
def internal(r):
    """103 calls 101, who answers; 103 hangs up."""
    c = r.p["103"].call("101")
    d = r.p["101"].ringing()
    time.sleep(0.8)
    d.answer()
    c.wait("up")
    time.sleep(1)
    c.hangup()
    d.wait("ended")
    return dict(calls=[one("internal", "103", "101", ["101"], "answered", "101", ["103", "101"], "caller")],
                agents={"101": dict(rang=1, talked=1, pop="103"), "103": dict(talked=1), "102": {}})


@scenario
def click_to_dial(r):
    """AMI Originate: 101 rings first (not an inbound call!), then the PBX dials the customer."""
    r.callee()
    d = Ami(r.ami, "dialer", "dialer-ami")
    d.send(Action="Originate", ActionID="click-1", Channel="PJSIP/101", Context="internal", Exten=ALICE,
           Priority=1, CallerID=f'"Click to dial" <{ALICE}>', Timeout=15000, Async="true",
           Variable="CLICK_ID=click-1")
    c = r.p["101"].ringing()
    r.notes["from_seen_by_101"] = c.remote
    time.sleep(0.6)
    c.answer()
    time.sleep(3)
    c.hangup()
    d.close()
    return dict(calls=[one("out", "101", ALICE, [], "answered", ALICE, ["101"], "agent", click_to_dial="click-1")],
                agents={"101": dict(rang=1, talked=1, pop=ALICE, note="rings first, but the call is outbound"),
                        "102": {}, "103": {}})


# ------------------------------------------------------------ how the number arrives
def _cid(r, who, number, name="", presentation=None, extra=(), did="101", **more):
    """presentation None: not judged, since only a PBX with channelvars tells it."""
    r.caller(DID + did, who, hold=1200, extra=extra)
    c = r.p["101"].ringing()
    r.notes["from_seen_by_101"] = c.remote
    r.notes["pai_seen_by_101"] = c.invite.get("p-asserted-identity")
    r.notes["privacy_seen_by_101"] = c.invite.get("privacy")
    time.sleep(0.4)
    c.answer()
    c.wait("ended")
    return dict(calls=[one("in", number, DID + did, ["101"], "answered", "101", ["101"], "caller",
                           caller_name=name, presentation=presentation, **more)],
                agents={"101": dict(rang=1, talked=1, pop=number), "102": {}, "103": {}})


@scenario
def cid_national(r):
    """The caller's number in national form, 030..."""
    return _cid(r, frm(CAROL), CAROL)


@scenario
def cid_name(r):
    """With a display name that has a comma and a quote."""
    return _cid(r, '"Doe, Jane \\"JD\\"" <sip:+12025550143@pstn.example>', ALICE, 'Doe, Jane "JD"')


@scenario
def cid_utf8_name(r):
    """With a display name in UTF-8."""
    return _cid(r, frm(CAROL, "Jürgen Größe 東京"), CAROL, "Jürgen Größe 東京")


@scenario
def cid_pai(r):
    """From and P-Asserted-Identity differ; the trunk trusts P-Asserted-Identity."""
    return _cid(r, frm(BOB), ALICE, "Asserted", extra=[f'P-Asserted-Identity: "Asserted" <sip:{ALICE}@pstn.example>'],
                from_number=BOB)


@scenario
def cid_anonymous(r):
    """CLIR: From anonymous, Privacy: id, the number only in P-Asserted-Identity: must not be shown."""
    return _cid(r, '"Anonymous" <sip:anonymous@anonymous.invalid>', None, None, "restricted",
                extra=[f"P-Asserted-Identity: <sip:{ALICE}@pstn.example>", "Privacy: id"],
                must_not_show=ALICE)


@scenario
def cid_anonymous_bare(r):
    """From anonymous@anonymous.invalid, nothing else."""
    return _cid(r, '"Anonymous" <sip:anonymous@anonymous.invalid>', None, "Anonymous")


@scenario
def cid_verstat(r):
    """STIR/SHAKEN: Identity header, verstat on P-Asserted-Identity (the DID's dialplan reads both into variables)."""
    return _cid(r, f"<sip:{ALICE};verstat=TN-Validation-Passed@pstn.example;user=phone>", ALICE, did="701",
                extra=[f"P-Asserted-Identity: <sip:{ALICE};verstat=TN-Validation-Passed@pstn.example;user=phone>",
                       "Identity: eyJhbGciOiJFUzI1NiJ9.e30.c2ln;info=<https://cert.example/c.pem>;alg=ES256;ppt=shaken"],
                verstat="TN-Validation-Passed")
