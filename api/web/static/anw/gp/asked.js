// Who is asked to stand in for somebody who fell ill: yes or no, while there is time.

import { fresh, get, moment, post, text } from "../api.js";
import { dutyHead } from "../book.js";
import { button, cards, countdown, element, field, form, hint, row, say, sheet } from "../parts.js";

export async function asks(here) {
  const { base, book } = here;
  const open = (await get(`${base}/sickness/asks/mine`)).filter((one) => one.open);
  if (!open.length) return null;
  await book.read(open.map((one) => one.shift_id));
  return element(
    "div", { class: "urgent" }, element("h2", {}, text("asked.title")),
    cards(open.map((one) => [dutyOf(one, book), element("p", {}, text("asked.until", { at: moment(one.answer_by) }), " ", countdown(one.answer_by)), row(button(text("asked.look"), here.at, () => answer(one, here), ""))])),
  );
}

const dutyOf = (one, book) => (book.shifts.has(one.shift_id) ? dutyHead(book, book.shifts.get(one.shift_id)) : element("p", {}, one.shift_id));

async function answer(one, { base, book, again }) {
  await sheet(text("asked.title"), async (body, close) => {
    const tell = async (agreed, reason) => {
      await post(`${base}/sickness/asks/${one.id}/answer`, { agreed, reason }, { "Idempotency-Key": fresh() });
      say(text(agreed ? "asked.thanks" : "asked.refused"));
      close();
      await again();
    };
    const box = element("div", {});
    const reason = element("input", { name: "reason", maxlength: "500" });
    return [
      dutyOf(one, book), hint(text("asked.first")), row(button(text("asked.yes"), box, () => tell(true, ""), "")), box,
      form([field(text("asked.why_not"), reason)], text("asked.no"), () => tell(false, reason.value), "refusal"),
    ];
  });
}
