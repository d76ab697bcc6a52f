"""Figures of the linker: right answers on phrases that nothing was tuned on, time a query, to build and to load an index.

With ../shared beside the project the index is over all of ESCO and ROME, else over the shipped catalogue alone.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import melo
from careers import catalogue, reference, reference_build
from careers.linker import Linker
from careers.linking import Ranker
from careers.reference import Reference
from careers.sources import esco, onet, rome

HERE = Path(__file__).parent / "careers"
SHARED = Path(__file__).resolve().parents[2] / "shared/data"
UNSEEN = ("phrases_held_out.tsv", "phrases_fresh.tsv", "phrases_last.tsv")
NOTHING = {"-"}
LEAST_THREE, LEAST_SILENT, MOST_LOST = 0.85, 0.9, 0.05
QUERY_MS, BUILD_S, LOAD_S = 5.0, 5.0, 0.5


def main() -> int:
    """Print every figure with its limit; 1 when one does not hold."""
    shipped = catalogue.load()
    held = []
    index = None
    if SHARED.is_dir():
        index, build, load = _index(shipped)
        held += [_says("index built", build, BUILD_S, "s"), _says("index loaded", load, LOAD_S, "s")]
    else:
        sys.stdout.write("no index: ../shared/data is not here; the shipped catalogue alone is measured\n")
    ranker = Ranker(shipped, Linker(shipped, index), index)
    held += _phrases(ranker)
    return 1 if melo.main() or not all(held) else 0


def _index(shipped: catalogue.Catalogue) -> tuple[Reference, float, float]:
    read = esco.read(SHARED / "esco/v1.0.x_fr"), rome.read(SHARED / "rome"), onet.read(SHARED / "onet")
    with TemporaryDirectory() as folder:
        path = Path(folder) / reference.FILE
        built = _seconds(lambda: reference.save(reference_build.build(shipped, *read), path))
        loaded = _seconds(lambda: reference.load(path))
        return reference.load(path), built, loaded


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _phrases(ranker: Ranker) -> list[bool]:
    right, lost, silent, times = [], [], [], []
    for name in UNSEEN:
        for line in (HERE / name).read_text("utf-8").splitlines()[1:]:
            said, good = line.split("\t")
            started = time.perf_counter()
            rows = ranker.rank(said, 3)
            times.append(1000 * (time.perf_counter() - started))
            if set(good.split()) == NOTHING:
                silent.append(not rows)
            else:
                right.append(bool(set(good.split()) & {row.id for row in rows}))
                lost.append(not rows)
    three, quiet, missed = (statistics.fmean(shares) for shares in (right, silent, lost))
    return [
        _says(f"right in three, {len(right)} wishes", three, LEAST_THREE, "", most=False),
        _says(f"abstains, {len(silent)} that mean nothing", quiet, LEAST_SILENT, "", most=False),
        _says("abstains on wishes", missed, MOST_LOST, ""),
        _says("query, mean", statistics.fmean(times), QUERY_MS, "ms"),
        _says("query, 95 of 100 under", statistics.quantiles(times, n=20)[-1], QUERY_MS, "ms"),
    ]


def _says(what: str, value: float, limit: float, unit: str, *, most: bool = True) -> bool:
    holds = value <= limit if most else value >= limit
    word = "at most" if most else "at least"
    verdict = "holds" if holds else "DOES NOT HOLD"
    sys.stdout.write(f"{what:40} {value:8.3f} {unit:2}  {word} {limit:g}: {verdict}\n")
    return holds


if __name__ == "__main__":
    raise SystemExit(main())
