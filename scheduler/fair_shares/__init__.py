"""Fair shares: how many hours of each burden every GP should do, and how that came about."""

from scheduler.fair_shares.duty_days import Reach, compute_reach
from scheduler.fair_shares.fitting import FairShares, Pool, fair_shares
from scheduler.fair_shares.totals import ShareSteps

__all__ = ["FairShares", "Pool", "Reach", "ShareSteps", "compute_reach", "fair_shares"]
