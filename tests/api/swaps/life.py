"""A roster in force through the year: everything that may happen to it, in any order, and what must always hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select, update

from api.audit.verify import verify_all
from api.clock import now
from api.db.engine import Database
from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.people import ApiToken, Hds
from api.db.tables.rosters import Duty
from api.db.tables.swaps import SwapConsent, SwapDeal, SwapOffer
from api.dossiers.mapping import gp_ids, read_dossier
from api.rosters.mapping import read_duties_in
from api.swaps.deal_repository import moves
from api.swaps.expiry import expire
from api.swaps.repository import LIVE_DEALS, LIVE_OFFERS
from scheduler.domain.time import AMSTERDAM, Period
from scheduler.fair_shares import fair_shares
from scheduler.verify import verify
from tests.api.conftest import add_user, token_for
from tests.api.payouts.in_force import rates
from tests.api.swaps.market import move, published, shift, speaks_for
from tests.api.swaps.test_pay import PAY
from tests.builders import agreement, gp

HDS = "/api/v1/hds/test"
SWAPS = f"{HDS}/swaps"
NAMES = "abcd"
FIRST_DAYS = Period(start=date(2027, 1, 1), end=date(2027, 1, 31))
START = {shift(1 + 2 * place, 1): NAMES[place % 4] for place in range(10)} | {shift(5, 2): "b", shift(9, 2): "d"}
REFUSALS = {400, 403, 404, 409, 412, 422}
"""What a call may answer that cannot be done now; anything else but success is a fault."""
MOMENTS = st.sampled_from([shift(day, number) for day in range(1, 21) for number in (1, 2)])
GPS = st.sampled_from(NAMES)
EDITS = st.dictionaries(MOMENTS, st.sampled_from([None, *NAMES]), min_size=1, max_size=3)


@dataclass(frozen=True)
class Held:
    """One duty as it stands."""

    performer: str | None
    responsible: str | None
    publication: int


class Life(RuleBasedStateMachine):
    """Four GPs, a planner and the clock at work on one January; `app` and `database` are those of the test."""

    app: FastAPI
    database: Database

    @initialize()
    def publish_january(self) -> None:
        """Twelve of sixty-two duties have somebody, and no rule is broken."""
        people = {"gps": [gp(one) for one in NAMES], "agreements": [agreement(one) for one in NAMES]}
        self.stage = published(self.database, START, payout=PAY, **people)
        self.of = {one: speaks_for(self.app, self.database, one) for one in NAMES}
        self.planner, self.finance = self._speaks("planner"), self._speaks("finance")
        tariffs = rates({"evening": 12_000, "weekend": 14_321, "holiday": 15_000}, date(2027, 1, 1), None)
        self.finance.post(f"{HDS}/tariffs", json={"rows": list(tariffs), "withdraw": []}).raise_for_status()
        with self.database.reading() as session:
            self.roster = read_duties_in(session, "test", FIRST_DAYS)
        self.targets = fair_shares(self.stage.dossier, self.roster.shifts).targets
        self.drafts: list[int] = []
        self.before = self._held()

    def _speaks(self, role: str) -> TestClient:
        user = add_user(self.database, role, "test", role)
        headers = {"Authorization": f"Bearer {token_for(self.database, user, 'test', role)}"}
        return TestClient(self.app, headers=headers, raise_server_exceptions=False)

    def _client(self, by: str) -> TestClient:
        return self.planner if by == "p" else self.of[by]

    def _held(self) -> dict[str, Held]:
        with self.database.reading() as session:
            ids = gp_ids(session, "test")
            rows = session.scalars(select(Duty)).all()
            return {
                row.shift_id: Held(
                    ids.get(row.performer_number or 0), ids.get(row.responsible_number or 0), row.publication_id
                )
                for row in rows
            }

    def _filled(self) -> set[str]:
        return {shift_id for shift_id, one in self._held().items() if one.performer is not None}

    def _asked(self) -> list[tuple[int, str]]:
        """Deals under way with each GP whose answer they wait for."""
        with self.database.reading() as session:
            ids = gp_ids(session, "test")
            live = select(SwapDeal.id).where(SwapDeal.state == "proposed")
            rows = select(SwapConsent).where(SwapConsent.deal_id.in_(live), SwapConsent.agreed.is_(None))
            return [(row.deal_id, ids[row.gp_number]) for row in session.scalars(rows)]

    def _live(self, table: type[SwapDeal] | type[SwapOffer], *states: str) -> list[int]:
        with self.database.reading() as session:
            return list(session.scalars(select(table.id).where(table.state.in_(states)).order_by(table.id)))

    @staticmethod
    def _settled(answer: Response) -> dict[str, Any]:
        assert answer.is_success or answer.status_code in REFUSALS, answer.text
        found: dict[str, Any] = answer.json()
        return found

    # what GPs do ------------------------------------------------------------------------------------------------

    @rule(gp_id=GPS, data=st.data(), in_return=st.sampled_from([None, {}, {"day_types": ["saturday", "sunday"]}]))
    def offer(self, gp_id: str, data: st.DataObject, in_return: dict[str, Any] | None) -> None:
        """A duty of one's own is offered to all, for nothing, for any other or for one at a weekend."""
        own = sorted(shift_id for shift_id, one in self._held().items() if one.performer == gp_id)
        asked = {"shift_id": data.draw(st.sampled_from(own)) if own else shift(20), "in_return": in_return}
        self._settled(self.of[gp_id].post(f"{SWAPS}/offers", json=asked))

    @rule(by=st.sampled_from("abcdp"), data=st.data())
    def take_an_offer_back(self, by: str, data: st.DataObject) -> None:
        """One's own, or not; the planner may."""
        if known := self._live(SwapOffer, "open", "proposed"):
            offer_id = data.draw(st.sampled_from(known))
            self._settled(self._client(by).post(f"{SWAPS}/offers/{offer_id}/withdraw"))

    @rule(data=st.data(), taker=GPS, more=st.sampled_from([0, 0, 1]))
    def take_what_is_offered(self, data: st.DataObject, taker: str, more: int) -> None:
        """For nothing, or for the first own duty, or for one more than is asked."""
        if not (known := self._live(SwapOffer, "open", "proposed")):
            shift_id, holder = next((one, held.performer) for one, held in self._held().items() if held.performer)
            made = self._settled(self.of[holder].post(f"{SWAPS}/offers", json={"shift_id": shift_id}))
            if not (known := [made["id"]] if "id" in made else []):
                return
        with self.database.reading() as session:
            offer = session.get_one(SwapOffer, data.draw(st.sampled_from(known)))
            giver, shift_id, wants = gp_ids(session, "test")[offer.gp_number], offer.shift_id, offer.wanted is not None
        own = sorted(one for one, held in self._held().items() if held.performer == taker)
        # one back where something is asked; more than is asked, and what is not offered, need another yes
        back = [move(one, taker, giver) for one in own[: int(wants) + more]]
        before = self._filled()
        self._ask(taker, [move(shift_id, giver, taker), *back])
        assert self._filled() == before

    @rule(data=st.data(), size=st.integers(1, 4), key=st.sampled_from([None, None, "k1"]))
    def propose(self, data: st.DataObject, size: int, key: str | None) -> None:
        """A handover, or a ring of whoever performs these duties, by one of them or the planner."""
        held = self._held()
        filled = sorted(self._filled())
        drawn = data.draw(st.lists(st.sampled_from(filled), min_size=1, max_size=size, unique=True))
        holders = [str(held[shift_id].performer) for shift_id in drawn]
        takers = [data.draw(GPS)] if len(drawn) == 1 else [*holders[1:], holders[0]]
        asked = [move(one, giver, taker) for one, giver, taker in zip(drawn, holders, takers, strict=True)]
        by = data.draw(st.sampled_from([*holders, *takers, "p", "a"]))
        self._ask(by, asked, key)
        assert self._filled() == set(filled)

    def _ask(self, by: str, asked: list[dict[str, str]], key: str | None = None) -> None:
        """Propose a deal; who says nothing is moved by it at once only as the own offers say."""
        with self.database.reading() as session:
            live = session.scalars(select(SwapOffer).where(SwapOffer.state.in_(LIVE_OFFERS))).all()
            asks = {one.shift_id: one.wanted is not None for one in live}
        headers = {} if key is None else {"Idempotency-Key": key}
        made = self._settled(self._client(by).post(f"{SWAPS}/deals", json={"moves": asked}, headers=headers))
        if made.get("state") != "done" or key is not None:
            return
        for gp_id in {one["from_gp_id"] for one in asked} - {by}:
            given = [one["shift_id"] for one in asked if one["from_gp_id"] == gp_id]
            got = [one["shift_id"] for one in asked if one["to_gp_id"] == gp_id]
            assert asks.keys() >= set(given) and sum(asks[one] for one in given) == len(got)

    @rule(data=st.data(), most=st.integers(1, 4), agreed=st.sampled_from([True, True, True, False]))
    def answer(self, data: st.DataObject, most: int, agreed: bool) -> None:
        """Some or all of those asked agree with a deal, or the first of them refuses it."""
        if not (asked := self._asked()):
            return
        deal_id, before = data.draw(st.sampled_from(asked))[0], self._filled()
        for gp_id in [one for deal, one in asked if deal == deal_id][:most]:
            self._settled(self.of[gp_id].post(f"{SWAPS}/deals/{deal_id}/answer", json={"agreed": agreed}))
        assert self._filled() == before

    @rule(by=st.sampled_from("abcdp"), data=st.data())
    def take_a_proposal_back(self, by: str, data: st.DataObject) -> None:
        """One's own, or not."""
        if known := self._live(SwapDeal, *LIVE_DEALS):
            self._settled(self._client(by).post(f"{SWAPS}/deals/{data.draw(st.sampled_from(known))}/withdraw"))

    @rule(gp_id=GPS, data=st.data())
    def take_an_open_duty(self, gp_id: str, data: st.DataObject) -> None:
        """One that the planner put on offer."""
        items = self.of[gp_id].get(f"{HDS}/open-shifts").json()["items"]
        if not items:
            return self.put_open_duties_on_offer(data)
        shift_id, before = data.draw(st.sampled_from([one["shift_id"] for one in items])), self._filled()
        answer = self.of[gp_id].post(f"{HDS}/open-shifts/take/{shift_id}")
        self._settled(answer)
        assert self._filled() == before | ({shift_id} if answer.is_success else set())

    @rule(gp_id=GPS, data=st.data())
    def report_sick_for_a_duty(self, gp_id: str, data: st.DataObject) -> None:
        """Nobody performs it until somebody takes it."""
        own = sorted(shift_id for shift_id, one in self._held().items() if one.performer == gp_id)
        before, shift_id = self._filled(), data.draw(st.sampled_from(own)) if own else shift(20)
        answer = self.of[gp_id].post(f"{HDS}/sickness", json={"shift_id": shift_id})
        self._settled(answer)
        assert self._filled() == before - ({shift_id} if answer.is_success else set())

    # what the planner and the clock do ----------------------------------------------------------------------------

    @rule(data=st.data(), agreed=st.sampled_from([True, True, False]))
    def decide(self, data: st.DataObject, agreed: bool) -> None:
        """Let a deal go on that all agreed with, or stop it."""
        if not (known := self._live(SwapDeal, "awaiting_planner")):
            return
        deal_id, before = data.draw(st.sampled_from(known)), self._filled()
        self._settled(self.planner.post(f"{SWAPS}/deals/{deal_id}/approve", json={"agreed": agreed}))
        assert self._filled() == before

    @rule(approval=st.booleans(), most=st.sampled_from([None, 1]))
    def choose(self, approval: bool, most: int | None) -> None:
        """The HDS wants approval or not, and limits handovers or not."""
        chosen = {"approval": approval, "handovers_per_year": most}
        with self.database.writing() as session:
            session.execute(update(Hds).values(settings={"swaps": chosen}))

    @rule(data=st.data())
    def put_open_duties_on_offer(self, data: st.DataObject) -> None:
        """Three that nobody performs."""
        unfilled = sorted(set(self.before) - self._filled())
        shift_ids = data.draw(st.lists(st.sampled_from(unfilled), min_size=1, max_size=3, unique=True))
        self._settled(self.planner.post(f"{HDS}/open-shifts", json={"shift_ids": shift_ids, "reason": "open"}))

    @rule(edits=EDITS, at_once=st.booleans())
    def edit(self, edits: Mapping[str, str | None], at_once: bool) -> None:
        """A draft of what is in force, changed by hand, and published now or much later."""
        where = f"{HDS}/dossiers/{self.stage.dossier_id}/versions/from-force"
        draft = self._settled(self.planner.post(where, json={}))
        body = {"edits": [{"shift_id": shift_id, "gp_id": gp_id} for shift_id, gp_id in edits.items()]}
        answer = self.planner.post(f"{HDS}/versions/{draft['id']}/edits", json=body, headers={"If-Match": "*"})
        if self._settled(answer) and answer.is_success and not at_once:
            self.drafts.append(draft["id"])
        elif answer.is_success:
            self._settled(self.stage.publish(self.planner, draft["id"]))

    @precondition(lambda self: self.drafts)
    @rule(data=st.data(), day=st.sampled_from(["2027-01-01", "2027-01-10"]))
    def publish(self, data: st.DataObject, day: str) -> None:
        """A draft from a day on, which may take swaps back that came after it was made."""
        draft = data.draw(st.sampled_from(self.drafts))
        self._settled(self.stage.publish(self.planner, draft, day))

    @rule(hours=st.sampled_from([1, 80, 24 * 50]))
    def let_time_pass(self, hours: int) -> None:
        """What nobody answered in time ends, and what is about duties that went another way."""
        held = self._held()
        expire(self.database, now() + timedelta(hours=hours))
        assert self._held() == held
        with self.database.reading() as session:
            ids = gp_ids(session, "test")
            for one in session.scalars(select(SwapOffer).where(SwapOffer.state.in_(LIVE_OFFERS))):
                assert held[one.shift_id].performer == ids[one.gp_number], one.shift_id
            live = session.scalars(select(SwapDeal.id).where(SwapDeal.state.in_(LIVE_DEALS))).all()
            for row in moves(session, live):
                assert held[row.shift_id].performer == ids[row.from_number or 0], row.shift_id

    # what must always hold ----------------------------------------------------------------------------------------

    @invariant()
    def no_rule_is_broken(self) -> None:
        """By the whole roster in force, judged with the dossier as it is now."""
        with self.database.reading() as session:
            dossier = read_dossier(session, session.get_one(DossierRow, self.stage.dossier_id))
            self.roster = read_duties_in(session, "test", FIRST_DAYS)
        assert verify(dossier, self.roster, self.targets).violations == ()

    @invariant()
    def each_duty_is_there_and_its_responsible_stays(self) -> None:
        """None comes or goes; who is responsible changes with a publication alone."""
        held = self._held()
        assert held.keys() == self.before.keys()
        for shift_id, one in held.items():
            earlier = self.before[shift_id]
            assert one.publication > earlier.publication or one.responsible == earlier.responsible, shift_id
        self.before = held

    @invariant()
    def the_trail_is_sound(self) -> None:
        """Each link holds the one before."""
        assert not verify_all(self.database, []).troubles

    def teardown(self) -> None:
        """Once the month is over, everybody is paid for what they performed and nothing else."""
        if not hasattr(self, "finance"):
            return
        with time_machine.travel(datetime(2027, 2, 2, 12, tzinfo=AMSTERDAM), tick=True):
            with self.database.writing() as session:
                session.execute(update(ApiToken).values(expires_at=now() + timedelta(days=1)))
            where, lines, cursor = f"{HDS}/payouts/preview/lines?month=2027-01&limit=1000", [], None
            while cursor is not None or not lines:
                page = self.finance.get(where + (f"&cursor={cursor}" if cursor else "")).json()
                if "items" not in page:
                    assert (page["code"], self._filled()) == ("nothing_to_pay", set())
                    break
                lines += page["items"]
                cursor = page["next"]
                if cursor is None:
                    break
        paid = {line["shift_id"]: line["gp_id"] for line in lines}
        assert paid == {shift_id: one.performer for shift_id, one in self._held().items() if one.performer is not None}
