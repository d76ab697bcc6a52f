"""The bot's own questions beside the page: what an answer to one does, and those about a person, my data."""

from bot.application import effects, helping, invited, kept, ways_on
from bot.application.scene import Scene
from dialogues import understand
from dialogues.events import Option

FOR_THE_PAGE = ("help", "offer_human")  # asked in the middle of a page, which still waits for words


def answer_words(scene: Scene, text: str) -> None:
    """Words typed while one of our own questions waits."""
    screen = scene.desk.screen
    key = understand.choose(text, screen.asked.options) if screen else None
    if key is not None:
        answer(scene, key)
    elif scene.desk.aside is not None and scene.desk.aside.kind in FOR_THE_PAGE:
        _hand_on(scene, text)
    elif scene.desk.aside is not None and scene.desk.aside.kind in ("between", "paused"):
        _wider(scene, text)
    else:
        scene.say("not_understood_1")


def _hand_on(scene: Scene, text: str) -> None:
    """Other words are no answer to our question: they go where they would have gone."""
    scene.desk.aside = None
    scene.desk.screen = None
    scene.replay = text


def _wider(scene: Scene, text: str) -> None:
    """Neither of the two ways on: a page called by its name, or everything there is to choose from."""
    page = understand.choose(text, ways_on.pages(scene))
    if page is not None:
        ways_on.open_page(scene, page, {})
        return
    if understand.choose(text, (Option("no", scene.micro("answer_no")),)) is None:
        scene.say("not_understood_1")
    ways_on.menu(scene)


def answer(scene: Scene, key: str) -> None:
    """A button of one of our own questions."""
    aside = scene.desk.aside
    if aside is None:
        return
    scene.desk.aside = None
    scene.desk.screen = None
    if key == ways_on.MENU_OPTION:
        ways_on.menu(scene)
        return
    handler = HANDLERS.get(aside.kind, ways_on.open_page)
    handler(scene, key, aside.data)


def show_again(scene: Scene) -> None:
    """The question that waits, once more: for who goes on in another place."""
    desk = scene.desk
    if desk.aside is not None and desk.screen is not None:
        scene.add("text", {"text": desk.screen.asked.prompt})
        scene.ask(desk.screen.asked)
    elif desk.run is not None:
        effects.go_on(scene)
    else:
        ways_on.between(scene)


# ---------------------------------------------------------------- people


def human(scene: Scene) -> None:
    """No human queue yet: who can be reached now, without promising anybody."""
    helping.say_people(scene)
    scene.leave_open()
    ways_on.paused(scene)


def offer_human(scene: Scene) -> None:
    """Third misunderstanding in a row: a person, or the buttons again."""
    scene.ask_aside(
        "offer_human",
        scene.micro("not_understood_2"),
        [Option("yes", scene.micro("answer_yes")), Option("no", scene.micro("answer_no"))],
    )


def _offer_human(scene: Scene, key: str, _data: dict[str, object]) -> None:
    if key == "yes":
        human(scene)
    else:
        effects.go_on(scene)


def _help_answered(scene: Scene, key: str, data: dict[str, object]) -> None:
    """The page goes on as if nothing had been asked, with the words that had been set aside."""
    helping.answered(scene, key)
    scene.replay = str(data.get("text") or "") if key == "no" else ""
    if not scene.replay:
        effects.go_on(scene)


# ---------------------------------------------------------------- my data


def my_data(scene: Scene) -> None:
    """See, correct, export, erase: here in words, and on its own page."""
    if scene.visiting:
        scene.say("data_visit")
        effects.go_on(scene)
        return
    if scene.channel == "web":
        scene.add("link", {"label": scene.micro("data_link"), "url": "/mes-donnees"})
    else:
        scene.say("data_elsewhere")
    options = [
        Option("see", scene.micro("data_see")),
        Option("erase", scene.micro("data_erase")),
        Option("back", scene.micro("data_back")),
    ]
    scene.ask_aside("data", scene.micro("data_menu"), options)


def _my_data(scene: Scene, key: str, _data: dict[str, object]) -> None:
    if key == "see":
        for line in kept.in_words(scene):
            scene.add("text", {"text": line})
        effects.go_on(scene)
    elif key == "erase":
        options = [
            Option("erase_all", scene.micro("data_erase_yes")),
            Option("back", scene.micro("data_back")),
        ]
        scene.ask_aside("data", scene.micro("data_erase_all_ask"), options)
    elif key == "erase_all":
        kept.erase_everything(scene)
    else:
        effects.go_on(scene)


HANDLERS = {
    invited.KIND: invited.answered,
    "menu": ways_on.open_page,
    "between": ways_on.open_page,
    "paused": ways_on.unpaused,
    "resume": ways_on.resumed,
    "offer_human": _offer_human,
    "help": _help_answered,
    "data": _my_data,
}

FOLLOWING = {
    "between": ways_on.between,
    "menu": ways_on.menu,
    "resume": ways_on.offer_resume,
    "humain": human,
    "offer_human": offer_human,
}


def follow(scene: Scene, want: str) -> None:
    """What a page asked for on its way out."""
    FOLLOWING[want](scene)
