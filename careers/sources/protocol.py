"""What every source of facts has in common: who it is, the errors it may raise, and the last good copy of what it gave.

A failed or half-broken update never replaces a good copy: write beside, verify, then swap.
"""

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

LEAST_SHARE = 0.6  # under this share of what was there before, an update is taken for broken


@dataclass(frozen=True, slots=True)
class Origin:
    """Who a source is. `notice` is the sentence shown where its data is shown; `date` is the day of the data."""

    name: str  # short, for files and the command line: forem, esco, rome, onet
    title: str
    licence: str
    address: str
    notice: str
    date: dt.date | None = None


class DataSource(Protocol):
    """Anything that facts come from."""

    @property
    def origin(self) -> Origin:
        """Its name, title, licence, address, notice and date."""
        ...


class SourceError(Exception):
    """A source cannot be used; the message says why, in French, for an operator. Nothing was replaced."""


class BadFileError(SourceError):
    """A file or an answer is not what it should be: `where` names it, `line` counts from 1 (0: the whole of it)."""

    def __init__(self, where: str | Path, line: int, why: str) -> None:
        self.where, self.line, self.why = str(where), line, why
        super().__init__(f"{where}, ligne {line} : {why}" if line else f"{where} : {why}")


class MissingFieldError(SourceError):
    """A needed field or column is not there any more; `near` is the name there that looks most like it."""

    def __init__(self, where: str | Path, name: str, near: str = "") -> None:
        self.name, self.near = name, near
        hint = f" Le plus proche qui existe : « {near} »." if near else ""
        super().__init__(f"{where} : le champ « {name} » n’existe pas ou plus.{hint} Rien n’est changé.")


class TooBigError(SourceError):
    """More than anybody expects of this source: it was not read to the end."""


class ShrunkError(SourceError):
    """An update has suddenly far less than the copy before it."""

    def __init__(self, title: str, before: int, after: int) -> None:
        self.before, self.after = before, after
        super().__init__(
            f"{title} : {after} lignes, il y en avait {before}. Une telle chute ressemble à une panne : "
            "la copie d’avant reste. Si c’est juste, recommencez avec --force."
        )


def check_share(title: str, before: int, after: int, least: float = LEAST_SHARE) -> None:
    """Raise ShrunkError when an update has less than `least` of what was there before."""
    if after < before * least:
        raise ShrunkError(title, before, after)


class LastGood:
    """The stored copy of a source that was last good: one file, replaced as a whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def replacing(self) -> Iterator[Path]:
        """Yields a file to write beside the copy; the copy is replaced when the block ends without an exception.

        Verify what was written inside the block and raise a SourceError to refuse it: the old copy stays.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(f".{self.path.name}.new")
        try:
            yield beside
            self._swap(beside)
        finally:
            beside.unlink(missing_ok=True)

    def _swap(self, beside: Path) -> None:
        with beside.open("rb+") as written:
            os.fsync(written.fileno())  # the name must not be on the disk before what it names
        beside.replace(self.path)
