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


def test_the_web_draws_the_neutral_item_itself():
    (part,) = layout.parts([text("x" * 9000)], "web")

    assert part.body == {"kind": "text", "body": {"text": "x" * 9000}}


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
