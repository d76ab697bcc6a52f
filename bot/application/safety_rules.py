"""The rule file of safety, read once and compiled; a damaged file stops the bot at start."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

RULES = Path(__file__).with_name("safety_rules.toml")
SPELLING = Path(__file__).with_name("safety_spelling.toml")
STEM = 6
GLUED = 10
REACH = 14  # words on each side of a needed one: no pattern is longer
_MACRO = re.compile(r"\{([a-z_]+)\}")
_GAP = "(?: ?[a-z0-9]{1,15}){0,4}?"


@dataclass(frozen=True, slots=True)
class Rule:
    """One compiled rule: its patterns, each with words of which a match holds at least one (none: always try)."""

    id: str
    category: str
    level: int
    explicit: bool
    cancel: tuple[str, ...]
    patterns: tuple[tuple[frozenset[str], re.Pattern[str]], ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, the contexts that silence them, and which rules a beginning of a word calls for."""

    rules: tuple[Rule, ...]
    contexts: Mapping[str, tuple[re.Pattern[str], ...]]
    called_by: Mapping[str, frozenset[int]]  # beginning of a word -> numbers of rules
    always: frozenset[int]  # rules with a pattern that needs no word

    def worth_trying(self, beginnings: Iterable[str]) -> list[Rule]:
        """The rules that a text with these beginnings of words may fit, in the order of the file."""
        numbers = set(self.always)
        for beginning in beginnings:
            numbers.update(self.called_by.get(beginning, ()))
        return [self.rules[number] for number in sorted(numbers)]


@dataclass(frozen=True, slots=True)
class Spelling:
    """Abbreviations, real words that are no slip of the finger, and words too small to tell anything."""

    sms: Mapping[str, str]
    real: frozenset[str]
    small: frozenset[str]


@cache
def spelling() -> Spelling:
    """The shipped word lists."""
    raw = tomllib.loads(SPELLING.read_text("utf-8"))
    return Spelling(raw["sms"], frozenset(raw["real"].split()), frozenset(raw["small"].split()))


@cache
def load(path: Path = RULES) -> Rules:
    """The rules of a file. ValueError names the rule and the pattern that cannot be read."""
    raw = tomllib.loads(path.read_text("utf-8"))
    macros: dict[str, str] = raw["macros"]
    contexts = {
        name: tuple(_compile(p, macros, name) for p in found) for name, found in raw["contexts"].items()
    }
    return _indexed(tuple(_rules(raw["rule"], macros, contexts)), contexts)


def _indexed(rules: tuple[Rule, ...], contexts: Mapping[str, tuple[re.Pattern[str], ...]]) -> Rules:
    """Most texts call for two or three rules of the hundreds: an index spares the others."""
    called_by: dict[str, set[int]] = {}
    always: set[int] = set()
    for number, rule in enumerate(rules):
        for needs, _pattern in rule.patterns:
            for need in needs:
                called_by.setdefault(need, set()).add(number)
            if not needs:
                always.add(number)
    frozen = {need: frozenset(numbers) for need, numbers in called_by.items()}
    return Rules(rules, contexts, frozen, frozenset(always))


def _rules(
    raw: list[dict[str, Any]], macros: Mapping[str, str], contexts: Mapping[str, Any]
) -> Iterator[Rule]:
    for rule in raw:
        unknown = set(rule.get("cancel", ())) - set(contexts)
        if unknown:
            raise ValueError(f"{rule['id']}: unknown context {', '.join(sorted(unknown))}")
        yield Rule(
            rule["id"],
            rule["category"],
            rule.get("level", 2),
            rule.get("explicit", False),
            tuple(rule.get("cancel", ())),
            tuple((_needs(p), _compile(p, macros, rule["id"])) for p in rule["patterns"]),
        )


def _compile(pattern: str, macros: Mapping[str, str], where: str) -> re.Pattern[str]:
    try:
        whole = pattern
        for _ in range(3):  # macros may use macros
            whole = _MACRO.sub(lambda m: _GAP if m[1] == "gap" else macros[m[1]], whole)
        return re.compile(_loose(whole))
    except (re.error, KeyError) as error:
        raise ValueError(f"{where}: {pattern}: {error}") from error


def _needs(pattern: str) -> frozenset[str]:
    """Beginnings of words of which a match holds at least one: those of the pattern, small words and macros left out."""
    bare = re.sub(r"\\[a-z]", " ", _fold(_MACRO.sub(" ", pattern)))
    for _ in range(4):  # innermost first: what may be absent, and what only stands around
        bare = re.sub(r"\(\?:[^()]*\)[?*]|\(\?:[^()]*\)\{0,\d\}|\(\?<?[!=][^()]*\)", " ", bare)
        bare = re.sub(r"\(\?:([^()]*)\)(?![?*{])", r" \1 ", bare) if "(?" in bare else bare
    words = re.findall(r"[a-z]{2,}", re.sub(r"[a-z]\?", " ", bare))
    return frozenset(word[:STEM] for word in words) - spelling().small


class Places:
    """Where the words of a plain text begin, so that a pattern is tried only around the words it needs."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts: list[int] = []
        self._by_beginning: dict[str, list[int]] = {}
        place = 0
        for number, word in enumerate(text.split(" ")):
            self._starts.append(place)
            place += len(word) + 1
            for begin in range(
                len(word) if len(word) > GLUED else 1
            ):  # in words written together, any part may begin one
                for end in range(begin + 2, min(begin + STEM, len(word)) + 1):
                    self._by_beginning.setdefault(word[begin:end], []).append(number)
        self._beginnings = frozenset(self._by_beginning)

    @property
    def beginnings(self) -> Iterable[str]:
        """Every beginning of a word of the text, of two letters or more."""
        return self._by_beginning

    def around(self, needs: frozenset[str]) -> list[tuple[int, int]]:
        """Stretches of the text in which a pattern with these needs may match; the whole text without needs."""
        if not needs:
            return [(0, len(self.text))]
        if needs.isdisjoint(self._beginnings):
            return []
        found = sorted({number for need in needs for number in self._by_beginning.get(need, ())})
        stretches: list[tuple[int, int]] = []
        for number in found:
            first, last = max(0, number - REACH), number + REACH
            begin = self._starts[first]
            end = self._starts[last] - 1 if last < len(self._starts) else len(self.text)
            if stretches and begin <= stretches[-1][1]:
                stretches[-1] = (stretches[-1][0], end)
            else:
                stretches.append((begin, end))
        return stretches


@cache
def vocabulary(path: Path = RULES) -> Mapping[str, int]:
    """Every word of four letters or more in the rules and how often it stands there: none is a slip of the finger."""
    raw = tomllib.loads(path.read_text("utf-8"))
    written = [*raw["macros"].values(), *(p for rule in raw["rule"] for p in rule["patterns"])]
    written += [pattern for patterns in raw["contexts"].values() for pattern in patterns]
    text = re.sub(r"\\[a-z]", " ", " ".join(written))
    plural = re.sub(r"(?<=[a-z])\(\?:nt\)\?", "nt", text)  # both of "frape(?:nt)?"
    return Counter(re.findall(r"[a-z]{4,}", _fold(f"{text} {plural}")))


def _fold(text: str) -> str:
    return re.sub(r"([a-z])\1+", r"\1", text)


def _loose(pattern: str) -> str:
    """Fold doubled letters as the text is, and let a space be missing where the pattern has one."""
    folded = re.sub(r"(\\[a-z])|([a-z])\2+", lambda m: m[1] or m[2], pattern)
    # a look-behind needs a fixed width; a space that opens a group belongs to a repeated word
    return re.sub(r"(\(\?<[!=][^)]*\))|(?<!\?:) (?![?*+])", lambda m: m[1] or " ?", folded)
