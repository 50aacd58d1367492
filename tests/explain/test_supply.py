"""Blocks of GPs and groups against the fair shares themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.explain.supply import supply_of
from scheduler.fair_shares import fair_shares
from tests.strategies import dossiers


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(dossiers())
def test_within_a_block_everyone_does_what_the_fitted_shares_say(dossier: Dossier) -> None:
    """The row of each GP, own limits apart, is the total wanted times the load of the block."""
    shifts = shifts_of(dossier)
    shares = fair_shares(dossier, shifts)
    for pool, standby in ((shares.duty, False), (shares.standby, True)):
        if pool is not None:
            supply = supply_of(dossier, shares, shifts, standby=standby)
            fixed_by_limits = pool.wanted - supply.wanted
            assert np.asarray(supply.reached + fixed_by_limits) == pytest.approx(pool.hours.sum(axis=1), abs=0.05)
