"""The committed demo dossier is what the generator makes, byte for byte, and holds no mistake."""

from __future__ import annotations

from pathlib import Path

from scheduler.dossier import read_dossier, write_dossier
from scheduler.generate import DEMO, generate

COMMITTED = Path(__file__).parents[2] / "data" / "demo"


def test_generating_the_demo_again_gives_the_same_bytes(tmp_path: Path) -> None:
    """Nobody edits the demo by hand, and the generator did not change unnoticed."""
    write_dossier(generate(**DEMO), tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(file.name for file in COMMITTED.iterdir())
    for file in tmp_path.iterdir():
        assert file.read_bytes() == (COMMITTED / file.name).read_bytes(), file.name


def test_reading_the_demo_gives_what_was_generated() -> None:
    """Nothing is lost in the files, and the reader has nothing to remark."""
    reading = read_dossier(COMMITTED)
    assert reading.dossier == generate(**DEMO)
    assert reading.notices == ()
