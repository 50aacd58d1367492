// What a repair of the roster asks of a GP: own duties that would move to make room for others.

import { get, moment, post, text } from "../api.js";
import { button, cards, element, facts, field, form, hint, row, say, sheet } from "../parts.js";

export async function repairAsks(here) {
  const { base, book, at } = here;
  const open = (await get(`${base}/repairs/asks`)).items.filter((one) => one.state === "asking" && one.agreed === null);
  await book.read(open.flatMap((one) => [...one.gives, ...one.takes]));
  return open.length ? cards(open.map((one) => [
    element("strong", {}, text("moved.title")), what(one, book), one.expires_at ? hint(text("market.until", { at: moment(one.expires_at) })) : null,
    row(button(text("market.answer"), at, () => answer(one, here), "")),
  ])) : null;
}

const words = (ids, book) => (ids.length ? element("span", {}, ...ids.map((one) => element("span", { class: "line" }, book.words(one)))) : null);
const what = (one, book) => facts([[text("moved.gives"), words(one.gives, book)], [text("moved.takes"), words(one.takes, book)]]);

async function answer(one, { base, book, again }) {
  await sheet(text("moved.title"), async (body, close) => {
    const tell = async (agreed, reason) => {
      await post(`${base}/repairs/${one.repair_id}/answer`, { agreed, reason });
      say(text(agreed ? "moved.agreed" : "moved.refused"));
      close();
      await again();
    };
    const box = element("div", {});
    const reason = element("input", { name: "reason", maxlength: "500" });
    return [
      hint(text("moved.hint")), what(one, book), row(button(text("answer.yes"), box, () => tell(true, ""), "")), box,
      form([field(text("deal.why_not"), reason)], text("answer.no"), () => tell(false, reason.value), "refusal"),
    ];
  });
}
