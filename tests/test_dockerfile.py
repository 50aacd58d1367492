"""The steps of the Dockerfile work, shown without Docker: in a folder instead of an image, by this Python."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement

PROJECT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Step:
    """One instruction of a Dockerfile and the stage that it belongs to."""

    stage: int
    name: str
    value: str


def _steps() -> list[Step]:
    lines = [line for line in (PROJECT / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    found: list[Step] = []
    stage = -1
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        if line.strip():
            name, value = line.split(maxsplit=1)
            stage += name == "FROM"
            found.append(Step(stage, name, value))
    return found


def _values(name: str) -> list[str]:
    return [step.value for step in _steps() if step.name == name]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that stands for the image's root after the build stage."""
    root = tmp_path_factory.mktemp("image")
    where = root
    for step in (step for step in _steps() if step.stage == 0):
        if step.name == "WORKDIR":
            where = root / step.value.lstrip("/")
            where.mkdir(parents=True)
        elif step.name == "COPY":
            _copy(shlex.split(step.value), where)
        elif step.name == "RUN":
            _run(step.value, root, where)
    return root


def _copy(names: list[str], where: Path) -> None:
    *sources, target = names
    for source in sources:
        place = where / target / source if target.endswith("/") else where / target
        place.parent.mkdir(parents=True, exist_ok=True)
        if (PROJECT / source).is_dir():
            shutil.copytree(PROJECT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(PROJECT / source, place)


def _run(command: str, root: Path, where: Path) -> None:
    """As in the image, with paths moved into `root`; for speed with pip's cache and without compiled files."""
    moved = command.replace("/opt/", f"{root}/opt/").replace("python -m venv", f"{sys.executable} -m venv")
    environment = os.environ | {"PIP_COMPILE": "0"}
    done = subprocess.run(moved, cwd=where, env=environment, shell=True, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


@pytest.mark.long
def test_the_entry_point_runs_without_the_sources(image: Path, tmp_path: Path) -> None:
    """What was installed is whole: the command generates a dossier and judges it, far from the project."""
    anw = json.loads(_values("ENTRYPOINT")[0])[0]
    command = str(image) + anw
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [command, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )

    shown = call(*json.loads(_values("CMD")[0]))
    assert shown.returncode == 0, shown.stderr
    made = call("generate", "--gps", "33", "--posts", "1", "--seed", "1", "--out", "dossier")
    assert made.returncode == 0, made.stdout + made.stderr
    assert (tmp_path / "dossier" / "gps.csv").stat().st_size > 1000
    refused = call("check", "dossier", "nowhere")
    assert refused.returncode == 2, refused.stdout + refused.stderr


def test_every_room_of_the_project_is_in_the_image(image: Path) -> None:
    """Data files of the packages (texts, templates) are installed with the code."""
    (site,) = (image / "opt/anw/lib").glob("python3*/site-packages")
    for package in ("scheduler", "api"):
        files = [path for path in (PROJECT / package).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        missing = [str(path) for path in files if not (site / path.relative_to(PROJECT)).exists()]
        assert not missing


def test_the_roster_of_the_demo_is_in_the_image(image: Path) -> None:
    """Whoever tries the service out in a container finds duties too."""
    [inside] = image.glob("opt/anw/lib/python*/site-packages/api/data/demo-roster.csv")
    assert inside.read_bytes() == (PROJECT / "data/demo-roster.csv").read_bytes()


def test_the_national_tariffs_are_in_the_image(image: Path, tmp_path: Path) -> None:
    """The table that stands in `data/` in the repository comes along with the code that reads it."""
    code = "from scheduler.payout.tariffs import national_tariffs as read; print(len(read().national))"
    python = str(image / "opt/anw/bin/python")
    done = subprocess.run([python, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    rows = len((PROJECT / "data/tariffs/nza.csv").read_text(encoding="utf-8").splitlines()) - 1
    assert done.stdout.strip() == str(rows), done.stderr


@pytest.mark.skipif(not shutil.which("apt-get"), reason="no apt here")
def test_system_libraries_exist() -> None:
    """Each library is one that Debian has."""
    (install,) = re.findall(r"apt-get install ([^&]+)", " ".join(_values("RUN")))
    packages = [word for word in install.split() if not word.startswith("-")]
    if not subprocess.run(["apt-cache", "dumpavail"], capture_output=True, check=False).stdout:
        pytest.skip("no package lists here")
    done = subprocess.run(["apt-get", "install", "--simulate", *packages], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nothing_runs_as_root() -> None:
    """The last stage leaves root before its entry point, for a user that it made."""
    names = [step.name for step in _steps() if step.stage == 1]
    assert names.index("USER") < names.index("ENTRYPOINT")
    (user,) = _values("USER")
    assert any(run.startswith("useradd") and run.split()[-1] == user for run in _values("RUN"))


def _pins(name: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in (PROJECT / ".lock" / name).read_text().splitlines():
        if match := re.match(r"([a-z0-9.-]+)==([^ ;]+)", line):
            found.setdefault(match[1], set()).add(match[2])
    return found


def test_the_image_has_the_versions_of_the_lock() -> None:
    """What the tests ran with is what the image gets: every dependency of the project, at the same version."""
    image, lock = _pins("image.txt"), _pins("requirements.txt")
    assert {name: versions for name, versions in image.items() if lock.get(name) != versions} == {}
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    assert {Requirement(line).name for line in project["dependencies"]} <= set(image)
