// Swaps of a GP: what waits for an answer, what colleagues offer, what one offers oneself, and what came of it.

import { everything, fresh, get, isoDay, moment, post, text } from "../api.js";
import { dutyHead, openBook } from "../book.js";
import { consents, decide, head, readShifts, times, withdrawing } from "../deals.js";
import { badge, button, cards, element, facts, field, form, hint, part, row, say, section, select, sheet, within } from "../parts.js";
import { live } from "../verdict.js";
import { lentShifts } from "./lent.js";
import { repairAsks } from "./moved.js";
import { openShifts } from "./open.js";
import { wantedWords } from "./wanted.js";
import { wants } from "./wants.js";

const PAST = 25;

export async function show(box, context) {
  const here = { ...context, book: await openBook(context.base) };
  const again = () => Promise.all([waiting, offered, free, lent, own, sought, past].map((one) => one.again()));
  const shown = (fill) => part((_, at) => fill({ ...here, again, at }));
  const [waiting, offered, free, lent, own, sought, past] = [toAnswer, others, openShifts, lentShifts, mine, wants, history].map(shown);
  box.append(
    section(text("market.waiting"), waiting.box), section(text("market.offers"), offered.box), section(text("open.section"), free.box), section(text("lent.title"), lent.box),
    section(text("market.own"), own.box), section(text("wants.title"), sought.box), section(text("market.past"), past.box),
  );
  await again();
}

const waitsFor = (deal, me) => deal.state === "proposed" && deal.consents.some((one) => one.gp_id === me && one.agreed === null);

async function toAnswer(here) {
  const deals = (await everything(`${here.base}/swaps/deals`)).filter((one) => waitsFor(one, here.gp_id));
  await readShifts(here.book, deals);
  const moved = await repairAsks(here);
  if (moved && !deals.length) return moved;
  return [moved, cards(deals.map((deal) => [
    head(deal, here.book), hint(text("market.until", { at: moment(deal.expires_at) })),
    row(button(text("market.answer"), here.at, () => decide(deal, here, "answer", "answer"), "")),
  ]), "market.nothing_waits")];
}

async function others(here) {
  const { base, book, gp_id: me, at } = here;
  const offers = (await everything(`${base}/swaps/offers`)).filter((one) => one.gp_id !== me && one.state === "open");
  await book.read(offers.flatMap((one) => [one.shift_id, ...(one.in_return?.shift_ids || [])]));
  return cards(offers.map((offer) => [
    dutyOf(book, offer.shift_id),
    facts([[text("market.by"), book.gp(offer.gp_id)], [text("market.in_return"), wantedWords(offer.in_return, book)], [text("market.note"), offer.note]]),
    new Date(offer.opens_at || 0) > new Date()
      ? hint(text("market.opens", { at: moment(offer.opens_at) }))
      : row(button(text(offer.in_return ? "market.look_exchange" : "market.look"), at, () => take(offer, here), "")),
  ]), "market.no_offers");
}

function dutyOf(book, shiftId) {
  const duty = book.shifts.get(shiftId);
  return duty ? dutyHead(book, duty) : element("p", { class: "what" }, shiftId);
}

async function take(offer, here) {
  const { base, book, gp_id: me, again } = here;
  await sheet(text("market.take_title"), async (body, close) => {
    const key = fresh();
    let moves = null;
    const { box: verdict, judge } = live(book, base, me, (found) => {
      whole.querySelector("button:not([type])").disabled = !found?.legal;
    });
    const mineToo = await givenBack(offer, here);
    const choose = () => within(verdict, () => {
      moves = movesFor(offer, me, mineToo.querySelector("select").value);
      return judge(moves);
    });
    const whole = form([mineToo, verdict], text(offer.in_return ? "market.propose" : "market.take"), async () => {
      const deal = await post(`${base}/swaps/deals`, { moves }, { "Idempotency-Key": key });
      say(text(`deal.now.${deal.state}`));
      close();
      await again();
    });
    mineToo.addEventListener("change", choose);
    choose();
    return [dutyOf(book, offer.shift_id), facts([[text("market.by"), book.gp(offer.gp_id)], [text("market.in_return"), wantedWords(offer.in_return, book)]]), whole];
  });
}

function movesFor(offer, me, given) {
  const got = { shift_id: offer.shift_id, from_gp_id: offer.gp_id, to_gp_id: me };
  if (given) return [got, { shift_id: given, from_gp_id: me, to_gp_id: offer.gp_id }];
  return offer.in_return ? null : [got];
}

// one of the own duties in return: needed where something is asked, possible everywhere
async function givenBack(offer, { base, book, gp_id: me }) {
  const { items } = await get(`${base}/roster/mine?from=${isoDay(Date.now())}`);
  const mine = book.keep(items).filter((one) => one.as === "performer" && new Date(one.start) > new Date() && one.gp_id === me);
  const first = ["", text(offer.in_return ? "market.pick_own" : "market.nothing_back")];
  return field(text("market.give_back"), select("given", [first, ...mine.map((one) => [one.shift_id, book.said(one)])]));
}

async function mine(here) {
  const { base, book, gp_id: me, at, again } = here;
  const [offers, deals] = await Promise.all([everything(`${base}/swaps/offers`), everything(`${base}/swaps/deals`)]);
  const ownOffers = offers.filter((one) => one.gp_id === me);
  const running = deals.filter((one) => !waitsFor(one, me));
  await readShifts(book, running);
  await book.read(ownOffers.map((one) => one.shift_id));
  const withdraw = (offer) => button(text("duties.withdraw"), at, async () => {
    await post(`${base}/swaps/offers/${offer.id}/withdraw`);
    say(text("duties.withdrawn"));
    await again();
  });
  return cards([
    ...running.map((deal) => [head(deal, book), consents(deal, book), times(deal), row(withdrawing(deal, here))]),
    ...ownOffers.map((one) => [
      dutyOf(book, one.shift_id), row(badge(one.state, text(`offer.state.${one.state}`)), hint(text(`offer.to.${one.audience}`))),
      facts([[text("market.in_return"), wantedWords(one.in_return, book)], [text("market.note"), one.note], [text("deal.expires"), moment(one.expires_at)]]),
      one.state === "open" ? row(withdraw(one)) : null,
    ]),
  ], "market.no_own");
}

async function history({ base, book }) {
  const { items } = await get(`${base}/swaps/deals?every=true&limit=${PAST}`);
  const past = items.filter((one) => !["proposed", "awaiting_planner"].includes(one.state));
  await readShifts(book, past);
  return cards(past.map((deal) => [head(deal, book), times(deal)]), "market.no_past");
}
