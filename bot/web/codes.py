"""The link and the four words by which a person comes back on the web, shown once."""

import io
from dataclasses import dataclass

from markupsafe import Markup

from bot.application.services import Services
from storage import returns


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown once; only hashes of it are kept."""

    words: str
    link: str
    qr: Markup


def give(services: Services, person_id: str) -> Shown:
    """New words and a new link; the earlier ones stop working."""
    with services.database.begin() as uow:
        code = returns.give(uow, person_id)
    link = f"{services.settings.base_url}/retour/{code.token}"
    return Shown(code.words, link, qr_svg(link))


def qr_svg(link: str, scale: int = 4) -> Markup:
    """A QR code as inline SVG, with a name for those who do not see it."""
    import segno  # noqa: PLC0415 -- only when a code is drawn

    drawn = io.BytesIO()
    segno.make(link, error="m").save(
        drawn, kind="svg", scale=scale, border=2, xmldecl=False, svgns=True, title="Code QR", omitsize=True
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 -- drawn by us from a link of ours  # nosec B704
