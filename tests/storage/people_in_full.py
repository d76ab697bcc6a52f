"""A person with a row in every table, whose every text carries a canary."""

from dataclasses import replace
from datetime import datetime

from storage import (
    agenda,
    attempts,
    cases,
    conversations,
    feeds,
    gatherings,
    groups,
    inbox,
    leases,
    link_codes,
    outbox,
    participations,
    people,
    products,
    pushes,
    requests,
    returns,
    sessions,
    stands,
    uploads,
)
from storage.database import Database
from storage.participations import Standing
from storage.people import Person

CANARY = "canari-jaune"


class Words:
    """A message with the canary in it."""

    side, kind, body = "me", "text", {"text": f"Bonjour {CANARY}"}


def full_person(database: Database, address: str = CANARY) -> Person:
    """A person in every table that can hold one."""
    with database.begin() as uow:
        person = people.create(uow, "telegram", address)
        sessions.open_session(uow, person.id)
        returns.give(uow, person.id)
        link_codes.give(uow, person.id)
        groups.join(uow, groups.create(uow, "Mercredi").id, person.id)
        request_id, _token = requests.open_request(uow, {"address": CANARY})
        requests.answer(uow, request_id, agreed=True, adult={"name": CANARY})
        requests.belongs_to(uow, request_id, person.id)
        conversations.already_seen(uow, "telegram", CANARY)
        conversations.note(uow, person.id, {"user.first_name": CANARY})
        conversations.save(uow, replace(conversations.load(uow, person), state={"data": {"text": CANARY}}))
        conversations.append_messages(uow, person, [Words(), Words()])
        inbox.put(uow, "telegram", CANARY, person.id, {"text": CANARY})
        uploads.add(uow, person.id, CANARY.encode(), "image/png", alt=CANARY)
        products.keep(uow, person.id, "interest_map", title=CANARY, text=CANARY, values={"own": CANARY})
        cases.open_case(uow, person.id, "L2", "rule", {"words": CANARY})
        agenda.plan(uow, "step", "step:1", person.id, datetime(2026, 10, 9, 17, 0), body={"text": CANARY})  # noqa: DTZ001
        details = gatherings.Details(
            gatherings.Kind.FAIR,
            "Forum",
            datetime(2026, 10, 10, 10),  # noqa: DTZ001
            datetime(2026, 10, 10, 16),  # noqa: DTZ001
        )
        fair = gatherings.add(uow, details)
        participations.put(
            uow,
            participations.Part(
                fair.id, person.id, Standing.ASKED, own=True, reminders="eve", motivation=CANARY,
                offer_until=None, asked_at=uow.now, updated_at=uow.now,
            ),
        )  # fmt: skip
        stands.ask(uow, fair.id, person.id, [("cost", "")])
        feeds.give(uow, person.id)
        pushes.put(uow, person.id, f"https://push.example/{CANARY}/{person.id}")
        row = outbox.NewRow("reply", "turn:1", person.id, "telegram", {"text": CANARY}, person_id=person.id)
        outbox.add(uow, [row])
        leases.hold(uow, "worker", "a")
        for one in outbox.claim(uow, "telegram", 10, "a"):
            attempts.start(uow, one.id, "a")
    return person
