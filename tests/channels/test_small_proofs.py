"""The proofs of delivery, small: `make proof` has them at full size and true pace."""

from pathlib import Path

import pytest

from tests import proof_outage, proof_platforms


@pytest.mark.parametrize(
    ("proof", "scale", "found"),
    [
        (proof_platforms.replays, 0.02, "200 updates, each 3 times: 200 effects"),
        (proof_platforms.windows, 0.006, "60 sendings"),
        (proof_outage.outage, 0.02, "200 texts of 20 people"),
    ],
)
def test_a_small_proof_holds(tmp_path: Path, proof, scale: float, found: str):
    assert proof(tmp_path, scale).startswith(found)
