// What a GP would have in return: a kind of duty in a period, or one duty that is looked up in the roster.

import { dayOf, daysLater, get, text, today } from "../api.js";
import { button, choice, date, element, field, hint, nothing, row, ticked, within } from "../parts.js";

const BURDENS = ["evening", "night", "weekend", "holiday", "standby"];
const DAY_TYPES = ["weekday", "saturday", "sunday", "holiday"];
const ROLES = ["consult", "visit", "lead", "standby"];

export async function wantedFields({ book }) {
  const posts = [...book.posts].map(([id, name]) => [id, name]);
  return element(
    "div", { class: "wanted" },
    element("div", { class: "row" }, field(text("wanted.first"), date("first", "", { min: today() })), field(text("wanted.last"), date("last", "", { min: today() }))),
    choice(text("wanted.burdens"), "burdens", BURDENS.map((one) => [one, text(`terms.burden.${one}`)]), null, "checkbox"),
    choice(text("wanted.day_types"), "day_types", DAY_TYPES.map((one) => [one, text(`wanted.day.${one}`)]), null, "checkbox"),
    choice(text("wanted.roles"), "roles", ROLES.map((one) => [one, text(`terms.role.${one}`)]), null, "checkbox"),
    posts.length > 1 ? choice(text("wanted.posts"), "posts", posts, null, "checkbox") : null,
    hint(text("wanted.hint")),
  );
}

export function wantedOf(sent) {
  return {
    first: sent.elements.first.value || null, last: sent.elements.last.value || null,
    burdens: ticked(sent, "burdens"), day_types: ticked(sent, "day_types"), roles: ticked(sent, "roles"), posts: ticked(sent, "posts"),
  };
}

export function wantedWords(wanted, book) {
  if (!wanted) return text("wanted.nothing");
  if (wanted.shift_ids.length) return text("wanted.one_of", { shifts: wanted.shift_ids.map((one) => book.words(one)).join("; ") });
  const named = [
    ...wanted.burdens.map((one) => text(`terms.burden.${one}`)), ...wanted.day_types.map((one) => text(`wanted.day.${one}`)),
    ...wanted.roles.map((one) => text(`terms.role.${one}`)), ...wanted.posts.map((one) => book.post(one)),
  ];
  if (wanted.first) named.push(text("wanted.from", { day: dayOf(wanted.first) }));
  if (wanted.last) named.push(text("wanted.until", { day: dayOf(wanted.last) }));
  return named.length ? text("wanted.kind", { what: named.join(", ") }) : text("wanted.any");
}

// duties of colleagues on a day; `picked` hears which one is chosen, or null
export function duties({ base, book, me }, start, picked) {
  const on = date("day", start, { required: true });
  const list = element("div", {});
  const open = () => within(list, async () => {
    await picked(null);
    if (!on.value) return list.replaceChildren();
    const found = await get(`${base}/roster?from=${on.value}&until=${on.value}&unfilled=false&all=true`);
    const others = book.keep(found.items).filter((one) => one.gp_id !== me && new Date(one.start) > new Date());
    if (!others.length) return list.replaceChildren(nothing("wanted.none"));
    const pick = choice(text("wanted.duty"), "other", others.map((one) => [one.shift_id, `${book.times(one)} — ${one.gp_name}`]));
    pick.addEventListener("change", () => picked(others.find((one) => one.shift_id === ticked(pick, "other")[0]) || null));
    return list.replaceChildren(pick);
  });
  const step = (days) => () => {
    on.value = daysLater(on.value || start, days);
    return open();
  };
  on.addEventListener("change", open);
  const days = row(button(text("wanted.before"), list, step(-1)), field(text("wanted.on"), on), button(text("wanted.after"), list, step(1)));
  return { box: element("div", {}, days, list), open };
}
