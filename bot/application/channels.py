"""Who may talk where: the youngest age of each channel, and the kind way to the site for the others."""

from bot.application.messages import Answer, Message, View
from bot.application.scene import Scene

WEB = "web"
OLDEST = {"12": 12, "13-15": 15, "16-18": 18}  # of an age band
YOUNGEST = {"12": 12, "13-15": 13, "16-18": 16}


def admits(band: object, channel: str, minimum: int) -> bool:
    """Whether somebody of that age band may talk on a channel. Nobody of the band may be below the minimum."""
    if channel == WEB or str(band or "") not in YOUNGEST:
        return True
    return YOUNGEST[str(band)] >= minimum


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
