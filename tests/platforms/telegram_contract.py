"""What a description of the Bot API says about the requests and answers that a stand-in saw."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from tests.platforms.telegram_api import Request

Json = dict[str, Any]

SPECS = Path(__file__).parents[2].parent / "shared" / "data" / "specs" / "telegram-api.json"
ABSENT = "the study material is not beside the project"
ACCEPTED: dict[str, str] = {}  # the deviation, and why it is none
PLAIN: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (int, float),
    "String": (str,),
    "Boolean": (bool,),
    "True": (bool,),
    "InputFile": (str,),
}
REFUSAL = {"ok", "error_code", "description", "parameters"}


@cache
def specification() -> Json:
    """The description; only where the study material is."""
    read: Json = json.loads(SPECS.read_text(encoding="utf-8"))
    return read


def deviations(requests: Iterable[Request]) -> list[str]:
    """What does not fit the description, once each, without what is accepted."""
    found: dict[str, None] = {}
    for request in requests:
        if request.method != "download":
            found |= dict.fromkeys([*_request(request), *_answer(request)])
    return [one for one in found if one not in ACCEPTED]


def _method(name: str) -> tuple[str, Json | None]:
    methods = specification()["methods"]
    exact = {known.lower(): known for known in methods}.get(name.lower(), name)
    return exact, methods.get(exact)


def _request(request: Request) -> list[str]:
    name, method = _method(request.method)
    if request.status == 0 and not request.params:
        return []  # torn before it was read
    if method is None:
        return [f"{name}: no such method"]
    given = {**dict.fromkeys(request.files, ""), **request.params}
    attached = {
        str(value).removeprefix("attach://") for value in given.values() if str(value).startswith("attach://")
    }
    return _object(
        {key: value for key, value in given.items() if key not in attached}, method.get("fields", []), name
    )


def _answer(request: Request) -> list[str]:
    name, method = _method(request.method)
    answer = request.answer
    if answer is None or method is None:
        return []
    if answer.get("ok") is True:
        wrong = [f"{name}: answer holds {key}" for key in answer.keys() - {"ok", "result"}]
        return wrong + _value(answer.get("result"), method["returns"], f"{name} gives")
    types = {"ok": bool, "error_code": int, "description": str}
    wrong = [
        f"{name}: refusal without {key}" for key, kind in types.items() if type(answer.get(key)) is not kind
    ]
    wrong += [f"{name}: refusal holds {key}" for key in answer.keys() - REFUSAL]
    return wrong + _value(answer.get("parameters", {}), ["ResponseParameters"], f"{name} refusal")


def _object(value: Json, fields: list[Json], where: str) -> list[str]:
    known = {one["name"]: one for one in fields}
    wrong = [f"{where}.{key} is unknown" for key in value if key not in known]
    wrong += [
        f"{where}.{key} is missing" for key, one in known.items() if one["required"] and key not in value
    ]
    for key, part in value.items():
        if key in known:
            wrong += _value(part, known[key]["types"], f"{where}.{key}")
    return wrong


def _value(value: object, types: list[str], where: str) -> list[str]:
    """The deviations from the nearest of the types."""
    tried = [_one(value, kind, where) for kind in types]
    return min(tried, key=len)


def _one(value: object, kind: str, where: str) -> list[str]:
    inner = kind.removeprefix("Array of ")
    if inner != kind:
        if not isinstance(value, list):
            return [f"{where} is no {kind}"]
        return [wrong for part in value for wrong in _value(part, [inner], f"{where}[]")]
    if kind in PLAIN:
        right = isinstance(value, PLAIN[kind]) and (isinstance(value, bool) <= (bool in PLAIN[kind]))
        return [] if right else [f"{where} is no {kind}"]
    described = specification()["types"][kind]
    if not isinstance(value, dict):
        return [f"{where} is no {kind}"]
    if described.get("subtypes"):
        return _value(value, described["subtypes"], where)
    return _object(value, described.get("fields", []), where)
