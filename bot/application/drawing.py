"""Draws one card in a process of its own, which is short-lived, bounded in memory, and reads only its folder.

Run as `python -m bot.application.drawing` with a JSON object on standard input; the PNG comes out on standard output.
"""

import base64
import json
import resource
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

MEMORY = 900 * 1024 * 1024  # bytes of address space: a card needs a tenth of it
CPU = 10  # seconds
TEMPLATES = Path(__file__).with_name("cards")
PICTURE = "picture"
FACTORS = (1.0, 0.75, 0.6, 0.5)  # 1080 and 1500 divide by them without rest


def draw(order: dict[str, str]) -> bytes:
    """The PNG of a card: `template`, `data` (JSON text), and `picture` (base64) if it has one."""
    import typst  # noqa: PLC0415  # after the limits are set

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for one in ("look.typ", f"{order['template']}.typ"):
            shutil.copyfile(TEMPLATES / one, folder / one)
        if order.get("picture"):
            (folder / PICTURE).with_suffix(f".{order['ending']}").write_bytes(
                base64.b64decode(order["picture"])
            )
        return _fitted(typst, folder, order)


def _fitted(typst: Any, folder: Path, order: dict[str, str]) -> bytes:
    """Long answers make everything smaller, in a few steps, so that a card stays one page."""
    for factor in FACTORS:
        drawn = typst.compile(
            str(folder / f"{order['template']}.typ"),
            root=str(folder),
            font_paths=[order["fonts"]],
            ignore_system_fonts=True,
            format="png",
            ppi=72.0 * factor,
            sys_inputs={"data": order["data"], "factor": str(factor)},
        )
        if isinstance(drawn, bytes):
            return drawn
    first: bytes = drawn[0]  # the rest is in the text equivalent
    return first


def main() -> None:
    """Read the order, draw, write."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    sys.stdout.buffer.write(draw(json.loads(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
