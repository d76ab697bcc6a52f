"""O*NET interests: how much each of six kinds of interest is in an occupation, carried to ESCO by the official crosswalk."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from careers.model import DRIVES
from careers.sources import csvfile
from careers.sources.protocol import BadFileError, Origin

ORIGIN = Origin(
    name="onet",
    title="O*NET, intérêts par métier",
    licence="CC BY 4.0",
    address="https://www.onetcenter.org/database.html",
    notice="This product includes information from the O*NET Database by the U.S. Department of Labor, "
    "Employment and Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. O*NET® is a trademark "
    "of USDOL/ETA. Boussole a modifié ces données ; USDOL/ETA ne les a ni approuvées ni vérifiées.",
)
# The six interests of O*NET stand for our six drives, in this order.
INTERESTS = dict(
    zip(
        ("Realistic", "Investigative", "Artistic", "Social", "Enterprising", "Conventional"),
        DRIVES,
        strict=True,
    )
)
LETTERS = "".join(name[0] for name in INTERESTS)  # RIASEC
LOWEST, HIGHEST = 1.0, 7.0
_SCORES = "OI"
_SHARES = {"exactMatch": 1.0, "closeMatch": 0.8, "narrowMatch": 0.6, "broadMatch": 0.6}


@dataclass(frozen=True, slots=True)
class Onet:
    """Drives from 0 to 1 for ESCO occupations, by address, in the order of DRIVES."""

    origin: Origin
    drives: Mapping[str, tuple[float, ...]]


def read(folder: Path, day: date | None = None) -> Onet:
    """The interests of a folder that holds `Interests.txt` and the crosswalk. Raises `SourceError` with file and line."""
    scores_at = csvfile.find(folder, r"interests\.(txt|csv)")
    crosswalk_at = csvfile.find(folder, r".*crosswalk.*esco.*onet\.csv|.*esco.*onet.*crosswalk\.csv")
    if not scores_at:
        raise BadFileError(folder, 0, "pas de fichier « Interests.txt » ici.")
    if not crosswalk_at:
        raise BadFileError(
            folder, 0, "pas de correspondance ESCO-O*NET ici (« crosswalk_esco_onet.csv », du site d’ESCO)."
        )
    scores = _scores(scores_at[0])
    return Onet(replace(ORIGIN, date=day), _carried(crosswalk_at[0], scores))


def _scores(path: Path) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for row in csvfile.rows(path, ("O*NET-SOC Code", "Element Name", "Scale ID", "Data Value")):
        if row["Scale ID"] != _SCORES or row["Element Name"] not in INTERESTS:
            continue
        scores = found.setdefault(row["O*NET-SOC Code"], {})
        drive = INTERESTS[row["Element Name"]]
        if drive in scores:
            raise BadFileError(
                path, row.line, f"code en double : {row['O*NET-SOC Code']} {row['Element Name']}."
            )
        scores[drive] = _score(path, row.line, row["Data Value"])
    return found


def _score(path: Path, line: int, written: str) -> float:
    try:
        value = float(written)
    except ValueError:
        value = -1.0
    if not LOWEST <= value <= HIGHEST:
        raise BadFileError(path, line, f"« {written[:20]} » n’est pas une note de 1 à 7.")
    return (value - LOWEST) / (HIGHEST - LOWEST)


def _carried(path: Path, scores: Mapping[str, Mapping[str, float]]) -> dict[str, tuple[float, ...]]:
    """For each ESCO occupation, the mean over its O*NET occupations, nearer matches counting more."""
    sums: dict[str, list[float]] = {}
    for row in csvfile.rows(path, ("O*NET Id", "ESCO or ISCO URI", "Type of Match")):
        found = scores.get(row["O*NET Id"], {})
        share = _SHARES.get(row["Type of Match"].rpartition(":")[2], 0.0)
        if share and len(found) == len(DRIVES) and "/occupation/" in row["ESCO or ISCO URI"]:
            total = sums.setdefault(row["ESCO or ISCO URI"], [0.0] * (len(DRIVES) + 1))
            for place, drive in enumerate(DRIVES):
                total[place] += share * found[drive]
            total[-1] += share
    return {uri: tuple(round(s / total[-1], 4) for s in total[:-1]) for uri, total in sums.items()}
