// The roster in force: who is on duty when, day by day.

import { clock, day, daysLater, everything, get, text, today } from "./api.js";
import { button, element, hint, section, table, within } from "./parts.js";

const WEEK = 7;

export async function show(box, { base }) {
  const from = element("input", { type: "date", name: "from", value: today(), required: true });
  const list = element("div", {});
  const form = element("form", { class: "row" }, element("label", {}, text("roster.from"), from), element("button", {}, text("roster.show")));
  const load = () => within(list, () => fill(list, base, from.value, (start) => {
    from.value = start;
    return load();
  }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    load();
  });
  box.append(section(text("roster.title"), form, list));
  await load();
}

async function fill(list, base, start, go) {
  const shifts = await everything(`${base}/roster?from=${start}&until=${daysLater(start, WEEK - 1)}&limit=1000`);
  const rows = shifts.map((one) => [
    day(one.start), `${clock(one.start)}–${clock(one.end)}`, one.post_id, text(`terms.role.${one.role}`),
    one.gp_name || one.gp_id || element("span", { class: "badge failed" }, text("nobody")),
  ]);
  const heads = ["day", "time", "post", "role", "gp"].map((key) => text(`col.${key}`));
  list.replaceChildren(...(rows.length ? [table(text("roster.caption", { count: rows.length }), heads, rows)] : await later(list, base, start, go)));
}

async function later(list, base, start, go) {
  const [first] = (await get(`${base}/roster?from=${start}&limit=1`)).items;
  if (!first) return [hint(text("none"))];
  return [hint(text("roster.empty")), button(text("roster.first", { day: day(first.start) }), list, () => go(first.start.slice(0, 10)))];
}
