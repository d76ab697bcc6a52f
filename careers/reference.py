"""Official vocabularies (ESCO, ROME, O*NET) as one file that loads quickly: titles to search, and what joins them to our occupations."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from careers import tables
from careers.reference_titles import Floats, Postings, Titles
from careers.sources.protocol import LastGood, Origin, SourceError

FORMAT = 1
FILE = "reference.npz"  # in the data directory
_ARRAYS = ("first", "sure", "exact", "exact_row", "heads")
_POSTINGS = tuple(f.name for f in fields(Postings) if f.name != "size")
ESCO_OCCUPATION = "http://data.europa.eu/esco/occupation/"


class UnusableIndexError(SourceError):
    """An index cannot be used; the message says why and what to do, in French."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One occupation of an official vocabulary. `uri` is ESCO's, `rome` are codes, the nearest first."""

    key: str
    label: str
    uri: str = ""
    rome: tuple[str, ...] = ()
    isco: str = ""


@dataclass(frozen=True, eq=False)  # one object each: arrays have no hash
class Reference:
    """Read only. `bridges` joins our occupations, by id, to entries with a strength from 0 to 1."""

    entries: tuple[Entry, ...]
    titles: Titles
    activities: Postings  # what is done in each ROME occupation, rows as in `codes`
    codes: tuple[str, ...]
    bridges: Mapping[str, tuple[tuple[int, float], ...]]
    drives: Floats  # by entry, 0 to 1 in the order of DRIVES; nan where nobody knows
    origins: tuple[Origin, ...] = field(default=())
    made: date | None = None

    @cached_property
    def ours(self) -> Mapping[int, tuple[str, float]]:
        """The occupation of ours that an entry is, and how surely."""
        found: dict[int, tuple[str, float]] = {}
        for occupation, joined in self.bridges.items():
            for entry, strength in joined:
                if strength > found.get(entry, ("", 0.0))[1]:
                    found[entry] = (occupation, strength)
        return found

    def notices(self) -> tuple[Origin, ...]:
        """Whose data this is: title, licence, address, notice and date, to be shown where the data is shown."""
        return self.origins

    def drives_of(self, occupation: str) -> tuple[float, ...] | None:
        """The shape of interests of one of our occupations, from 0 to 1 in the order of DRIVES; None when unknown."""
        rows = [(self.drives[entry], strength) for entry, strength in self.bridges.get(occupation, ())]
        known = [(row, strength) for row, strength in rows if not np.isnan(row).any()]
        if not known:
            return None
        total = sum(strength for _, strength in known)
        mean = np.sum([row * strength for row, strength in known], axis=0) / total
        return tuple(float(share) for share in mean)


@cache
def shipped_esco() -> Mapping[str, tuple[str, ...]]:
    """The ESCO occupations that each of ours is, the nearest first: facts of our own table, no import needed."""
    found: dict[str, tuple[str, ...]] = {}
    for row in tables.rows("esco.tsv"):
        found[row["occupation"]] = (*found.get(row["occupation"], ()), ESCO_OCCUPATION + row["esco"])
    return found


# the file


def save(reference: Reference, path: Path) -> None:
    """Write beside, read back, then swap: what was there stays until the new one is known to be good."""
    arrays = _arrays(reference)
    with LastGood(path).replacing() as beside:
        with beside.open("wb") as file:
            np.savez(file, allow_pickle=False, checksum=_checksum(arrays), **arrays)
        load(beside)


def load(path: Path) -> Reference:
    """The reference in a file. Raises UnusableIndexError when it is missing, damaged or of another format."""
    again = "Refaites-le avec « boussole careers import » ou « boussole careers index »."
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except FileNotFoundError:
        raise UnusableIndexError(f"{path} : il n’y a pas d’index ici. {again}") from None
    except (zipfile.BadZipFile, ValueError, EOFError, KeyError, TypeError, AttributeError):
        raise UnusableIndexError(f"{path} : l’index est abîmé ou n’en est pas un. {again}") from None
    checksum = arrays.pop("checksum", None)
    try:
        meta = json.loads(arrays["meta"].tobytes())
        version = meta["format"]
    except (KeyError, ValueError, TypeError):
        raise UnusableIndexError(f"{path} : ce n’est pas un index de Boussole. {again}") from None
    if version != FORMAT:
        raise UnusableIndexError(f"{path} : index de format {version}, il faut le format {FORMAT}. {again}")
    if checksum is None or not np.array_equal(checksum, _checksum(arrays)):
        raise UnusableIndexError(
            f"{path} : l’index est abîmé (sa somme de contrôle ne tombe pas juste). {again}"
        )
    return _reference(arrays, meta)


def load_if_there(path: Path) -> Reference | None:
    """The imported reference, or None when nothing was imported."""
    return load(path) if path.exists() else None


def _checksum(arrays: Mapping[str, NDArray[Any]]) -> NDArray[np.uint8]:
    digest = hashlib.blake2b(digest_size=32)
    for name in sorted(arrays):
        digest.update(f"{name} {arrays[name].dtype} {arrays[name].shape}\n".encode())
        digest.update(np.ascontiguousarray(arrays[name]).data)
    return np.frombuffer(digest.digest(), dtype=np.uint8)


def _arrays(reference: Reference) -> dict[str, NDArray[Any]]:
    meta = {
        "format": FORMAT,
        "made": reference.made.isoformat() if reference.made else None,
        "origins": [_origin_as_text(origin) for origin in reference.origins],
        "bridges": reference.bridges,
        "codes": reference.codes,
    }
    titles = reference.titles
    arrays: dict[str, NDArray[Any]] = {
        "meta": _bytes(json.dumps(meta, ensure_ascii=False)),
        "entries": _bytes("\n".join(_line(entry) for entry in reference.entries)),
        "drives": reference.drives,
        **{name: getattr(titles, name) for name in _ARRAYS},
    }
    for name, postings in (
        ("pieces", titles.pieces),
        ("stems", titles.stems),
        ("activities", reference.activities),
    ):
        arrays |= {f"{name}.{part}": getattr(postings, part) for part in _POSTINGS}
        arrays[f"{name}.size"] = np.array(postings.size)
    return arrays


def _reference(arrays: Mapping[str, NDArray[Any]], meta: Mapping[str, Any]) -> Reference:
    titles = Titles(
        _postings(arrays, "pieces"), _postings(arrays, "stems"), *(arrays[name] for name in _ARRAYS)
    )
    lines = arrays["entries"].tobytes().decode()
    return Reference(
        tuple(_entry(line) for line in lines.split("\n")) if lines else (),
        titles,
        _postings(arrays, "activities"),
        tuple(meta["codes"]),
        {one: tuple((int(e), float(s)) for e, s in joined) for one, joined in meta["bridges"].items()},
        arrays["drives"],
        tuple(_origin(kept) for kept in meta["origins"]),
        date.fromisoformat(meta["made"]) if meta["made"] else None,
    )


def _postings(arrays: Mapping[str, NDArray[Any]], name: str) -> Postings:
    return Postings(
        **{part: arrays[f"{name}.{part}"] for part in _POSTINGS}, size=int(arrays[f"{name}.size"])
    )


def _bytes(written: str) -> NDArray[np.uint8]:
    return np.frombuffer(written.encode(), dtype=np.uint8)


def _line(entry: Entry) -> str:
    cells = (entry.key, entry.label, entry.uri, "|".join(entry.rome), entry.isco)
    return "\t".join(" ".join(cell.split()) for cell in cells)


def _entry(line: str) -> Entry:
    key, label, uri, rome, isco = line.split("\t")
    return Entry(key, label, uri, tuple(rome.split("|")) if rome else (), isco)


def _origin_as_text(origin: Origin) -> dict[str, str | None]:
    return {f.name: getattr(origin, f.name) for f in fields(Origin) if f.name != "date"} | {
        "date": origin.date.isoformat() if origin.date else None
    }


def _origin(kept: Mapping[str, str]) -> Origin:
    named = {name: kept[name] for name in ("name", "title", "licence", "address", "notice")}
    return Origin(**named, date=date.fromisoformat(kept["date"]) if kept["date"] else None)
