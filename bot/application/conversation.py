"""What happens, in order, when one message arrives: safety, the bot's own questions, commands, the page."""

from bot.application import asides, commands, effects, helping, kept, linking, smalltalk, whys
from bot.application.messages import Body, Hello, Odd, Picture, Press, Text
from bot.application.scene import Scene
from bot.application.uploads import UploadError
from dialogues import understand
from dialogues.events import Attached, Picked, Typed
from dialogues.model import StepKind

MAX_TEXT = 4_000  # characters; longer is refused whole, but safety still reads it
MAX_FOLLOW_UPS = 8
AWAY_MINUTES = 30  # after that, coming back is greeted with a recap
CLOSED_ANSWERS = {
    StepKind.CHOICE,
    StepKind.SCALE,
    StepKind.SUITE,
    StepKind.REACTIONS,
    StepKind.DUELS,
    StepKind.MULTI,
}

# Words that are commands on their own but may well be an answer where words are asked for.
MAY_BE_AN_ANSWER = {
    "audio",
    "lis",
    "coach",
    "accueil",
    "debut",
    "annuler",
    "effacer",
    "supprimer",
    "agenda",
    "mon agenda",
}


def receive(scene: Scene, body: Body) -> None:
    """Let one message have all its effects on the scene. Nothing is written here."""
    match body:
        case Hello():
            arrive(scene)
        case Text(text=text):
            _heard(scene, text)
        case Press():
            _pressed(scene, body)
        case Picture():
            _pictured(scene, body)
        case Odd(kind=kind, text=text):
            if not (text and helping.read_first(scene, text)):
                scene.notice = scene.micro(f"odd.{kind}")
    _follow_up(scene)
    scene.desk.last_at = scene.now


def _follow_up(scene: Scene) -> None:
    """What the page or a question of ours asked for next; bounded, since each may ask for another."""
    for _ in range(MAX_FOLLOW_UPS):
        if scene.replay:
            text, scene.replay = scene.replay, ""
            typed(scene, text)
        elif scene.then:
            want, scene.then = scene.then, ""
            asides.follow(scene, want)
        else:
            return


def arrive(scene: Scene) -> None:
    """Greet: begin, go on where the person was, or propose something."""
    desk = scene.desk
    if desk.run is None and desk.screen is None:
        begun = scene.profile.get("consent.self") or scene.profile.get("user.age_band")
        if begun:
            scene.then = "between"
        else:
            effects.begin(scene, "onboarding_consent")
        return
    away = desk.last_at is not None and (scene.now - desk.last_at).total_seconds() > AWAY_MINUTES * 60
    if away and desk.run is not None and desk.aside is None:
        scene.then = "resume"


def _heard(scene: Scene, text: str) -> None:
    if helping.read_first(scene, text):
        return
    if len(text) > MAX_TEXT:
        scene.notice = scene.micro("too_long", max=MAX_TEXT)
        return
    if not text.strip():
        scene.notice = scene.micro("empty")
        return
    scene.add("text", {"text": text.strip()}, side="me")
    typed(scene, text.strip())


def typed(scene: Scene, text: str) -> None:
    """Words, once safety has read them: a button's label, a command, small talk, or an answer."""
    if not _is_label(scene, text):
        if linking.obey(scene, text):
            return
        command = understand.command(text)
        if command is not None and not _may_answer(scene, text):
            commands.obey(scene, command)
            return
        if whys.answer(scene, text):
            return
        reply = smalltalk.reply(text)
        if reply is not None:
            scene.say(reply)
            return
    if scene.desk.aside is not None:
        asides.answer_words(scene, text)
    elif scene.desk.run is not None:
        effects.play(scene, Typed(text))
    else:
        scene.say("not_understood_1")
        scene.then = "between"


def _is_label(scene: Scene, text: str) -> bool:
    """Whether the words are exactly a button on show: then they mean the button, whatever else they mean."""
    screen = scene.desk.screen
    if screen is None or screen.asked.kind not in CLOSED_ANSWERS:
        return False
    folded = understand.fold(text)
    return any(folded == understand.fold(option.label) for option in screen.asked.options)


def _may_answer(scene: Scene, text: str) -> bool:
    screen = scene.desk.screen
    free = screen is not None and screen.asked.kind not in CLOSED_ANSWERS
    return free and understand.fold(text) in MAY_BE_AN_ANSWER


def _pressed(scene: Scene, press: Press) -> None:
    scene.pressed = True
    screen = scene.desk.screen
    if screen is None or screen.id != press.screen:
        scene.notice = scene.micro("screen_changed")
        return
    options = screen.asked.options
    if any(not 0 <= index < len(options) for index in press.indices):
        scene.notice = scene.micro("screen_changed")
        return
    chosen = [options[index] for index in dict.fromkeys(press.indices)]
    if chosen:
        scene.add("text", {"text": ", ".join(option.label for option in chosen)}, side="me")
    keys = tuple(option.key for option in chosen)
    if scene.desk.aside is not None:
        asides.answer(scene, keys[0] if keys else "")
    else:
        effects.play(scene, Picked(keys))


def _pictured(scene: Scene, picture: Picture) -> None:
    if picture.caption and helping.read_first(scene, picture.caption):
        return
    screen = scene.desk.screen
    wanted = scene.desk.run is not None and scene.desk.aside is None
    if not (wanted and screen is not None and screen.asked.accepts_media):
        scene.notice = scene.micro("picture_unexpected")
        return
    if scene.visiting:
        scene.notice = scene.micro("picture_visit")
        return
    try:
        upload_id = kept.picture(scene, picture.content, picture.caption)
    except UploadError as error:
        scene.notice = scene.micro(f"upload.{error.fault}")
        return
    alt = picture.caption or scene.micro("picture_alt")
    scene.add("picture", {"upload_id": upload_id, "alt": alt}, side="me")
    effects.play(scene, Attached(media_id=upload_id, caption=picture.caption))
