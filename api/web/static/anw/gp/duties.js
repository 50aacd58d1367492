// The duties of a GP, month by month, with what can be done about each.

import { daysLater, everything, get, isoDay, month, number, plural, post, text, today } from "../api.js";
import { dutyHead, openBook } from "../book.js";
import { badge, button, cards, element, hint, nothing, part, row, say, section } from "../parts.js";
import { asks } from "./asked.js";
import { give } from "./give.js";
import { why } from "./share.js";
import { reports, sickOf } from "./sick.js";

export async function show(box, context) {
  const past = element("input", { type: "checkbox", name: "past" });
  const again = () => Promise.all([asked, list, ill].map((one) => one.again()));
  const here = { ...context, again, book: await openBook(context.base) };
  const asked = part((_, at) => asks({ ...here, at }));
  const list = part((_, at) => fill({ ...here, at }, past.checked));
  const ill = part((_, at) => reports({ ...here, at }));
  past.addEventListener("change", list.again);
  box.append(
    asked.box,
    section(text("duties.title"), element("label", { class: "pick" }, past, element("span", {}, text("duties.past"))), list.box),
    section(text("sick.own"), ill.box),
  );
  await again();
}

async function fill(context, past) {
  const { base, book } = context;
  // a night that began yesterday may not be over
  const [mine, offers, deals] = await Promise.all([
    get(`${base}/roster/mine${past ? "" : `?from=${daysLater(today(), -1)}`}`), everything(`${base}/swaps/offers`), everything(`${base}/swaps/deals`),
  ]);
  const here = { ...context, offers: new Map(offers.map((one) => [one.shift_id, one])), dealt: new Set(deals.flatMap((one) => one.moves.map((move) => move.shift_id))) };
  book.keep(mine.items);
  const shown = past ? mine.items : mine.items.filter((one) => isoDay(one.end) >= today());
  const done = shown.filter((one) => one.as !== "responsible");
  const others = shown.filter((one) => one.as === "responsible");
  if (!shown.length) return nothing("duties.none");
  const hours = done.reduce((sum, one) => sum + one.hours, 0);
  return [hint(plural("duties.count", done.length, { hours: number(hours) })), ...byMonth(done, here), taken(others, here)];
}

function byMonth(duties, here) {
  const months = Map.groupBy ? Map.groupBy(duties, (one) => month(one.start)) : grouped(duties);
  return [...months].flatMap(([name, ones]) => [
    element("h3", { class: "month" }, name, " ", element("span", { class: "hint" }, plural("duties.in_month", ones.length, { hours: number(ones.reduce((sum, one) => sum + one.hours, 0)) }))),
    cards(ones.map((one) => card(one, here)), "none", "across"),
  ]);
}

function grouped(duties) {
  const found = new Map();
  for (const one of duties) found.set(month(one.start), [...(found.get(month(one.start)) || []), one]);
  return found;
}

function card(duty, here) {
  const marks = [];
  if (duty.as === "trainee") marks.push(badge("queued", text("duties.trainee", { gp: duty.gp_name || text("nobody") })));
  if (duty.as === "performer" && duty.outside_roster) marks.push(badge("done", text("duties.from", { gp: duty.responsible_name || "–" })));
  const offer = here.offers.get(duty.shift_id);
  if (offer) marks.push(badge("open", text(here.dealt.has(duty.shift_id) ? "duties.in_deal" : "duties.offered")));
  else if (here.dealt.has(duty.shift_id)) marks.push(badge("proposed", text("duties.in_deal")));
  return [element("div", {}, dutyHead(here.book, duty), marks.length ? row(...marks) : null), actions(duty, offer, here)];
}

function actions(duty, offer, here) {
  const { at, base, again } = here;
  const coming = new Date(duty.start) > new Date();
  const swap = offer
    ? offer.state === "open" ? button(text("duties.withdraw"), at, async () => {
      await post(`${base}/swaps/offers/${offer.id}/withdraw`);
      say(text("duties.withdrawn"));
      await again();
    }) : null
    : button(text("duties.give"), at, () => give(duty, here));
  return row(
    coming && duty.as === "performer" ? swap : null,
    button(text("duties.why"), at, () => why(duty, here)),
    new Date(duty.end) > new Date() && duty.as === "performer" ? button(text("sick.duty"), at, () => sickOf(duty, here)) : null,
  );
}

function taken(others, { book }) {
  if (!others.length) return null;
  return element("div", {}, element("h3", {}, text("duties.taken")), hint(text("duties.taken_hint")),
    cards(others.map((one) => [dutyHead(book, one), hint(text("duties.by", { gp: one.gp_name || text("nobody") }))])));
}
