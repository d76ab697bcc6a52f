"""Kills a worker at a point of a sending, lets another go on, and looks at what came of the message."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import bootstrap
from storage import outbox
from storage.database import Database
from storage.outbox import State
from tests.channels.crashing import DOUBTFUL, HANG, plant
from tests.channels.workers import Nursery
from tests.platforms import telegram_api
from tests.platforms.discord_api import DiscordApi
from tests.platforms.faults import Fault
from tests.platforms.telegram_api import TelegramApi
from tests.platforms.threads import served
from tests.support import databases

PARTS = ["Première partie.", "Deuxième partie.", "Troisième partie."]
ARRIVED = {"delivered": 1, "answered": 1, "settled": 1, "between": 2}  # parts, when the first worker dies
# Seconds, after which the lease of the dead worker is over. Discord still knows a help message again (it does for two
# minutes, so that none comes twice), and a reply no more: nothing that is sent again hides behind its mark.
LATER = {"help": 90, "reply": 150}
KILLED = -9


@dataclass(frozen=True, slots=True)
class Platform:
    """What differs between the stand-ins."""

    serve: Callable[[], AbstractContextManager[Any]]
    arrive: Callable[[Any], str]  # somebody writes first, so that the bot may write to them; their address
    texts: Callable[[Any], list[str]]  # what arrived
    sending: str  # what the server calls a sending
    pass_time: Callable[[Any, float], None] = lambda _api, _seconds: (
        None
    )  # where the server forgets with time
    knows_again: bool = False  # a second sending of the same part, for a while


def _on_telegram(api: TelegramApi) -> str:
    api.user(1001).writes("/start")
    return "1001"


def _on_discord(api: DiscordApi) -> str:
    lou = api.user("Lou")
    lou.writes_dm("salut")
    return str(lou.id)


PLATFORMS = {
    "telegram": Platform(
        telegram_api.running, _on_telegram, lambda api: [one.text for one in api.deliveries], "sendMessage"
    ),
    "discord": Platform(
        lambda: served(DiscordApi()),
        _on_discord,
        lambda api: [one.content for one in api.deliveries],
        "create_message",
        DiscordApi.skip,
        knows_again=True,
    ),
}
CHANNELS = tuple(PLATFORMS)


def killed_at(workers: Nursery, url: str, point: str, kind: str, folder: Path) -> None:
    """AssertionError when something came twice that may not, or was lost that must not be."""
    platform = PLATFORMS[workers.channel]
    with platform.serve() as api:
        database = databases.open_database(url, bootstrap.real_now)
        rows = plant(database, workers.channel, platform.arrive(api), kind, PARTS)
        given = url, api.url, api.token
        if point in HANG:
            api.faults.add(Fault(platform.sending, hang=5, applied=point == "delivered"))
        first = workers.works(
            *given, point, 0, folder, databases.KEY, meanwhile=_killer(api, platform, point)
        )
        assert first == KILLED
        assert platform.texts(api) == PARTS[: ARRIVED.get(point, 0)]
        api.faults.clear()
        platform.pass_time(api, LATER[kind])
        assert workers.works(*given, "none", LATER[kind], folder, databases.KEY) == 0
        states, texts = _states(database, rows), platform.texts(api)
        database.close()
    _judge(platform, point, kind, states, texts)


def _killer(api: Any, platform: Platform, point: str) -> Callable[[int], None]:
    """Kills a worker while the server holds what it sends; at the other points it does so itself."""

    def kill(pid: int) -> None:
        if point not in HANG:
            return
        end = time.monotonic() + 10
        while not api.asked(platform.sending) and time.monotonic() < end:
            time.sleep(0.02)
        assert api.asked(platform.sending), "nothing was sent"
        time.sleep(0.1)
        os.kill(pid, signal.SIGKILL)

    return kill


def _judge(platform: Platform, point: str, kind: str, states: Sequence[State], texts: Sequence[str]) -> None:
    """What each policy promises of the parts, as far as the database says and as it was."""
    seen = (platform.sending, point, kind, texts, states)
    sent = {words for words, state in zip(PARTS, states, strict=True) if state is State.SENT}
    assert sent <= set(texts), seen
    assert list(dict.fromkeys(texts)) == [words for words in PARTS if words in texts], seen  # in order
    lossless = kind == "help" or point not in DOUBTFUL
    assert set(states if lossless else states[1:]) == {State.SENT}, seen  # nothing is lost
    assert states[0] in (State.SENT, State.UNKNOWN), seen  # what nobody knows says so
    if kind != "help" or platform.knows_again:  # nothing comes twice
        assert len(texts) == len(set(texts)), seen


def _states(database: Database, rows: list[int]) -> list[State]:
    with database.read() as uow:
        return [found.state for row in rows if (found := outbox.get(uow, row))]
