"""What may go wrong at an Opendatasoft portal, and its refusals in its own words."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass
class Trouble:
    """What goes wrong. Lists are used up, one item a request; the rest holds until it is changed."""

    statuses: list[int] = field(default_factory=list)  # of the next requests: 503, 500…
    torn: list[int] = field(default_factory=list)  # rows after which the next exports lose their connection
    half: list[float] = field(
        default_factory=list
    )  # share of the next exports that is sent, and then a clean end
    renamed: dict[str, str] = field(default_factory=dict)
    calls_left: int | None = None  # then 429
    reset: datetime | None = None  # when the quota is renewed
    html: bool = False  # every answer is a web page, and says that all is well
    moved: str = ""  # every request is sent elsewhere
    slow: float = 0.0  # seconds before every answer and every block
    bom: bool = False
    no_exports: bool = False
    unordered: bool = False  # order_by is not obeyed
    lines: dict[int, bytes] = field(default_factory=dict)  # lines of exports that are replaced, from 1
    endless: bool = False  # the export goes on and on
    body: bytes | None = None  # instead of every export


class OdsError(Exception):
    """An answer that is not 200."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(body)
        self.status, self.body = status, body


def invalid(name: str, value: object, bounds: str) -> OdsError:
    """A parameter out of its bounds, in the portal's words."""
    message = f"Invalid value for {name} API parameter: {value} was found but {bounds} is expected."
    return OdsError(400, {"error_code": "InvalidRESTParameterError", "message": message})


def too_many(reset: datetime | None, now: datetime) -> OdsError:
    """The quota is used up, until midnight in UTC if nothing else was said. The portal writes `errorcode` here."""
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    body = {
        "errorcode": 10002,
        "reset_time": f"{reset or midnight:%Y-%m-%dT%H:%M:%SZ}",
        "limit_time_unit": "day",
        "call_limit": 10000,
        "error": "Too many requests on the domain. Please contact the domain administrator.",
    }
    return OdsError(429, body)
