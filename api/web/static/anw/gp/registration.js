// Wishes and absences of a GP for one roster: what is handed in, adding to it, taking it back.

import { ask, atWall, dayOf, daysLater, everything, moment, post, text, toWall, today } from "../api.js";
import { badge, button, cards, choice, date, element, field, form, hint, part, row, say, select } from "../parts.js";

const WEIGHTS = ["2", "5", "9"];

export async function registration(dossierId, context) {
  const path = `${context.base}/dossiers/${dossierId}`;
  const lists = ["absences", "wishes"].map((kind) => part((again, at) => list(kind, path, { ...context, again, at })));
  await Promise.all(lists.map((one) => one.again()));
  const [absences, wishes] = lists;
  return [
    element("h3", {}, text("registration.absences")), absences.box, adding("absences", absenceFields(), absenceOf, path, context, absences.again),
    element("h3", {}, text("registration.wishes")), wishes.box, adding("wishes", wishFields(), wishOf, path, context, wishes.again),
  ];
}

async function list(kind, path, { again, at, gp_id: me }) {
  const rows = (await everything(`${path}/${kind}`)).filter((one) => one.gp_id === me);
  rows.sort((one, other) => one.start.localeCompare(other.start));
  return cards(rows.map((one) => [
    element("div", {}, element("strong", {}, span(one)), " ", kind === "wishes" ? badge(one.wish, text(`registration.${one.wish}`)) : null,
      kind === "wishes" ? hint(text("registration.weighs", { weight: one.weight })) : one.reason ? hint(one.reason) : null),
    row(button(text("registration.remove"), at, async () => {
      await ask("DELETE", `${path}/${kind}/${one.row_id}`, undefined, { "If-Match": one.etag });
      say(text("registration.removed"));
      await again();
    })),
  ]), `registration.no_${kind}`, "across");
}

// whole days are told as days, both included
function span(one) {
  const [start, end] = [toWall(one.start), toWall(one.end)];
  if (!start.endsWith("T00:00") || !end.endsWith("T00:00")) return text("sick.span", { from: moment(one.start), until: moment(one.end) });
  const last = daysLater(end.slice(0, 10), -1);
  return last === start.slice(0, 10) ? dayOf(last) : text("registration.days", { first: dayOf(start.slice(0, 10)), last: dayOf(last) });
}

function adding(kind, fields, read, path, { gp_id: me }, again) {
  const made = form(fields, text("registration.add"), async (sent) => {
    await post(`${path}/${kind}`, { gp_id: me, ...spanOf(sent), ...read(sent) });
    sent.reset();
    say(text("registration.added"));
    await again();
  });
  return element("details", {}, element("summary", {}, text(`registration.add_${kind}`)), made);
}

const spanFields = () => [
  row(field(text("registration.first"), date("first", "", { required: true, min: today() })), field(text("registration.last"), date("last", "", { min: today() }), text("registration.last_hint"))),
  row(field(text("registration.from"), element("input", { type: "time", name: "from" })), field(text("registration.until"), element("input", { type: "time", name: "until" }), text("registration.times_hint"))),
];

function spanOf(sent) {
  const { first, last, from, until } = sent.elements;
  const end = last.value || first.value;
  return {
    start: atWall(`${first.value}T${from.value || "00:00"}`),
    end: atWall(until.value ? `${end}T${until.value}` : `${daysLater(end, 1)}T00:00`),
  };
}

const absenceFields = () => [...spanFields(), field(text("registration.reason"), element("input", { name: "reason", maxlength: "200" }), text("registration.reason_hint"))];
const absenceOf = (sent) => ({ reason: sent.elements.reason.value });

const wishFields = () => [
  choice(text("registration.wish"), "wish", ["avoid", "prefer"].map((one) => [one, text(`registration.${one}`)]), "avoid"), ...spanFields(),
  field(text("registration.weight"), select("weight", WEIGHTS.map((one) => [one, text(`registration.weight_${one}`)]), "5")),
];
const wishOf = (sent) => ({ wish: sent.elements.wish.value, weight: Number(sent.elements.weight.value) });
