"""Draws a page: as Mermaid text, or as an SVG picture laid out in layers."""

from collections.abc import Iterator, Mapping
from html import escape

from dialogues import graph
from dialogues.graph import END, Edge
from dialogues.model import Dialogue, Moment, StepKind

_WORDS: Mapping[StepKind, str] = {
    StepKind.CHOICE: "choix",
    StepKind.MULTI: "plusieurs",
    StepKind.SCALE: "échelle",
    StepKind.TEXT: "texte",
    StepKind.LIST: "liste",
    StepKind.REACTIONS: "réactions",
    StepKind.DUELS: "duels",
    StepKind.SORT: "tri",
    StepKind.RANK: "ordre",
    StepKind.DATE: "date",
    StepKind.MEDIA: "média",
    StepKind.PRODUCT: "carte",
    StepKind.ROUTE: "selon",
    StepKind.SUITE: "suite",
    StepKind.ERRAND: "faire",
}
WIDTH, HEIGHT = 150, 44
ACROSS, DOWN = 180, 96
MARGIN = 40
_STYLE = (
    "svg{background:#fff;font:13px sans-serif}rect{fill:#fff;stroke:#333;stroke-width:1.5}"
    "rect.asks{fill:#eef4ff}rect.end{fill:#333}text.end{fill:#fff}path{fill:none;stroke:#555}"
    "path.back{stroke-dasharray:5 4}text{text-anchor:middle}text.small{font-size:11px;fill:#333}"
)

_TIP = (
    '<marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0 0L8 4L0 8z" style="fill:#555;stroke:none"/></marker>'
)


def mermaid(page: Dialogue) -> str:
    """A Mermaid flowchart of the moments and of the buttons between them."""
    ids = {moment.name: f"m{number}" for number, moment in enumerate(page.moments)} | {END: "fin"}
    rows = ["flowchart TD"]
    for moment in page.moments:
        text = _quoted(f"{moment.name}<br/><small>{_kind(moment)}</small>" if moment.step else moment.name)
        rows.append(f"  {ids[moment.name]}{_shape(moment, text)}")
    rows.append('  fin(("fin"))')
    pages: dict[str, str] = {}
    for edge in _distinct(page):
        target = ids.get(edge.target, "fin")
        if edge.page:
            target = pages.setdefault(edge.page, f"p{len(pages)}")
        label = f'|"{_quoted(edge.label)}"|' if edge.label else ""
        rows.append(f"  {ids[edge.source]} -->{label} {target}")
    rows.extend(f'  {name}[["{page_id}.md"]]' for page_id, name in pages.items())
    return "\n".join(rows) + "\n"


def _shape(moment: Moment, text: str) -> str:
    if moment.entry is not None:
        return f'(["{text}"])'
    if moment.step is not None and moment.step.kind is StepKind.ROUTE:
        return f'{{"{text}"}}'
    return f'["{text}"]' if graph.asks(moment) else f'("{text}")'


def _quoted(text: str) -> str:
    return text.replace('"', "#quot;").replace("\n", " ")


def _kind(moment: Moment) -> str:
    if moment.step is None:
        return ""
    return f"{_WORDS.get(moment.step.kind, '')} {moment.step.name}".strip()


def _distinct(page: Dialogue) -> Iterator[Edge]:
    seen: set[tuple[str, str, str, str]] = set()
    for edge in graph.edges(page):
        key = (edge.source, edge.target, edge.label, edge.page)
        if key not in seen:
            seen.add(key)
            yield edge


# ---------------------------------------------------------------- SVG


def layers(page: Dialogue) -> list[list[str]]:
    """The moments by their distance from where the page opens, then the end; each layer in the page's order."""
    far = dict.fromkeys(graph.starts(page), 0)
    onward: dict[str, list[str]] = {}
    for edge in graph.edges(page):
        onward.setdefault(edge.source, []).append(edge.target)
    waiting = list(far)
    for name in waiting:  # grows while it is read: each name once, nearest first
        for target in onward.get(name, ()):
            if target not in far and target != END:
                far[target] = far[name] + 1
                waiting.append(target)
    deepest = max(far.values(), default=0)
    rows: list[list[str]] = [[] for _ in range(deepest + 2)]
    for moment in page.moments:
        rows[far.get(moment.name, deepest)].append(moment.name)
    rows[-1].append(END)
    return [row for row in rows if row]


def svg(page: Dialogue) -> str:
    """The same as a picture that stands alone, with its title as text."""
    rows = layers(page)
    widest = max(len(row) for row in rows)
    width, height = widest * ACROSS + 2 * MARGIN, len(rows) * DOWN + 2 * MARGIN
    places: dict[str, tuple[float, float]] = {}
    for depth, row in enumerate(rows):
        left = MARGIN + (widest - len(row)) * ACROSS / 2
        for column, name in enumerate(row):
            places.setdefault(name, (left + column * ACROSS + ACROSS / 2, MARGIN + depth * DOWN))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{escape(page.title)}</title><style>{_STYLE}</style>",
        _TIP,
        *(_line(edge, places) for edge in _distinct(page)),
        *(_box(page.moment(name), name, place) for name, place in places.items()),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _line(edge: Edge, places: Mapping[str, tuple[float, float]]) -> str:
    if edge.target not in places or edge.source not in places:
        return ""
    (x1, y1), (x2, y2) = places[edge.source], places[edge.target]
    y1 += HEIGHT
    back = y2 < y1
    label = escape(f"{edge.label} → {edge.page}.md" if edge.page else edge.label)
    bend = ACROSS * 0.6 if back else 0
    curve = (
        f"M{x1:.0f} {y1:.0f}C{x1 + bend:.0f} {y1 + 30:.0f} {x2 + bend:.0f} {y2 - 30:.0f} {x2:.0f} {y2:.0f}"
    )
    return f'<path class="{"back" if back else "on"}" d="{curve}" marker-end="url(#tip)"><title>{label}</title></path>'


def _box(moment: Moment | None, name: str, place: tuple[float, float]) -> str:
    x, y = place
    asks = moment is not None and graph.asks(moment)
    kind = "end" if name == END else "asks" if asks else "says"
    words = (
        f'<text class="{kind}" x="{x:.0f}" y="{y + 19:.0f}">{escape(name)}</text>'
        f'<text class="small" x="{x:.0f}" y="{y + 35:.0f}">{escape(_kind(moment)) if moment else ""}</text>'
    )
    box = (
        f'<rect class="{kind}" x="{x - WIDTH / 2:.0f}" y="{y:.0f}" width="{WIDTH}" height="{HEIGHT}" rx="8"/>'
    )
    return box + words
