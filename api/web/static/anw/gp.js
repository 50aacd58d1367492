// What a GP comes for: the own duties, the own part of the work, swaps and wishes.

import { ask, clock, day, element, everything, fresh, get, number, section, table, text, within } from "./api.js";

export async function show(box, { base, gp_id: me }) {
  const duties = element("div", {});
  const offers = element("div", {});
  const deals = element("div", {});
  box.append(section(text("gp.duties"), duties), section(text("gp.offers"), offers), section(text("gp.deals"), deals));
  const again = () => Promise.all([
    within(duties, () => ownDuties(duties, base, again)),
    within(offers, () => openOffers(offers, base, me, again)),
    within(deals, () => ownDeals(deals, base, me, again)),
  ]);
  await again();
}

async function ownDuties(box, base, again) {
  const today = new Date().toISOString().slice(0, 10);
  const { items } = await get(`${base}/roster/mine?from=${today}`);
  const mine = items.filter((one) => one.as !== "responsible");
  const offered = new Set((await everything(`${base}/swaps/offers`)).map((one) => one.shift_id));
  const rows = mine.map((one) => [
    day(one.start), `${clock(one.start)}–${clock(one.end)}`, one.post_name, text(`terms.role.${one.role}`), text(`terms.burden.${one.burden}`),
    offered.has(one.shift_id) ? element("span", { class: "badge" }, text("gp.offered")) : button(box, text("gp.offer"), () => ask("POST", `${base}/swaps/offers`, { shift_id: one.shift_id }), again),
  ]);
  const hours = mine.reduce((sum, one) => sum + one.hours, 0);
  const heads = ["day", "time", "post", "role", "burden", "action"].map((key) => text(`col.${key}`));
  box.replaceChildren(rows.length ? table(text("gp.duties_caption", { count: rows.length, hours: number(hours) }), heads, rows) : element("p", { class: "hint" }, text("none")));
}

async function openOffers(box, base, me, again) {
  const offers = (await everything(`${base}/swaps/offers`)).filter((one) => one.gp_id !== me && one.state === "open");
  const rows = offers.map((one) => {
    const move = { shift_id: one.shift_id, from_gp_id: one.gp_id, to_gp_id: me };
    const verdict = element("span", {});
    const asked = async () => {
      const { content } = await ask("POST", `${base}/swaps/verdict`, { moves: [move] });
      verdict.textContent = content.text;
    };
    const take = one.in_return ? null : button(box, text("gp.take"), () => ask("POST", `${base}/swaps/deals`, { moves: [move] }, { "Idempotency-Key": fresh() }), again);
    return [one.shift_id, one.gp_id, one.note, element("div", {}, button(box, text("gp.may_i"), asked), " ", verdict), take];
  });
  const heads = [text("col.shift"), text("col.gp"), "", text("gp.may_i"), text("col.action")];
  box.replaceChildren(rows.length ? table("", heads, rows) : element("p", { class: "hint" }, text("none")));
}

async function ownDeals(box, base, me, again) {
  const rows = (await everything(`${base}/swaps/deals`)).map((deal) => {
    const waits = deal.state === "proposed" && deal.consents.some((one) => one.gp_id === me && one.agreed === null);
    const say = (agreed) => () => ask("POST", `${base}/swaps/deals/${deal.id}/answer`, { agreed });
    const moves = deal.moves.map((one) => element("div", {}, `${one.shift_id}: ${one.from_gp_id} → ${one.to_gp_id}`));
    return [
      element("div", {}, ...moves), element("span", { class: `badge ${deal.state}` }, text(`state.${deal.state}`)),
      waits ? element("div", { class: "row" }, button(box, text("gp.agree"), say(true), again), button(box, text("gp.refuse"), say(false), again)) : null,
    ];
  });
  const heads = [text("col.shift"), text("col.state"), text("col.action")];
  box.replaceChildren(rows.length ? table("", heads, rows) : element("p", { class: "hint" }, text("none")));
}

function button(box, label, work, after) {
  const made = element("button", { class: "quiet" }, label);
  made.addEventListener("click", async () => {
    made.disabled = true;
    await within(box, async () => {
      await work();
      if (after) await after();
    });
    made.disabled = false;
  });
  return made;
}
