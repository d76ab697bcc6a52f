"""The oracle: what went over the wire, held against Discord's own OpenAPI where the study material is at hand."""

import json
import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # shipped without types
from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped]  # shipped without types
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.platforms.discord_wire import Exchange
from tests.platforms.discord_world import Json

SPEC = Path(__file__).parents[3] / "shared" / "data" / "specs" / "discord-openapi.json"
NO_SPEC = "the study material is not beside the project"
WHERE = "discord"
NOT_DESCRIBED = ("download",)
LIBRARY = "the library writes a number, which the service takes"
IGNORED = "the library sends it with every message, and the service leaves it unread in an edit"
CODES = "codes within `errors` are words, as the service's own reference shows"
ACCEPTED = {  # a pattern for the beginning of a deviation -> why it is none
    r"create_dm body recipient_id: ": LIBRARY,
    r"\w+ body message_reference\.(message|channel)_id: ": LIBRARY,
    r"\w+ body attachments\.\d+\.id: ": LIBRARY,
    r"edit_\w+ body : Unevaluated properties are not allowed \('tts' ": IGNORED,
    r"\w+ answer 400 errors\..*_errors\.\d+\.code: ": CODES,
    r"interaction_callback answer 200 resource\.type: 5 ": "only 4 is described, for what was deferred too",
}


class Contract:
    """Checks recorded requests and their answers."""

    def __init__(self, spec: Path = SPEC) -> None:
        self._spec: Json = json.loads(spec.read_text("utf-8"))
        self._validators: dict[str, Draft202012Validator] = {}

    def deviations(self, exchanges: Iterable[Exchange]) -> list[str]:
        """One line each, "operation part path: message", without those that are accepted; each once."""
        found = (line for exchange in exchanges for line in self._of(exchange))
        return list(dict.fromkeys(line for line in found if not any(re.match(one, line) for one in ACCEPTED)))

    def _of(self, it: Exchange) -> list[str]:
        if it.operation in NOT_DESCRIBED:
            return []
        described = self._operations.get((it.method, it.path))
        if described is None:
            return [f"{it.operation}: {it.method} {it.path} is not described"]
        found = [*self._query(it, described), *self._body(it, described)] if it.status < 400 else []
        return [f"{it.operation} {line}" for line in [*found, *self._answer(it, described)]]

    @cached_property
    def _operations(self) -> dict[tuple[str, str], Json]:
        return {
            (method.upper(), path): operation
            for path, methods in self._spec["paths"].items()
            for method, operation in methods.items()
            if method != "parameters"
        }

    # ---------------------------------------------------------------- parts

    def _query(self, it: Exchange, described: Json) -> Iterable[str]:
        known = {one["name"]: one for one in described.get("parameters", ()) if one["in"] == "query"}
        for name, value in it.query.items():
            if name not in known:
                yield f"query {name}: not described"
            else:
                schema = known[name]["schema"]
                yield from self._wrong(f"query {name}", schema, _decoded(value, schema))

    def _body(self, it: Exchange, described: Json) -> Iterable[str]:
        content = described.get("requestBody", {}).get("content", {})
        if not content:
            return [] if it.body is None else ["body: none is described"]
        schema = content["application/json"]["schema"]
        if isinstance(it.body, dict):
            schema = {**schema, "unevaluatedProperties": False}
        return self._wrong("body", schema, it.body)

    def _answer(self, it: Exchange, described: Json) -> Iterable[str]:
        if not it.status or it.status >= 500:
            return []
        answers = described["responses"]
        response = answers.get(str(it.status)) or answers.get(f"{it.status // 100}XX")
        if response is None:
            return [f"answer: {it.status} is not described"]
        if "$ref" in response:
            response = self._spec["components"]["responses"][response["$ref"].rpartition("/")[2]]
        if "content" not in response:
            return []
        return self._wrong(
            f"answer {it.status}", response["content"]["application/json"]["schema"], it.answer
        )

    # ---------------------------------------------------------------- schemas

    def _wrong(self, part: str, schema: Json, value: Any) -> list[str]:
        found = (inner for error in self._validator(schema).iter_errors(value) for inner in _innermost(error))
        return [f"{part} {'.'.join(map(str, one.absolute_path))}: {one.message[:200]}" for one in found]

    def _validator(self, schema: Json) -> Draft202012Validator:
        """One for each schema, with references into the whole description."""
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            absolute = json.loads(key.replace('"#/', f'"{WHERE}#/'))
            self._validators[key] = Draft202012Validator(absolute, registry=self._registry)
        return self._validators[key]

    @cached_property
    def _registry(self) -> Any:
        resource = Resource.from_contents(self._spec, default_specification=DRAFT202012)
        return Registry().with_resource(WHERE, resource)


def _innermost(error: ValidationError) -> list[ValidationError]:
    """What is wrong in the alternative that was meant: the one of that type, else the nearest."""
    if not error.context:
        return [error]
    branches: dict[object, list[ValidationError]] = {}
    for one in error.context:
        branches.setdefault(one.relative_schema_path[0], []).append(one)
    meant = min(branches.values(), key=_distance)
    return [inner for one in meant for inner in _innermost(one)]


def _distance(wrong: list[ValidationError]) -> tuple[bool, bool, int, int]:
    """How far an alternative is from what was meant: another kind of value, another named type, then how many, how deep."""
    other_kind = any(one.validator == "type" and not one.path for one in wrong)
    other_type = any("type" in one.path for one in wrong)
    return other_kind, other_type, len(wrong), -max(len(one.path) for one in wrong)


def _decoded(value: str, schema: Json) -> object:
    kind = schema.get("type")
    if kind == "boolean" and value in ("1", "true", "True", "0", "false", "False"):
        return value in ("1", "true", "True")
    return int(value) if kind == "integer" and value.isdecimal() else value
