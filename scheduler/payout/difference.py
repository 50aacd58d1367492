"""What changed against the closed runs: lines that take back, lines that come in their place, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import cast

import pandas as pd

from scheduler.payout.lines import COLUMNS

_KEY = ["shift_id", "gp_id", "kind", "start", "end", "rate"]


class Reason(StrEnum):
    """Why a shift that was paid is settled again."""

    LATE = "late"
    NOT_WORKED = "not_worked"
    OTHER_GP = "other_gp"
    HOURS = "hours"
    KIND = "kind"
    TARIFF = "tariff"
    PAYEE = "payee"
    TARIFF_KNOWN = "tariff_known"


def standing(closed: pd.DataFrame) -> pd.DataFrame:
    """The lines of closed runs that still stand: those that no later line took back."""
    if closed.empty:
        return closed
    identity = [*_KEY, "payee"]
    signs = closed.groupby(identity, sort=False)["sign"].transform("sum")
    latest = closed[signs > 0]
    return latest.drop_duplicates(identity, keep="last").reset_index(drop=True)


def difference(
    closed: pd.DataFrame, due: pd.DataFrame, closed_days: Collection[date], awaited: pd.DataFrame
) -> pd.DataFrame:
    """The lines of the next run: `due` against the lines of closed runs over the same days.

    A line that still stands and is due no more comes back with sign -1, exactly as it was paid; a line that is due and
    does not stand yet follows. Both carry a reason when the shift's day was closed before; hours that were `awaited`
    (`scheduler.payout.outstanding`) and are paid now say that their tariff is known. Another account of the same
    payee, or another name on the same account, is no difference: that money has gone where it should.
    """
    before = standing(closed)
    pairs = before.merge(due, on=_KEY, how="outer", suffixes=("", "_due"), indicator=True, validate="one_to_one")
    both = pairs["_merge"] == "both"
    same_account = (pairs["iban"] == pairs["iban_due"]) & (pairs["iban"] != "")
    settled = pairs.loc[both & ((pairs["payee"] == pairs["payee_due"]) | same_account), _KEY]
    back = _without(before, settled)
    back = back.assign(sign=-1, amount=-back["amount"])
    new = _without(due, settled)
    changed = pd.concat([back, new], ignore_index=True) if len(back) else new.reset_index(drop=True)
    reasons = _reasons(changed, settled, awaited)
    earlier = changed["day"].isin(list(closed_days))
    changed["reason"] = changed["shift_id"].map(reasons).where(earlier, "")
    order = ["day", "shift_id", "sign", "start", "gp_id"]
    return changed.sort_values(order, kind="stable", ignore_index=True)[list(COLUMNS)]


def _without(lines: pd.DataFrame, settled: pd.DataFrame) -> pd.DataFrame:
    kept = lines.merge(settled, on=_KEY, how="left", indicator=True)
    return kept[kept["_merge"] == "left_only"].drop(columns="_merge")


def _reasons(changed: pd.DataFrame, settled: pd.DataFrame, awaited: pd.DataFrame) -> Mapping[str, str]:
    """Why each shift with a changed line differs."""
    lines: dict[str, list[_Line]] = defaultdict(list)
    names = ["shift_id", "gp_id", "kind", "rate", "minutes", "sign", "start", "end"]
    for shift_id, *line in zip(*(changed[name].tolist() for name in names), strict=True):
        lines[shift_id].append(cast(_Line, tuple(line)))
    unchanged: dict[str, set[str]] = defaultdict(set)
    still = settled[settled["shift_id"].isin(list(lines))]
    for shift_id, gp_id in zip(still["shift_id"], still["gp_id"], strict=True):
        unchanged[shift_id].add(gp_id)
    waiting: dict[str, list[_Span]] = defaultdict(list)
    for shift_id, *span in awaited[["shift_id", "gp_id", "kind", "start", "end"]].itertuples(index=False):
        waiting[shift_id].append(cast(_Span, tuple(span)))
    return {
        shift_id: Reason.TARIFF_KNOWN.value
        if all(_has_waited(line, waiting[shift_id]) for line in own)
        else _reason(own, unchanged[shift_id]).value
        for shift_id, own in lines.items()
    }


_Line = tuple[str, str, int, int, int, pd.Timestamp, pd.Timestamp]
"""GP, kind, rate, minutes, sign, start and end of a line."""
_Span = tuple[str, str, pd.Timestamp, pd.Timestamp]
"""GP, kind, start and end of hours that waited."""


def _has_waited(line: _Line, waiting: Collection[_Span]) -> bool:
    gp_id, kind, _, _, sign, start, end = line
    return sign > 0 and any(
        (gp_id, kind) == span[:2] and span[2] <= start and end <= span[3] for span in waiting
    )  # fmt: skip


def _reason(lines: Collection[_Line], unchanged_gps: Collection[str]) -> Reason:
    old, new = [line for line in lines if line[4] < 0], [line for line in lines if line[4] > 0]
    gps_before = {line[0] for line in old} | set(unchanged_gps)
    gps_after = {line[0] for line in new} | set(unchanged_gps)
    if not gps_before:
        return Reason.LATE
    if not gps_after:
        return Reason.NOT_WORKED
    if gps_before != gps_after:
        return Reason.OTHER_GP
    if sum(line[3] for line in old) != sum(line[3] for line in new):
        return Reason.HOURS
    if sorted(line[:2] for line in old) != sorted(line[:2] for line in new):
        return Reason.KIND
    return Reason.TARIFF if {line[2] for line in old} != {line[2] for line in new} else Reason.PAYEE
