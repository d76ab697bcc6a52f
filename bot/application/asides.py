"""The bot's own questions beside the page: menu, resume, one proposal, a person, my data, after a pause."""

from datetime import timedelta

from bot.application import effects, helping, kept, reminders
from bot.application.scene import Scene
from dialogues import engine, understand
from dialogues.events import Option

MENU_OPTION = "menu"
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
    page = understand.choose(text, _pages(scene))
    if page is not None:
        _open_page(scene, page, {})
        return
    if understand.choose(text, (Option("no", scene.micro("answer_no")),)) is None:
        scene.say("not_understood_1")
    menu(scene)


def answer(scene: Scene, key: str) -> None:
    """A button of one of our own questions."""
    aside = scene.desk.aside
    if aside is None:
        return
    scene.desk.aside = None
    scene.desk.screen = None
    if key == MENU_OPTION:
        menu(scene)
        return
    handler = HANDLERS.get(aside.kind, _open_page)
    handler(scene, key, aside.data)


# ---------------------------------------------------------------- menu and proposals


def menu(scene: Scene) -> None:
    """All the pages for this age, those left open first."""
    scene.ask_aside("menu", scene.micro("menu_ask"), _pages(scene))


def _pages(scene: Scene) -> list[Option]:
    pages = scene.services.library.pages
    band = str(scene.profile.get("user.age_band") or "")
    options = [
        Option(page, scene.micro("menu_resume", dialogue=pages[page].title))
        for page in scene.left_open
        if page in pages
    ]
    return options + [
        Option(page.id, page.title)
        for page in pages.values()
        if page.id not in scene.left_open and page.id != "onboarding_consent" and _fits(page.ages, band)
    ]


def _fits(ages: tuple[int, int], band: str) -> bool:
    """Whether somebody of that band may be of that age; the menu hides nothing from the undecided."""
    low, high = {"12": (12, 12), "13-15": (13, 15), "16-18": (16, 18)}.get(band, (12, 18))
    return ages[0] <= high and ages[1] >= low


def between(scene: Scene) -> None:
    """One proposal and the menu (§7.5), never more."""
    brought = effects.errand(scene, "next_best", {})
    options = [Option(MENU_OPTION, scene.micro("menu_button"))]
    if brought.outcome == "page":
        options.insert(0, Option(str(brought.values["next.page"]), str(brought.values["next.title"])))
        prompt = str(brought.values["next.why"])
    else:
        prompt = scene.micro("next_none")
    scene.ask_aside("between", prompt, options)


def _open_page(scene: Scene, key: str, _data: dict[str, object]) -> None:
    if key in scene.services.library.pages:
        effects.begin(scene, key)
    else:
        between(scene)


# ---------------------------------------------------------------- coming back


def offer_resume(scene: Scene) -> None:
    """Two lines of recap, then go on, start again or later (§7.1, rule 11)."""
    state = scene.desk.run
    if state is None:
        between(scene)
        return
    title, where = engine.recap(scene.services.library, state, scene.profile)
    scene.say("resume", dialogue=title)
    options = [
        Option("go_on", scene.micro("resume_yes")),
        Option("restart", scene.micro("resume_restart")),
        Option("later", scene.micro("resume_later")),
    ]
    scene.ask_aside("resume", where, options)


def _resume(scene: Scene, key: str, _data: dict[str, object]) -> None:
    state = scene.desk.run
    if state is None:
        between(scene)
    elif key == "go_on":
        effects.go_on(scene)
    elif key == "restart":
        scene.desk.run = None
        effects.begin(scene, state.page)
    else:
        scene.leave_open()
        menu(scene)


def paused(scene: Scene) -> None:
    """After « pause »: nothing presses, two ways back."""
    options = [Option(page, scene.micro("paused_resume")) for page in list(scene.left_open)[-1:]]
    options.append(Option(MENU_OPTION, scene.micro("menu_button")))
    scene.ask_aside("paused", scene.micro("paused_ask"), options)


def show_again(scene: Scene) -> None:
    """The question that waits, once more: for who goes on in another place."""
    desk = scene.desk
    if desk.aside is not None and desk.screen is not None:
        scene.add("text", {"text": desk.screen.asked.prompt})
        scene.ask(desk.screen.asked)
    elif desk.run is not None:
        effects.go_on(scene)
    else:
        between(scene)


# ---------------------------------------------------------------- people


def human(scene: Scene) -> None:
    """No human queue yet: who can be reached now, without promising anybody."""
    helping.say_people(scene)
    scene.leave_open()
    paused(scene)


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


def _paused(scene: Scene, key: str, _data: dict[str, object]) -> None:
    """« Reprendre » goes straight on: the recap was said a moment ago."""
    if scene.take_up(key) is not None:
        effects.go_on(scene)
    else:
        _open_page(scene, key, _data)


# ---------------------------------------------------------------- a word of our own accord

TALKING = timedelta(minutes=30)  # since somebody's last word: they are not interrupted


def invite(scene: Scene, text: str) -> None:
    """A reminder with « plus tard », « moins souvent » and « stop » beside it (§5.4)."""
    desk = scene.desk
    if desk.last_at is not None and scene.now - desk.last_at < TALKING:
        scene.add("text", {"text": text})
        return
    options = [
        Option("go", scene.micro("resume_yes" if desk.run else "menu_button")),
        Option("later", scene.micro("reminder_later")),
        Option("less", scene.micro("reminder_less")),
        Option("stop", scene.micro("reminder_stop")),
    ]
    scene.ask_aside("invite", text, options)


def _invited(scene: Scene, key: str, _data: dict[str, object]) -> None:
    if key == "stop":
        stop(scene)
    elif key == "later" and scene.uow is not None and scene.person is not None:
        reminders.later(scene.services, scene.uow, scene.person)
        scene.say("reminder_later_done")
    elif key == "less" and scene.uow is not None and scene.person is not None:
        ledger = reminders.less_often(scene.services, scene.uow, scene.person, scene.profile)
        scene.note(reminders.LEDGER, ledger)
        scene.say("reminder_less_done")
    elif scene.desk.run is not None:
        effects.go_on(scene)
    else:
        menu(scene)


def stop(scene: Scene) -> None:
    """No more messages of our own accord; what the person opens by hand still works."""
    if scene.visiting:
        scene.say("stop_visit")
        return
    scene.note("consent.reminders", False)  # noqa: FBT003 -- the value of a variable, not a switch
    scene.note("consent.reminder_slot", "none")
    if scene.uow is not None and scene.person is not None:
        reminders.stop_all(scene.services, scene.uow, scene.person)
    scene.say("stop_done")


HANDLERS = {
    "invite": _invited,
    "menu": _open_page,
    "between": _open_page,
    "paused": _paused,
    "resume": _resume,
    "offer_human": _offer_human,
    "help": _help_answered,
    "data": _my_data,
}

FOLLOWING = {
    "between": between,
    "menu": menu,
    "resume": offer_resume,
    "humain": human,
    "offer_human": offer_human,
}


def follow(scene: Scene, want: str) -> None:
    """What a page asked for on its way out."""
    FOLLOWING[want](scene)
