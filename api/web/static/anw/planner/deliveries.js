// Messages that did not get out: what, to whom by id, why, and trying again.

import { get, moment, post, text } from "../api.js";
import { button, cards, element, facts, row, say } from "../parts.js";

const SHOWN = 50;

export async function failed({ base, book, at, again }) {
  const { items } = await get(`${base}/messages/deliveries?state=failed&limit=${SHOWN}`);
  return cards(items.map((one) => [
    element("strong", {}, text(`delivery.${one.channel}`)),
    facts([
      [text("delivery.to"), one.gp_id ? book?.gp(one.gp_id) || one.gp_id : one.webhook_id ? text("delivery.system", { id: one.webhook_id }) : text("delivery.user", { id: one.user_id })],
      [text("delivery.about"), one.kind], [text("delivery.why"), one.last_error], [text("delivery.attempts"), one.attempts], [text("delivery.made"), moment(one.created_at)],
    ]),
    row(button(text("delivery.retry"), at, async () => {
      await post(`${base}/messages/deliveries/${one.id}/retry`);
      say(text("delivery.retried"));
      await again();
    })),
  ]), "delivery.none");
}
