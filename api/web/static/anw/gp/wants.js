// Duties that a GP would take without giving one: the search for rings counts on it, and asks first.

import { everything, moment, post, text } from "../api.js";
import { button, cards, element, facts, field, form, hint, row, say, sheet } from "../parts.js";
import { wantedFields, wantedOf, wantedWords } from "./wanted.js";

export async function wants(here) {
  const { base, book, at, again } = here;
  const own = await everything(`${base}/swaps/wants`);
  await book.read(own.flatMap((one) => one.wanted.shift_ids));
  const withdraw = (one) => button(text("wants.withdraw"), at, async () => {
    await post(`${base}/swaps/wants/${one.id}/withdraw`);
    say(text("wants.withdrawn"));
    await again();
  });
  return [
    cards(own.map((one) => [
      element("strong", {}, wantedWords(one.wanted, book)),
      facts([[text("wants.most"), text("wants.taken", { most: one.most, taken: one.taken })], [text("deal.expires"), moment(one.expires_at)]]), row(withdraw(one)),
    ]), "wants.none"),
    row(button(text("wants.add"), at, () => state(here))),
  ];
}

async function state(here) {
  await sheet(text("wants.add"), async (body, close) => {
    const most = element("input", { type: "number", name: "most", min: "1", max: "100", value: "1", required: true });
    return form([hint(text("wants.hint")), await wantedFields(here), field(text("wants.most"), most)], text("wants.keep"), async (sent) => {
      await post(`${here.base}/swaps/wants`, { wanted: wantedOf(sent), most: Number(most.value) });
      say(text("wants.kept"));
      close();
      await here.again();
    });
  });
}
