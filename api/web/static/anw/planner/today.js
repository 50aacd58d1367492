// What a planner must see to now: shifts without anybody by sickness, who is ill, deals to approve, deliveries that failed.

import { everything, moment, text } from "../api.js";
import { openBook } from "../book.js";
import { consents, decide, head, readShifts } from "../deals.js";
import { button, cards, element, field, hint, part, row, section, select } from "../parts.js";
import { phone } from "../phone.js";
import { away, called, cases, reportSick } from "./cases.js";
import { failed } from "./deliveries.js";

export async function show(box, context) {
  const here = { ...context, book: await openBook(context.base) };
  const again = () => Promise.all([ill, coming, gone, deals, sent].map((one) => one.again()));
  const shown = (fill) => part((_, at) => fill({ ...here, again, at }));
  const [ill, coming, gone, deals, sent] = [cases, called, away, approvals, failed].map(shown);
  const bar = element("div", {});
  bar.append(row(button(text("today.refresh"), bar, again), button(text("today.sick"), bar, () => reportSick({ ...here, again }))));
  box.append(bar, section(text("today.cases"), ill.box), section(text("today.called"), coming.box), section(text("today.away"), gone.box), section(text("today.deals"), deals.box), section(text("today.failed"), sent.box), section(text("phone.title_all"), numbers(here)));
  await again();
}

async function approvals(here) {
  const { base, book, at } = here;
  const waiting = (await everything(`${base}/swaps/deals`)).filter((one) => one.state === "awaiting_planner");
  await readShifts(book, waiting);
  return cards(waiting.map((deal) => [
    head(deal, book), consents(deal, book), hint(text("market.until", { at: moment(deal.expires_at) })),
    row(button(text("today.decide"), at, () => decide(deal, { ...here, gp_id: null }, "approve", "approve"), "")),
  ]), "today.no_deals");
}

// the number of whoever is chosen
function numbers(here) {
  const who = select("gp", [["", text("phone.choose")], ...[...here.book.gps].sort((one, other) => one[1].localeCompare(other[1], "nl"))]);
  const shown = part((again, at) => (who.value ? phone({ ...here, again, at }, who.value) : null));
  shown.box.replaceChildren();
  who.addEventListener("change", shown.again);
  return element("details", {}, element("summary", {}, text("phone.open")), field(text("col.gp"), who), shown.box);
}
