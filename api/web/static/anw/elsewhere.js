// On duty at another HDS too: the own duties everywhere, and linking a GP with a code that is brought to the other side.

import { ask, clock, day, get, moment, post, text } from "./api.js";
import { badge, button, cards, element, field, form, hint, part, row, say, section } from "./parts.js";

export async function show(box, context) {
  const governs = context.roles.includes("administrator");
  const known = { ...context, governs };
  if (context.gp_id) {
    const everywhere = part(() => duties(context));
    box.append(section(text("elsewhere.duties"), everywhere.box));
    await everywhere.again();
  }
  const list = part((again, at) => links({ ...known, again, at }));
  box.append(section(text("elsewhere.title"), hint(text("elsewhere.hint")), list.box, giving(known), entering(known, list.again)));
  await list.again();
}

async function duties({ base }) {
  const { items } = await get(`${base}/neighbours/duties`);
  return cards(items.map((one) => element("div", { class: "duty" },
    element("p", { class: "when" }, element("strong", {}, day(one.start)), ` ${clock(one.start)}–${clock(one.end)}`),
    element("p", { class: "what" }, `${one.hds_name} · ${text(`terms.role.${one.role}`)} `, element("span", { class: `badge burden ${one.burden}` }, text(`terms.burden.${one.burden}`))))), "duties.none");
}

async function links({ base, governs, at, again }) {
  const { items } = await get(`${base}/neighbours/links`);
  return cards(items.map((one) => [
    row(element("strong", {}, governs ? one.gp_id : text(`elsewhere.kind.${one.kind}`)), governs ? badge(one.kind, text(`elsewhere.kind.${one.kind}`)) : null),
    one.made_at ? hint(moment(one.made_at)) : null,
    one.id === null ? null : row(button(text("elsewhere.end"), at, async () => {
      await ask("DELETE", `${base}/neighbours/links/${one.id}`);
      say(text("elsewhere.ended"));
      await again();
    })),
  ]), "elsewhere.none");
}

// an administrator names the GP and where the consent is found; a GP is the GP
const whoFields = ({ governs }) => (governs ? [
  field(text("elsewhere.gp"), element("input", { name: "gp_id", required: true, maxlength: "200" }), text("elsewhere.gp_hint")),
  field(text("elsewhere.consent"), element("input", { name: "consent", required: true, maxlength: "500" }), text("elsewhere.consent_hint")),
] : []);
const bigField = () => field(text("elsewhere.big"), element("input", { name: "big_number", pattern: "\\d{11}", inputmode: "numeric", autocomplete: "off" }), text("elsewhere.big_hint"));

function asked(sent) {
  const { gp_id, consent, big_number } = sent.elements;
  return { ...(gp_id ? { gp_id: gp_id.value, consent: consent.value } : {}), ...(big_number.value ? { big_number: big_number.value } : {}) };
}

function giving(context) {
  return element("details", {}, element("summary", {}, text("elsewhere.give")), hint(text("elsewhere.give_hint")), form([...whoFields(context), bigField()], text("elsewhere.make"), async (sent, box) => {
    const made = await post(`${context.base}/neighbours/links/codes`, asked(sent));
    sent.reset();
    const shown = element("input", { name: "code", value: made.code, readonly: true });
    box.querySelector(".made")?.remove();
    box.append(element("div", { class: "made" }, field(text("elsewhere.code"), shown, text("elsewhere.code_hint", { until: moment(made.expires_at) }))));
    shown.focus();
    shown.select();
  }));
}

function entering(context, again) {
  const code = element("input", { name: "code", required: true, maxlength: "100", autocomplete: "off", spellcheck: false });
  return element("details", {}, element("summary", {}, text("elsewhere.enter")), hint(text("elsewhere.enter_hint")), form([field(text("elsewhere.code"), code), ...whoFields(context), bigField()], text("elsewhere.link"), async (sent) => {
    await post(`${context.base}/neighbours/links`, { code: code.value.trim(), ...asked(sent) });
    sent.reset();
    say(text("elsewhere.linked"));
    await again();
  }));
}
