"""The job offers of Le Forem, from the command line: read them, and say where that stands."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot import opening
from bot.application import holders, offers
from bot.application.clock import Clock
from bot.application.offers import Summary
from bot.application.offers_state import BRUSSELS, State
from bot.cli.say import fail, say
from bot.settings import Settings, load
from careers.sources import forem
from storage import vacancies
from storage.database import Database

OFF = (
    "Les offres du Forem sont coupées (BOUSSOLE_FOREM=off). Lisez docs/offres.md et les conditions du portail, "
    "puis mettez BOUSSOLE_FOREM=odwb."
)
SHOWN = 5  # faults and unknown values shown
KINDS = {
    "student": "jobs étudiants",
    "apprenticeship": "apprentissages et stages",
    "first_job": "premiers emplois",
    "flexi": "flexi-jobs",
    "job": "autres emplois",
}


def sync(*, whole: bool, force: bool) -> None:
    """Read the offers and say what came."""
    settings = load()
    if settings.forem == "off":
        fail(OFF)
    database = _database(settings)
    with _bar() as told:
        desk = offers.Desk(
            database=database,
            address=settings.forem_url,
            folder=offers.folder(settings.data_dir),
            now=opening.real_now,
            sleep=time.sleep,
            holder=holders.new(),
            told=told,
            dead=holders.dead,
        )
        summary = offers.sync(desk, whole=whole, force=force)
    database.close()
    _tell(summary)


def status() -> None:
    """How many offers, when, from where, and what comes next."""
    settings = load()
    database = _database(settings)
    now = opening.real_now()
    today = now.astimezone(BRUSSELS).date()
    with database.read() as uow:
        state = State.read(uow)
        total, kinds = vacancies.count_open(uow, today), vacancies.count_kinds(uow, today)
    database.close()
    say(f"{total} offres ouvertes aujourd’hui.")
    for kind, label in KINDS.items():
        if kinds.get(kind):
            say(f"  {kinds[kind]} {label}")
    say(_read(state))
    if state.failed:
        say(f"Dernier essai raté, {_moment(state.failed)} : {state.why}")
    for value, times in list(state.unknown.items())[:SHOWN]:
        say(f"Valeur inconnue, gardée telle quelle : {value} ({times} fois)")
    if settings.forem == "off":
        say(OFF)
    else:
        say(
            f"Prochaine lecture par « boussole serve » : {_moment(state.next(now))}, depuis {settings.forem_url}."
        )
    say(forem.ORIGIN.notice)


def _read(state: State) -> str:
    if state.last is None:
        return "Aucune lecture n’a encore abouti."
    whole = f" (complète : {_moment(state.whole)})" if state.whole else ""
    return f"Dernière lecture : {_moment(state.last)}{whole}, depuis {state.host}."


def _moment(at: datetime) -> str:
    return f"le {at.astimezone(BRUSSELS):%d/%m/%Y à %H:%M}"


def _database(settings: Settings) -> Database:
    database = opening.open_database(settings, Clock(opening.real_now))
    database.check()
    return database


def _tell(summary: Summary) -> None:
    report = summary.report
    what = "Lecture complète" if summary.whole else "Nouveautés"
    say(
        f"{what} : {report.kept} offres gardées, {summary.gone} retirées (closes), "
        f"{report.twice} en double, {report.refused + report.unreadable} illisibles."
    )
    if report.resumed or report.torn:
        say(f"Lecture reprise en cours de route ({report.torn} coupure(s)).")
    if report.by_pages:
        say("Le portail refuse l’export : lecture page par page.")
    for fault in report.faults[:SHOWN]:
        say(f"  {fault}")
    if report.unreadable and summary.whole:
        say("À cause de ces lignes, rien d’ancien n’est retiré avant sa date de fin.")
    if report.unknown:
        values = ", ".join(f"« {value} » ({times})" for value, times in report.unknown.most_common(SHOWN))
        say(f"Valeurs que Boussole ne connaît pas, gardées telles quelles : {values}")
    say(f"{summary.open} offres ouvertes en tout. {forem.ORIGIN.notice}")


@contextmanager
def _bar() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on a terminal; silence elsewhere."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {name: bar.add_task(name, total=None) for name in ("lecture", "rangement")}
        yield lambda name, done, total: bar.update(tasks[name], completed=done, total=total or None)
