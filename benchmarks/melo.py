"""MELO benchmark (Retyk et al. 2024): how well official titles find ESCO occupations, with and without one entry each.

    python -m benchmarks.melo [FOLDER]

FOLDER holds queries.tsv, corpus_elements.tsv, annotations.tsv and concept_mapping.tsv; without it, the French set beside
the project. Nothing but the corpus of the set is indexed: the vocabulary that the queries come from would give the answers.
MRR is trec_eval's recip_rank over the 100 best surface forms: scores rounded to 5 decimals, ties by document id, last
first. cMRR ranks one entry an occupation, as the product does, with all its titles.
"""

import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from careers import reference_titles as search

FRENCH = Path(__file__).resolve().parents[2] / "shared/data/melo/fra_q_fr_c_fr"
LEAST = {"MRR": 0.812, "cMRR": 0.825}  # for the French set
DEPTH, DECIMALS = 100, 5


@dataclass(frozen=True, slots=True)
class MeloSet:
    queries: Mapping[str, str]
    corpus: Mapping[str, str]  # surface form id -> surface form
    right: Mapping[str, frozenset[str]]  # query id -> surface form ids
    concept: Mapping[str, str]  # surface form id -> address


def read(folder: Path) -> MeloSet:
    """A set of the benchmark as its authors publish it."""
    right: dict[str, set[str]] = defaultdict(set)
    for query, _, form, relevance in _cells(folder / "annotations.tsv"):
        if relevance != "0":
            right[query].add(form)
    return MeloSet(
        _pairs(folder / "queries.tsv"),
        _pairs(folder / "corpus_elements.tsv"),
        {query: frozenset(forms) for query, forms in right.items()},
        _pairs(folder / "concept_mapping.tsv"),
    )


def _cells(path: Path) -> list[tuple[str, ...]]:
    return [tuple(line.split("\t")) for line in path.read_text("utf-8").splitlines() if line]


def _pairs(path: Path) -> dict[str, str]:
    return {cells[0]: cells[1] for cells in _cells(path)}


def ranked(scores: Sequence[float], ids: Sequence[str]) -> list[str]:
    """Ids as trec_eval ranks them."""
    rounded = np.round(np.asarray(scores, dtype=np.float64), DECIMALS)
    return [
        ids[place]
        for place in sorted(range(len(ids)), key=lambda p: (rounded[p], ids[p]), reverse=True)[:DEPTH]
    ]


def reciprocal(order: Sequence[str], right: frozenset[str]) -> float:
    return next((1 / rank for rank, one in enumerate(order, start=1) if one in right), 0.0)


def evaluate(melo: MeloSet) -> dict[str, float]:
    """MRR, cMRR, success at 1, 5 and 10 on surface forms, seconds to build, milliseconds a query."""
    started = time.perf_counter()
    titles: dict[str, dict[str, float]] = defaultdict(dict)
    for form, title in melo.corpus.items():
        titles[melo.concept[form]][title] = 1.0
    concepts = list(titles)
    by_concept = search.index(titles.values())
    built = time.perf_counter() - started
    forms = list(melo.corpus)
    by_form = search.index({title: 1.0} for title in melo.corpus.values())
    found: dict[str, list[float]] = defaultdict(list)
    for query, said in melo.queries.items():
        started = time.perf_counter()
        scores, _ = by_concept.near(said)
        found["ms"].append(1000 * (time.perf_counter() - started))
        gold = frozenset(melo.concept[form] for form in melo.right[query])
        found["cMRR"].append(reciprocal(_top(scores, concepts), gold))
        rank = reciprocal(_top(by_form.near(said)[0], forms), melo.right[query])
        found["MRR"].append(rank)
        for depth in (1, 5, 10):
            found[f"A@{depth}"].append(float(rank >= 1 / depth))
    return {name: float(np.mean(values)) for name, values in found.items()} | {"build s": built}


def _top(scores: search.Floats, ids: Sequence[str]) -> list[str]:
    """Only what can be among the first is sorted by id."""
    depth = min(DEPTH, len(scores))
    least = np.round(np.partition(scores, -depth)[-depth].astype(np.float64), DECIMALS)
    kept = np.flatnonzero(np.round(scores.astype(np.float64), DECIMALS) >= least)
    return ranked(scores[kept].tolist(), [ids[p] for p in kept.tolist()])


def main(folder: Path = FRENCH) -> int:
    """Print the figures; 1 when one of the French set is under its limit."""
    say = sys.stdout.write
    if not folder.is_dir():
        say(f"MELO: skipped, {folder} is not here (the set of the benchmark is not part of the project)\n")
        return 0
    found = evaluate(read(folder))
    under = 0
    for name, value in found.items():
        least = LEAST.get(name) if folder == FRENCH else None
        verdict = (
            "" if least is None else f"   at least {least}: {'holds' if value >= least else 'DOES NOT HOLD'}"
        )
        under += least is not None and value < least
        say(f"{name:8} {value:8.4f}{verdict}\n")
    return 1 if under else 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else FRENCH))
