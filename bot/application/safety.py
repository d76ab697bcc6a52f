"""Reads every inbound text first: which words of distress it holds, by rules that people wrote."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.application.safety_rules import Places, Rule, Rules, load
from bot.application.safety_text import plain

CATEGORIES = (
    "suicide",
    "self_harm",
    "family_violence",
    "sexual_abuse",
    "grooming",
    "bullying",
    "runaway",
    "eating",
    "drugs",
    "forced_marriage",
    "threat",
    "third_party",
)
NEAR = 60  # characters: how far a context may stand from the words that it silences
GENTLE_AGAIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of one text. Level 0 nothing, 1 one gentle question, 2 the help message.

    `state` is what to keep for the next reading (JSON; instants, never words) and to hand back to `read`.
    """

    level: int = 0
    categories: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    cancelled_by: tuple[str, ...] = ()
    state: Mapping[str, Any] = field(default_factory=dict)


def read(text: str, now: datetime, state: Mapping[str, Any] | None = None) -> Verdict:
    """Judge one text, whatever its origin. Pure; linear in its length (the first and last 2,000 characters count)."""
    before = dict(state or {})
    found = tuple(_hits(plain(text), load()))
    struck = [(rule, by) for rule, by in found if not by]
    level = max((rule.level for rule, _ in struck), default=0)
    if level == 1:
        level = _second_sign(now, before)
        if level == 1:
            before = {"gentle_at": now.isoformat()}
    return Verdict(
        level,
        tuple(dict.fromkeys(rule.category for rule, _ in struck if rule.level == 2 or level)),  # noqa: PLR2004
        tuple(rule.id for rule, _ in struck),
        tuple(dict.fromkeys(by for _, by in found if by)),
        before,
    )


def answered(key: str, state: Mapping[str, Any] | None) -> dict[str, Any]:
    """The state to keep once the gentle question or the question under the help message has been answered."""
    return {**(state or {}), "answer": key}


def _second_sign(now: datetime, state: Mapping[str, Any]) -> int:
    """Level of a vague sign: ask once in 24 hours; a second sign counts, unless the first was called a slip."""
    asked = state.get("gentle_at")
    if asked is None or now - datetime.fromisoformat(asked) >= GENTLE_AGAIN:
        return 1
    return 0 if state.get("answer") == "no" else 2


def _hits(text: str, rules: Rules) -> Iterator[tuple[Rule, str]]:
    places = Places(text)
    for rule in rules.worth_trying(places.beginnings):
        by = _struck(rule, places, rules)
        if by is not None:
            yield rule, by


def _struck(rule: Rule, places: Places, rules: Rules) -> str | None:
    """None: not in the text; "": it stands; a name: the context that silences every place where it stands."""
    silenced: str | None = None
    for needs, pattern in rule.patterns:
        for begin, end in places.around(needs):
            for match in pattern.finditer(places.text, begin, end):
                by = _cancelled(rule, places.text[max(0, match.start() - NEAR) : match.end() + NEAR], rules)
                if not by:
                    return ""
                silenced = by
    return silenced


def _cancelled(rule: Rule, around: str, rules: Rules) -> str:
    if rule.explicit:
        return ""
    for name in rule.cancel:
        if any(pattern.search(around) for pattern in rules.contexts[name]):
            return name
    return ""
