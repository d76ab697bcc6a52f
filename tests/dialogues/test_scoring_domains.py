"""What was felt in the themes: the published rule, whatever the log holds."""

import pytest

from dialogues.scoring.domains import felt


@pytest.mark.parametrize(
    ("log", "wanted"),
    [
        ([{"domain": "animation", "energy": 4}], {"animation": 4.0}),
        ([{"domain": "animation", "energy": 4, "again": "deeper"}], {"animation": 4.5}),
        ([{"domain": "animation", "energy": 5, "again": "stop"}], {"animation": 3.0}),
        ([{"domain": "animation", "energy": 2, "again": "pause"}], {"animation": 2.0}),
        ([{"domain": "animation", "energy": 2, "again": "other"}], {"animation": 2.0}),
        (
            [{"domain": "a", "energy": 1}, {"domain": "a", "energy": 4}, {"domain": "b", "energy": 5}],
            {"a": 2.5, "b": 5.0},
        ),
        ([{"domain": "a", "intention": "make"}], {"a": 4.0}),
        ([{"domain": "a", "intention": "people"}], {}),  # says nothing of the theme
        ([{"domain": "a", "know": "fear"}], {}),  # being afraid is held against nobody
    ],
)
def test_the_mean_of_energies_and_wishes(log, wanted):
    assert felt(log) == wanted


def test_what_was_lived_replaces_what_was_declared():
    declared = {"domain": "a", "intention": "tool"}

    assert felt([declared, {"domain": "a", "energy": 1}]) == {"a": 1.0}


@pytest.mark.parametrize("odd", [None, "x", {}, [None, 3, "x"], [{"energy": 4}], [{"domain": "a", "energy": 9}],
                                 [{"domain": "a", "energy": True}], [{"domain": "a", "energy": "4", "again": 3}]])  # fmt: skip
def test_what_is_damaged_is_left_out(odd):
    assert felt(odd) == {}
