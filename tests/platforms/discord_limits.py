"""What Discord refuses in a message, a form or a list of commands."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
COMPONENTS_V2 = 1 << 15
SELECTS = (3, 5, 6, 7, 8)
LENGTHS = {"title": 256, "description": 4096}
MODAL_PARTS = (1, 10, 18)


class RefusedError(Exception):
    """An answer that is a refusal."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"message": message, "code": code} | ({"errors": errors} if errors else {})


def invalid(path: str, code: str, message: str) -> RefusedError:
    """A form that is refused for one of its fields; `path` is written with dots."""
    errors: Json = {"_errors": [{"code": code, "message": message}]}
    for name in reversed(path.split(".")):
        errors = {name: errors}
    return RefusedError(400, 50035, "Invalid Form Body", errors)


def check_message(body: Json, files: int = 0) -> None:
    """Refuse a message to send, or what an edit leaves."""
    content, components, embeds = _lists(body)
    _most("content", len(content), 2000)
    check_components(components, v2=bool((body.get("flags") or 0) & COMPONENTS_V2))
    if (body.get("flags") or 0) & COMPONENTS_V2:
        if content or embeds:
            raise invalid(
                "content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "Not with components"
            )
    elif len(components) > 5:
        raise invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    _check_embeds(embeds)
    if not (content.strip() or embeds or components or files or body.get("sticker_ids") or body.get("poll")):
        raise RefusedError(400, 50006, "Cannot send an empty message")


def check_components(components: list[Json], *, v2: bool = False) -> None:
    """Refuse rows, buttons and choices that pass a limit."""
    seen: set[str] = set()
    parts = list(walk(components))
    if len(parts) > 40 and v2:
        raise invalid("components", "BASE_TYPE_MAX_LENGTH", "Must be 40 or fewer in length.")
    if sum(len(part.get("content", "")) for _, part in parts if part["type"] == 10) > 4000:
        raise invalid("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "Must be 4000 or fewer")
    for path, part in parts:
        if path.count(".") == 1 and not v2 and part["type"] != 1:
            raise invalid(f"{path}.type", "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1,).')
        custom_id = part.get("custom_id")
        if custom_id is not None:
            _between(f"{path}.custom_id", len(custom_id), 1, 100)
            if custom_id in seen:
                raise invalid(
                    f"{path}.custom_id",
                    "COMPONENT_CUSTOM_ID_DUPLICATED",
                    "Component custom id cannot be duplicated",
                )
            seen.add(custom_id)
        _check_part(path, part)


def check_modal(data: Json) -> None:
    """Refuse a form."""
    _between("data.title", len(data.get("title") or ""), 1, 45)
    _between("data.custom_id", len(data.get("custom_id") or ""), 1, 100)
    components = data.get("components") or []
    _between("data.components", len(components), 1, 5)
    for index, part in enumerate(components):
        if part["type"] not in MODAL_PARTS:
            raise invalid(f"data.components.{index}.type", "UNION_TYPE_CHOICES", "Not in a form")
    for path, part in walk(components):
        at = f"data.{path}"
        if part.get("custom_id") is not None:
            _between(f"{at}.custom_id", len(part["custom_id"]), 1, 100)
        if part["type"] == 2:
            raise invalid(f"{at}.type", "UNION_TYPE_CHOICES", "Not in a form")
        if part.get("label") is not None:
            _between(f"{at}.label", len(part["label"]), 1, 45)
        if part["type"] == 4:
            _most(f"{at}.value", len(part.get("value") or ""), part.get("max_length") or 4000)
            _most(f"{at}.placeholder", len(part.get("placeholder") or ""), 100)
        _check_options(at, part)


def check_commands(commands: list[Json], *, most: int = 100) -> None:
    """Refuse a list of commands."""
    _most("commands", len(commands), most)
    for index, command in enumerate(commands):
        _between(f"{index}.name", len(command.get("name", "")), 1, 32)
        if command.get("type", 1) == 1:
            _between(f"{index}.description", len(command.get("description") or ""), 1, 100)
        _most(f"{index}.options", len(command.get("options") or ()), 25)


def walk(components: list[Json], path: str = "components") -> Iterator[tuple[str, Json]]:
    """Every component with the path to it, inner ones included."""
    for index, part in enumerate(components):
        here = f"{path}.{index}"
        yield here, part
        yield from walk(part.get("components") or [], f"{here}.components")
        for name in ("accessory", "component"):
            if part.get(name):
                yield from ((f"{here}.{name}", inner) for _, inner in walk([part[name]]))


def _lists(body: Json) -> tuple[str, list[Json], list[Json]]:
    return body.get("content") or "", body.get("components") or [], body.get("embeds") or []


def _check_part(path: str, part: Json) -> None:
    match part["type"]:
        case 1:
            inner = part.get("components") or []
            _between(f"{path}.components", len(inner), 1, 5)
            if len(inner) > 1 and any(one["type"] in SELECTS for one in inner):
                raise invalid(f"{path}.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The row is too wide")
        case 2:
            _check_button(path, part)
        case 3:
            _check_options(path, part)
        case _:
            pass


def _check_button(path: str, part: Json) -> None:
    _most(f"{path}.label", len(part.get("label") or ""), 80)
    if not (part.get("label") or part.get("emoji")):
        raise invalid(
            f"{path}.label", "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or an emoji is required"
        )
    if (part.get("style") == 5) != bool(part.get("url")):
        raise invalid(f"{path}.url", "BASE_TYPE_REQUIRED", "This field is required")
    if part.get("style") not in (5, 6) and part.get("custom_id") is None:
        raise invalid(f"{path}.custom_id", "BASE_TYPE_REQUIRED", "This field is required")


def _check_options(path: str, part: Json) -> None:
    if part["type"] != 3:
        return
    options = part.get("options") or []
    _between(f"{path}.options", len(options), 1, 25)
    _most(f"{path}.placeholder", len(part.get("placeholder") or ""), 150)
    values: set[str] = set()
    for index, option in enumerate(options):
        for name in ("label", "value"):
            _between(f"{path}.options.{index}.{name}", len(option.get(name) or ""), 1, 100)
        _most(f"{path}.options.{index}.description", len(option.get("description") or ""), 100)
        if option["value"] in values:
            raise invalid(
                f"{path}.options.{index}.value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "Duplicated"
            )
        values.add(option["value"])


def _check_embeds(embeds: list[Json]) -> None:
    _most("embeds", len(embeds), 10)
    total = 0
    for index, embed in enumerate(embeds):
        path = f"embeds.{index}"
        for name, most in LENGTHS.items():
            _most(f"{path}.{name}", len(embed.get(name) or ""), most)
            total += len(embed.get(name) or "")
        _most(f"{path}.fields", len(embed.get("fields") or ()), 25)
        for number, entry in enumerate(embed.get("fields") or ()):
            _between(f"{path}.fields.{number}.name", len(entry["name"]), 1, 256)
            _between(f"{path}.fields.{number}.value", len(entry["value"]), 1, 1024)
            total += len(entry["name"]) + len(entry["value"])
        footer = len((embed.get("footer") or {}).get("text") or "")
        _most(f"{path}.footer.text", footer, 2048)
        total += footer + len((embed.get("author") or {}).get("name") or "")
    if total > 6000:
        raise invalid("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def _most(path: str, length: int, most: int) -> None:
    if length > most:
        raise invalid(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")


def _between(path: str, length: int, least: int, most: int) -> None:
    if not least <= length <= most:
        raise invalid(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
