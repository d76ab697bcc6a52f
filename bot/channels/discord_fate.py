"""What a failed sending to Discord means for delivery: surely not sent, refused, or nobody knows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

import aiohttp

from bot.channels.discord_lib import discord
from storage.attempts import MAX_ATTEMPTS, Outcome
from storage.outbox import OutboxRow, Policy, State

CLOSED = frozenset({50007, 50278})  # messages closed, blocked, or nothing in common
NOBODY = frozenset({10013, 50033})  # no such user, nobody to whom one could write
NO_ROOM = 10003  # the direct messages were found under another number before
TOO_FAST = 40003  # too many direct messages opened
TOO_MANY, UNAUTHORIZED, SERVER_ERROR = 429, 401, 500
SAFE = timedelta(seconds=100)  # for so long a second sending with the same mark makes no second message
LATER, MENDED = timedelta(minutes=10), timedelta(minutes=5)
PAUSE = 3.0  # seconds before the first of those; they double
SHUT_OUT = 60.0  # seconds of silence when Discord's door is shut without saying for how long
MARK = "may have arrived since "
CONNECT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class Stage(IntEnum):
    """How far a sending came."""

    MADE = 0  # nothing was asked of Discord
    OPENING = 1  # the direct messages were looked for
    SENT = 2  # the message went out


@dataclass(slots=True)
class Attempt:
    """One attempt at a row. `hurt`: the server failed in the midst of it, and may have done it all the same."""

    row: OutboxRow
    began: datetime
    stage: Stage = Stage.MADE
    hurt: bool = False

    @property
    def since(self) -> datetime | None:
        """Since when the message may be there, from an earlier attempt."""
        reason = self.row.reason
        return (
            datetime.fromisoformat(reason.removeprefix(MARK).split(" ")[0])
            if reason.startswith(MARK)
            else None
        )

    @property
    def once(self) -> bool:
        """Whether a second message would be worse than none."""
        return self.row.policy is Policy.AT_MOST_ONCE

    def too_late(self) -> Outcome | None:
        """The outcome when sending again might make a second message."""
        since = self.since
        if since is None or not self.once or self.began - since <= SAFE:
            return None
        return Outcome(State.UNKNOWN, self.row.reason)


def outcome(
    attempt: Attempt, error: Exception, now: datetime, hold: Callable[[float, bool], None]
) -> Outcome:
    """What a failed sending means. `hold(seconds, everybody)` is called when Discord asks for silence."""
    found = _sorted(attempt, error, now, hold)
    if found is None or (found.state is State.RETRY and (attempt.hurt or attempt.since)):
        return _doubtful(attempt, _reason(error), now, found)
    return found


def _sorted(
    attempt: Attempt, error: Exception, now: datetime, hold: Callable[[float, bool], None]
) -> Outcome | None:
    """The outcome as far as this error alone tells; None when nobody knows."""
    reason = _reason(error)
    if isinstance(error, discord.RateLimited):
        hold(error.retry_after, False)  # noqa: FBT003 -- the silence of a callback, read where it is made
        return Outcome(State.RETRY, reason, now + timedelta(seconds=error.retry_after), counts=False)
    if isinstance(error, discord.HTTPException) and error.status < SERVER_ERROR:
        return _refused(error, reason, now, hold)
    if attempt.stage is Stage.MADE:
        return Outcome(State.FAILED, reason)
    if attempt.stage is Stage.OPENING or isinstance(error, CONNECT):
        return Outcome(State.RETRY, reason)
    return None


def _refused(
    error: discord.HTTPException, reason: str, now: datetime, hold: Callable[[float, bool], None]
) -> Outcome:
    if error.status == TOO_MANY:  # not from Discord but from the wall before it: all of us must be silent
        seconds = _seconds(error)
        hold(seconds, True)  # noqa: FBT003 -- as above
        return Outcome(State.RETRY, reason, now + timedelta(seconds=seconds), counts=False)
    if error.status == UNAUTHORIZED:  # ours to mend, not the message's fault
        return Outcome(State.RETRY, "the token is refused", now + MENDED, counts=False)
    if error.code == TOO_FAST:
        return Outcome(State.RETRY, reason, now + LATER, counts=False)
    if error.code == NO_ROOM:
        return Outcome(State.RETRY, reason)
    return Outcome(State.FAILED, reason, unreachable=error.code in CLOSED | NOBODY)


def _doubtful(attempt: Attempt, reason: str, now: datetime, found: Outcome | None) -> Outcome:
    """It may have arrived: sent again as long as its mark keeps it from being shown twice."""
    since = attempt.since or attempt.began
    pause = timedelta(seconds=min(PAUSE * 2**attempt.row.attempts, 30))
    again = max(now + pause, found.retry_at or now) if found is not None else now + pause
    counts = found.counts if found is not None else True
    why = f"{MARK}{since.isoformat()} {reason}"
    last = counts and attempt.row.attempts + 1 >= MAX_ATTEMPTS
    if attempt.once and (last or again - since > SAFE):
        return Outcome(State.UNKNOWN, why)
    return Outcome(State.RETRY, why, again, counts=counts)


def _seconds(error: discord.HTTPException) -> float:
    try:
        return float(error.response.headers.get("Retry-After", SHUT_OUT))
    except ValueError:
        return SHUT_OUT


def _reason(error: Exception) -> str:
    if isinstance(error, discord.HTTPException):
        return f"{error.status} {error.code} {error.text}"[:120]
    return f"{type(error).__name__} {error}"[:120].strip()
