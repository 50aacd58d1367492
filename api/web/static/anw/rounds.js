// The round that leads to a roster, as everybody sees it: its phases, and where GPs stand.

import { moment, number, signed, text } from "./api.js";
import { badge, countdown, element, figure, hint, table } from "./parts.js";

export function phases(round) {
  return element("ol", { class: "phases" }, ...round.phases.filter((one) => !one.skipped).map((one) =>
    element(
      "li", { "aria-current": one.name === round.current ? "step" : null, class: one.closed_at ? "past" : null },
      element("strong", {}, one.title), " ",
      element("span", { class: "hint" }, one.closes_at ? text("round.span", { from: moment(one.opens_at), until: moment(one.closes_at) }) : moment(one.opens_at)),
      one.name === round.current ? badge("running", text("round.now")) : null,
    ),
  ));
}

export function state(round) {
  return element("div", {}, element("p", { class: "lead" }, round.told),
    round.closes_at && round.state === "running" ? element("p", {}, `${text("round.closes")}: ${moment(round.closes_at)} — `, countdown(round.closes_at)) : null, phases(round));
}

export function standing(found, line) {
  if (!line) return hint(text("round.no_standing"));
  const rows = Object.entries(line.burdens).map(([burden, one]) => [
    text(`terms.burden.${burden}`), figure(number(one.share, 1)), figure(number(one.done, 1)), figure(signed(one.deviation_shifts, 1)),
  ]);
  const heads = ["burden", "target", "hours", "deviation"].map((key) => text(`col.${key}`));
  return element("div", {},
    element("p", {}, text(line.place === null ? "round.share" : "round.place", { share: number(line.share, 1), done: number(line.done, 1), place: line.place, of: line.of })),
    table(text(`round.against.${found.roster}`), heads, rows));
}
