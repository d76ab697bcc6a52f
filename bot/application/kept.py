"""What a conversation leaves beside its words: finished cards and pictures, and how to see or erase them in the chat."""

import json
from dataclasses import asdict

from bot.application import mydata, uploads
from bot.application import products as making
from bot.application.scene import Scene
from dialogues.events import Produced
from storage import products
from storage import uploads as pictures


def product(scene: Scene, event: Produced) -> None:
    """Keep a finished card and put it in the conversation; it is drawn later, by whoever shows it."""
    services = scene.services
    made = making.prepare(
        event, scene.profile, services.local_now(), services.settings, services.library, seed=scene.seed
    )
    body = {"name": made.name, "title": made.title, "text": made.text, "product_id": "", "sealed": ""}
    if scene.uow is not None and scene.person is not None:
        body["product_id"] = products.keep(
            scene.uow, scene.person, made.name, title=made.title, text=made.text, values=made.values
        )
    else:  # a visit: the card travels with the page, sealed, and is gone with it
        body["sealed"] = services.box.seal_text(json.dumps(asdict(made)).encode())
    scene.add("product", body)


def picture(scene: Scene, content: bytes, caption: str) -> str:
    """Check, redraw and keep a picture; its id. UploadError says what is wrong."""
    if scene.uow is None or scene.person is None:
        raise uploads.UploadError(uploads.Fault.UNREADABLE)
    already = len(pictures.of_person(scene.uow, scene.person))
    accepted = uploads.accept(content, already)
    page = scene.desk.run.page if scene.desk.run else ""
    return pictures.add(
        scene.uow,
        scene.person,
        accepted.content,
        accepted.media_type,
        used_by=page,
        alt=caption,
        maximum=uploads.MAX_COUNT,
    )


def in_words(scene: Scene) -> list[str]:
    """What is kept about the person, a line each, for the chat."""
    if scene.person is None:
        return []
    return [
        f"{item.label} : {item.value}"
        for item in mydata.overview_of(scene.profile, scene.services.library, scene.services.catalogue)
    ]


def erase_everything(scene: Scene) -> None:
    """Erase the person and all of theirs at the end of this very transaction."""
    scene.say("erased")
    scene.erase = True
