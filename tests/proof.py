"""What takes too long for each run, at full size: damaged pages, random paths, random learners against both databases, kills."""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot import bootstrap
from bot.application import views
from bot.application.clock import Clock
from bot.application.services import Services
from bot.settings import load, make_keys
from careers import catalogue as catalogues
from dialogues import fixtures, library, walk
from storage import people
from tests import proof_agenda, proof_outage, proof_places, proof_platforms, proof_school_year
from tests.careers import test_matcher
from tests.careers.made_up import learner
from tests.dialogues import damage
from tests.support.databases import NoPostgres, PostgresServer
from tests.support.talk import Talker, answer_anything, enrol

EVERYTHING = 100_000  # messages
COPIES, PATHS, LEARNERS, STEPS, KILLS = 20_000, 10_000, 200, 250, 60
LISTS = 5_000


def damaged_pages(_folder: Path, scale: float) -> str:
    """Damaged copies of pages raise nothing but listed problems."""
    copies = int(COPIES * scale)
    refused = damage.run(copies, seed=1)
    return f"{copies} damaged copies, {refused} refused, none raised"


def random_paths(_folder: Path, scale: float) -> str:
    """Every page ends, whatever the path."""
    shipped, brought = library.load(), fixtures.load()
    paths = int(PATHS * scale)
    for page in shipped.pages:
        found = walk.walk(shipped, page, brought, paths)
        if found.failures:
            raise AssertionError(f"{page}: {found.failures[0]}")
    return f"{paths} paths on each of {len(shipped.pages)} pages, all of them end"


def lists_of_ten(_folder: Path, scale: float) -> str:
    """Every list of ten keeps its quotas, its reasons, its doubt and its ways, whoever it is for."""
    shipped, people_ = catalogues.load(), int(LISTS * scale)
    for number in range(people_):
        test_matcher.list_holds(learner(random.Random(number), shipped), shipped, str(number))  # noqa: S311 -- people, not secrets
    return f"{people_} made-up learners, every quota held"


def _services(folder: Path, url: str = "") -> Services:
    settings = load(None, data_dir=folder, database_url=url)
    make_keys(settings.keys_file)
    return bootstrap.build(settings, migrate=True, clock=Clock(lambda: datetime.now(UTC)))


def random_learners(folder: Path, scale: float, url: str = "") -> str:
    """People who answer at random: no error, no lost or doubled place in their list, twelve statements at most."""
    services = _services(folder / "learners", url)
    chance = random.Random(1)  # noqa: S311 -- answers, not secrets
    turns = 0
    for number in range(int(LEARNERS * scale) or 1):
        talker = Talker(services)
        if number % 4:
            enrol(talker)
        else:  # some answer at random from the first hello on, and mostly stay visitors
            talker.hello()
        for _ in range(STEPS):
            answer_anything(talker, chance)
            turns += 1
        if talker.person is not None:
            view = views.latest(services, talker.person, EVERYTHING)
            if [message.seq for message in view.messages] != list(range(1, len(view.messages) + 1)):
                raise AssertionError("a place in a list is missing or doubled")
    with services.database.read() as uow:
        kept = people.count(uow)
    bootstrap.close(services)
    return f"{turns} random turns on {services.database.kind}, {kept} people kept, every list without a gap"


CHILD = """
import sys
from pathlib import Path
from tests.proof import talk_for_ever
talk_for_ever(Path(sys.argv[1]), int(sys.argv[2]))
"""


def talk_for_ever(folder: Path, seed: int) -> None:
    """What the process does that is going to be killed: it says each number that it was told is kept."""
    services = _services(folder)
    chance = random.Random(seed)  # noqa: S311 -- answers, not secrets
    while True:
        talker = Talker(services)
        enrol(talker)
        for _ in range(STEPS):
            answer = answer_anything(talker, chance)
            if answer.person and answer.view.messages:
                sys.stdout.write(f"{answer.person} {answer.view.messages[-1].seq}\n")
                sys.stdout.flush()


def kills(folder: Path, scale: float) -> str:
    """A process killed at any moment: what it said was kept is there, and nothing is half there."""
    place = folder / "kills"
    chance = random.Random(1)  # noqa: S311 -- moments, not secrets
    many, checked = int(KILLS * scale) or 1, 0
    _services(place).database.close()
    for number in range(many):
        command = [sys.executable, "-c", CHILD, str(place), str(number)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            time.sleep(1.5 + chance.random())
            child.send_signal(signal.SIGKILL)
            said = child.communicate()[0].split("\n")[:-1]
        services = _services(place)
        last: dict[str, int] = {}
        for line in said:
            person, _, seq = line.partition(" ")
            last[person] = int(seq)
        for person, promised in last.items():
            kept = [message.seq for message in views.latest(services, person, EVERYTHING).messages]
            if kept != list(range(1, len(kept) + 1)) or len(kept) < promised:
                raise AssertionError(f"kill {number}: {promised} were said to be kept, {len(kept)} are")
            checked += 1
        services.database.close()
    return f"{many} kills, {checked} people looked at, nothing that was said to be kept is missing"


def main() -> int:
    """Run every proof and print what it showed; 1 when one of them fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="a part of the full size, to try it out")
    parser.add_argument("--only", default="", help="the name of one proof")
    given = parser.parse_args()
    scale = given.scale
    folder = Path(tempfile.mkdtemp(prefix="proof-", dir="."))
    proofs: list[Callable[[Path, float], str]] = [
        damaged_pages,
        random_paths,
        lists_of_ten,
        random_learners,
        kills,
        proof_platforms.replays,
        proof_platforms.windows,
        proof_platforms.beside_a_broadcast,
        proof_platforms.deaths,
        proof_outage.outage,
        proof_places.places,
        proof_agenda.clock_changes,
        proof_agenda.three_days,
        proof_agenda.restarts,
        proof_agenda.five_o_clock,
        proof_agenda.never_stale,
        proof_school_year.school_year,
    ]
    failed = 0
    try:
        for proof in (one for one in proofs if given.only in ("", one.__name__)):
            failed += _show(lambda proof=proof: proof(folder, scale), proof.__name__)  # type: ignore[misc]
        if given.only:
            return 1 if failed else 0
        try:
            server = PostgresServer()
        except NoPostgres as reason:
            print(f"PostgreSQL left out: {reason}")
        else:
            url = server.create()
            failed += _show(
                lambda: random_learners(folder / "pg", scale, url), "random_learners on PostgreSQL"
            )
            failed += _show(
                lambda: proof_platforms.deaths(folder, scale, server.create), "deaths on PostgreSQL"
            )
            for again in (proof_agenda.clock_changes, proof_agenda.three_days, proof_agenda.restarts):
                failed += _show(
                    lambda again=again: again(folder / "pg", scale, server.create()),  # type: ignore[misc]
                    f"{again.__name__} on PostgreSQL",
                )
            failed += _show(
                lambda: proof_places.places(folder / "pg", scale, server.create()), "places on PostgreSQL"
            )
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


def _show(proof: Callable[[], str], name: str) -> int:
    started = time.perf_counter()
    try:
        said = proof()
    except AssertionError as error:
        print(f"FAILED {name}: {error}")
        return 1
    print(f"{name}: {said} ({time.perf_counter() - started:.0f} s)")
    return 0


if __name__ == "__main__":
    os.environ.pop("BOUSSOLE_DATABASE_URL", None)
    sys.exit(main())
