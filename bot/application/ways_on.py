"""Ways on that the bot proposes: the menu, one page at a time, going on after an absence or a pause."""

from bot.application import effects
from bot.application.scene import Scene
from dialogues import engine
from dialogues.events import Option

MENU_OPTION = "menu"


def menu(scene: Scene) -> None:
    """All the pages for this age, those left open first."""
    scene.ask_aside("menu", scene.micro("menu_ask"), pages(scene))


def pages(scene: Scene) -> list[Option]:
    """The menu's buttons."""
    library = scene.services.library.pages
    band = str(scene.profile.get("user.age_band") or "")
    options = [
        Option(page, scene.micro("menu_resume", dialogue=library[page].title))
        for page in scene.left_open
        if page in library
    ]
    return options + [
        Option(page.id, page.title)
        for page in library.values()
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


def open_page(scene: Scene, key: str, _data: dict[str, object]) -> None:
    """The page that was chosen; any other key brings the proposal again."""
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


def resumed(scene: Scene, key: str, _data: dict[str, object]) -> None:
    """What was chosen after the recap."""
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


def unpaused(scene: Scene, key: str, _data: dict[str, object]) -> None:
    """« Reprendre » goes straight on: the recap was said a moment ago."""
    if scene.take_up(key) is not None:
        effects.go_on(scene)
    else:
        open_page(scene, key, _data)
