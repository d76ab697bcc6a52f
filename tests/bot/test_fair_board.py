"""Numbers of the fair's board: nobody can be recognised by watching them grow."""

from hypothesis import given
from hypothesis import strategies as st

from bot.application import fair_board
from bot.application.rights import OPERATOR
from bot.application.services import Services
from storage import erasure, stands
from storage.gatherings import Kind
from storage.stands import FEWEST
from tests.bot.happening import gathering, learners
from tests.support.databases import Clock


@given(st.lists(st.integers(-3, 12), max_size=60))
def test_each_change_stands_for_five_people_and_none_is_shown_under_ten(coming: list[int]) -> None:
    people, shown, base, changed_at = 0, 0, 0, 0
    for more in coming:
        people = max(0, people + more)
        now, base = fair_board.step(shown, base, people)
        assert now >= shown  # somebody who takes it back does not show
        if now != shown:
            assert people >= FEWEST
            assert now % fair_board.STEP == 0
            assert now <= people
            assert people - changed_at >= (fair_board.STEP if shown else FEWEST)
            changed_at = people
        shown = now


def test_the_board_counts_every_five_minutes_and_forgets_nobody_into_view(services: Services, clock: Clock):
    held = gathering(services.database, Kind.FAIR)
    with services.database.begin() as uow:
        stands.put(uow, held.id, [stands.Stand("HEPL", "A12", id="s1")])
    people = learners(services.database, 16)
    with services.database.begin() as uow:
        for person in people[:14]:
            stands.ask(uow, held.id, person, [("cost", ""), ("level", "s1")])

    def board() -> fair_board.Board:
        with services.database.begin() as uow:
            return fair_board.of(uow, OPERATOR, held)

    assert [(one.topic, one.people) for one in board().topics] == [("cost", 10), ("level", 10)]
    assert [(name, spot) for name, spot, _asked in board().by_stand] == [("HEPL", "A12")]
    with services.database.begin() as uow:
        for person in people[14:]:
            stands.ask(uow, held.id, person, [("cost", "")])
    assert board().topics[0].people == 10
    clock.move(minutes=5)
    assert board().topics[0].people == 10  # sixteen, but only two came since
    with services.database.begin() as uow:
        for person in people[:8]:
            erasure.erase(uow, person)
    clock.move(minutes=5)
    assert board().topics[0].people == 10
    assert board().people == 10
