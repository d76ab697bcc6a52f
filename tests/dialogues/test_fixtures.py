"""What errands bring when a page is played alone."""

import pytest

from dialogues import fixtures
from dialogues.events import Requested
from dialogues.ports import PORTS


@pytest.mark.parametrize("port", PORTS.values(), ids=lambda port: port.name)
def test_every_outcome_of_every_port_is_made_up(port):
    made = fixtures.load().of(port.name)
    assert {each.outcome for each in made} == set(port.outcomes)
    assert set(made[0].values) == set(port.brings)


def test_a_script_goes_on_with_its_last_line():
    made = fixtures.load()
    script = fixtures.Script(made, {"plan_step": made.of("plan_step")})
    outcomes = [script(Requested("plan_step", {})).outcome for _ in range(3)]
    assert outcomes == ["planned", "undated", "undated"]


def test_where_a_page_goes_round_the_usual_outcomes_follow_one_another():
    script = fixtures.Script(fixtures.load())

    outcomes = [script(Requested("next_track", {})).outcome for _ in range(4)]

    assert outcomes == ["track", "track", "all", "all"]


@pytest.mark.parametrize(
    "text",
    [
        '[[le_cafe]]\noutcome = "chaud"\n',
        '[[plan_step]]\noutcome = "perdu"\n',
        '[[plan_step]]\noutcome = "planned"\n[plan_step.brings]\n"x.y" = 1\n',
    ],
)
def test_fixtures_that_fit_no_port_are_refused(text, tmp_path):
    (tmp_path / "fixtures.toml").write_text(text, encoding="utf-8")
    with pytest.raises(fixtures.FixtureError):
        fixtures.load(tmp_path)
