"""Finished cards (`carte NAME`): what is kept of them in a turn, and their drawing, later and elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.application import cards, products_agenda, products_choices
from bot.settings import Settings
from dialogues.events import Produced
from dialogues.library import Library
from dialogues.render import french_date
from dialogues.scoring import card as interest
from dialogues.scoring.answers import DUELS

LONGEST = 220  # characters of one of the learner's texts on a card; the whole is in its text equivalent
RELIABILITY = {"first_sketch": "Première esquisse", "sketch": "Esquisse", "portrait": "Portrait du moment"}
NOT_A_MARK = "Ce n’est pas une note, et ça bouge."


@dataclass(frozen=True, slots=True)
class Product:
    """What is kept of a card: enough to draw it again, and its text equivalent. `values` is JSON."""

    name: str
    title: str
    text: str
    values: Mapping[str, Any]


def prepare(
    produced: Produced,
    profile: Mapping[str, Any],
    local_now: datetime,
    settings: Settings,
    library: Library,
    *,
    seed: str = "",
) -> Product:
    """Choose what the card shows. Pure and quick: called inside a turn, nothing is drawn here."""
    known = {**profile, **produced.values}
    title, values = MAKERS.get(produced.product, _plain)(known, library, seed)
    day = local_now.date()
    text = "\n".join([produced.text, *values.pop("more", [])])
    common = {
        "title": title,
        "bot": settings.bot_name,
        "date": _date(day),
        "foot": NOT_A_MARK,
        "text": text,
    }
    return Product(produced.product, title, text, {**common, **values})


def picture(product: Any, media: bytes | None = None) -> bytes:
    """The PNG (1080 x 1500) of a product (this module's or storage's). CardError when it cannot be drawn.

    It runs another process for a tenth of a second: call it in a thread, never in a turn.
    """
    drawn = product.name in MAKERS and product.name not in PLAIN
    return cards.draw(product.name if drawn else "plain_card", product.values, media)


def media_id(product: Any) -> str:
    """The upload that the card of a page shows; empty for none."""
    return str(product.values.get("media_id") or "")


# ---------------------------------------------------------------- one function for each card


def _interest(known: Mapping[str, Any], library: Library, seed: str) -> tuple[str, dict[str, Any]]:
    made = interest.interest_card(known, seed, library)
    said = [quote for row in made.rows for quote in row.quotes][: interest.QUOTES + 1]
    warm = said[0].said if said else ""
    quotes = [quote.activity for quote in said if quote.said == warm][: interest.QUOTES + 1]
    stretch = (
        {"drive": made.stretch.drive, "activity": made.stretch.activity}
        if made.stretch
        else {"drive": "", "activity": ""}
    )
    labels = {key: card.text for key, card in library.decks["drives"].cards.items()}
    sure = RELIABILITY.get(str(made.reliability), str(made.reliability).capitalize())
    return "Mes élans du moment", {
        "rose": dict(made.rose),
        "labels": labels,
        "top": [row.drive for row in made.rows],
        "quotes": quotes,
        "said": warm or "trop bien",
        "duels": interest.mode_of(known) == DUELS,
        "stretch": stretch,
        "own": _short(made.correction, 120),
        "foot": f"{sure}, {made.answered} réponses. {NOT_A_MARK}",
    }


def _job(known: Mapping[str, Any], library: Library, seed: str) -> tuple[str, dict[str, Any]]:
    _ = seed
    job = str(known.get("job.id") or "")
    words = _of(_of(known.get("job.descriptors")).get(job)).get("t0")
    appeal = _of(_of(known.get("job.reactions")).get(job)).get("appeal")
    parts = {
        name: _short(known.get(f"job.{name}"))
        for name in ("name", "one_line", "day", "people", "plus", "minus")
    }
    said = library.label("job.reactions.appeal", str(appeal)) if appeal else ""
    return parts["name"] or "Un métier", {
        **parts,
        "own": _short(words, 60),
        "appeal": said or "",
        "foot": "Un métier rencontré. Ce n’est pas un conseil : c’est une piste.",
    }


def _action(known: Mapping[str, Any], library: Library, seed: str) -> tuple[str, dict[str, Any]]:
    _ = seed
    step = _last(known.get("action.list"))
    helper = str(step.get("helper") or "")
    label = library.label("action.list.helper", helper) or helper
    return "Mon prochain pas", {
        "wish": _short(step.get("wish"), 120),
        "best": _short(step.get("why"), 120),
        "obstacle": _short(step.get("obstacle"), 120),
        "then": _short(step.get("if_then"), 140),
        "step": _short(step.get("first_step"), 120),
        "due": str(known.get("action.due_text") or ""),
        "day": str(step.get("due") or ""),
        "helper": "moi" if helper == "me" else label[:1].lower() + label[1:],
        "foot": "Un pas, pas une promesse. On peut changer d’avis.",
    }


def _book(known: Mapping[str, Any], library: Library, seed: str) -> tuple[str, dict[str, Any]]:
    _ = seed
    page = _last(known.get("book.entries"))
    title = _short(page.get("title"), 60)
    shown = page.get("skills") or ()
    skills = [library.label("pride.skills", str(one)) or str(one) for one in shown]
    media = _of(page.get("media"))
    return title or "Une page de mon book", {
        "heading": title,
        "made": _short(page.get("made"), 300),
        "learned": _short(page.get("learned"), 200),
        "role": library.label("book.entries.role", str(page.get("role") or "")) or "",
        "tools": _short(page.get("tools"), 90),
        "again": _short(page.get("next_try"), 120),
        "skills": skills,
        "media_id": str(media.get("media_id") or ""),
        "picture": "",
        "alt": _short(media.get("caption"), 120) or title or "Image de la page",
        "foot": "Une page de mon book. Ce n’est pas une évaluation.",
    }


def _plain(known: Mapping[str, Any], library: Library, seed: str) -> tuple[str, dict[str, Any]]:
    _ = known, library, seed
    return "Une carte à garder", {}


MAKERS: dict[str, Callable[[Mapping[str, Any], Library, str], tuple[str, dict[str, Any]]]] = {
    "interest_card": _interest,
    "job_card": _job,
    "action_card": _action,
    "book_page": _book,
    "shortlist_card": products_choices.shortlist,
    "compare_gaps": products_choices.gaps,
    "compare_table": products_choices.compare,
    **products_agenda.MAKERS,
}
PLAIN = ("compare_gaps", *products_agenda.PLAIN)  # cards with a title of their own, drawn as any other


def _date(day: date) -> str:
    return f"{french_date(day).split(' ', 1)[1]} {day.year}"


def _short(value: Any, longest: int = LONGEST) -> str:
    text = " ".join(str(value or "").split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _of(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _last(value: Any) -> Mapping[str, Any]:
    return _of(value[-1]) if isinstance(value, list) and value else {}
