"""A right dossier in a folder, to spoil one thing at a time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from scheduler.dossier import DossierReading, read_dossier
from scheduler.errors import DossierError, Mistake

FILES: Mapping[str, str] = {
    "hds.toml": """format = 1

[hds]
id = "klein"
name = "Klein"

[period]
start = 2027-01-04
end = 2027-01-17

[rules]
min_rest_hours = 11

[fairness]
burdens = ["evening", "night", "weekend", "holiday", "standby"]

[payout]
standby_rate = "15.00"
""",
    "posts.csv": "post_id,name,patients\nP1,Post Eén,9000\n",
    "shift_types.csv": (
        "shift_type_id,post_id,role,days,start,end,headcount,valid_from,valid_until\n"
        "E,P1,consult,weekday,17:00,23:00,1,,\n"
        "D,P1,visit,saturday;sunday;holiday,08:00,16:00,1,,\n"
        "N,P1,consult,weekday;saturday;sunday;holiday,23:00,08:00,1,,\n"
    ),
    "practices.csv": "practice_id,name,patients\nPR1,Praktijk,3000\n",
    "gps.csv": (
        "gp_id,name,contract,practice_id,trainer_gp_id,registered_until\n"
        "G1,Zoë Eén,practice_owner,PR1,,2030-12-31\n"
        "G2,Huisarts Twee,locum,,,\n"
        "G3,Aios Drie,trainee,,G1,\n"
        "G4,Basisarts Vier,junior,,,\n"
        "G5,Huisarts Vijf,salaried,PR1,,\n"
    ),
    "agreements.csv": (
        "gp_id,valid_from,valid_until,posts,roles,hours,nights,contract\n"
        "G1,2027-01-01,2027-12-31,P1,consult;visit,,yes,\n"
        "G2,2027-01-01,2027-12-31,P1,consult;visit,40,yes,\n"
        "G3,2027-01-01,2027-12-31,P1,consult,8.5,yes,\n"
        "G5,2027-01-01,2027-12-31,P1,consult,20,no,\n"
    ),
    "absences.csv": "gp_id,start,end,reason\nG1,2027-01-05T00:00,2027-01-06T12:00,verlof\n",
    "wishes.csv": "gp_id,start,end,wish,weight\nG2,2027-01-09T00:00,2027-01-10T00:00,avoid,7\n",
    "clinic_days.csv": "gp_id,weekdays\nG1,mon;tue\n",
    "balances.csv": "gp_id,burden,hours\nG1,night,-3.5\n",
    "limits.csv": "gp_id,burden,max_hours\nG2,total,38.5\n",
    "preferences.csv": "gp_id,burden,factor\nG2,night,0.5\n",
    "past_holidays.csv": "gp_id,date\nG1,2026-12-25\n",
    "locks.csv": "shift_id,gp_id\nE/2027-01-07/1,G1\n",
    "payees.csv": (
        "gp_id,valid_from,payee_name,iban,basis\nG2,2027-01-01,Huisarts Twee,NL91ABNA0417164300,self_employed\n"
    ),
}


class Folder:
    """A dossier on disk that tests change and read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        for name, content in FILES.items():
            self.write(name, content)

    def write(self, name: str, content: str | bytes) -> None:
        """Replace a whole file."""
        data = content if isinstance(content, bytes) else content.encode("utf-8")
        (self.path / name).write_bytes(data)

    def change(self, name: str, old: str, new: str) -> None:
        """Replace a part of a file that stands in it exactly once."""
        content = (self.path / name).read_text(encoding="utf-8")
        assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {name}"
        self.write(name, content.replace(old, new))

    def add(self, name: str, line: str) -> None:
        """Add a line to a file."""
        self.write(name, (self.path / name).read_text(encoding="utf-8") + line + "\n")

    def read(self) -> DossierReading:
        """Read the dossier."""
        return read_dossier(self.path)

    def mistakes(self) -> tuple[Mistake, ...]:
        """The mistakes for which the dossier is refused."""
        with pytest.raises(DossierError) as caught:
            read_dossier(self.path)
        return caught.value.mistakes

    def only_mistake(self) -> tuple[str, int | None, str | None, str]:
        """File, line, column and found text of the only mistake."""
        mistakes = self.mistakes()
        assert len(mistakes) == 1, mistakes
        assert mistakes[0].expected
        return mistakes[0].file, mistakes[0].line, mistakes[0].column, mistakes[0].found

    def notice_codes(self) -> set[str]:
        """The codes of the notices of a dossier that is accepted."""
        return {notice.code for notice in self.read().notices}
