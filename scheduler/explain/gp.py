"""Why a GP has these shifts: the share step by step, the outcome per burden, and each shift against who else could."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from scheduler.domain.availability import WishKind
from scheduler.domain.colleagues import CROWD, as_known_to
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Contract
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.domain.value import Value
from scheduler.errors import UnknownSubject
from scheduler.explain.account import BurdenAccount, PoolAccount, burden_accounts, pool_accounts
from scheduler.explain.candidates import Candidates, Ledger, Taker, qualified
from scheduler.explain.exchange import Exchange, cheapest_exchange
from scheduler.explain.share import share_lines
from scheduler.explain.shift import dropped_text, reasons_of, soft_text, taker_text
from scheduler.explain.shortfall import absence_lines, shortfall_text
from scheduler.explain.words import counted, shift_name
from scheduler.fair_shares import FairShares, fair_shares
from scheduler.messages import text
from scheduler.messages.dutch import day_name, figure
from scheduler.shortfall import find_shortfalls
from scheduler.trainees import TraineeHours, trainee_hours
from scheduler.wishes import Outcome, outcomes


class ShiftReason(Value):
    """Why one shift is this GP's.

    Of those who could take it over without breaking a rule, `less_fair` would bring the roster further from the
    targets, `less_wished` would leave the targets as good and cost more of the wishes, and the others would be as good
    or better; `best` is the cheapest of them all. `dropped` counts who could not, per rule. `exchange_cost` is what the
    cheapest exchange against a shift of the same burden and length would gain in soft cost (None: none was found), and
    `exchange` is that exchange.

    In a GP's own view (`is_own_view`) `takers` and `dropped` count by what colleagues know of each other, `less_fair`
    has those with it who could not for what is private, and is None like `less_wished` where the takers are too few to
    be told of without telling of one (`CROWD`); `best`, `exchange` and its cost are absent.
    """

    shift: Shift
    is_locked: bool
    takers: int
    less_fair: int | None
    less_wished: int | None
    dropped: Mapping[str, int]
    dropped_by_reason: Mapping[str, int]
    best: Taker | None = None
    exchange_cost: float | None = None
    exchange: Exchange | None = None
    is_own_view: bool = False

    @property
    def as_good(self) -> int | None:
        """How many could have taken the shift at no cost at all; None: not to be told."""
        if self.less_fair is None or self.less_wished is None:
            return None
        return self.takers - self.less_fair - self.less_wished

    @property
    def text(self) -> str:
        """The reason in Dutch, on one line."""
        return " ".join(self.lines())

    def lines(self) -> Iterator[str]:
        """The reason in Dutch: the shift, who else could, the cheapest replacement and exchange, who could not."""
        yield f"{shift_name(self.shift)}:"
        yield " ".join(self._others())
        if self.best is not None:
            yield text("explain.best", taker=taker_text(self.best, self.shift.burden))
        if self.exchange is not None:
            yield self._exchange_text()
        if self.dropped:
            yield text("explain.could_not", reasons=dropped_text(self.dropped, self.dropped_by_reason))

    def _others(self) -> Iterator[str]:
        if self.is_locked:
            yield text("explain.reason_locked")
        could = "explain.could_as_known" if self.is_own_view else "explain.could"
        yield counted(could, self.takers) if self.takers else text("explain.nobody_could")
        if self.less_fair:
            yield counted("explain.less_fair_or_away" if self.is_own_view else "explain.less_fair", self.less_fair)
        if self.less_fair is None and self.takers:
            yield text("explain.too_few")
        if self.less_wished:
            yield counted("explain.less_wished", self.less_wished)
        if self.as_good:
            yield counted("explain.as_good", self.as_good)

    def _exchange_text(self) -> str:
        assert self.exchange is not None
        told = shift_name(self.exchange.shift)
        soft = soft_text(self.exchange.soft)
        return text("explain.exchange", gp=self.exchange.gp_id, shift=told, soft=soft)


class GPExplanation(Value):
    """Everything that decides about one GP's roster.

    `share` are the sentences on how the share was computed, `away` those on absences and on targets out of reach.
    """

    gp_id: str
    contract: Contract
    may_be_on_duty: bool
    share: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    pools: tuple[PoolAccount, ...] = ()
    burdens: tuple[BurdenAccount, ...] = ()
    shifts: tuple[ShiftReason, ...] = ()
    wishes: tuple[Outcome, ...] = ()
    training: TraineeHours | None = None
    training_shifts: tuple[Shift, ...] = ()

    @property
    def text(self) -> str:
        """The explanation in Dutch, with a title above each part."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        contract = text(f"terms.contract.{self.contract.value}")
        yield text("explain.gp.title", gp=self.gp_id, contract=contract)
        if self.training is not None:
            yield from self._training_lines(self.training)
        if not self.may_be_on_duty:
            if self.training is None:
                yield text("explain.gp.never")
            return
        yield from self._part("share", [*self.share, *(line for pool in self.pools for line in pool.lines())])
        if self.away:
            yield from self._part("away", list(self.away))
        yield from self._part("burdens", [burden.text for burden in self.burdens])
        yield from self._part("shifts", [*self._short(), *("\n    ".join(reason.lines()) for reason in self.shifts)])
        yield from self._part("wishes", [_wish_text(outcome) for outcome in self.wishes])

    def _part(self, name: str, lines: list[str]) -> Iterator[str]:
        yield ""
        yield text(f"explain.gp.{name}")
        yield from (f"- {line}" for line in lines or [text(f"explain.gp.no_{name}")])

    def _short(self) -> Iterator[str]:
        """All shifts at a glance: each counts once, under what decides most about it."""
        groups = Counter(_group(reason) for reason in self.shifts)
        for name in ("locked", "nobody", "worse", "as_good"):
            if groups[name]:
                yield counted(f"explain.short.{name}", groups[name], whole=figure(len(self.shifts), 0))

    def _training_lines(self, training: TraineeHours) -> Iterator[str]:
        yield text(
            "explain.gp.trainee",
            trainer=training.trainer_gp_id or "?",
            agreed=figure(training.agreed_hours),
            coupled=figure(training.coupled_hours),
            lacking=figure(training.lacking_hours),
        )
        yield from (f"- {shift_name(shift)}" for shift in self.training_shifts)


def explain_gp(
    dossier: Dossier, roster: Roster, gp_id: str, shares: FairShares | None = None, *, for_gp: bool = False
) -> GPExplanation:
    """Explain one GP's share, deviations, shifts and wishes.

    `shares` are computed where they are not given. The other GPs' absences, limits and wishes are personal: `for_gp`
    gives only numbers of others that tell of nobody, for the GP's own view (`ShiftReason`). Raises UnknownSubject where
    the dossier has no such GP.
    """
    gp = dossier.gp_by_id.get(gp_id)
    if gp is None:
        raise UnknownSubject(text("explain.unknown_gp", gp=gp_id))
    training = next((those for those in trainee_hours(dossier, roster) if those.gp_id == gp_id), None)
    plain = GPExplanation(
        gp_id=gp_id,
        contract=gp.contract,
        may_be_on_duty=gp_id in qualified(dossier),
        training=training,
        training_shifts=roster.by_trainee.get(gp_id, ()),
    )
    if not plain.may_be_on_duty:
        return plain
    shares = fair_shares(dossier, roster.shifts) if shares is None else shares
    ledger = Ledger(dossier, roster, shares.targets)
    known = Ledger(as_known_to(dossier, gp_id), roster, shares.targets) if for_gp else None
    own = roster.by_gp.get(gp_id, ())
    return plain.replace(
        share=tuple(share_lines(dossier, gp_id, shares)),
        away=tuple(_away_lines(dossier, roster, gp_id, shares)),
        pools=pool_accounts(dossier, shares, gp_id),
        burdens=burden_accounts(dossier, roster, ledger, gp_id),
        shifts=tuple(
            _reason(dossier, ledger, shift) if known is None else _own_reason(dossier, ledger, known, shift)
            for shift in own
        ),
        wishes=tuple(outcome for outcome in outcomes(dossier, roster) if outcome.wish.gp_id == gp_id),
    )


def _away_lines(dossier: Dossier, roster: Roster, gp_id: str, shares: FairShares) -> Iterator[str]:
    own = {cell: hours for cell, hours in shares.targets.items() if cell[0] == gp_id}
    shortfalls = find_shortfalls(dossier, roster.shifts, own)
    if shortfalls:
        return (shortfall_text(dossier, one) for one in shortfalls)
    return absence_lines(dossier, gp_id)


def _group(reason: ShiftReason) -> str:
    if reason.is_locked:
        return "locked"
    if not reason.takers:
        return "nobody"
    if reason.as_good is None:
        return "too_few"
    return "as_good" if reason.as_good else "worse"


def _own_reason(dossier: Dossier, ledger: Ledger, known: Ledger, shift: Shift) -> ShiftReason:
    seen = known.candidates(shift)
    plain = ShiftReason(
        shift=shift, is_locked=_is_locked(dossier, shift, seen.gp_id), takers=len(seen.takers), less_fair=None,
        less_wished=None, dropped=seen.dropped_by_rule, dropped_by_reason=reasons_of(seen), is_own_view=True,
    )  # fmt: skip
    if plain.takers < CROWD:
        return plain
    _, less_wished, as_good = _weighed(ledger.candidates(shift))
    # who could not for what is private is told apart from who would make it less fair by nothing
    return plain.replace(less_fair=plain.takers - less_wished - as_good, less_wished=less_wished)


def _weighed(candidates: Candidates) -> tuple[int, int, int]:
    """How many takers would make it less fair, how many as fair with less of the wishes, and how many neither."""
    costs = [taker.cost for taker in candidates.takers]
    less_fair = sum(cost[:2] > (0.0, 0.0) for cost in costs)
    less_wished = sum(cost > (0.0, 0.0, 0.0) for cost in costs) - less_fair
    return less_fair, less_wished, len(costs) - less_fair - less_wished


def _is_locked(dossier: Dossier, shift: Shift, gp_id: str | None) -> bool:
    return any(lock.shift_id == shift.id and lock.gp_id == gp_id for lock in dossier.locks)


def _reason(dossier: Dossier, ledger: Ledger, shift: Shift) -> ShiftReason:
    candidates = ledger.candidates(shift)
    less_fair, less_wished, _ = _weighed(candidates)
    is_locked = _is_locked(dossier, shift, candidates.gp_id)
    exchange = None if is_locked else cheapest_exchange(ledger, candidates)
    return ShiftReason(
        shift=shift,
        is_locked=is_locked,
        takers=len(candidates.takers),
        less_fair=less_fair,
        less_wished=less_wished,
        dropped=candidates.dropped_by_rule,
        dropped_by_reason=reasons_of(candidates),
        best=candidates.takers[0] if candidates.takers else None,
        exchange_cost=None if exchange is None else exchange.soft_total,
        exchange=exchange,
    )


def _wish_text(outcome: Outcome) -> str:
    wish = outcome.wish
    kind = "avoid_wish" if wish.wish is WishKind.AVOID else "prefer_wish"
    told = text(
        "explain.wish",
        kind=text(f"terms.wish.{kind}"),
        start=f"{day_name(wish.start.date())} {wish.start:%H:%M}",
        end=f"{day_name(wish.end.date())} {wish.end:%H:%M}",
        weight=figure(wish.weight),
        met=text("explain.met" if outcome.met else "explain.unmet"),
    )
    return f"{told} ({', '.join(outcome.shift_ids)})" if outcome.shift_ids else told
