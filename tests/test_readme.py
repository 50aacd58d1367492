"""Every command in the README works, and every link in it leads somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.demand import shifts_of
from scheduler.dossier import write_dossier
from scheduler.generate import generate

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
DEMO_SHIFT = "A-consult-nacht/2027-01-01/1"
FINE = (0, 3)
"""A roster may be left with open shifts in the few seconds that it gets here."""


SERVICE = (
    "export ANW_DATABASE_URL=postgresql+psycopg://anw@localhost/anw ANW_SECRET=$(head -c 32 /dev/urandom | base64)",
    ".venv/bin/anw migrate",
    ".venv/bin/anw serve --port 8000",
    ".venv/bin/anw worker",
    ".venv/bin/anw audit verify",
    ".venv/bin/anw backup build/backup",
    ".venv/bin/anw restore build/backup --data build/restored",
)
"""Run by `tests/api/test_commands.py` on a real PostgreSQL, and by `tests/api/backup/test_service.py` on SQLite."""


def _commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like the project's, with its tools and with a demo of 40 GPs and a month."""
    place = tmp_path_factory.mktemp("project")
    (place / ".venv").symlink_to(sys.prefix)
    for name in ("Makefile", "pyproject.toml", ".lock", "benchmarks", "scheduler"):
        (place / name).symlink_to(PROJECT / name)
    dossier = generate(40, 1, 1, months=1)
    assert DEMO_SHIFT in {shift.id for shift in shifts_of(dossier)}
    write_dossier(dossier, place / "data" / "demo")
    (place / "data" / "tariffs").symlink_to(PROJECT / "data" / "tariffs")
    return place


def _runnable(command: str) -> str | None:
    """The command as it can be run here: make only told, docker replaced by what it runs, limits of a few seconds."""
    if re.match(r"(\w+=\w+ )*make ", command):
        return f"{command} --dry-run"
    if command.startswith("docker build") or command in SERVICE:
        return None
    inside = re.sub(r"^docker run .* anw-rooster ", ".venv/bin/anw ", command)
    shorter = re.sub(r"--time-limit \d+", "--time-limit 5", inside)
    return shorter if "--time-limit" in shorter or " roster " not in shorter else f"{shorter} --time-limit 5"


def test_every_command_of_the_readme_works(workplace: Path) -> None:
    """The commands run in the order of the page, each finding what earlier ones made; promised files are there."""
    runnable = dict.fromkeys(found for command in _commands() if (found := _runnable(command)))
    assert len(runnable) > 10
    for command in runnable:
        done = subprocess.run(command, cwd=workplace, shell=True, capture_output=True, text=True, check=False)
        assert done.returncode in FINE, f"{command}\n{done.stdout}{done.stderr}"
    for name in re.findall(r"build/[\w./-]+\.(?:html|ics|xlsx)", README):
        assert (workplace / name).stat().st_size > 200, name


def test_the_commands_of_the_service_stand_in_the_readme() -> None:
    """What is run elsewhere is what the page says."""
    assert set(SERVICE) <= set(_commands())


def test_the_docker_build_names_this_folder() -> None:
    """The build takes the project's folder as its context and the tag that is run."""
    (build,) = [command for command in _commands() if command.startswith("docker build")]
    (run,) = [command for command in _commands() if command.startswith("docker run")]
    assert build.split()[-1] == "."
    assert build.split()[build.split().index("--tag") + 1] in run.split()


ROOMS = [place for place in PROJECT.iterdir() if place.is_dir() and place.name[0] != "." and place.name != "build"]
PAGES = sorted(
    str(page.relative_to(PROJECT))
    for page in (*PROJECT.glob("*.md"), *(p for room in ROOMS for p in room.rglob("*.md")))
)


@pytest.mark.parametrize("name_of_page", PAGES)
def test_links_lead_somewhere(name_of_page: str) -> None:
    """Every relative link or picture of a page is a file, and its heading is there."""
    page = PROJECT / name_of_page
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        name, _, heading = target.partition("#")
        found = page.parent / name if name else page
        assert found.exists(), target
        headings = re.findall(r"^#+ (.+)$", found.read_text(encoding="utf-8"), re.MULTILINE) if heading else []
        assert not heading or heading in [title.lower().replace(" ", "-") for title in headings], target
