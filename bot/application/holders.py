"""Names for who holds a lease, from which the same machine can tell that the process behind one is gone."""

import os
import socket
import time
from itertools import count

_BORN = f"{time.monotonic_ns():x}"  # tells this process from an earlier one of the same number
_MINE = count(1)


def new() -> str:
    """A name that nobody else has."""
    return f"{_machine()}:{os.getpid()}:{_BORN}:{next(_MINE)}"


def dead(holder: str) -> bool:
    """Whether that name is of a process of this machine that runs no more."""
    machine, number, born = (*holder.split(":"), "", "")[:3]
    if machine != _machine() or not number.isdecimal():
        return False
    if int(number) == os.getpid():
        return born != _BORN
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _machine() -> str:
    return socket.gethostname().replace(":", "")[:24]
