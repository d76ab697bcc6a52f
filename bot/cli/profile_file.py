"""A learner's profile in a JSON file, for the command line: the variables of the dialogues, `town`, `age` and `project`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from careers.model import DRIVES
from dialogues.profile import VARIABLES, Kind, Variable

MOST_BYTES = 2_000_000
YOUNGEST, OLDEST = 5, 99
OWN = ("town", "age", "project")
APPEALS = ("love", "maybe", "meh", "no")
_LONGEST = 20_000  # characters of one text
_KINDS: Mapping[Kind, tuple[str, Callable[[Any], bool]]] = {
    Kind.WORD: ("un texte", lambda v: isinstance(v, str)),
    Kind.TEXT: ("un texte", lambda v: isinstance(v, str)),
    Kind.ENUM: ("un texte", lambda v: isinstance(v, str)),
    Kind.BOOL: ("true ou false", lambda v: isinstance(v, bool)),
    Kind.INT: ("un nombre entier", lambda v: isinstance(v, int) and not isinstance(v, bool)),
    Kind.DATE: ("une date entre guillemets", lambda v: isinstance(v, str)),
    Kind.MOMENT: ("une date entre guillemets", lambda v: isinstance(v, str)),
    Kind.LIST: (
        "une liste de textes",
        lambda v: isinstance(v, list) and all(isinstance(one, str) for one in v),
    ),
    Kind.RECORDS: (
        "une liste d’objets",
        lambda v: isinstance(v, list) and all(isinstance(one, dict) for one in v),
    ),
    Kind.MAP: ("un objet", lambda v: isinstance(v, dict)),
    Kind.COUNTER: (
        "un objet de nombres entiers positifs",
        lambda v: isinstance(v, dict) and all(_whole(one) for one in v.values()),
    ),
    Kind.ANY: ("une valeur", lambda _: True),
}


class ProfileError(Exception):
    """What is wrong with the file, in one French sentence that names the key."""


def read(path: Path) -> dict[str, Any]:
    """The variables of a file by dotted name, with `town`, `age` and `project`. Raises ProfileError."""
    raw = _parsed(path)
    if not isinstance(raw, dict):
        raise ProfileError(f'{path} : il faut un objet JSON, {{"project": "…"}}, pas {_called(raw)}.')
    found: dict[str, Any] = {}
    for key, value in _flat(raw):
        if key in found:
            raise ProfileError(f"{path} : « {key} » est donné deux fois.")
        if value is not None:
            fault = _fault(key, value)
            if fault:
                raise ProfileError(f"{path} : « {key} » : {fault}.")
            found[key] = value
    return found


def _parsed(path: Path) -> Any:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise ProfileError(
                f"{path} : trop lourd ({size:,} octets, {MOST_BYTES:,} au plus).".replace(",", " ")
            )
        content = path.read_bytes()
    except OSError as error:
        why = "il n’y a pas de fichier ici" if isinstance(error, FileNotFoundError) else "ne se lit pas"
        raise ProfileError(f"{path} : {why}.") from None
    if not content.strip():
        raise ProfileError(f"{path} : le fichier est vide.")
    try:
        return orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise ProfileError(f"{path}, ligne {error.lineno} : ce n’est pas du JSON lisible.") from None


def _flat(raw: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Dotted names; `{"interest": {"scores": …}}` is the same as `{"interest.scores": …}`."""
    groups = {name.partition(".")[0] for name in VARIABLES}
    for key, value in raw.items():
        if key in VARIABLES or key not in groups or not isinstance(value, dict):
            yield key, value
        else:
            for part, inner in value.items():
                yield f"{key}.{part}", inner


def _fault(key: str, value: Any) -> str:
    """What is wrong with one value, or nothing."""
    if key in OWN:
        return _own_fault(key, value)
    variable = VARIABLES.get(key)
    if variable is None:
        return "clé inconnue ; il y a town, age, project et les variables du profil, comme interest.scores"
    wanted, fits = _KINDS[variable.kind]
    if not fits(value):
        return f"il faut {wanted}, pas {_called(value)}"
    if isinstance(value, str) and len(value) > _LONGEST:
        return f"texte trop long ({_LONGEST} caractères au plus)"
    return _enum_fault(variable, value) or _deep_fault(key, value)


def _own_fault(key: str, value: Any) -> str:
    if key == "age":
        if not _whole(value) or not YOUNGEST <= value <= OLDEST:
            return f"il faut un nombre entier d’années, de {YOUNGEST} à {OLDEST}"
        return ""
    if not isinstance(value, str):
        return f"il faut un texte, pas {_called(value)}"
    return f"texte trop long ({_LONGEST} caractères au plus)" if len(value) > _LONGEST else ""


def _enum_fault(variable: Variable, value: Any) -> str:
    if variable.values and value not in variable.values:
        return f"il faut {' ou '.join(variable.values)}, pas {str(value)[:40]!r}"
    return ""


def _deep_fault(key: str, value: Any) -> str:
    """The variables whose inside the matcher reads."""
    return next(_INSIDE[key](value), "") if key in _INSIDE else ""


def _scores_faults(value: Mapping[str, Any]) -> Iterator[str]:
    yield from _drive_faults(value)
    for drive, score in value.items():
        if score is None:
            continue
        if isinstance(score, bool) or not isinstance(score, int | float):
            yield f"{drive} : il faut un nombre, pas {_called(score)}"
        elif not 0 <= score <= 100:  # noqa: PLR2004 -- a percentage
            yield f"{drive} : de 0 à 100, pas {score:g}"


def _drive_faults(value: Iterable[str]) -> Iterator[str]:
    yield from (f"élan inconnu {one!r} ; il y a {', '.join(DRIVES)}" for one in value if one not in DRIVES)


def _text_faults(value: Mapping[str, Any]) -> Iterator[str]:
    for one, said in value.items():
        if not isinstance(said, str):
            yield f"{one} : il faut un texte, pas {_called(said)}"


def _reactions_faults(value: Mapping[str, Any]) -> Iterator[str]:
    for job, said in value.items():
        appeal = said.get("appeal") if isinstance(said, dict) else said
        if not isinstance(said, dict | str):
            yield f'{job} : il faut {{"appeal": "love"}}, pas {_called(said)}'
        elif appeal is not None and appeal not in APPEALS:
            yield f"{job} : appeal est {', '.join(APPEALS)}, pas {str(appeal)[:40]!r}"


_INSIDE: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "interest.scores": _scores_faults,
    "interest.highlights": _drive_faults,
    "interest.item_ratings": _text_faults,
    "near.reactions": _text_faults,
    "job.reactions": _reactions_faults,
}


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _called(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "un vrai ou faux"
        case int() | float():
            return "un nombre"
        case str():
            return "un texte"
        case list():
            return "une liste"
        case _:
            return "un objet"
