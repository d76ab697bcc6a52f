"""The moment a visit becomes a person, and what must be true for it."""

from bot.application import effects, taking_part
from bot.application.messages import Answer, Incoming, View, Visit
from bot.application.scene import Scene
from bot.application.turns import close_scene
from bot.application.views import desk_of
from storage import conversations, groups, people

VERSION = "2026-11"  # of the words under which consent is asked


def given(scene: Scene) -> bool:
    """Whether « d'accord » was said by somebody who may say it: at 12, an adult must have agreed before."""
    profile = scene.profile
    if profile.get("consent.self") is not True:
        return False
    return str(profile.get("user.age_band")) != "12" or profile.get("consent.parent") == "yes"


def enrol(scene: Scene, visit: Visit, incoming: Incoming) -> Answer:
    """Keep the visit as a person, in one transaction. A second « d'accord » of the same visit finds that person."""
    services = scene.services
    with services.database.begin() as uow:
        known = people.get(uow, visit.address, lock=True)
        if known is not None:
            screen = desk_of(conversations.load(uow, known)).screen
            return Answer(View((), screen), person=known.id, enrolled=True)
        address = "" if incoming.channel == people.WEB else incoming.address
        person = people.create(uow, incoming.channel, address, person_id=visit.address)
        scene.uow, scene.person = uow, person.id
        scene.note("consent.version", VERSION)
        scene.note("consent.at", scene.now.isoformat(timespec="seconds"))
        scene.changed = dict(scene.profile)
        said = scene.messages
        scene.messages = [*visit.messages, *said]
        scene.told = len(visit.messages)
        scene.started = [scene.desk.run.digest] if scene.desk.run else []
        group = groups.by_code(uow, visit.invitation) if visit.invitation else None
        if group is not None:
            groups.join(uow, group.id, person.id)
            taking_part.joined_group(uow, person.id, group.id)
        answer = close_scene(scene, person, conversations.load(uow, person))
    new = answer.view.messages[len(visit.messages) :]
    return Answer(View(new, answer.view.screen), person=person.id, enrolled=True, notice=answer.notice)


def continue_after_agreement(scene: Scene) -> None:
    """The adult has agreed: the conversation goes on at the name, and the learner is still asked."""
    effects.begin(scene, "onboarding_consent", "parent_ok")
