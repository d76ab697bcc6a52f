"""The linker from the command line: try it on words or on many lines, and import the official vocabularies."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from bot import bootstrap
from bot.cli.say import fail, say
from bot.settings import load
from careers import catalogue as catalogues
from careers import reference as references
from careers import reference_build
from careers.catalogue import Catalogue
from careers.linker import Linker, linker_of
from careers.linking import Ranked, Ranker
from careers.reference import Reference
from careers.sources import esco, onet, rome
from careers.sources.protocol import SourceError, check_share

ABSTAIN = "abstain"
VERDICTS = {
    "found": "trouvé",
    "unsure": "pas sûr : le bot demande",
    "unknown": "pas compris : le bot le dit",
}


def show(text: str, index: Path | None) -> None:
    """What the linker makes of some words, for a person."""
    shipped = catalogues.load()
    linked = linker_of(shipped, _reference(index)).link(text)
    say(f"{VERDICTS[linked.verdict]}")
    for candidate in linked.candidates:
        occupation = shipped.occupations[candidate.occupation_id]
        say(
            f"  {candidate.score:.2f}  {occupation.feminine} / {occupation.masculine}  ({', '.join(candidate.words)})"
        )


def link_lines(top: int, index: Path | None, lines: BinaryIO | None = None) -> None:
    """For each line `id<TAB>text` of the standard input, up to `top` lines of seven cells."""
    shipped, reference = catalogues.load(), _reference(index)
    ranker = Ranker(shipped, Linker(shipped, reference), reference)
    for key, text in _asked(lines or sys.stdin.buffer):
        ranked = ranker.rank(text, top)
        for rank, row in enumerate(ranked, start=1):
            sys.stdout.write(_line(key, rank, row))
        if not ranked:
            sys.stdout.write(f"{key}\t0\t{ABSTAIN}\t\t0\t\t\n")
    sys.stdout.flush()


def _asked(lines: BinaryIO) -> Iterator[tuple[str, str]]:
    for number, raw in enumerate(lines, start=1):
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            fail(f"Entrée standard, ligne {number} : ce n’est pas de l’UTF-8.")
        if not line:
            continue
        key, tab, text = line.partition("\t")
        if not tab:
            fail(f"Entrée standard, ligne {number} : il faut « identifiant<TAB>texte ».")
        yield key, text.replace("\t", " ")


def _line(key: str, rank: int, row: Ranked) -> str:
    label = " ".join(row.label.split())
    cells = (key, str(rank), row.id, label, f"{row.score:.4f}", "|".join(row.esco), "|".join(row.rome))
    return "\t".join(cells) + "\n"


def _reference(index: Path | None) -> Reference | None:
    """The index that was asked for, else what was imported, else nothing."""
    try:
        if index is not None:
            return references.load(index)
        return references.load_if_there(load().data_dir / references.FILE)
    except SourceError as error:
        fail(str(error))


def build_index(target: Path, esco_at: Path | None, rome_at: Path | None, onet_at: Path | None) -> None:
    """An index over a vocabulary in a file of one's own."""
    _write(target, esco_at, rome_at, onet_at, force=True)


def import_vocabularies(
    esco_at: Path | None, rome_at: Path | None, onet_at: Path | None, *, force: bool
) -> None:
    """The vocabularies that the bot uses from its next start on; a failed import leaves what was there."""
    _write(load().data_dir / references.FILE, esco_at, rome_at, onet_at, force=force)
    say("Le bot les lira à son prochain démarrage.")


def _write(
    target: Path, esco_at: Path | None, rome_at: Path | None, onet_at: Path | None, *, force: bool
) -> None:
    if esco_at is None and rome_at is None:
        fail("Donnez au moins --esco DOSSIER ou --rome DOSSIER.")
    try:
        reference = _read(catalogues.load(), esco_at, rome_at, onet_at)
        if not force:
            _check(target, reference)
        references.save(reference, target)
    except SourceError as error:
        fail(str(error))
    joined = sum(bool(bridges) for bridges in reference.bridges.values())
    say(
        f"{len(reference.entries)} métiers officiels, {len(reference.titles.sure)} intitulés ; "
        f"{joined} de nos {len(reference.bridges)} métiers y sont reliés."
    )
    for origin in reference.notices():
        say(f"{origin.title} — {origin.licence}. {origin.notice}")
    say(f"Écrit dans {target}.")


def _read(shipped: Catalogue, esco_at: Path | None, rome_at: Path | None, onet_at: Path | None) -> Reference:
    today = bootstrap.real_now().date()
    return reference_build.build(
        shipped,
        esco.read(esco_at, today) if esco_at else None,
        rome.read(rome_at, today) if rome_at else None,
        onet.read(onet_at, today) if onet_at else None,
        today,
    )


def _check(target: Path, new: Reference) -> None:
    """Half a download read as a whole one would forget half of the vocabulary."""
    try:
        old = references.load_if_there(target)
    except SourceError:
        return  # damaged, or of an older program: anything is better
    if old is not None:
        check_share("Vocabulaires officiels", len(old.titles.sure), len(new.titles.sure))
