// Systems that are told by webhook: adding one, trying it, a new secret, switching it off.

import { ask, get, moment, post, text } from "../api.js";
import { badge, button, cards, element, facts, field, form, hint, part, row, say, section } from "../parts.js";
import { failed } from "../planner/deliveries.js";

export async function show(box, context) {
  const again = () => Promise.all([list, sent].map((one) => one.again()));
  const shown = (fill) => part((_, at) => fill({ ...context, again, at }));
  const [list, sent] = [webhooks, failed].map(shown);
  box.append(section(text("webhooks.title"), hint(text("webhooks.hint")), list.box, adding(context, list)), section(text("today.failed"), sent.box));
  await again();
}

const words = (written) => written.split(/[\s,]+/).filter(Boolean);

function adding({ base }, list) {
  const url = element("input", { type: "url", name: "url", required: true, maxlength: "1000", placeholder: "https://" });
  const kinds = element("input", { name: "kinds" });
  const whole = form([field(text("webhooks.url"), url), field(text("webhooks.kinds"), kinds, text("webhooks.kinds_hint"))], text("webhooks.add"), async (sent, at) => {
    const made = await post(`${base}/webhooks`, { url: url.value, kinds: words(kinds.value) });
    sent.reset();
    await list.again();
    at.prepend(secret(made));
  });
  return element("details", {}, element("summary", {}, text("webhooks.add")), whole);
}

function secret(made) {
  return element("div", { class: "fine", role: "status" }, element("p", {}, text("webhooks.secret")), element("code", {}, made.secret));
}

async function webhooks(here) {
  const found = await get(`${here.base}/webhooks`);
  return cards(found.map((one) => [
    row(element("strong", {}, one.url), badge(one.active ? "done" : "failed", text(one.active ? "webhooks.active" : "webhooks.off"))),
    facts([[text("webhooks.kinds"), one.kinds.join(", ") || text("webhooks.all")], [text("webhooks.failing"), one.failing_since && moment(one.failing_since)]]),
    actions(one, here),
  ]), "webhooks.none");
}

function actions(one, { base, at, again }) {
  const path = `${base}/webhooks/${one.id}`;
  const told = (label, work) => button(text(`webhooks.${label}`), at, async () => {
    await work();
    say(text(`webhooks.${label}_done`));
    await again();
  });
  return row(
    told("test", () => post(`${path}/test`)),
    told(one.active ? "stop" : "start", () => ask("PATCH", path, { active: !one.active }, { "If-Match": `"${one.revision}"` })),
    button(text("webhooks.rotate"), at, async () => {
      const made = await post(`${path}/rotate`);
      await again();
      at.prepend(secret(made));
    }),
    told("remove", () => ask("DELETE", path)),
  );
}
