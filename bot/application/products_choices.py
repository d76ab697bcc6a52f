"""The cards of what is chosen for a while: three tracks, what is not known, programmes side by side."""

from collections.abc import Mapping
from typing import Any

from bot.application.errands_shortlist import mapping, records
from bot.application.recommendations import capital
from careers.because import shortened
from dialogues.library import Library

MOST_TRACKS = 3
_PARTS = ("why", "doubt", "check")
_CELL = 170  # characters of a fact in the picture; the whole is in the text equivalent


def shortlist(known: Mapping[str, Any], library: Library, seed: str) -> tuple[str, dict[str, Any]]:
    """The tracks in the learner's order and words, and the next thing to check."""
    _ = seed
    said = records(known.get("job.shortlist"))
    say = library.microcopy.say
    tracks = [
        {part: shortened(str(one.get(part) or ""), 200) for part in ("name", "why", "doubt", "check")}
        | {"joker": bool(one.get("joker"))}
        for one in said
    ]
    steps = records(known.get("action.list"))
    step = steps[-1] if steps else {}
    following = shortened(str(step.get("wish") or ""), 120) if step.get("about") == "job_shortlist" else ""
    more = [
        f"{track['name']}. {' '.join(words)}"
        for track in tracks
        if (words := [_closed(say(f"shortlist.{part}", text=track[part])) for part in _PARTS if track[part]])
    ]
    if following:
        more.append(_closed(say("shortlist.following", text=following)))
    return ("Trois métiers à creuser" if len(tracks) == MOST_TRACKS else "Mes pistes à creuser"), {
        "tracks": tracks,
        "following": following,
        "more": more,
        "foot": "Provisoire, et c’est bien ainsi. Ceci n’est pas une évaluation.",
    }


def gaps(known: Mapping[str, Any], library: Library, seed: str) -> tuple[str, dict[str, Any]]:
    """The questions that stand open, as a card to take along."""
    _ = known, library, seed
    return "Ce qu’on ne sait pas encore", {"foot": "Une question n’est pas un manque."}


def compare(known: Mapping[str, Any], library: Library, seed: str) -> tuple[str, dict[str, Any]]:
    """The facts side by side; the whole of them, with their sources, in the text."""
    _ = seed
    table = mapping(known.get("compare.table"))
    say, columns, rows = library.microcopy.say, table.get("columns") or [], table.get("rows") or []
    more = []
    for row in rows:
        more.append(f"{row['label']}")
        for column, cell in zip(columns, row["cells"], strict=True):
            fact = cell["fact"] or say("compare.cell_unknown")
            origin = f". {cell['source'].rstrip('.')}" if cell.get("source") else ""
            told = fact.rstrip(".") + origin
            more.append(say("compare.cell", name=column["name"], fact=told, rating=cell["rating"]))
    more += [f"{column['name']}. {column['source']}" for column in columns if column["source"]]
    shown = [
        {**row, "cells": [{**cell, "fact": capital(shortened(cell["fact"], _CELL))} for cell in row["cells"]]}
        for row in rows
    ]
    return "Études, je compare", {
        "columns": columns,
        "rows": shown,
        "questions": [shortened(str(one), 160) for one in table.get("questions") or ()],
        "more": more,
        "foot": "Des faits et mes mots. Ceci n’est pas une évaluation.",
    }


def _closed(text: str) -> str:
    """With a full stop, unless it ends as a sentence does."""
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."
