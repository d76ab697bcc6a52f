"""One message of a person, through the house: one transaction, all of its effects or none."""

from dataclasses import replace

from bot.application import asides, effects, invited, leaving, reminders, replies, waking
from bot.application import conversation as talk
from bot.application import late as waiting
from bot.application.desk import Desk
from bot.application.messages import Answer, Incoming, View
from bot.application.scene import Scene
from bot.application.services import Services
from bot.application.views import desk_of, messages_of
from dialogues.profile import VARIABLES
from storage import conversations, inbox, outbox, people
from storage.conversations import Conversation
from storage.people import Person
from storage.unit_of_work import UnitOfWork


class UnknownPerson(LookupError):  # noqa: N818 -- says what happened, like the others
    """The address belongs to nobody who agreed: it is a visit."""


def handle(services: Services, incoming: Incoming, row: int | None = None) -> Answer:
    """Let one message have its effects. A second delivery of the same one changes nothing.

    `row`: its number in the inbox, where it came by one; it waits no longer once this is committed.

    Raises UnknownPerson, or a `storage.errors` error with nothing kept.
    """
    with services.database.begin() as uow:
        person, held = _held(uow, incoming, row)
        if conversations.already_seen(uow, incoming.channel, f"{person.id} {incoming.key}"):
            return Answer(View((), desk_of(held).screen), person=person.id)
        scene = open_scene(services, uow, person, held, incoming)
        talk.receive(scene, incoming.body)
        return close_scene(scene, person, held)


def tell(services: Services, incoming: Incoming, key: str, row: int | None = None) -> Answer:
    """Answer a message of a person with a service sentence; their page goes on waiting. UnknownPerson for nobody."""
    with services.database.begin() as uow:
        person, held = _held(uow, incoming, row)
        scene = open_scene(services, uow, person, held, incoming)
        scene.say(key)
        return close_scene(scene, person, held, asked_for=False)


def late(services: Services, incoming: Incoming, row: int | None = None, *, last: bool) -> Answer:
    """A message that was written long before it came; `last`: no other of this person waits. UnknownPerson for nobody."""
    with services.database.begin() as uow:
        person, held = _held(uow, incoming, row)
        if conversations.already_seen(uow, incoming.channel, f"{person.id} {incoming.key}"):
            return Answer(View((), desk_of(held).screen), person=person.id)
        scene = open_scene(services, uow, person, held, incoming)
        waiting.receive(scene, incoming, last=last)
        return close_scene(scene, person, held, asked_for=False)


def joined(services: Services, incoming: Incoming) -> Answer:
    """A second channel was joined: say so there, and show the step at which the person stands on the first."""
    with services.database.begin() as uow:
        person, held = _held(uow, incoming)
        scene = open_scene(services, uow, person, held, incoming)
        scene.say("link_joined")
        asides.show_again(scene)
        return close_scene(scene, person, held, asked_for=False)


def _held(uow: UnitOfWork, incoming: Incoming, row: int | None = None) -> tuple[Person, Conversation]:
    """Whoever wrote, locked, and what is kept of the conversation. UnknownPerson for nobody."""
    person = people.find(uow, incoming.channel, incoming.address)
    if row is not None:  # after the person's lock, in the order in which updates are kept
        inbox.done(uow, row)
    if person is None:
        raise UnknownPerson(incoming.channel)
    return person, conversations.load(uow, person)


def open_scene(
    services: Services,
    uow: UnitOfWork,
    person: Person,
    held: Conversation,
    incoming: Incoming | None = None,
    channel: str = "",
) -> Scene:
    """A scene over what is kept of the person."""
    return Scene(
        services=services,
        channel=incoming.channel if incoming else channel,
        seed=person.id,
        now=uow.now,
        desk=desk_of(held),
        profile=held.profile,
        uow=uow,
        person=person.id,
        message_key=incoming.key if incoming else uow.now.isoformat(),
    )


def close_scene(scene: Scene, person: Person, held: Conversation, *, asked_for: bool = True) -> Answer:
    """Write everything the scene gathered, and wake whoever follows the person.

    `asked_for` is False when the bot opened the page: nobody is reminded of what they did not begin.
    """
    uow = scene.uow
    if uow is None:
        raise ValueError("a visit is not written")
    uow.after_commit(lambda: scene.services.bus.publish(person.id))
    if scene.erase:
        leaving.erase(uow, person.id)
        return Answer(View(tuple(scene.messages)), notice=scene.micro("erased"))
    _keep_pages(scene)
    conversations.save(uow, remember(held, scene.desk))
    began = asked_for and bool(scene.started) and scene.desk.run is not None
    reminders.after_turn(scene.services, uow, person.id, scene.profile, scene.changed, began=began)
    if scene.detach:  # what was said is shown by whoever holds the line: there is no address any more
        people.detach(uow, person.id, scene.channel)
        outbox.cancel_channel(uow, person.id, scene.channel, "the person left this channel")
    else:
        replies.enqueue(scene, uow, person.id)
    if scene.kind == "reminder" and scene.channel == people.WEB:
        waking.wake(uow, person.id, scene.message_key)
    added = conversations.keep_turn(uow, person, _to_keep(scene), scene.messages)
    known = None if scene.detach else person.id
    return Answer(View(messages_of(added), scene.desk.screen), person=known, notice=scene.notice)


def remember(held: Conversation, desk: Desk) -> Conversation:
    """The conversation to save for this desk."""
    raw = desk.to_json()
    return replace(held, state=raw.pop("run"), memo=raw)


def _to_keep(scene: Scene) -> dict[str, object]:
    """Only variables that the register knows as stored: what an errand brought stays with its page."""
    return {
        name: value for name, value in scene.changed.items() if name in VARIABLES and VARIABLES[name].stored
    }


def _keep_pages(scene: Scene) -> None:
    """The source of each page begun, once per process: learners stay on the version they began."""
    services = scene.services
    for digest in scene.started:
        page = services.library.version(digest)
        if page is not None and digest not in services.kept_versions and scene.uow is not None:
            conversations.keep_version(scene.uow, digest, page.id, page.source)
            scene.uow.after_commit(lambda digest=digest: services.kept_versions.add(digest))  # type: ignore[misc]


def invite(services: Services, uow: UnitOfWork, person: Person, text: str, channel: str = "web") -> None:
    """Write first, with the ways to be left alone always there. Somebody who is talking right now only reads it."""
    held = conversations.load(uow, person)
    scene = open_scene(services, uow, person, held, channel=channel)
    scene.kind = "reminder"
    invited.invite(scene, text)
    close_scene(scene, person, held, asked_for=False)


def open_page(
    services: Services,
    uow: UnitOfWork,
    person: Person,
    page: str,
    entry: str,
    text: str,
    channel: str = "web",
) -> bool:
    """Say a text, then open a page at one of its entries for a person who is in no dialogue (a planned step's day...).

    False, with only the text said, when the person is in the middle of something: never thrown out of it.
    """
    held = conversations.load(uow, person)
    scene = open_scene(services, uow, person, held, channel=channel)
    scene.kind = "reminder"
    scene.add("text", {"text": text})
    free = scene.desk.run is None
    if free:
        effects.begin(scene, page, entry)
    close_scene(scene, person, held, asked_for=False)
    return free
