"""What questions at a fair are about: a closed list, so that staff see subjects and never a learner's words. Pure."""

import re
from collections.abc import Iterable

from dialogues.understand import fold

BUTTONS = ("day", "level", "cost", "help", "gates", "visit")
OTHER = "other"
_ABOUT = {  # topic -> words of a question of one's own, folded
    "cost": r"\b(?:cout\w*|prix|chere?|argent|minerval|payer|paye[sz]?|euros?|combien ca coute)\b",
    "help": r"\b(?:bourse\w*|aides?|allocation\w*|accompagn\w+|soutien)\b",
    "length": r"\b(?:durees?|combien de temps|longtemps|ans|annees?|mois)\b",
    "level": r"\b(?:difficile\w*|durs?|dure|niveau|rate\w*|reuss\w+|maths?|examens?|facile\w*)\b",
    "gates": r"\b(?:passerelle\w*|plan b|change\w* d avis|reorient\w+|arreter|et si)\b",
    "visit": r"\b(?:visit\w+|venir voir|portes? ouvertes?|essay\w+|assister)\b",
    "travel": r"\b(?:trajet\w*|bus|train\w*|loin|kot\w*|internat|logement\w*|ou c est)\b",
    "language": r"\b(?:langues?|anglais|neerlandais|allemand|francais)\b",
    "work": r"\b(?:stages?|alternance|apprentissage|patrons?|entreprises?)\b",
    "jobs": r"\b(?:metiers?|debouche\w*|boulots?|travail\w*|apres les etudes|salaire\w*|gagn\w+)\b",
    "day": r"\b(?:journees?|quotidien|horaires?|tous les jours)\b",
}
_PATTERNS = {topic: re.compile(pattern) for topic, pattern in _ABOUT.items()}


def of_question(words: str) -> str:
    """The topic of a question in somebody's own words; OTHER when none of the list fits."""
    folded = fold(words)
    return next((topic for topic, pattern in _PATTERNS.items() if pattern.search(folded)), OTHER)


def of(questions: Iterable[str]) -> list[str]:
    """The topics of keys of buttons and of own words, each once."""
    return list(
        dict.fromkeys(one if one in BUTTONS else of_question(one) for one in questions if one.strip())
    )
