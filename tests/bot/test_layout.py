import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.application import layout
from bot.application.messages import Message

TELEGRAM, DISCORD = layout.LIMITS["telegram"], layout.LIMITS["discord"]


def text(words: str) -> Message:
    return Message("bot", "text", {"text": words})


@given(st.text(alphabet="abé .\n😀", max_size=12_000))
def test_a_long_text_is_cut_within_the_limit_and_nothing_is_lost(words):
    for limits in (TELEGRAM, DISCORD):
        pieces = layout.cut(words, limits)

        assert "".join(pieces) == words
        assert all(layout.size(piece, limits) <= limits.text for piece in pieces)


def test_emoji_count_twice_on_telegram():
    assert layout.size("😀", TELEGRAM) == 2
    assert [len(part) for part in layout.cut("😀" * 3000, TELEGRAM)] == [2048, 952]


def test_a_cut_falls_between_paragraphs():
    words = "a" * 1500 + "\n\n" + "b" * 1500

    assert layout.cut(words, DISCORD) == ["a" * 1500 + "\n\n", "b" * 1500]


def test_the_bubbles_of_a_turn_are_one_sending():
    parts = layout.parts([text("Un."), text("Deux.")], "telegram")

    assert [(part.kind, part.text) for part in parts] == [("text", "Un.\n\nDeux.")]


def test_a_picture_stands_alone_with_its_text_and_the_order_is_kept():
    product = Message("bot", "product", {"product_id": "p1", "title": "Mes élans", "text": "Créer."})

    parts = layout.parts([text("Avant."), product, text("Après.")], "discord")

    assert [(part.kind, part.text, part.reference) for part in parts] == [
        ("text", "Avant.", ""),
        ("picture", "Mes élans\nCréer.", "p1"),
        ("text", "Après.", ""),
    ]


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("card", {"title": "Juriste", "lines": ["Défendre."], "reasons": ["Tu as dit…"], "doubt": "Attention.", "source": "Source : X."},
         "Juriste\nDéfendre.\n• Tu as dit…\nAttention.\nSource : X."),
        ("lines", {"title": "Appelle :", "lines": [{"number": "103", "name": "Écoute-Enfants", "hours": "10 h-minuit", "url": ""}]},
         "Appelle :\n103 Écoute-Enfants 10 h-minuit"),
        ("link", {"label": "Mes données", "url": "/mes-donnees"}, "Mes données : /mes-donnees"),
        ("picture", {"alt": "Un robot"}, "Un robot"),
    ],
)  # fmt: skip
def test_everything_has_a_text_equivalent(kind, body, words):
    assert layout.in_words(Message("bot", kind, body)) == words


# ---------------------------------------------------------------- captions


def product(words: str, title: str = "Mes élans") -> Message:
    return Message("bot", "product", {"product_id": "p1", "title": title, "text": words})


@pytest.mark.parametrize(
    ("channel", "longest"), [("telegram", "é" * 1014), ("telegram", "😀" * 507), ("discord", "é" * 1990)]
)
def test_the_words_of_a_picture_stand_under_it_as_long_as_there_is_room(channel, longest):
    (within,) = layout.parts([product(longest)], channel)
    first, *after = layout.parts([product(longest + "!")], channel)

    assert (within.kind, within.text) == ("picture", f"Mes élans\n{longest}")
    assert (first.kind, first.text, first.reference) == ("picture", "Mes élans", "p1")
    assert [part.kind for part in after] == ["text"] * len(after)
    assert "".join(part.text for part in after) == f"Mes élans\n{longest}!"


@pytest.mark.parametrize("channel", ["telegram", "discord"])
@given(st.text(alphabet="abé .\n😀", max_size=6_000), st.text(alphabet="ab😀 ", max_size=2_500))
def test_whatever_the_card_says_each_part_fits(channel, words, title):
    limits = layout.LIMITS[channel]
    found = layout.parts([product(words, title), text("Après.")], channel)

    assert found[0].kind == "picture"
    assert layout.size(found[0].text, limits) <= limits.caption
    assert all(layout.size(part.text, limits) <= limits.text for part in found)
    assert found[-1].text.endswith("Après.")


def test_a_title_that_is_too_long_for_a_caption_is_cut_there_and_whole_after_it():
    found = layout.parts([product("Créer.", "é" * 1500)], "telegram")

    assert [(part.kind, len(part.text)) for part in found] == [("picture", 1024), ("text", 1507)]


def test_the_long_words_of_a_picture_follow_it_before_what_comes_next():
    found = layout.parts([text("Avant."), product("mot " * 1500), text("Après.")], "telegram")

    assert [part.kind for part in found] == ["text", "picture", "text", "text", "text"]
    assert found[0].text == "Avant."
    assert "".join(part.text for part in found[2:4]) == "Mes élans\n" + ("mot " * 1500).strip()
    assert found[4].text == "Après."


def test_a_card_of_a_visit_travels_with_its_picture():
    one = Message("bot", "product", {"title": "Mes élans", "text": "Créer.", "sealed": "abc"})
    (part,) = layout.parts([one], "telegram")

    assert part.body == {"kind": "product", "sealed": "abc"}
