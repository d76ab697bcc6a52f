"""The branches of pages that read interests (`selon NAME`), as pure functions for `dialogues.routes`."""

from collections.abc import Callable, Mapping
from typing import Any

from dialogues.events import Context
from dialogues.scoring import bank as banks
from dialogues.scoring.answers import DUELS, Bank, Item
from dialogues.scoring.card import QUOTES, Quote, lowered, mode_of, quotes, stretch
from dialogues.scoring.interests import Reading, Result, score

Routed = tuple[str, dict[str, Any]]
Route = Callable[[Mapping[str, Any], Context, banks.HasDecks], Routed]

LIKED_SHOWN = 3
LAST_LOT = "3"  # the page has shown the whole second form: cards passed are not asked again


def score_interests(profile: Mapping[str, Any], context: Context, library: banks.HasDecks) -> Routed:
    """Read the answers; outcome `careless` or one of `Reading`.

    Notes `interest.*` are for the profile; names without a dot are words for this page only.
    """
    bank = banks.from_library(library)
    ratings: Mapping[str, Any] = profile.get("interest.item_ratings") or {}
    result = score(ratings, mode_of(profile), bank, context.seed)
    if result.low_quality:
        return "careless", {"interest.quality": "low"}
    notes = {**_kept(result, context), **_words(result, ratings, bank, context.seed)}
    notes["more_b"] = _left(profile, "b", bank)[0] == "some" and profile.get("lot_b") != LAST_LOT
    return str(result.reading), notes


def duels_first(profile: Mapping[str, Any], context: Context, library: banks.HasDecks) -> Routed:
    """Whether duels are offered before reactions: at 12, or with very simple texts. `yes` or `no`."""
    del context, library
    young = profile.get("user.age_band") == "12" or profile.get("user.reading_mode") == "falc"
    return ("yes" if young else "no"), {}


def project_kept(profile: Mapping[str, Any], context: Context, library: banks.HasDecks) -> Routed:
    """Keep the occupations that the learner found close to their project: `some` or `none`."""
    del context, library
    reactions: Mapping[str, Any] = profile.get("project.reactions") or {}
    kept = [key for wanted in ("yes", "partly") for key, said in reactions.items() if said == wanted]
    return ("some" if kept else "none"), {"project.kept": kept}


def interests_left(profile: Mapping[str, Any], context: Context, library: banks.HasDecks) -> Routed:
    """Whether activities of the first form still wait for a reaction: `some` or `none`."""
    del context
    return _left(profile, "a", banks.from_library(library))


def form_b_left(profile: Mapping[str, Any], context: Context, library: banks.HasDecks) -> Routed:
    """Whether activities of the second form still wait for a reaction: `some` or `none`."""
    del context
    return _left(profile, "b", banks.from_library(library))


def _left(profile: Mapping[str, Any], form: str, bank: Bank) -> Routed:
    ratings: Mapping[str, Any] = profile.get("interest.item_ratings") or {}
    waiting = any(item.form == form and item.key not in ratings for item in bank.items.values())
    return ("some" if waiting else "none"), {}


def _kept(result: Result, context: Context) -> dict[str, Any]:
    return {
        "interest.scores": dict(result.scores),
        "interest.unknown_items": list(result.unknown_items),
        "interest.highlights": list(result.highlights),
        "interest.quality": "ok",
        "interest.updated_at": context.now.isoformat(timespec="seconds"),
    }


def _words(result: Result, ratings: Mapping[str, Any], bank: Bank, seed: str) -> dict[str, Any]:
    said = quotes(result.highlights, ratings, result.mode, bank)
    loved = [quote for quote in said if quote.said == "trop bien"]
    tried = stretch(result.highlights, ratings, bank, seed)
    labels = [f"{bank.drives[drive].emoji} {bank.drives[drive].label}" for drive in result.highlights]
    return {
        "top": listed(labels),
        "example": _example(loved) if len(loved) == len(said[:QUOTES]) or len(loved) >= QUOTES else "",
        "chosen": listed([quote.activity for quote in said[:QUOTES]]),
        "stretch": f"{tried.emoji} {tried.label}, surtout {tried.activity}" if tried else "",
        "liked": listed([f"« {lowered(text)} »" for text in _liked(result, ratings, bank)[:LIKED_SHOWN]]),
        "reliability": str(result.reliability),
        "n": len(result.unknown_items),
        "unknown_one": lowered(bank.items[result.unknown_items[0]].text) if result.unknown_items else "",
        "to_complete": [_as_card(bank.items[key]) for key in result.form_b],
    }


def _example(loved: list[Quote]) -> str:
    return " et à ".join(quote.activity for quote in loved[:QUOTES])


def _liked(result: Result, ratings: Mapping[str, Any], bank: Bank) -> list[str]:
    if result.mode != DUELS:
        return [item.text for item in bank.items.values() if ratings.get(item.key) == "love"]
    sides = {"left": "left", "right": "right"}
    chosen = [
        (duel, sides[str(ratings.get(duel.key))])
        for duel in bank.duels.values()
        if str(ratings.get(duel.key)) in sides
    ]
    return [str(getattr(duel, side)) for duel, side in chosen]


def _as_card(item: Item) -> dict[str, Any]:
    return {"id": item.key, "title": item.text, "kind": "activity"}


def listed(words: list[str]) -> str:
    """Words one after the other: "a, b et c"."""
    return (
        words[0]
        if len(words) == 1
        else " et ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)
    )


ROUTES: dict[str, Route] = {
    "score_interests": score_interests,
    "duels_first": duels_first,
    "interests_left": interests_left,
    "form_b_left": form_b_left,
    "project_kept": project_kept,
}

OUTCOMES: dict[str, tuple[str, ...]] = {
    "score_interests": ("careless", *(str(reading) for reading in Reading)),
    "duels_first": ("yes", "no"),
    "interests_left": ("some", "none"),
    "form_b_left": ("some", "none"),
    "project_kept": ("some", "none"),
}

# What each route fills beside the profile: usable in the texts and conditions of the page.
BRINGS: dict[str, tuple[str, ...]] = {
    "score_interests": (
        "top",
        "example",
        "chosen",
        "stretch",
        "liked",
        "reliability",
        "n",
        "unknown_one",
        "more_b",
        "to_complete",
    ),
    "duels_first": (),
    "interests_left": (),
    "form_b_left": (),
    "project_kept": ("project.kept",),
}
