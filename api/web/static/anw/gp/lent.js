// Shifts of neighbouring HDSs that are open to this GP: the rules of both count, the neighbour pays.

import { clock, day, euros, get, post, text } from "../api.js";
import { button, cards, element, facts, hint, row, say } from "../parts.js";

export async function lentShifts({ base, at, again }) {
  const { items } = await get(`${base}/neighbours/shifts`);
  return cards(items.map((one) => [
    element("div", { class: "duty" },
      element("p", { class: "when" }, element("strong", {}, day(one.start)), ` ${clock(one.start)}–${clock(one.end)}`),
      element("p", { class: "what" }, `${one.hds_name} · ${one.post} · ${text(`terms.role.${one.role}`)} `, element("span", { class: `badge burden ${one.burden}` }, text(`terms.burden.${one.burden}`)))),
    facts([[text("lent.pays"), one.cents === null ? null : euros(one.cents)]]),
    ...one.reasons.map(hint),
    one.may_take ? row(button(text("open.take"), at, async () => {
      await post(`${base}/neighbours/shifts/${one.opening_id}/take`);
      say(text("open.taken"));
      await again();
    }, "")) : null,
  ]), "lent.none");
}
