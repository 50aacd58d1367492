// What the rules say of duties that would change hands, and what it means for whom.

import { number, post, signed, text } from "./api.js";
import { element, facts } from "./parts.js";

export const asked = (base, moves) => post(`${base}/swaps/verdict`, { moves });

export function verdictBox(book, found, me = null) {
  const head = element("p", { class: found.legal ? "fine" : "trouble" }, found.legal ? found.text : text("verdict.illegal"));
  const reasons = found.legal ? null : element("ul", {}, ...told(book, found.reasons, me).map((one) => element("li", {}, one)));
  const effects = found.parties.map((party) => effect(book, party, me));
  return element("div", { class: "verdict" }, head, reasons, ...effects);
}

function told(book, reasons, me) {
  return [...new Set(reasons.map((one) => {
    if (!one.gp_id) return one.text;
    const why = book.named(one.text, one.gp_id);
    return one.gp_id === me || why !== one.text ? why : text("verdict.of", { gp: book.gp(one.gp_id), why });
  }))];
}

export function effect(book, party, me) {
  const title = party.gp_id === me ? text("verdict.yours") : text("verdict.theirs", { gp: book.gp(party.gp_id) });
  const hours = changes(party.hours, (value) => number(value, 1));
  const deviation = changes(party.deviation, (value) => signed(value, 1));
  return element(
    "div", { class: "effect" }, element("h3", {}, title),
    facts([
      [text("verdict.hours"), hours],
      [text("verdict.deviation"), deviation],
      [text("verdict.pay"), party.pay_text],
      [text("verdict.wishes"), wishes(party.soft_cost)],
    ]),
  );
}

function changes(found, written) {
  const lines = Object.entries(found).map(([burden, { before, after }]) =>
    element("span", { class: "line" }, text("verdict.change", { burden: text(`terms.burden.${burden}`), before: written(before), after: written(after) })),
  );
  return lines.length ? element("span", {}, ...lines) : null;
}

function wishes(cost) {
  if (Math.abs(cost) < 0.005) return null;
  return text(cost < 0 ? "verdict.better" : "verdict.worse");
}

// a place that always shows the verdict on what is chosen now; `judged` hears whether it may be done
export function live(book, base, me, judged) {
  const box = element("div", { role: "status" });
  let last = 0;
  const judge = async (moves) => {
    const mine = (last += 1);
    judged(null);
    if (!moves) return box.replaceChildren();
    box.replaceChildren(element("p", { class: "hint" }, text("verdict.asked")));
    const found = await asked(base, moves);
    if (mine !== last) return undefined;
    box.replaceChildren(verdictBox(book, found, me));
    return judged(found);
  };
  return { box, judge };
}
