"""The peers that the engine is compared with keep the rules too."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import peer_cpsat, peer_greedy
from benchmarks.judge import judge
from benchmarks.peer import Options, main
from scheduler.dossier import write_dossier
from scheduler.generate import generate
from scheduler.verify import verify

OPTIONS = Options(time_limit=600.0, workers=1, seed=1, work_limit=1.0)


@pytest.mark.parametrize("peer", [peer_greedy, peer_cpsat])
def test_a_peer_makes_a_legal_roster(peer: object) -> None:
    """No hard rule is broken, and most shifts have a GP."""
    dossier = generate(33, 1, 1, months=1)
    roster = peer.make(dossier, OPTIONS)  # type: ignore[attr-defined]
    verdict = verify(dossier, roster)
    assert verdict.violations == ()
    assert len(verdict.unfilled) < len(roster.shifts) / 20


def test_what_a_peer_writes_can_be_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A peer takes the options of `anw roster` and leaves files that the judges read."""
    dossier, output = tmp_path / "dossier", tmp_path / "out"
    write_dossier(generate(33, 1, 1, months=1), dossier)
    monkeypatch.setattr("sys.argv", ["peer", str(dossier), "--out", str(output), "--time-limit", "5"])
    main(peer_greedy.make, "peer")
    found = judge(dossier, output, None)
    assert found.violations == 0
    assert found.bound == {}
    assert found.checked
    assert found.independent is None
    assert found.largest > 0
