"""How a process that answers clients one by one sets its interpreter."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SWITCH_SECONDS = 0.0005  # how long a thread may keep the interpreter: 5 ms by default, ten commits long


@contextmanager
def responsive() -> Iterator[None]:
    """For as long as a process serves: threads take turns often, and the garbage collector leaves alone what
    is loaded by now.

    Else a client waits for the interpreter and not for the bank: 5 ms for its turn, and tens of milliseconds
    whenever the collector walks through modules and agreements, which never become garbage.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        sys.setswitchinterval(before)
