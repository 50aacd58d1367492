"""The process aside: `python -m api.rosters.aside_child` reads one `AsideRequest` and writes what came of it.

Charts and long explanations take seconds and a hundred MiB: in a process of their own they slow down nobody's request,
and the memory goes back when they are done.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from api.apart import answer_one
from api.rosters.aside_request import AsideRequest
from api.rosters.explain_schemas import Explained


def main() -> None:
    """Answer one request."""
    answer_one(_answered)


def _answered(asked: bytes) -> bytes:
    request = AsideRequest.model_validate_json(asked)
    return TASKS[request.task](request)


def _report(request: AsideRequest) -> bytes:
    from scheduler.report.html import report_html

    return report_html(request.dossier, request.result).encode()


def _output(request: AsideRequest) -> bytes:
    from scheduler.report.output import write_output

    packed = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="anw-") as folder:
        write_output(request.dossier, request.result, Path(folder))
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(Path(folder).iterdir()):
                archive.write(path, path.name)
    return packed.getvalue()


def _explain_gp(request: AsideRequest) -> bytes:
    from scheduler.explain import explain_gp

    found = explain_gp(request.dossier, request.result.roster, request.gp_id, for_gp=request.for_gp)
    return Explained(text=found.text, details=found.model_dump(mode="json")).model_dump_json().encode()


TASKS: Mapping[str, Callable[[AsideRequest], bytes]] = MappingProxyType(
    {"report": _report, "output": _output, "explain_gp": _explain_gp}
)

if __name__ == "__main__":
    main()
