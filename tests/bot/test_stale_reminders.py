"""Whatever staff and learners do and whenever the platform is away: nothing that waits or is on its way is out of date."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from bot.application import agenda_words, event_times, happenings, planning, reminders, taking_part
from bot.application.rights import OPERATOR
from bot.application.services import Services
from storage import agenda, conversations, gatherings, outbox, participations, people
from storage.agenda import Status
from storage.gatherings import Details, Gathering, Kind
from storage.participations import Standing
from tests.bot.phone import queue
from tests.support.databases import Clock

CHOICES = st.sampled_from(("eve", "more", "none"))


class Afternoons(RuleBasedStateMachine):
    """One learner on a platform that is often away, two gatherings, and staff who change their minds."""

    services: Services
    clock: Clock
    number = 0

    def __init__(self) -> None:
        super().__init__()
        Afternoons.number += 1
        self.clock.now = datetime.fromisoformat("2026-10-07T14:00:00+00:00")
        with self.services.database.begin() as uow:
            uow.connection.execute(text("DELETE FROM outbox"))
            uow.connection.execute(text("DELETE FROM reminders"))
            self.person = people.create(uow, "telegram", str(self.number)).id
            conversations.note(
                uow, self.person, {"consent.reminder_slot": "week_17h", "user.age_band": "13-15"}
            )
            self.held = [self._enter(uow, name, days) for name, days in (("Alpha", 3), ("Beta", 5))]
            for one in self.held:
                taking_part.sign_up(uow, self.person, one, reminders="eve")

    def _enter(self, uow, name: str, days: int) -> str:
        starts = planning.wall(uow.now).replace(minute=0) + timedelta(days=days)
        details = Details(Kind.LAB, f"{name} {self.number}", starts, starts + timedelta(hours=2))
        return happenings.add(uow, OPERATOR, details).id

    def _of(self, which: int) -> Gathering:
        with self.services.database.read() as uow:
            found = gatherings.get(uow, self.held[which])
        assert found is not None
        return found

    @rule(which=st.sampled_from((0, 1)), choice=CHOICES)
    def signs_up(self, which, choice):
        with self.services.database.begin() as uow:
            taking_part.sign_up(uow, self.person, self.held[which], reminders=choice)

    @rule(which=st.sampled_from((0, 1)))
    def leaves(self, which):
        with self.services.database.begin() as uow:
            taking_part.leave(uow, self.person, self.held[which])

    @rule(which=st.sampled_from((0, 1)), choice=CHOICES)
    def chooses_reminders(self, which, choice):
        with self.services.database.begin() as uow:
            taking_part.remind(uow, self.person, self.held[which], choice)

    @rule(which=st.sampled_from((0, 1)), days=st.integers(-2, 4), hours=st.integers(-3, 3))
    def staff_move(self, which, days, hours):
        held = self._of(which)
        by, details = timedelta(days=days, hours=hours), held.details
        there = replace(details, local_starts=details.local_starts + by, local_ends=details.local_ends + by)
        if held.planned and there.local_starts > planning.wall(self.clock.now):
            with self.services.database.begin() as uow:
                happenings.change(uow, OPERATOR, held, there)

    @rule(which=st.sampled_from((0, 1)))
    def staff_cancel_or_restore(self, which):
        held = self._of(which)
        if held.starts_at <= self.clock.now:
            return
        with self.services.database.begin() as uow:
            (happenings.cancel if held.planned else happenings.restore)(uow, OPERATOR, held)

    @rule(hours=st.sampled_from((1, 3, 24)))
    def time_passes(self, hours):
        for _ in range(hours):
            self.clock.move(hours=1)
            reminders.send_due(self.services)

    @rule(which=st.sampled_from((0, 1)), hours=st.sampled_from((0, 1, 2)))
    def it_is_the_eve(self, which, hours):
        held = self._of(which)
        eve = held.details.local_starts.replace(hour=17) - timedelta(days=1) + timedelta(hours=hours)
        if agenda.instant(eve) > self.clock.now:
            self.clock.now = agenda.instant(eve)
            reminders.send_due(self.services)

    @rule()
    def the_platform_is_too_late(self):
        with self.services.database.begin() as uow:
            outbox.expire(uow)
        reminders.call_back_late(self.services)

    @precondition(lambda self: bool(queue(self.services)))
    @rule()
    def the_platform_is_back(self):
        with self.services.database.begin() as uow:
            uow.connection.execute(text("UPDATE outbox SET state = 'sent' WHERE state = 'queued'"))

    @invariant()
    def nothing_that_waits_is_out_of_date(self):
        held = {one.id: one for one in map(self._of, (0, 1))}
        with self.services.database.read() as uow:
            closed = planning.holidays(uow)
            for row in agenda.of_person(uow, self.person):
                if row.kind != "gathering" or row.status not in (Status.PLANNED, Status.SNOOZED):
                    continue
                one = held[row.source.partition(":")[2]]
                part = participations.get(uow, one.id, self.person)
                assert part is not None
                assert one.planned
                assert part.standing is Standing.GOING
                codes = [
                    code
                    for code, _ in event_times.moments(
                        one.details.kind, one.details.local_starts, part.reminders, closed
                    )
                ]
                assert row.body["code"] in codes
                assert row.local_at <= max(
                    one.details.local_starts, planning.wall(uow.now) + timedelta(days=1)
                )

    @invariant()
    def nothing_on_its_way_is_out_of_date(self):
        on_its_way = [
            str(row.body["text"]) for row in queue(self.services) if row.state.value in ("queued", "retry")
        ]
        for one in map(self._of, (0, 1)):
            when = agenda_words.when(one, planning.wall(self.clock.now).date())
            for said in (said for said in on_its_way if one.details.title in said):
                assert "n’aura pas lieu" in said if not one.planned else when in said, (said, when)


def never_out_of_date(services: Services, clock: Clock, examples: int, steps: int) -> None:
    """Try so many afternoons of so many acts."""
    Afternoons.services, Afternoons.clock = services, clock
    check = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Afternoons, settings=check)


def test_nothing_is_ever_out_of_date(services, clock):
    never_out_of_date(services, clock, 25 if services.database.kind == "sqlite" else 8, 12)
