"""Every scenario.  Each plays a call with real SIP through a real Asterisk and returns
the truth as a dict: `agents` is what each agent's screen should say, and the rig
checks it against what the agents' telephones really did.
"""
import scenarios_direct  # noqa: F401  (importing registers them)
import scenarios_forward  # noqa: F401
import scenarios_many    # noqa: F401
import scenarios_queue   # noqa: F401
import scenarios_transfer  # noqa: F401
import scenarios_watch   # noqa: F401
from truth import SCENARIOS

__all__ = ["SCENARIOS"]
