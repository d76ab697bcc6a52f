"""A learner's own words as they wrote them: what the linker heard is folded, and may not have been said at all."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.application import recommendations
from careers import text
from careers.because import shortened
from careers.model import Reason, Suggestion

_TOKEN = re.compile(r"[\w+#]+")
_LONGEST = 40  # characters of the text itself, when none of the words heard was said
_APART = ", "


def as_written(heard: Sequence[str], said: str) -> list[str]:
    """The words heard, each in the spelling of the text; those that the text does not hold are left out."""
    spelled: dict[str, str] = {}
    for match in _TOKEN.finditer(said):
        token = match[0].lower() if match.start() == 0 and not match[0].isupper() else match[0]
        folded = text.fold(token)
        for form in (folded, folded.rstrip("sx"), text.stem(folded)):
            spelled.setdefault(form, token)
    found = [
        [spelled.get(one) or spelled.get(text.stem(one), "") for one in words.split()] for words in heard
    ]
    return list(dict.fromkeys(" ".join(words) for words in found if words and all(words)))


def _in(spelled: Mapping[str, str], word: str) -> str:
    return spelled.get(word) or spelled.get(word.rstrip("sx")) or spelled.get(text.stem(word), "")


def quoted(heard: Sequence[str], said: str, most: int) -> str:
    """The first of the words heard, or the beginning of the text when it holds none of them."""
    return _APART.join(as_written(heard, said)[:most]) or shortened(said, _LONGEST)


def reworded(one: Suggestion, profile: Mapping[str, Any], most: int) -> Suggestion:
    """The suggestion with what its reasons quote of the learner's texts as they wrote it."""
    texts = {
        "project": recommendations.project_text(profile),
        "own_words": str(profile.get("interest.self_correction") or ""),
    }
    return replace(one, reasons=tuple(_reworded(reason, texts, most) for reason in one.reasons))


def _reworded(reason: Reason, texts: Mapping[str, str], most: int) -> Reason:
    said = texts.get(reason.key, "")
    if not said or "words" not in reason.values or reason.values["words"] in said:
        return reason
    words = quoted(reason.values["words"].split(_APART), said, most)
    return replace(reason, values={**reason.values, "words": words})
