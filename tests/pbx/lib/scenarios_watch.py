"""Who only watches: a silent second contact of an extension, and subscriptions to dialog-info."""
import time

from scenarios_direct import _cid, cid_anonymous
from scenarios_many import call_waiting, queue_local_members
from truth import ALICE, DID, frm, one, scenario


def _observe(r, mode, did, answer=True):
    ob = r.extra_phone("101", 411, observe=mode)
    ob.register()
    t0 = time.time()
    r.caller(DID + did, frm(ALICE), hold=3000)
    try:
        c = r.p["101"].ringing(timeout=4)
    except TimeoutError:
        c = None
    if c and answer:
        time.sleep(1)
        if c.state == "ringing":
            c.answer()
        c.wait("ended")
    elif c:
        c.wait("ended", timeout=25)
    r.procs[-1].wait(40)
    r.notes["phone"] = [(round(t - t0, 1), s, d) for t, s, d in (c.history if c else [])]
    r.notes["observer"] = [[(round(t - t0, 1), s, d) for t, s, d in x.history] for x in ob.calls]
    r.notes["observer_from"] = [x.remote for x in ob.calls]
    talked = bool(c and any(s == "up" for _, s, _ in c.history))
    return dict(calls=[one("in", ALICE, DID + did, ["101"] if c else [], "answered" if talked else "missed",
                           "101" if talked else None, ["101"] if talked else [], None, observer=mode)],
                truth_from="measured on the phones, not predicted: see notes",
                agents={"101": dict(rang=1 if c else 0, talked=int(talked), pop=ALICE), "102": {}, "103": {}})


@scenario
def observer_aor(r):
    """Observer registered as second contact, PBX dials PJSIP/101 (no fork: one contact only)."""
    return _observe(r, "180", "101")


@scenario
def observer_contacts_180(r):
    """Observer as second contact, PBX dials every contact; observer sends 180, the phone answers."""
    return _observe(r, "180", "161")


@scenario
def observer_contacts_none(r):
    """The same, observer sends only 100."""
    return _observe(r, "none", "161")


@scenario
def observer_contacts_486(r):
    """The same, observer declines with 486 at once."""
    return _observe(r, "486", "161")


@scenario
def dialog_info(r):
    """SUBSCRIBE to 101's hint (dialog-info+xml) while 101 is called, answers, ends."""
    w = r.extra_phone("watch", 412)
    w.register()
    r.notes["subscribe"] = w.subscribe("101").start
    time.sleep(0.5)
    truth = _cid(r, frm(ALICE, "Alice"), ALICE, "Alice")
    time.sleep(1)
    r.notes["notify"] = [b for _, e, b in w.notifies if e == "dialog"]
    return truth


@scenario
def dialog_info_two_calls(r):
    """The watcher's view of call waiting: does dialog-info show the second caller?"""
    w = r.extra_phone("watch", 412)
    w.register()
    w.subscribe("101")
    time.sleep(0.3)
    truth = call_waiting(r)
    time.sleep(0.8)
    r.notes["notify"] = [b for _, e, b in w.notifies if e == "dialog"]
    return truth


@scenario
def dialog_info_anonymous(r):
    """The watcher's view of a caller who withheld the number."""
    w = r.extra_phone("watch", 412)
    w.register()
    w.subscribe("101")
    time.sleep(0.3)
    truth = cid_anonymous(r)
    time.sleep(0.8)
    r.notes["notify"] = [b for _, e, b in w.notifies if e == "dialog"]
    return truth


@scenario
def dialog_info_queue(r):
    """The watcher's view of a queue call to 101 and 102 (Local members)."""
    w = r.extra_phone("watch", 412)
    w.register()
    w.subscribe("101")
    w.subscribe("102")
    time.sleep(0.3)
    truth = queue_local_members(r)
    time.sleep(0.8)
    r.notes["notify"] = [b for _, e, b in w.notifies if e == "dialog"]
    return truth
