"""The process that searches: `python -m api.swaps.rings_child` reads a `RingsRequest` and writes a `RingsAnswer`."""

from __future__ import annotations

import time

from api.apart import answer_one
from api.swaps.rings_request import RingsAnswer, RingsRequest

LEAST_SECONDS = 1.0
"""What a search gets on a machine so busy that its time had passed before it began."""


def main() -> None:
    """Answer one request."""
    answer_one(lambda asked: answered(RingsRequest.model_validate_json(asked)).model_dump_json().encode())


def answered(request: RingsRequest) -> RingsAnswer:
    """The largest set of swaps that was found in the time."""
    from scheduler.swaps.rings import find_rings
    from scheduler.swaps.situation import Situation

    situation = Situation.of(request.dossier, request.roster)
    seconds = max(LEAST_SECONDS, request.until - time.monotonic())
    # this process is apart already
    found = find_rings(situation, request.market, seconds=seconds, apart=False)
    return RingsAnswer(
        proposals=tuple(proposal.moves for proposal in found.proposals), bound=found.bound, rounds=found.rounds
    )


if __name__ == "__main__":
    main()
