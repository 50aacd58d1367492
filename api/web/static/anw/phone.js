// The telephone number of a GP, by which a standby is called in: kept by the GP, or by a planner for any GP.

import { ask, text } from "./api.js";
import { button, element, field, form, hint, row, say } from "./parts.js";

export async function phone({ base, again, at }, gpId) {
  const where = `${base}/gps/${encodeURIComponent(gpId)}/phone`;
  const { content: known, etag } = await ask("GET", where);
  const input = element("input", { type: "tel", name: "phone", value: known.shown || "", required: true, maxlength: "40", autocomplete: "off", inputmode: "tel" });
  const whole = form([hint(text("phone.hint")), field(text("phone.number"), input, text("phone.form"))], text("phone.keep"), async () => {
    await ask("PUT", where, { phone: input.value }, { "If-Match": etag });
    say(text("phone.kept"));
    await again();
  });
  const remove = known.phone ? row(button(text("phone.remove"), at, async () => {
    await ask("DELETE", where, undefined, { "If-Match": etag });
    say(text("phone.removed"));
    await again();
  })) : null;
  return element("div", {}, whole, remove);
}
