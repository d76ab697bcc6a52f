"""A download under way: the rows as they came, in a file beside the data, so that a stop or a kill loses nothing."""

import contextlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from careers.sources.protocol import SourceError

KEPT = timedelta(hours=6)  # an older download is begun afresh: too much has changed since


class Staging:
    """The rows of one download. `begin` says whether an earlier one goes on."""

    def __init__(self, folder: Path, name: str) -> None:
        self._rows = folder / f"{name}.part.jsonl"
        self._card = folder / f"{name}.part.json"
        self._file: BinaryIO | None = None

    def begin(self, key: str, now: datetime) -> bool:
        """Open it for the download that `key` describes. True when an unfinished one of the same key goes on."""
        self._rows.parent.mkdir(parents=True, exist_ok=True)
        card = self._read_card()
        again = (
            card.get("key") == key
            and self._rows.exists()
            and now - KEPT <= datetime.fromisoformat(card["began"]) <= now
        )
        if not again:
            self._rows.write_bytes(b"")
            self._write_card({"key": key, "began": now.isoformat(), "complete": False})
        self._file = self._rows.open("r+b")
        self._cut_half_a_row(self._file)
        return again

    @property
    def began(self) -> datetime:
        """When its download was begun."""
        return datetime.fromisoformat(self._read_card()["began"])

    @property
    def complete(self) -> bool:
        """Whether the download came to its end and was found sound."""
        return bool(self._read_card().get("complete"))

    def finish(self) -> None:
        """All is there."""
        self.close()
        self._write_card(self._read_card() | {"complete": True})

    def add(self, line: bytes) -> None:
        """One more row, without its line feed."""
        assert self._file is not None  # noqa: S101 -- `begin` comes first
        try:
            self._file.write(line + b"\n")  # a kill loses the last few kilobytes, which are read again
        except OSError as error:
            raise SourceError(
                f"{self._rows} ne s’écrit pas ({error.strerror}) : rien n’est changé."
            ) from error

    def rows(self) -> Iterator[bytes]:
        """Every row so far."""
        if self._file is not None:
            self._file.flush()
        with self._rows.open("rb") as file:
            for line in file:
                yield line.rstrip(b"\n")

    def close(self) -> None:
        """Let go of the file; what was added is in it."""
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):  # a full disk: what is in it is read again
                file.close()

    def drop(self) -> None:
        """Forget it all: it was taken over, or must be begun afresh."""
        self.close()
        self._card.unlink(missing_ok=True)
        self._rows.unlink(missing_ok=True)

    def _read_card(self) -> dict[str, Any]:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            card = json.loads(self._card.read_text("utf-8"))
            datetime.fromisoformat(card["began"])
            return dict(card)
        return {}

    def _write_card(self, card: dict[str, Any]) -> None:
        beside = self._card.with_suffix(".new")
        beside.write_text(json.dumps(card), "utf-8")
        beside.replace(self._card)

    @staticmethod
    def _cut_half_a_row(file: BinaryIO) -> None:
        """Take away what a kill left after the last line feed, and go to the end."""
        end = file.seek(0, 2)
        while end:
            start = max(0, end - 65_536)
            file.seek(start)
            at = file.read(end - start).rfind(b"\n")
            if at >= 0:
                end = start + at + 1
                break
            end = start
        file.truncate(end)
        file.seek(end)
