"""What the bot does when safety has read something: numbers first, one question, and the page left as it was."""

from bot.application import safety, safety_words
from bot.application.desk import Aside
from bot.application.messages import Message
from bot.application.scene import Scene
from careers.helplines import open_lines
from dialogues.events import Asked
from storage import cases

HELP, GENTLE = 2, 1
LONGEST_KEPT = 4_000  # characters of a text that raised a case


def read_first(scene: Scene, text: str) -> bool:
    """Let safety read a text, whatever the state. True when it answered and nothing else should."""
    verdict = safety.read(text, scene.now, scene.desk.safety)
    scene.desk.safety = dict(verdict.state)
    if verdict.level < GENTLE:
        return False
    scene.add("text", {"text": text.strip()[:LONGEST_KEPT]}, side="me")
    if verdict.level >= HELP:
        _open_case(scene, verdict, text)
        help_now(scene)
    else:
        _ask(scene, safety_words.gentle_asked(scene.services.library), text)
    return True


def _open_case(scene: Scene, verdict: safety.Verdict, text: str) -> None:
    """A trace for the centre's own people; in a visit there is nobody to speak of, so none."""
    if scene.uow is None or scene.person is None:
        return
    words = text[:LONGEST_KEPT]
    cases.open_case(
        scene.uow,
        scene.person,
        level="L3",
        rule=",".join(verdict.rules)[:80],
        content={"text": words, "categories": list(verdict.categories)},
    )


def help_now(scene: Scene, *, by_word: bool = False) -> None:
    """The numbers open at this hour, then one question. The page waits where it was.

    `by_word`: the person typed SOS, and is answered as somebody who asked, not as somebody who was read.
    """
    services = scene.services
    messages = safety_words.help_messages(
        scene.context().now, services.settings, services.library, visit=scene.visiting
    )
    if by_word:
        scene.say("sos_ack_word")
        messages = messages[1:]
    _say(scene, messages)
    _ask(scene, safety_words.confirm_asked(services.library), "")


def say_people(scene: Scene) -> None:
    """Who can be reached, without promising anybody (the word `humain`)."""
    settings = scene.services.settings
    scene.say("human_none")
    if settings.centre_contact:
        scene.say("human_contact", centre=settings.centre_name, contact=settings.centre_contact)
    else:
        scene.say("human_contact_none", centre=settings.centre_name)
    lines = open_lines(scene.context().now)
    scene.add(
        "lines",
        {
            "title": scene.micro("human_lines"),
            "lines": [
                {"name": one.name, "number": one.number, "hours": one.hours, "url": one.url} for one in lines
            ],
        },
    )


def answered(scene: Scene, key: str) -> None:
    """The answer to the question under the help message, or to the gentle one."""
    scene.desk.safety = safety.answered(key, scene.desk.safety)
    services = scene.services
    _say(scene, safety_words.confirm_reply(key, scene.context().now, services.settings, services.library))


def _ask(scene: Scene, asked: Asked, text: str) -> None:
    scene.add("text", {"text": asked.prompt})
    scene.desk.aside = Aside("help", {"text": text})
    scene.ask(asked)


def _say(scene: Scene, messages: tuple[Message, ...]) -> None:
    for message in messages:
        scene.add(message.kind, dict(message.body))
