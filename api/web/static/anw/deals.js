// Deals as lists: what moves, how it stands, and what somebody may say to it. GPs and planners use the same.

import { moment, post, text } from "./api.js";
import { badge, button, element, facts, field, form, hint, row, say, sheet } from "./parts.js";
import { asked, verdictBox } from "./verdict.js";

export async function readShifts(book, deals) {
  await book.read(deals.flatMap((deal) => deal.moves.map((one) => one.shift_id)));
}

export function movesOf(deal, book) {
  return element("ul", { class: "moves" }, ...deal.moves.map((one) =>
    element("li", {}, element("strong", {}, book.words(one.shift_id)), element("br", {}), text(one.from_gp_id ? "deal.move" : "deal.open_move", { from: book.gp(one.from_gp_id), to: book.gp(one.to_gp_id) })),
  ));
}

export function head(deal, book) {
  return element("div", {}, row(element("strong", {}, text(`deal.kind.${deal.kind}`)), badge(deal.state, text(`deal.state.${deal.state}`))), movesOf(deal, book));
}

export function consents(deal, book) {
  const said = (one) => (one.agreed === null ? "deal.silent" : one.agreed ? "deal.agreed" : "deal.refused");
  return hint(deal.consents.map((one) => text(said(one), { gp: book.gp(one.gp_id) })).join(" · "));
}

export function times(deal) {
  const live = ["proposed", "awaiting_planner"].includes(deal.state);
  return facts([
    [text("deal.created"), moment(deal.created_at)], [text("deal.expires"), live ? moment(deal.expires_at) : null],
    [text("deal.done_at"), deal.done_at && moment(deal.done_at)],
    [text("deal.ended_at"), deal.ended_at && moment(deal.ended_at)], [text("deal.reason"), deal.reason],
  ]);
}

// the verdict as it is now, and yes or no with a reason; `path` is what the answer is sent to
export async function decide(deal, { base, book, gp_id: me, again }, path, words) {
  await sheet(text(`${words}.title`), async (body, close) => {
    const found = await asked(base, deal.moves);
    const tell = async (agreed, reason) => {
      const outcome = await post(`${base}/swaps/deals/${deal.id}/${path}`, { agreed, reason });
      say(text(`deal.now.${outcome.state}`));
      close();
      await again();
    };
    const box = element("div", {});
    const yes = button(text(`${words}.yes`), box, () => tell(true, ""), "");
    yes.disabled = !found.legal;
    const reason = element("input", { name: "reason", maxlength: "500" });
    const no = form([field(text("deal.why_not"), reason)], text(`${words}.no`), () => tell(false, reason.value), "refusal");
    return [head(deal, book), verdictBox(book, found, me), row(yes), no, box];
  });
}

export function withdrawing(deal, { base, again, at }) {
  return button(text("deal.withdraw"), at, async () => {
    await post(`${base}/swaps/deals/${deal.id}/withdraw`);
    say(text("deal.withdrawn"));
    await again();
  });
}
