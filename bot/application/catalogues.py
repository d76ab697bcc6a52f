"""The catalogue as staff left it: read with their corrections, changed by them, taken up by every running process."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from bot.application.services import Services
from bot.logs import get_logger
from careers import catalogue, overlay
from careers.catalogue import Catalogue
from careers.forms import CorrectionError
from careers.model import CatalogueProblem, Shortage
from careers.overlay import Correction
from careers.problems import problems
from storage import corrections, shortages
from storage.database import Database
from storage.unit_of_work import UnitOfWork

EVERY = 5.0  # seconds between two looks at the version
_ADDRESS = re.compile(r"https?://\S{3,580}")
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Held:
    """A catalogue and the version of what staff changed in it."""

    catalogue: Catalogue
    version: str


class RefusedError(Exception):
    """A change that would break the catalogue: why, in French. Nothing was kept."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = list(faults)


def load(database: Database) -> Held:
    """The shipped catalogue with all that staff changed."""
    with database.read() as uow:
        return Held(_laid(uow, ()), corrections.version(uow))


def _laid(uow: UnitOfWork, more: Sequence[Correction]) -> Catalogue:
    return catalogue.load([*corrections.overlay(uow), *more], shortages.everything(uow))


# ---------------------------------------------------------------- running processes


def refresh(services: Services) -> bool:
    """Take up what staff changed since this process read the catalogue; whether there was something."""
    with services.database.read() as uow:
        if corrections.version(uow) == services.catalogue_version:
            return False
    held = load(services.database)
    linker = services.make_linker(held.catalogue)
    services.catalogue, services.linker, services.catalogue_version = held.catalogue, linker, held.version
    log.info("catalogue_taken_up", version=held.version, faults=len(held.catalogue.faults))
    return True


async def watch(services: Services, every: float = EVERY) -> None:
    """Look again and again, in a thread of its own so that no turn waits, until cancelled."""
    while True:
        await asyncio.sleep(every)
        try:
            await asyncio.to_thread(refresh, services)
        except Exception as error:  # noqa: BLE001 -- the catalogue at hand goes on serving, and the next look may do better
            log.warning("catalogue_not_read", why=type(error).__name__)


@contextlib.asynccontextmanager
async def watched(services: Services, every: float = EVERY) -> AsyncIterator[None]:
    """Keep the catalogue up to date while something is served."""
    watching = asyncio.create_task(watch(services, every))
    try:
        yield
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


# ---------------------------------------------------------------- what staff change


def correct(
    database: Database, given: Sequence[Correction], today: date, *, author: str, why: str, new: bool = False
) -> list[int]:
    """Keep corrections that were tried on the catalogue first: their numbers. RefusedError with every fault."""
    if not author.strip() or not why.strip():
        raise RefusedError(["Dites qui corrige (--by) et pourquoi (--why)."])
    with database.begin() as uow:
        held = corrections.overlay(uow)
        faults = [fault for one in given for fault in _faults(one, held, today, new=new)]
        if faults:
            raise RefusedError(faults)
        _try(_laid(uow, ()), _laid(uow, given), today)
        return [corrections.add(uow, one, today, author=author.strip(), why=why.strip()) for one in given]


def undo(database: Database, number: int, today: date, *, author: str) -> None:
    """Take a correction back, if the catalogue stays sound without it. LookupError when there is none."""
    if not author.strip():
        raise RefusedError(["Dites qui reprend la correction (--by)."])
    with database.begin() as uow:
        before = _laid(uow, ())
        corrections.undo(uow, number, author.strip())
        _try(before, _laid(uow, ()), today)


def _faults(one: Correction, held: Sequence[Correction], today: date, *, new: bool) -> list[str]:
    where = f"{one.table}/{one.id}"
    try:
        read = overlay.read(one)
    except CorrectionError as error:
        return [f"{where} : {error}"]
    found = []
    if not read:
        found.append("rien à changer. Écrivez CHAMP=VALEUR.")
    if one.source and not _ADDRESS.fullmatch(one.source):
        found.append(f"la source « {one.source[:80]} » n’est pas une adresse (https://…).")
    if str(read.get("seen") or "") > today.isoformat():
        found.append(f"seen : {read['seen']} n’est pas encore arrivé.")
    known = {*catalogue.shipped_ids(one.table), *(other.id for other in held if other.table == one.table)}
    if one.id not in known and not new:
        near = get_close_matches(one.id, known, 3, 0.5)
        hint = f" Peut-être : {', '.join(near)}." if near else ""
        found.append(f"cette ligne n’existe pas.{hint} Pour en ajouter une, dites --new.")
    if one.id in known and new:
        found.append("cette ligne existe déjà ; corrigez-la sans --new.")
    return [f"{where} : {fault}" for fault in found]


def _try(before: Catalogue, after: Catalogue, today: date) -> None:
    """RefusedError when a change makes an error that was not there."""
    old = {_key(one) for one in problems(before, today) if one.severity == "error"}
    faults = [one for one in problems(after, today) if one.severity == "error" and _key(one) not in old]
    if faults:
        raise RefusedError([f"{one.where} : {one.message_fr}" for one in faults])


def _key(one: CatalogueProblem) -> tuple[str, str, str]:
    return one.code, one.where, one.message_fr


def take_shortages(database: Database, year: int, rows: Sequence[Shortage]) -> int:
    """Put a yearly list in the place of the one of the same year: how many rows that one had."""
    with database.begin() as uow:
        return shortages.replace(uow, year, rows)
