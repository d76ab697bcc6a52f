from bot.web.typography import everywhere, spaced


def test_signs_stay_with_their_word():
    assert spaced("Tu as dit « trop bien » : pourquoi ? Super !") == (
        "Tu as dit «\u00a0trop bien\u00a0»\u00a0: pourquoi\u00a0? Super\u00a0!"
    )


def test_addresses_and_identifiers_are_left_alone():
    body = {"url": "https://a.be/x ?y", "lines": ["Prix : 3 €"], "reasons": ("Quoi ?",), "id": "a ?"}

    assert everywhere(body) == {
        "url": "https://a.be/x ?y",
        "lines": ["Prix\u00a0: 3\u00a0€"],
        "reasons": ("Quoi\u00a0?",),
        "id": "a ?",
    }
