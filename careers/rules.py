"""The rules of Belgian schools in plain words: read from their table, found for a programme."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from careers import tables
from careers.model import Programme, Rule

LONGEST = {"title": 60, "short": 110, "text": 700}
FIELDS = (
    "entry",
    "level",
    "title",
    "kind",
    "domains",
    "uncertain",
)  # of a programme, that may call for a rule
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
LONGEST_SENTENCE = 26  # words


def rule(row: Mapping[str, Any]) -> Rule:
    """A rule from its row."""
    return Rule(
        id=row["id"],
        title=row["title"],
        short=row["short"],
        text=row["text"].strip(),
        source=tables.source(row),
        when={name: tuple(words) for name, words in row.get("when", {}).items()},
        uncertain=row.get("uncertain", ""),
    )


def faults(found: Rule) -> Iterator[str]:
    """Everything that is wrong with a rule, in French."""
    for name, longest in LONGEST.items():
        length = len(getattr(found, name))
        if not 0 < length <= longest:
            yield f"{name} : {length} caractères, de 1 à {longest} attendus."
    for sentence in _SENTENCE.split(found.text):
        if len(sentence.split()) > LONGEST_SENTENCE:
            yield f"phrase trop longue à lire : « {sentence[:60]}… »."
    for name in found.when:
        if name not in FIELDS:
            yield f"when : champ inconnu {name}."
    if found.source.confidence == "D" and "à vérifier" not in f"{found.text} {found.uncertain}".lower():
        yield "sans source vue, le texte doit dire « à vérifier »."


def concerning(programme: Programme, rules: Mapping[str, Rule]) -> Iterator[Rule]:
    """The rules that a programme calls for, from the general to the particular."""
    said = {
        "entry": programme.entry,
        "level": programme.level,
        "title": programme.title,
        "kind": programme.institution.kind,
        "domains": " ".join(programme.domains),
        "uncertain": programme.uncertain,
    }
    folded = {name: text.casefold() for name, text in said.items()}
    for one in rules.values():
        if any(word.casefold() in folded[name] for name, words in one.when.items() for word in words):
            yield one
