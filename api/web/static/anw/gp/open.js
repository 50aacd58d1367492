// Shifts that nobody has yet and that all may take: the first who does has it.

import { fresh, get, post, text } from "../api.js";
import { dutyHead } from "../book.js";
import { button, cards, element, hint, row, say, sheet } from "../parts.js";
import { verdictBox } from "../verdict.js";

export async function openShifts(here) {
  const { base, book } = here;
  const { items } = await get(`${base}/open-shifts`);
  await book.read(items.map((one) => one.shift_id));
  return cards(items.map((one) => [
    book.shifts.has(one.shift_id) ? dutyHead(book, book.shifts.get(one.shift_id)) : element("p", {}, one.shift_id),
    one.verdict && !one.verdict.legal ? hint(book.named(one.verdict.text, here.gp_id)) : null,
    row(button(text("open.look"), here.at, () => take(one, here), "")),
  ]), "open.none");
}

async function take(one, { base, book, gp_id: me, again }) {
  await sheet(text("open.title"), async (body, close) => {
    const box = element("div", {});
    const yes = button(text("open.take"), box, async () => {
      await post(`${base}/open-shifts/take/${encodeURI(one.shift_id)}`, undefined, { "Idempotency-Key": fresh() });
      say(text("open.taken"));
      close();
      await again();
    }, "");
    yes.disabled = !one.verdict?.legal;
    return [element("p", { class: "lead" }, book.words(one.shift_id)), one.verdict ? verdictBox(book, one.verdict, me) : null, row(yes), box];
  });
}
