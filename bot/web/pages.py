"""Draws templates: the environment they share, and the answers made from them."""

import secrets
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.application.services import Services
from bot.channels import push_key
from bot.web import visitor as visitors
from bot.web.rose import rose_svg
from bot.web.typography import spaced
from bot.web.visitor import Visitor

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"


@cache
def static(path: str) -> str:
    """The address of a static file; it changes with the file, so that browsers may keep it for ever."""
    digest = sha256((STATIC / path).read_bytes()).hexdigest()[:10]
    return f"/static/{path}?v={digest}"


def environment(services: Services) -> Environment:
    """Templates that escape everything and stop at a name that nobody gave."""
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    settings = services.settings
    say = services.library.microcopy.say

    def micro(key: str, **values: object) -> str:
        return spaced(say(key, **{**services.words(), **values}))  # type: ignore[arg-type]  # the seed is not among them

    made.filters |= {"capitalized": lambda text: text[:1].upper() + text[1:], "spaced": spaced}
    made.globals |= {
        "centre": settings.centre_name,
        "bot_name": settings.bot_name,
        "forum": settings.forum_name,
        "demo": settings.demo,
        "static": static,
        "micro": micro,
        "platforms": [name.capitalize() for name in settings.platforms()],
        "contact": settings.centre_contact,
        "push_key": key.public if (key := push_key.load(settings)) is not None else "",
        "rose": lambda levels=None, size=32: Markup(rose_svg(levels, size)),  # noqa: S704 -- drawn by us from numbers  # nosec B704
    }
    return made


def signals_key(request: Request) -> str:
    """The public key that browsers are told so that we may wake them; empty where nobody is offered it."""
    return str(request.app.state.templates.globals["push_key"])


def new_key() -> str:
    """A key by which one form is recognised when it is sent twice."""
    return secrets.token_urlsafe(9)


def page(
    request: Request, name: str, who: Visitor | None = None, *, status: int = 200, **context: Any
) -> HTMLResponse:
    """A whole page."""
    services: Services = request.app.state.services
    who = who or Visitor("", None)
    template = request.app.state.templates.get_template(name)
    html = template.render(
        path=request.url.path,
        person=who.person is not None,
        shared=bool(who.session and who.session.shared_device),
        csrf=visitors.form_token(services, who.token) if who.session else "",
        **context,
    )
    return HTMLResponse(html, status)


def fragment(request: Request, name: str, macro: str, *arguments: Any) -> str:
    """What one macro of a template draws."""
    module = request.app.state.templates.get_template(name).module
    draw: Callable[..., str] = getattr(module, macro)
    return str(draw(*arguments))


def problem(request: Request, status: int, *, draft: str = "", who: Visitor | None = None) -> HTMLResponse:
    """A kind page for something that went wrong; what the person had typed comes back with it."""
    title, text = PROBLEMS.get(status, PROBLEMS[500])
    return page(request, "error.html", who, status=status, code=status, title=title, text=text, draft=draft)


PROBLEMS = {
    400: ("Je n'ai pas compris", "Ce que ton navigateur a envoyé est abîmé. Reviens en arrière et réessaie."),
    403: (
        "Pas d'ici",
        "Cette demande vient d'une autre page, ou ta page est trop ancienne. Recharge-la et réessaie.",
    ),
    404: ("Rien ici", "Cette page n'existe pas, ou plus. Tu peux revenir à la conversation."),
    405: ("Pas comme ça", "Cette adresse ne s'ouvre pas de cette façon. Tu peux revenir à la conversation."),
    410: ("C'est passé", "Ce lien a fait son temps. Tu peux en demander un autre."),
    413: (
        "C'est trop lourd",
        "Une image de 5 Mo au plus, un texte de 4 000 signes au plus. Rien d'autre n'a changé.",
    ),
    429: ("Doucement", "Il y a trop de demandes d'un coup. Attends une minute, tout est gardé."),
    500: (
        "Petit souci technique",
        "Ce n'est pas ta faute. Réessaie dans une minute. Si ça va mal : 112, 103 ou 107.",
    ),
    503: (
        "Petit souci technique",
        "Rien n'est perdu, mais je n'ai pas pu garder ta réponse. Réessaie dans une minute.",
    ),
}
