"""Who may talk where: the youngest age of each channel, and the kind way to the site for the others."""

from bot.application import effects
from bot.application.messages import Answer, Message, View
from bot.application.scene import Scene

WEB, FIRST = "web", "onboarding_consent"
PLATFORMS = frozenset({"telegram", "discord"})
YOUNGEST = {"12": 12, "13-15": 13, "16-18": 16}  # of an age band


def admits(band: object, channel: str, minimum: int) -> bool:
    """Whether somebody of that age band may talk on a channel. Nobody of the band may be below the minimum."""
    if channel == WEB or str(band or "") not in YOUNGEST:
        return True
    return YOUNGEST[str(band)] >= minimum


def ask_age_first(scene: Scene) -> None:
    """On a platform with a smallest age no page opens before age was asked; a question about distress waits for nothing."""
    desk = scene.desk
    if scene.channel not in PLATFORMS or scene.profile.get("user.age_band"):
        return
    helping = desk.aside is not None and desk.aside.kind == "help"
    if not helping and (desk.run is None or desk.run.page != FIRST):
        desk.run = None
        effects.begin(scene, FIRST)


def too_young(scene: Scene) -> bool:
    """Whether what was just said makes the person too young for this channel."""
    minimum = scene.services.settings.min_age(scene.channel)
    return not admits(scene.profile.get("user.age_band"), scene.channel, minimum)


def farewell(scene: Scene) -> Answer:
    """A kind word and the way to the site. Nothing of the visit is kept, not even in memory."""
    settings = scene.services.settings
    say = scene.micro
    said = (
        Message("bot", "text", {"text": say("too_young_here", age=settings.min_age(scene.channel))}),
        Message("bot", "link", {"label": say("too_young_link"), "url": settings.base_url + "/"}),
    )
    return Answer(View(said, None))
