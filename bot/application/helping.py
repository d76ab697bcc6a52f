"""What the bot does when safety has read something: numbers first, one question, and the page left as it was."""

from bot.application import safety
from bot.application.desk import Aside
from bot.application.messages import Message
from bot.application.scene import Scene
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
        _ask(scene, safety.gentle_asked(scene.services.library), text)
    return True


def _open_case(scene: Scene, verdict: safety.Verdict, text: str) -> None:
    """A trace for the centre's own people; in a visit there is nobody to speak of, so none."""
    if scene.uow is None or scene.person is None:
        return
    words = text[:LONGEST_KEPT]
    cases.open_case(
        scene.uow, scene.person, level="L3", rule=",".join(verdict.rules)[:80],
        content={"text": words, "categories": list(verdict.categories)},
    )


def help_now(scene: Scene) -> None:
    """The numbers open at this hour, then one question. The page waits where it was."""
    _say(scene, safety.help_messages(scene.now, scene.services.settings, scene.services.library))
    _ask(scene, safety.confirm_asked(scene.services.library), "")


def say_people(scene: Scene) -> None:
    """Who can be reached, without promising anybody (the word `humain`)."""
    _say(scene, safety.people_messages(scene.now, scene.services.settings, scene.services.library))


def answered(scene: Scene, key: str) -> None:
    """The answer to the question under the help message, or to the gentle one."""
    scene.desk.safety = safety.answered(key, scene.desk.safety)
    services = scene.services
    _say(scene, safety.confirm_reply(key, scene.now, services.settings, services.library))


def _ask(scene: Scene, asked: Asked, text: str) -> None:
    scene.add("text", {"text": asked.prompt})
    scene.desk.aside = Aside("help", {"text": text})
    scene.ask(asked)


def _say(scene: Scene, messages: tuple[Message, ...]) -> None:
    for message in messages:
        scene.add(message.kind, dict(message.body))
