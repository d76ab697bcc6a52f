import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogues.model import Comparison, Condition, Note, Repeat, StepKind, Target, TargetKind
from dialogues.parse import parse
from tests.dialogues.playing import page_source

WHOLE = """# Ce qui compte pour moi
`page values_cards` `tâche cristallisation` `champ soi` `durée 6 min` `âge 13-18`
> Intention : trier ce qui compte, nommer avec ses mots.
> En groupe : vente aux enchères.

## intro
Vingt-quatre cartes. On en garde cinq.
`simple` On garde cinq cartes.

## tour-1
Tour 1 : lesquelles comptent ?
`plusieurs value.kept 0-3 depuis values: freedom creativity helping`

## ranger
`si value.kept` Range-les : la plus importante d'abord.
`ordre value.ranking depuis value.kept max 5`

## choc
Si ça coince, tu gardes quoi ?
`choix value.tension`
- {value.ranking.1} `a` `si value.ranking`
- [Les deux, autrement](#carte) `both` `value.kept + les deux`
  Bonne idée : les deux peuvent vivre ensemble.

## carte
`carte values_card` Ta carte : {value.ranking}.
Ça peut bouger.

## suite
On s'en sert ?
- [Ranger des métiers](job_sort.md)
- [C'est bon](#fin)
"""


def read(source):
    page, problems = parse(source, "essai.md")
    assert page is not None, [str(problem) for problem in problems]
    return page


def moment(body):
    return read(page_source(body)).moments[0]


def codes(body):
    page, problems = parse(page_source(body), "essai.md")
    assert (page is None) == bool(problems)
    return [(problem.code, problem.line - 3) for problem in problems]


def test_a_whole_page():
    page = read(WHOLE)
    assert (page.id, page.title, page.task, page.field) == (
        "values_cards",
        "Ce qui compte pour moi",
        "crystallization",
        "self",
    )
    assert (page.minutes, page.ages) == (6, (13, 18))
    assert page.intention == "trier ce qui compte, nommer avec ses mots."
    assert [one.name for one in page.moments] == ["intro", "tour-1", "ranger", "choc", "carte", "suite"]
    assert page.moments[0].bubbles[0].simple == "On garde cinq cartes."
    multi = page.moments[1].step
    assert (multi.kind, multi.variable, multi.minimum, multi.maximum) == (StepKind.MULTI, "value.kept", 0, 3)
    assert (multi.deck, multi.deck_keys) == ("values", ("freedom", "creativity", "helping"))
    assert page.moments[2].bubbles[0].condition == Condition("value.kept", Comparison.SET)
    assert page.moments[2].step.maximum == 5
    first, second = page.moments[3].choices
    assert (first.key, first.label, first.condition) == (
        "a",
        "{value.ranking.1}",
        Condition("value.ranking", Comparison.SET),
    )
    assert second.target == Target(TargetKind.MOMENT, "carte")
    assert second.notes == (Note("value.kept", "append", "les deux", 22),)
    assert second.replies[0].text == "Bonne idée : les deux peuvent vivre ensemble."
    assert page.moments[4].step.text == "Ta carte : {value.ranking}.\nÇa peut bouger."
    assert page.moments[5].step.kind is StepKind.SUITE
    assert [choice.key for choice in page.moments[5].choices] == ["job_sort", "fin"]


def test_the_digest_follows_every_character():
    assert read(WHOLE).digest == read(WHOLE).digest
    assert read(WHOLE).digest != read(WHOLE.replace("cinq", "six")).digest
    assert read(WHOLE).source == WHOLE


@pytest.mark.parametrize(
    ("line", "kind", "expected"),
    [
        ("`choix envie`\n- Oui `yes`", StepKind.CHOICE, {"variable": "envie"}),
        ("`choix`\n- Oui `yes`", StepKind.CHOICE, {"variable": None}),
        ("`choix job.domain depuis near.cards 3`", StepKind.CHOICE, {"deck": "near.cards", "count": 3}),
        ("`plusieurs a 1-2`\n- Oui\n- Non", StepKind.MULTI, {"minimum": 1, "maximum": 2, "deck": None}),
        (
            "`échelle book.entries.proud`\n- Un peu `1`\n- Bien `2`",
            StepKind.SCALE,
            {"variable": "book.entries.proud"},
        ),
        ("`texte project.title max 60`", StepKind.TEXT, {"max_chars": 60}),
        (
            "`texte value.definitions[value.ranking.1] max 160`",
            StepKind.TEXT,
            {"variable": "value.definitions[value.ranking.1]"},
        ),
        (
            "`liste meeting.questions 1-3 max 120`",
            StepKind.LIST,
            {"minimum": 1, "maximum": 3, "max_chars": 120},
        ),
        (
            "`réactions interest.item_ratings depuis interest_items 6`",
            StepKind.REACTIONS,
            {"deck": "interest_items", "count": 6},
        ),
        (
            "`réactions near.reactions depuis near.cards 4 mélangé`",
            StepKind.REACTIONS,
            {"shuffled": True, "count": 4},
        ),
        ("`duels interest.item_ratings depuis interest_duels 15`", StepKind.DUELS, {"count": 15}),
        ("`tri job.groups depuis job.seen max 12`", StepKind.SORT, {"maximum": 12}),
        ("`ordre value.ranking depuis value.kept max 5`", StepKind.RANK, {"maximum": 5}),
        ("`date action.list.due`", StepKind.DATE, {"variable": "action.list.due"}),
        ("`média project.link`", StepKind.MEDIA, {}),
        ("`carte book_page` Ta page.", StepKind.PRODUCT, {"name": "book_page", "text": "Ta page."}),
        ("`selon channel_allowed`\n- [ok](#m)", StepKind.ROUTE, {"name": "channel_allowed"}),
        ("`faire ask_parent`\n- [sent](#m)", StepKind.ERRAND, {"name": "ask_parent"}),
        ("`faire ask_parent`", StepKind.ERRAND, {}),
        ("- [Un autre](essai.md)\n- [Fini](#fin)", StepKind.SUITE, {}),
        ("- [Là](#m)\n- Ici", StepKind.CHOICE, {"variable": None}),
    ],
)
def test_every_kind_of_step(line, kind, expected):
    step = moment(f"## m\nQuestion ?\n\n{line}\n").step
    assert step.kind is kind
    assert {name: getattr(step, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("si x", Condition("x", Comparison.SET)),
        ("si pas user.accord", Condition("user.accord", Comparison.UNSET)),
        ("si x = 13-15", Condition("x", Comparison.EQUAL, "13-15")),
        ("si x = à deux", Condition("x", Comparison.EQUAL, "à deux")),
        ("si value.kept contient freedom", Condition("value.kept", Comparison.CONTAINS, "freedom")),
        ("si n >= 2", Condition("n", Comparison.AT_LEAST, "2")),
        (
            "si job.reactions[job.id].appeal = love",
            Condition("job.reactions[job.id].appeal", Comparison.EQUAL, "love"),
        ),
    ],
)
def test_conditions_of_bubbles_moments_and_buttons(code, expected):
    read_bubble = moment(f"## m\n`{code}` Une bulle.\n")
    assert read_bubble.bubbles[0].condition == expected
    assert read_bubble.condition is None
    assert moment(f"## m\n`{code}`\n\nUne bulle.\n").condition == expected
    assert moment(f"## m\nOui ?\n- Oui `{code}`\n").choices[0].condition == expected


def test_codes_of_a_moment():
    read_moment = moment(
        "## m\n`entrée parent_ok` `pour chaque vie dans lives.list max 5`\n`nouveau book.entries` `value.kept = rien` `job.seen + {job.id}`\n"
        "`privé`\nAlors ?\n`texte vie.title max 20`\n`va #fin`\n\n## n\nA.\n",
    )
    assert read_moment.entry == "parent_ok"
    assert read_moment.repeat == Repeat("vie", "lives.list", 5)
    assert [(note.variable, note.operation, note.value) for note in read_moment.notes] == [
        ("book.entries", "open", ""),
        ("value.kept", "set", "rien"),
        ("job.seen", "append", "{job.id}"),
    ]
    assert read_moment.step.private
    assert read_moment.goto == Target(TargetKind.END)


def test_lines_of_a_paragraph_are_one_bubble_and_codes_begin_another():
    read_moment = moment(
        "## m\nUne idée\nsur deux lignes.\n`si x` Une autre\nqui continue.\n`simple` Facile\naussi.\n\nEncore une.\n"
    )
    assert [bubble.text for bubble in read_moment.bubbles] == [
        "Une idée sur deux lignes.",
        "Une autre qui continue.",
        "Encore une.",
    ]
    assert read_moment.bubbles[1].simple == "Facile aussi."
    assert [bubble.line for bubble in read_moment.bubbles] == [5, 7, 12]


def test_notes_for_colleagues_are_never_read():
    read_moment = moment("## m\n> Note interne `texte x`\n\nUne bulle.\n\n<!-- rien\nà voir -->\n\n---\n")
    assert [bubble.text for bubble in read_moment.bubbles] == ["Une bulle."]


def test_keys_are_made_from_labels():
    choices = moment("## m\nOui ?\n- C'est bon !\n- Ça m'a plu, à fond\n").choices
    assert [choice.key for choice in choices] == ["c_est_bon", "ca_m_a_plu_a_fond"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("## m\nUne bulle.\n`bizarre x`\n", [("unknown_code", 3)]),
        ("## m\nUne bulle.\n`texte x`\n", [("step_form", 3)]),
        ("## m\n`plusieurs x 3-1`\n- A\n- B\n", [("step_numbers", 2)]),
        ("## m\n`si x plus grand`\nBulle.\n", [("condition", 2)]),
        ("## m\n`si x >= beaucoup` Bulle.\n", [("condition", 2)]),
        ("## m\n`si a`\n`si b`\nBulle.\n", [("conditions", 3)]),
        ("## m\n`texte x max 5`\n`texte y max 5`\n", [("two_steps", 3)]),
        ("## m\n`texte x max 5`\n\nTrop tard.\n", [("words_after_step", 4)]),
        ("## m\nOui ?\n- Oui\n\nTrop tard.\n", [("words_after_step", 5)]),
        ("## m\nOui ?\n- Oui\nBien.\n", [("lazy_reply", 4)]),
        ("## m\nBulle `si x` au milieu.\n", [("code_inside", 2)]),
        ("## m\nBulle {accord: a | b}.\n", [("accord", 2)]),
        ("## m\nBulle {1 + 1}.\n", [("hole", 2)]),
        ("## m\n`simple` Facile.\n", [("simple_alone", 2)]),
        ("## m\nOui ?\n- [Là](https://ailleurs.be)\n", [("link", 3)]),
        ("## m\nOui ?\n- Oui `yes`\n- Ouais `yes`\n", [("duplicate_key", 4)]),
        ("## m\nOui ?\n- `yes`\n", [("item_empty", 3)]),
        ("## m\nOui ?\n- Oui `yes` et puis\n", [("item_words", 3)]),
        ("## m\n`échelle x`\n", [("no_items", 2)]),
        ("## m\n`texte x max 3`\n- Oui\n", [("items_unused", 3)]),
        ("## m\n`carte x`\n", [("card_empty", 2)]),
        ("## m\nA.\n\n## m\nB.\n", [("duplicate_moment", 4)]),
        ("## fin\nA.\n", [("moment_name", 1)]),
        ("## deux mots\nA.\n", [("moment_name", 1)]),
        ("### m\nA.\n", [("heading", 1), ("head", 2), ("no_moment", -2)]),
        ("## m\n```\ncode\n```\n", [("block", 2)]),
        ("## m\n`entrée x`\nA.\n", [("no_start", -2)]),
        ("## m\n`pour chaque x dans y`\nA.\n", [("repeat", 2)]),
        ("## m\n`va nulle part`\nA.\n", [("go", 2)]),
        ("- Oui\n\n## m\nA.\n", [("items_outside", 1)]),
    ],
)
def test_each_problem_has_its_code_and_line(body, expected):
    assert sorted(codes(body)) == sorted(expected)


def test_all_problems_come_at_once_in_the_order_of_lines():
    page, problems = parse("# T\n`page x` `tâche rien`\n\n## m\n`choux`\n\n## m\n`texte`\n", "x.md")
    assert page is None
    assert [(problem.line, problem.code) for problem in problems] == [
        (1, "head_missing"),
        (1, "head_missing"),
        (1, "head_missing"),
        (2, "head_code"),
        (5, "unknown_code"),
        (7, "duplicate_moment"),
        (8, "step_form"),
    ]
    assert all(problem.where == "x.md" and problem.message_fr.endswith(".") for problem in problems)
    assert str(problems[4]) == "x.md:5 unknown_code Je ne connais pas `choux`."


def check_result(source):
    page, problems = parse(source, "x")
    assert (page is None) == (len(problems) > 0)
    assert min((problem.line for problem in problems), default=1) >= 1
    assert "" not in {problem.message_fr for problem in problems}


@given(st.text(alphabet=st.sampled_from("#`[]()-> \nabsi={}|.:é0123*_<!\\\t\x00\ud800"), max_size=200))
@settings(max_examples=300, deadline=None)
def test_noise_never_raises(noise):
    check_result(noise)
    check_result(page_source("## m\n" + noise))


@given(st.integers(0, 10_000))
@settings(max_examples=250, deadline=None)
def test_damaged_pages_never_raise(seed):
    draw = random.Random(seed)  # noqa: S311 - repeatable damage
    text = list(WHOLE)
    for _ in range(draw.randint(1, 12)):
        place = draw.randrange(len(text))
        cut = draw.choice(["drop", "double", "swap", "insert", "line"])
        if cut == "drop":
            del text[place : place + draw.randint(1, 30)]
        elif cut == "double":
            text[place:place] = text[place : place + draw.randint(1, 60)]
        elif cut == "swap":
            text[place], text[-1 - place] = text[-1 - place], text[place]
        else:
            text[place:place] = draw.choice(
                ["`", "\n", "- ", "## ", "> ", "{", "](", "`si ", "\x00", "é", "  ", "| "]
            )
        text = text or ["x"]
    check_result("".join(text))


def test_very_deep_nesting_is_a_problem_not_a_crash():
    check_result(page_source("## m\n" + "> " * 3000 + "x\n"))
    check_result(page_source("## m\n" + "".join("  " * depth + "- x\n" for depth in range(300))))
