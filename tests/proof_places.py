"""Fifty learners, thirty places, through the site on a real socket: thirty get one, twenty wait, nobody is lost."""

import re
import tempfile
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from bot.application import happenings
from bot.application.rights import OPERATOR
from bot.application.services import Services
from bot.web import visitor as visitors
from storage import agenda, participations
from storage.gatherings import Gathering
from storage.participations import Standing
from tests.bot.happening import details, learners
from tests.support import databases
from tests.support.centre import services_for
from tests.support.server import free_port, serving
from tests.web.browsing import HERE, Page

PEOPLE, PLACES, ROUNDS = 50, 30, 10
PATIENCE = 120.0  # seconds: on a small machine fifty at once wait for each other


def race(services: Services, people: int = PEOPLE, places: int = PLACES) -> Counter[Standing]:
    """Everybody presses « Je m’inscris » at once, each on a telephone of their own, and twice; how many stand where."""
    with services.database.begin() as uow:
        held = happenings.add(uow, OPERATOR, details(title=f"Lab {uow.now}", capacity=places))
    racing = {
        person: visitors.open_session(services, person) for person in learners(services.database, people)
    }
    start = threading.Barrier(people)
    with serving(services, services.settings.port) as site, ThreadPoolExecutor(people) as threads:
        presses = [threads.submit(_sign_up, site, held, token, start) for token in racing.values()]
        failed = [error for one in presses if (error := one.exception()) is not None]
    for error in sorted(failed, key=lambda one: isinstance(one, threading.BrokenBarrierError)):
        raise error
    told = [one.result() for one in presses]
    return _checked(services, held, dict(zip(racing, told, strict=True)), places)


def _sign_up(site: str, held: Gathering, token: str, start: threading.Barrier) -> str:
    """What one learner is told in the end."""
    path = f"/agenda/{held.number}"
    with httpx.Client(
        base_url=site, cookies={"boussole": token}, timeout=PATIENCE, headers=HERE
    ) as telephone:
        shown = telephone.get(path)
        if shown.status_code != 200:
            start.abort()  # the others need not wait for somebody who does not come
            raise AssertionError(f"the page was answered {shown.status_code}")
        fields = Page(shown.text).form(path).fields
        start.wait(PATIENCE)
        told = ""
        for _ in range(2):  # an impatient thumb
            answer = telephone.post(path, data={**fields, "act": "join"})
            if answer.status_code != 303:
                raise AssertionError(f"somebody was answered {answer.status_code}")
            told = re.sub(r".*fait=", "", answer.headers["location"])
    return told


def _checked(services: Services, held: Gathering, told: dict[str, str], places: int) -> Counter[Standing]:
    """What is kept is what each was told; whoever has a place has one reminder, and nobody else has any."""
    with services.database.read() as uow:
        parts = participations.of_gathering(uow, held.id)
        for part in parts:
            planned = [
                one for one in agenda.of_person(uow, part.person_id) if one.source == f"gathering:{held.id}"
            ]
            if len(planned) != (part.standing is Standing.GOING):
                raise AssertionError(f"{len(planned)} reminders for somebody who is {part.standing}")
    if {part.person_id: part.standing.value for part in parts} != told:
        raise AssertionError("somebody was told another thing than what is kept")
    found = Counter(part.standing for part in parts)
    if found[Standing.GOING] != min(places, len(told)) or sum(found.values()) != len(told):
        raise AssertionError(f"{dict(found)} for {places} places")
    return found


def places(folder: Path, scale: float, url: str = "") -> str:
    """Fifty for thirty, twenty times over."""
    rounds = int(ROUNDS * scale) or 1
    folder.mkdir(parents=True, exist_ok=True)
    clock = databases.Clock()
    found: Counter[Standing] = Counter()
    place = Path(tempfile.mkdtemp(dir=folder))
    database = databases.open_database(url or f"sqlite:///{place / 'places.sqlite3'}", clock)
    database.migrate()
    try:
        for _ in range(rounds):
            services = services_for(database, clock, place, port=free_port())
            found += race(services)
            services.executor.shutdown()
            clock.move(minutes=2)  # so that the round after this one is no flood
    finally:
        database.close()
    return f"{rounds} races of {PEOPLE} for {PLACES} places on {database.kind}: {found[Standing.GOING]} going, {found[Standing.WAITING]} waiting, nobody lost"
