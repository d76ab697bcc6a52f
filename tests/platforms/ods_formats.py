"""The forms in which an Opendatasoft portal exports rows: lines of JSON, an array, CSV."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from tests.platforms.ods_words import Row, listed

Query = Mapping[str, str]
Chosen = list[tuple[str, str]]


def _jsonl(rows: list[Row], chosen: Chosen, _query: Query) -> Iterator[bytes]:
    for row in rows:
        yield orjson.dumps({name: row.get(of) for of, name in chosen}) + b"\n"


def _array(rows: list[Row], chosen: Chosen, query: Query) -> Iterator[bytes]:
    before = b"["
    for line in _jsonl(rows, chosen, query):
        yield before + line.rstrip(b"\n")
        before = b",\n"
    yield b"[]" if before == b"[" else b"]"


def _csv(rows: list[Row], chosen: Chosen, query: Query) -> Iterator[bytes]:
    delimiter = query.get("delimiter", ";")
    joint = query.get("list_separator", ",")

    def line(cells: list[Any]) -> bytes:
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, lineterminator="\n").writerow(cells)
        return out.getvalue().encode()

    yield line([name for _, name in chosen])
    for row in rows:
        cells = (listed(row.get(of)) for of, _ in chosen)
        yield line([joint.join(map(_cell, values)) for values in cells])


def _cell(value: Any) -> str:
    return f"{value['lat']}, {value['lon']}" if isinstance(value, dict) else str(value)


LINES = {"jsonl": _jsonl, "json": _array, "csv": _csv}
