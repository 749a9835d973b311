"""The register of scenarios, and the few words in which each one says what is true."""
SCENARIOS = {}
DID = "+493023125"            # the PBX's own number block, last three digits free
ALICE, BOB, CAROL = "+12025550143", "+442079460123", "03023125017"   # callers (fiction ranges)


def scenario(f):
    SCENARIOS[f.__name__] = f
    return f


def frm(number, name=None):
    return (f'"{name}" ' if name else "") + f"<sip:{number}@pstn.example>"


def listed(who):
    """None: not judged."""
    return None if who is None else list(who)


def one(direction, number, called, rang, outcome, answered=None, talked=(), ended=None, **more):
    return dict(direction=direction, caller_number=number, called=called, rang=listed(rang),
                answered_by=answered, talked=listed(talked), outcome=outcome, ended_by=ended, **more)
