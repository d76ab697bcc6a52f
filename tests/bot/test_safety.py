from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.application import safety, safety_rules
from bot.application.safety_text import plain
from tests.support.centre import shipped

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
DATA = Path(__file__).parent / "data"


def phrases(name: str) -> list[tuple[str, str]]:
    found, section = [], ""
    for line in (DATA / name).read_text("utf-8").splitlines():
        if line.startswith("# "):
            section = line[2:]
        elif line:
            found.append((section, line))
    return found


POSITIVE = phrases("safety_positive.txt")
CLEAN = phrases("safety_clean.txt")


def test_every_phrase_of_distress_is_seen_in_its_category():
    missed = [(c, p) for c, p in POSITIVE if (v := safety.read(p, NOW)).level < 2 or c not in v.categories]
    assert missed == []
    assert len(POSITIVE) >= 300
    assert {c for c, _ in POSITIVE} == set(safety.CATEGORIES)


def test_ordinary_texts_and_traps_stay_quiet():
    assert [p for _, p in CLEAN if safety.read(p, NOW).level] == []
    assert len(CLEAN) >= 400


def test_nothing_of_the_catalogue_sounds_like_distress():
    said = [
        text
        for o in shipped().occupations.values()
        for text in (*o.words, o.one_line, o.day, o.people, o.plus, o.minus)
    ]
    said += [programme.title for programme in shipped().programmes.values()]
    loud = [text for text in said if safety.read(text, NOW).level]

    assert len(said) > 3000
    assert loud == []


def test_a_slip_of_the_finger_is_read_through():
    """One letter left out or two swapped, in one word of each phrase, always in the same way."""
    slipped = [_slip(text, place) for place, (_, text) in enumerate(POSITIVE)]
    seen = sum(safety.read(text, NOW).level > 0 for text in slipped)

    assert seen / len(slipped) > 0.85


def _slip(text: str, place: int) -> str:
    words = text.split()
    long = [number for number, word in enumerate(words) if len(word) >= 5]
    if not long:
        return text
    number = long[place % len(long)]
    word, at = words[number], 1 + place % (len(words[number]) - 3)
    words[number] = (
        word[:at] + word[at + 1 :] if place % 2 else word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    )
    return " ".join(words)


@pytest.mark.parametrize(("_", "text"), phrases("safety_vague.txt"))
def test_vague_distress_asks_one_gentle_question(_, text):
    assert safety.read(text, NOW).level == 1


TRANSFORMS = {
    "capitals": str.upper,
    "zero width": lambda t: t[:3] + "\u200b" + t[3:],
    "soft hyphen": lambda t: t.replace("r", "r\u00ad", 1),
    "curly apostrophe": lambda t: t.replace("'", "’"),
    "wide letters": lambda t: "".join(chr(ord(c) + 0xFEE0) if "a" <= c <= "z" else c for c in t),
    "cyrillic": lambda t: t.replace("a", "а").replace("o", "о").replace("e", "е"),
    "long vowels": lambda t: t.replace("e", "eeee", 1),
    "around": lambda t: f"voilà, {t} et c'est tout",
    "shouting": lambda t: t + " !!!!",
}


@pytest.mark.parametrize("name", TRANSFORMS)
def test_writing_it_otherwise_changes_nothing(name):
    change = TRANSFORMS[name]
    changed = [p for _, p in POSITIVE if safety.read(change(p), NOW).level < 2]
    assert len(changed) <= len(POSITIVE) // 100


def test_the_words_needed_by_a_pattern_never_hide_a_match():
    rules = safety_rules.load()
    for _, phrase in [*POSITIVE, *CLEAN, *phrases("safety_vague.txt")]:
        text = plain(f"{'bonjour à toi ' * 8}{phrase}{' et voilà' * 20}")
        places = safety_rules.Places(text)
        for rule in rules.rules:
            for needs, pattern in rule.patterns:
                whole = [match.span() for match in pattern.finditer(text)]
                near = [
                    m.span()
                    for begin, end in places.around(needs)
                    for m in pattern.finditer(text, begin, end)
                ]
                assert near == whole, (phrase, pattern.pattern)


def test_a_wish_to_die_beats_laughter_and_games():
    assert safety.read("mdr je veux mourir pour de vrai, comme dans fortnite lol", NOW).level == 2


def test_a_context_silences_and_says_which():
    verdict = safety.read("je vais le tuer ce boss", NOW)
    assert (verdict.level, verdict.cancelled_by) == (0, ("game",))


def test_a_second_vague_sign_within_a_day_counts():
    first = safety.read("j'en peux plus", NOW)
    again = safety.read("vie de merde", NOW + timedelta(hours=2), first.state)
    assert (first.level, again.level) == (1, 2)


def test_the_gentle_question_is_not_asked_twice_in_a_day_after_a_slip():
    first = safety.read("j'en peux plus", NOW)
    state = safety.answered("no", first.state)
    assert safety.read("j'en peux plus", NOW + timedelta(hours=23), state).level == 0
    assert safety.read("j'en peux plus", NOW + timedelta(hours=25), state).level == 1
    assert safety.read("je veux mourir", NOW + timedelta(hours=1), state).level == 2


def test_the_end_of_a_very_long_text_is_read_too():
    assert safety.read("bla " * 5000 + "je veux mourir", NOW).level == 2


def test_nothing_of_the_words_is_in_the_state():
    assert set(safety.read("j'en peux plus de Kevin Dupont", NOW).state) == {"gentle_at"}


def test_a_broken_rule_file_names_the_rule(tmp_path):
    bad = tmp_path / "rules.toml"
    bad.write_text(
        "macros = {}\ncontexts = {}\n[[rule]]\nid='x'\ncategory='suicide'\npatterns=['(']\n", "utf-8"
    )
    with pytest.raises(ValueError, match="x: "):
        safety_rules.load(bad)
