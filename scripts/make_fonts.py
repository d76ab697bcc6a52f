"""Makes the site's font files from the `font-hanken-grotesk` package: Latin, WOFF2, the same bytes every time.

    .venv/bin/python scripts/make_fonts.py

The result is committed, so nobody needs to run this but whoever changes the letters or the weights.
"""

# ruff: noqa: INP001  # a script, not a package

import shutil
from importlib.resources import files
from pathlib import Path

from fontTools import subset

WEIGHTS = ("Regular", "SemiBold", "Bold")
LETTERS = (
    range(0x20, 0x7F),
    range(0xA0, 0x180),
    range(0x2010, 0x2027),
    (0x202F, 0x2039, 0x203A, 0x20AC, 0x2122, 0x2190, 0x2192),
)
TARGET = Path(__file__).resolve().parent.parent / "bot" / "web" / "static" / "fonts"


def main() -> None:
    """Cut each weight to the letters of French and its neighbours, and put the licence beside."""
    source = Path(str(files("font_hanken_grotesk"))) / "files"
    TARGET.mkdir(parents=True, exist_ok=True)
    options = subset.Options(
        flavor="woff2",
        layout_features=["kern", "liga", "mark", "mkmk", "ccmp", "locl", "tnum"],
        hinting=False,
    )
    options.recalc_timestamp = False  # else the bytes change with the day
    for weight in WEIGHTS:
        font = subset.load_font(str(source / f"HankenGrotesk-{weight}.otf"), options)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[point for part in LETTERS for point in part])
        cutter.subset(font)
        subset.save_font(font, str(TARGET / f"HankenGrotesk-{weight}.woff2"), options)
    shutil.copy(source / "OFL.txt", TARGET / "OFL.txt")


if __name__ == "__main__":
    main()
