"""Forms and lists on someone's screen: what can be put in, and how it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.platforms.discord_limits import walk
from tests.platforms.discord_world import Interaction, Json


@dataclass(slots=True)
class Modal:
    """A form on someone's screen."""

    interaction: Interaction
    data: Json

    @property
    def title(self) -> str:
        return str(self.data["title"])

    @property
    def inputs(self) -> list[Json]:
        """What can be filled in."""
        return [part for _, part in walk(self.data["components"]) if "custom_id" in part]


def chosen(part: Json, values: Sequence[str]) -> list[str]:
    """The values of what is chosen in a list, by value or label."""
    if part.get("disabled"):
        raise LookupError("the list is greyed out")
    known = {
        name: option["value"] for option in part["options"] for name in (option["label"], option["value"])
    }
    if missing := [value for value in values if value not in known]:
        raise LookupError(f"no option {missing} among {[option['label'] for option in part['options']]}")
    if not part.get("min_values", 1) <= len(values) <= part.get("max_values", 1):
        raise LookupError("more or fewer than may be chosen")
    return [known[value] for value in values]


def filled(part: Json, left: dict[str, Any], label: str | None = None) -> Json:
    """A form's component as it is sent back; what is used of `left` is taken out."""
    kept: Json = {"type": part["type"], "id": part.get("id", 1)}
    match part["type"]:
        case 1:
            return kept | {"components": [filled(one, left) for one in part["components"]]}
        case 18:
            return kept | {"component": filled(part["component"], left, part["label"])}
        case 10:
            return kept
        case _:
            name = next((key for key in (part["custom_id"], label or part.get("label")) if key in left), None)
            value = left.pop(name) if name is not None else _shown_value(part)
            return kept | {"custom_id": part["custom_id"]} | _value(part, value)


def _shown_value(part: Json) -> Any:
    chosen = [option["value"] for option in part.get("options") or () if option.get("default")]
    match part["type"]:
        case 3 | 22:
            return chosen
        case 21:
            return chosen[0] if chosen else None
        case 23:
            return part.get("default", False)
        case _:
            return part.get("value") or ""


def _value(part: Json, value: Any) -> Json:
    if part["type"] in (3, 5, 6, 7, 8, 19, 22):
        return {"values": [value] if isinstance(value, str) else list(value)}
    if part["type"] == 4:
        if part.get("required", True) and not value.strip():
            raise LookupError(f"{part['custom_id']} must be filled in")
        if not (part.get("min_length") or 0) <= len(value) <= (part.get("max_length") or 4000):
            raise LookupError(f"{part['custom_id']}: too short or too long")
    return {"value": value}
