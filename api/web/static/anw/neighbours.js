// Neighbouring HDSs: who they are, inviting one, answering, and ending it.

import { get, moment, post, text } from "./api.js";
import { badge, button, cards, element, facts, field, form, hint, part, row, say, section } from "./parts.js";

export async function show(box, context) {
  const list = part((again, at) => neighbours({ ...context, again, at }));
  box.append(section(text("neighbours.title"), hint(text("neighbours.hint")), list.box, inviting(context, list.again)));
  await list.again();
}

function inviting({ base }, again) {
  const hds = element("input", { name: "hds_id", required: true, maxlength: "64" });
  const message = element("input", { name: "message", maxlength: "500" });
  return element("details", {}, element("summary", {}, text("neighbours.invite")), form([field(text("neighbours.id"), hds, text("neighbours.id_hint")), field(text("neighbours.message"), message)], text("neighbours.invite"), async (sent) => {
    await post(`${base}/neighbours`, { hds_id: hds.value, message: message.value });
    sent.reset();
    say(text("neighbours.invited"));
    await again();
  }));
}

async function neighbours({ base, at, again }) {
  const { items } = await get(`${base}/neighbours`);
  const told = (one, label, path, body) => button(text(`neighbours.${label}`), at, async () => {
    await post(`${base}/neighbours/${one.id}/${path}`, body);
    say(text(`neighbours.${label}_done`));
    await again();
  });
  return cards(items.map((one) => [
    row(element("strong", {}, one.hds_name), badge(one.state, text(`neighbours.state.${one.state}`))),
    facts([[text("neighbours.by"), text(one.invited_by_us ? "neighbours.by_us" : "neighbours.by_them")], [text("neighbours.message"), one.message], [text("neighbours.since"), moment(one.changed_at)]]),
    one.state === "invited" && !one.invited_by_us ? row(told(one, "accept", "answer", { agreed: true }), told(one, "refuse", "answer", { agreed: false })) : null,
    one.state === "accepted" || (one.state === "invited" && one.invited_by_us) ? row(told(one, "end", "end")) : null,
  ]), "neighbours.none");
}
