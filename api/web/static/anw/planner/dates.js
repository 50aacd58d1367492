// The dates of the phases of a round, as fields and back again.

import { atWall, daysLater, text, today } from "../api.js";
import { element, form, wallTime, field, row } from "../parts.js";

const PHASES = ["registration", "making", "draft_published", "free_locums", "closing", "published"];
const SKIPPABLE = ["registration", "draft_published", "free_locums", "closing"];
const WEEK = 7;

// a week for each, from tomorrow on: somewhere to begin, for the planner to change
export function opening() {
  const start = daysLater(today(), 1);
  return PHASES.map((name, at) => ({
    name, title: text(`rounds.phase.${name}`), skipped: false, opens: `${daysLater(start, at * WEEK)}T09:00`,
    closes: name === "published" ? null : `${daysLater(start, (at + 1) * WEEK)}T09:00`,
  }));
}

export function datesForm(more, phases, submit, work) {
  const lines = phases.map((one) => element(
    "fieldset", { "data-phase": one.name }, element("legend", {}, one.title),
    row(
      field(text("rounds.opens"), wallTime(`${one.name}.opens`, one.opens, { required: true })),
      one.closes ? field(text("rounds.closes"), wallTime(`${one.name}.closes`, one.closes, { required: true })) : null,
      SKIPPABLE.includes(one.name) ? element("label", { class: "pick" }, element("input", { type: "checkbox", name: `${one.name}.skipped`, checked: one.skipped }), element("span", {}, text("rounds.skip"))) : null,
    ),
  ));
  return form([...more, ...lines], submit, work);
}

export function changes(sent) {
  return Object.fromEntries(PHASES.map((name) => {
    const value = (kind) => sent.elements[`${name}.${kind}`];
    const one = { opens_at: atWall(value("opens").value), skipped: Boolean(value("skipped")?.checked) };
    if (value("closes")) one.closes_at = atWall(value("closes").value);
    return [name, one];
  }));
}
