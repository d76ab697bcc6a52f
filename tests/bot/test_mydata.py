import io
import json
import zipfile

import pytest
from PIL import Image

from bot.application import mydata
from dialogues.profile import VARIABLES
from storage import conversations, people, products, uploads


@pytest.fixture
def lou(services):
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(out, "JPEG")
    with services.database.begin() as uow:
        person = people.create(uow, "web").id
        media = uploads.add(uow, person, out.getvalue(), "image/jpeg", alt="Un robot")
        products.keep(uow, person, "action_card", title="Mon prochain pas", text="Ton plan.", values={})
        conversations.note(uow, person, {
            "user.first_name": "Lou", "user.school_stage": "s4", "interest.highlights": ["create"],
            "book.entries": [{"title": "Mon robot", "media": {"media_id": media}}], "job.seen": [],
        })  # fmt: skip
        return person


def keys(services, person):
    return [item.key for item in mydata.overview(services, person)]


def test_everything_that_was_told_is_shown_in_words(services, lou):
    shown = {item.label: item.value for item in mydata.overview(services, lou)}

    assert shown["Ton prénom ou pseudo"] == "Lou"
    assert shown["Ton année"] == "4e"
    assert shown["Tes élans mis en avant"] == "Créer"
    assert shown["Carte"] == "Mon prochain pas"
    assert shown["Image"] == "Un robot"
    assert "job.seen" not in keys(services, lou)


def test_a_correction_is_kept_only_if_it_fits(services, lou):
    assert mydata.correct(services, lou, "user.first_name", "  Max ")
    assert not mydata.correct(services, lou, "user.school_stage", "s99")
    assert not mydata.correct(services, lou, "user.first_name", "")
    assert not mydata.correct(services, lou, "consent.at", "2020-01-01")
    assert not mydata.correct(services, lou, "interest.scores", "x")
    assert not mydata.correct(services, "nobody", "user.first_name", "Max")

    values = {item.key: item.value for item in mydata.overview(services, lou)}
    assert (values["user.first_name"], values["user.school_stage"]) == ("Max", "4e")


def test_what_is_erased_is_gone_with_its_picture(services, lou):
    assert mydata.erase_item(services, lou, "book.entries")
    assert not mydata.erase_item(services, lou, "book.entries.x")

    assert not [key for key in keys(services, lou) if key.startswith(("book", "upload"))]


def test_a_card_and_a_picture_can_be_erased_alone(services, lou):
    for key in [key for key in keys(services, lou) if ":" in key]:
        assert mydata.erase_item(services, lou, key)

    assert not [key for key in keys(services, lou) if ":" in key]
    assert not mydata.erase_item(services, lou, "product:unknown")


def test_somebody_else_cannot_erase_it(services, lou):
    with services.database.begin() as uow:
        other = people.create(uow, "web").id

    for key in keys(services, lou):
        mydata.erase_item(services, other, key)
    assert len(keys(services, lou)) == 6


def test_the_export_holds_everything_and_the_pictures(services, lou):
    with zipfile.ZipFile(io.BytesIO(mydata.export(services, lou))) as archive:
        names = archive.namelist()
        everything = json.loads(archive.read("donnees.json"))
        readable = archive.read("a-lire.txt").decode()

    assert {"donnees.json", "a-lire.txt"} < set(names)
    assert any(name.startswith("images/") and name.endswith(".jpg") for name in names)
    assert "Lou" in json.dumps(everything)
    assert "Ton prénom ou pseudo : Lou" in readable


def test_after_erasing_all_there_is_nobody(services, lou):
    mydata.erase_all(services, lou)

    with pytest.raises(LookupError):
        mydata.overview(services, lou)


def test_every_variable_has_its_words(services):
    missing = [
        name
        for name, one in VARIABLES.items()
        if one.stored and not services.library.microcopy.has(f"variable.{name}")
    ]

    assert missing == []
