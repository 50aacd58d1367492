"""The process that searches: `python -m api.swaps.rings_child` reads a `RingsRequest` and writes a `RingsAnswer`."""

from __future__ import annotations

import os
import sys

from api.swaps.rings_request import RingsAnswer, RingsRequest

NICENESS = 5
"""Requests come before searches where both share the machine."""


def main() -> None:
    """Answer one request."""
    os.nice(NICENESS)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # what a library prints must not end up in the answer
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    request = RingsRequest.model_validate_json(sys.stdin.buffer.read())
    with out:
        out.write(answered(request).model_dump_json().encode())


def answered(request: RingsRequest) -> RingsAnswer:
    """The largest set of swaps that was found in the time."""
    from scheduler.swaps.rings import find_rings
    from scheduler.swaps.situation import Situation

    situation = Situation.of(request.dossier, request.roster)
    # this process is apart already
    found = find_rings(situation, request.market, seconds=request.seconds, apart=False)
    return RingsAnswer(
        proposals=tuple(proposal.moves for proposal in found.proposals), bound=found.bound, rounds=found.rounds
    )


if __name__ == "__main__":
    main()
