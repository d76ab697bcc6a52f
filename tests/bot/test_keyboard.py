from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.application import keyboard
from bot.application.keyboard import Button, Touch, board, touched
from bot.application.messages import Press, Screen, Text
from dialogues.events import Asked, Option
from dialogues.model import StepKind
from tests.bot.phone import Phone

ID = "abcdefghijklmnopqrst-_"  # 22 letters, as `new_screen_id` makes them
SEVERAL = (StepKind.MULTI, StepKind.RANK)


def screen(kind: StepKind = StepKind.MULTI, options: int = 5, **asked) -> Screen:
    shown = tuple(Option(f"k{number}", f"Choix numéro {number}") for number in range(options))
    return Screen(ID, Asked(kind, "?", shown, **{"minimum": 1, "maximum": options, **asked}))


def named(*labels: str, kind: StepKind = StepKind.CHOICE, **asked) -> Screen:
    return Screen(ID, Asked(kind, "?", tuple(Option(label, label) for label in labels), **asked))


def buttons(rows: list[list[Button]]) -> list[Button]:
    return list(chain.from_iterable(rows))


def labels(rows: list[list[Button]]) -> list[str]:
    return [button.label for button in buttons(rows)]


def touch(rows: list[list[Button]], label: str) -> Touch:
    """What touching the button of that label means."""
    (found,) = [button for button in buttons(rows) if button.label == label]
    meant = touched(found.data)
    assert meant is not None
    return meant


def ticking(shown: Screen, *names: str) -> Touch:
    """Touch one option after the other, each time on the board drawn anew."""
    state = Touch(ID)
    for name in names:
        rows = board(shown, state.picked, state.page)
        (label,) = [one for one in labels(rows) if one.endswith(name)]
        state = touch(rows, label)
    return state


# ---------------------------------------------------------------- what a button carries


@pytest.mark.parametrize("kind", SEVERAL)
def test_a_button_carries_62_bytes_at_most_when_everything_is_ticked(kind):
    every = tuple(range(36))
    rows = [board(screen(kind, 36), every[:number], page) for number in range(37) for page in range(4)]

    longest = max(len(button.data.encode()) for button in buttons(list(chain.from_iterable(rows))))
    assert longest == 62


@given(
    kind=st.sampled_from([*SEVERAL, StepKind.CHOICE, StepKind.SCALE, StepKind.REACTIONS]),
    picked=st.lists(st.integers(0, 35), unique=True),
    options=st.integers(0, 36),
    page=st.integers(-2, 6),
    minimum=st.integers(0, 5),
)
def test_every_button_of_a_board_means_what_it_says(kind, picked, options, page, minimum):
    picked = tuple(one for one in picked if one < options) if kind in SEVERAL else ()
    shown = screen(kind, options, minimum=minimum)
    pages = max(1, -(-options // keyboard.PAGE))
    page_shown = min(max(page, 0), pages - 1)
    expected: list[Touch] = []
    for index in range(page_shown * 10, min(options, page_shown * 10 + 10)):
        if kind not in SEVERAL:
            expected.append(Touch(ID, Press(ID, (index,))))
        elif index in picked:
            expected.append(Touch(ID, None, tuple(one for one in picked if one != index), page_shown))
        else:
            expected.append(Touch(ID, None, (*picked, index), page_shown))
    expected += [
        Touch(ID, None, picked, other)
        for other in (page_shown - 1, page_shown + 1)
        if 0 <= other < pages and pages > 1
    ]
    if kind in SEVERAL and len(picked) >= max(1, minimum):
        expected.append(Touch(ID, Press(ID, picked)))
    expected += [Touch(ID, Text("passer", ID)), Touch(ID, Text("retour", ID))]

    assert [touched(one.data) for one in buttons(board(shown, picked, page))] == expected


@given(st.text(max_size=80))
def test_random_text_never_raises(text):
    assert touched(text) is None or touched(text).screen == text[:22]  # type: ignore[union-attr]


@given(
    st.from_regex(r"[A-Za-z0-9_-]{22}\.[ptvgcx][0-9a-z]{0,40}\.[0-9a-z]?", fullmatch=True),
    st.integers(0, 36),
    st.sampled_from([*SEVERAL, StepKind.CHOICE]),
)
def test_a_forged_button_is_nothing_or_a_touch_that_can_be_drawn(data, options, kind):
    meant = touched(data)

    if meant is None:
        return
    shown = screen(kind, options)
    drawn = board(shown, meant.picked, meant.page)
    assert all(touched(button.data) is not None for button in buttons(drawn))
    if any(index >= options for index in meant.picked):
        assert keyboard.too_many(shown, meant.picked)


@pytest.mark.parametrize(
    "data",
    ["", "x", f"{ID}.", f"{ID}.p.", f"{ID}.v.", f"{ID}.t12.", f"{ID}.g1.", f"{ID}.c.2", f"{ID}.c.", f"{ID}.z.1",
     f"{ID}.p.A", f"{ID}.p.é", f"{ID}.p.١", f"{ID}.p.1\n", f"x{ID}.p.1", f"{ID}.p.11"],
)  # fmt: skip
def test_what_no_board_carries_means_nothing(data):
    assert touched(data) is None


# ---------------------------------------------------------------- one choice


def test_a_choice_is_one_touch():
    rows = board(named("Trop bien", "Bof"))

    assert labels(rows) == ["Trop bien", "Bof", "Passer", "Retour"]
    assert touch(rows, "Bof").body == Press(ID, (1,))


def test_an_earlier_choice_is_ticked_and_can_be_made_again():
    rows = board(named("Trop bien", "Bof", current=("Bof",)))

    assert labels(rows)[:2] == ["Trop bien", "✓ Bof"]
    assert touch(rows, "✓ Bof").body == Press(ID, (1,))


def test_skip_and_back_are_the_words_themselves():
    rows = board(named("Oui"))

    assert rows[-1][0].label == "Passer"
    assert touch(rows, "Passer").body == Text("passer", ID)
    assert touch(rows, "Retour").body == Text("retour", ID)


@pytest.mark.parametrize(("words", "skippable"), [(False, True), (True, False)])
def test_skip_and_back_may_be_left_out(words, skippable):
    assert labels(board(named("Oui", skippable=skippable), words=words)) == ["Oui"]


def test_a_question_for_words_has_no_options():
    assert labels(board(named(kind=StepKind.TEXT))) == ["Passer", "Retour"]


# ---------------------------------------------------------------- several


def test_ticks_keep_the_order_of_the_person():
    state = ticking(screen(), "numéro 3", "numéro 0", "numéro 4")

    assert state == Touch(ID, None, (3, 0, 4), 0)
    assert labels(board(screen(), state.picked))[:5] == [
        "✓ Choix numéro 0", "Choix numéro 1", "Choix numéro 2", "✓ Choix numéro 3", "✓ Choix numéro 4"]  # fmt: skip


def test_a_rank_is_numbered_and_closes_its_gaps():
    shown = screen(StepKind.RANK)
    state = ticking(shown, "numéro 3", "numéro 0", "numéro 4")
    before = labels(board(shown, state.picked))[:5]
    after = ticking(shown, "numéro 3", "numéro 0", "numéro 4", "numéro 3")

    assert before == [
        "2. Choix numéro 0", "Choix numéro 1", "Choix numéro 2", "1. Choix numéro 3", "3. Choix numéro 4"]  # fmt: skip
    assert labels(board(shown, after.picked))[:5] == [
        "1. Choix numéro 0", "Choix numéro 1", "Choix numéro 2", "Choix numéro 3", "2. Choix numéro 4"]  # fmt: skip


@pytest.mark.parametrize("kind", SEVERAL)
@pytest.mark.parametrize(("minimum", "first"), [(0, 1), (1, 1), (3, 3)])
def test_a_choice_of_several_is_ended_from_the_minimum_on(kind, minimum, first):
    shown = screen(kind, minimum=minimum)
    ends = [
        [button.label for button in buttons(board(shown, range(number))) if button.strong]
        for number in range(6)
    ]

    assert ends == [[f"Valider ({number})"] if number >= first else [] for number in range(6)]
    assert touch(board(shown, (4, 0, 2)), "Valider (3)").body == Press(ID, (4, 0, 2))


def test_only_the_end_of_a_choice_is_strong():
    assert [one.label for one in buttons(board(screen(), (1,))) if one.strong] == ["Valider (1)"]
    assert not any(one.strong for one in buttons(board(named("Oui", "Non"))))


def test_an_earlier_answer_is_ticked_in_its_order_and_can_be_changed():
    shown = screen(StepKind.RANK, current=("k2", "gone", "k0"))
    rows = board(shown)

    assert labels(rows)[:3] == ["2. Choix numéro 0", "Choix numéro 1", "1. Choix numéro 2"]
    assert touch(rows, "1. Choix numéro 2").picked == (0,)
    assert touch(rows, "Valider (2)").body == Press(ID, (2, 0))


def test_everything_unticked_is_not_the_earlier_answer():
    shown = screen(current=("k2",))
    state = touch(board(shown), "✓ Choix numéro 2")

    assert state.picked == ()
    assert "Choix numéro 2" in labels(board(shown, state.picked, state.page))


@pytest.mark.parametrize(
    ("picked", "told"),
    [((), False), ((0,), False), ((0, 1, 2), False), ((0, 1, 2, 3), True), ((5,), True), ((-1,), True)],
)
def test_more_than_may_be_ticked_is_noticed(picked, told):
    assert keyboard.too_many(screen(minimum=2, maximum=3), picked) is told


def test_where_nothing_is_said_about_how_many_one_is_enough():
    shown = screen(minimum=0, maximum=0)

    assert [keyboard.too_many(shown, range(number)) for number in range(3)] == [False, False, True]


# ---------------------------------------------------------------- pages


def test_twenty_three_options_are_three_pages():
    shown = screen(options=23)
    seen = [labels(board(shown, (), page, words=False)) for page in range(3)]

    assert [[one for one in page if "numéro" in one] for page in seen] == [
        [f"Choix numéro {number}" for number in range(start, min(start + 10, 23))] for start in (0, 10, 20)
    ]
    assert [[one for one in page if "numéro" not in one] for page in seen] == [
        ["Suite ▶"], ["◀ Avant", "Suite ▶"], ["◀ Avant"]]  # fmt: skip


def test_turning_pages_keeps_what_is_ticked():
    shown = screen(StepKind.RANK, options=23, minimum=2)
    state = ticking(shown, "numéro 4", "Suite ▶", "Suite ▶", "numéro 22", "◀ Avant", "numéro 15")

    assert state == Touch(ID, None, (4, 22, 15), 1)
    assert "3. Choix numéro 15" in labels(board(shown, state.picked, state.page))
    back = ticking(shown, "numéro 4", "Suite ▶", "numéro 15", "◀ Avant")
    assert (back.page, back.picked) == (0, (4, 15))
    assert touch(board(shown, back.picked, back.page), "Valider (2)").body == Press(ID, (4, 15))


def test_an_earlier_answer_far_behind_is_on_show():
    shown = screen(options=23, current=("k17",))

    assert "✓ Choix numéro 17" in labels(board(shown))
    assert "✓ Choix numéro 17" not in labels(board(shown, (17,), 0))


@pytest.mark.parametrize(("asked", "first"), [(-3, "Choix numéro 0"), (9, "Choix numéro 20")])
def test_a_page_that_is_not_there_is_the_nearest(asked, first):
    assert labels(board(screen(options=23), (), asked))[0] == first


# ---------------------------------------------------------------- rows


@pytest.mark.parametrize(
    ("names", "widths"),
    [
        (("1", "2", "3", "4", "5"), [5]),
        (("3e", "4e", "5e", "6e", "autr", "1re"), [5, 1]),
        (("Trop bien", "Pourquoi pas", "Bof"), [2, 1]),
        (("Oui", "quatorze leett"), [2]),
        (("Oui", "quinze lettress"), [1, 1]),
    ],
)
def test_short_labels_stand_beside_each_other(names, widths):
    assert [len(row) for row in board(named(*names), words=False)] == widths


# ---------------------------------------------------------------- a whole conversation


def test_somebody_with_nothing_but_buttons_comes_through(sqlite_services):
    phone = Phone(sqlite_services)
    phone.hello()
    for label in ("16 à 18 ans", "Passer", "Sans préciser", "Textes normaux", "3e", "D'accord"):
        assert phone.screen is not None
        body = touch(board(phone.screen), label).body
        assert body is not None
        phone.send(body)

    assert phone.person is not None
    assert "Mes cartes finies" in phone.labels
