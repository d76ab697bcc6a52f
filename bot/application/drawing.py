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

MEMORY = 900 * 1024 * 1024  # bytes of address space: a card needs a tenth of it
CPU = 10  # seconds
TEMPLATES = Path(__file__).with_name("cards")
PICTURE = "picture"


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
        drawn: bytes = typst.compile(
            str(folder / f"{order['template']}.typ"),
            root=name,
            font_paths=[order["fonts"]],
            ignore_system_fonts=True,
            format="png",
            ppi=72.0,
            sys_inputs={"data": order["data"]},
        )
        return drawn


def main() -> None:
    """Read the order, draw, write."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    sys.stdout.buffer.write(draw(json.loads(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
