// Scaling up: extra shifts looked at and opened, offered to all, standbys called, what it came to.

import { daysLater, euros, everything, fresh, get, moment, number, period, plural, post, signed, text, today } from "../api.js";
import { openBook } from "../book.js";
import { badge, button, cards, date, element, facts, field, form, hint, nothing, part, row, say, section, select, sheet, table, figure } from "../parts.js";

const ROLES = ["consult", "visit", "lead", "standby"];
const SHOWN = 10;

export async function show(box, context) {
  const here = { ...context, book: await openBook(context.base) };
  const again = () => Promise.all([open, past].map((one) => one.again()));
  const shown = (fill) => part((_, at) => fill({ ...here, again, at }));
  const [open, past] = [onOffer, escalations].map(shown);
  box.append(section(text("peak.title"), await opening({ ...here, again })), section(text("peak.open"), open.box), section(text("peak.list"), past.box));
  await again();
}

async function opening(here) {
  const { base, book } = here;
  const dossiers = await everything(`${base}/dossiers`);
  const input = (type, name, value, more = {}) => element("input", { type, name, value, required: true, ...more });
  const preview = element("div", { role: "status" });
  const fields = [
    hint(text("peak.hint")),
    dossiers.length > 1 ? field(text("repair.roster"), select("dossier", dossiers.map((one) => [String(one.dossier_id), period(one)]))) : null,
    row(field(text("col.post"), select("post", [...book.posts])), field(text("col.role"), select("role", ROLES.map((one) => [one, text(`terms.role.${one}`)])))),
    row(field(text("peak.first"), date("first", "", { required: true, min: today() })), field(text("peak.days"), input("number", "days", "1", { min: "1", max: "60" }))),
    row(field(text("peak.start"), input("time", "start", "10:00")), field(text("peak.end"), input("time", "end", "16:00")), field(text("peak.headcount"), input("number", "headcount", "1", { min: "1", max: "50" }))),
    field(text("peak.reason"), input("text", "reason", "", { maxlength: "500" })),
    preview,
  ].filter(Boolean);
  return form(fields, text("peak.look"), async (sent) => {
    const asked = askedOf(sent, dossiers);
    const found = await post(`${base}/peak/preview`, asked);
    const shown = element("div", {});
    const key = fresh();
    shown.append(...previewed(found.shifts, here), row(button(text("peak.open_offer"), shown, () => openThem(asked, key, here, sent, preview), "")));
    preview.replaceChildren(shown);
  });
}

function askedOf(sent, dossiers) {
  const value = (name) => sent.elements[name].value;
  const days = Array.from({ length: Number(value("days")) }, (_, at) => daysLater(value("first"), at));
  const extra = { post_id: value("post"), role: value("role"), days, start: value("start"), end: value("end"), headcount: Number(value("headcount")) };
  return { dossier_id: Number(sent.elements.dossier?.value || dossiers[0].dossier_id), extras: [extra], reason: value("reason") };
}

function previewed(shifts, { book }) {
  const rows = shifts.map((one) => [
    book.said(one), one.candidate_count === null ? "–" : plural("peak.takers", one.candidate_count),
    one.candidates.map((each) => each.name).join(", ") || "–",
    one.standbys.filter((each) => each.legal).map((each) => `${book.gp(each.gp_id)}${each.same_post ? "" : ` (${text("case.other_post")})`}`).join(", ") || "–",
  ]);
  return [table(text("peak.preview"), [text("col.shift"), text("peak.count"), text("peak.best"), text("peak.standbys")], rows)];
}

// pressed again after it went wrong halfway it goes on from there: the same key opens no shifts a second time
async function openThem(asked, key, { base, again }, sent, preview) {
  const made = await post(`${base}/peak`, asked, { "Idempotency-Key": key });
  const { offered } = await post(`${base}/open-shifts`, { shift_ids: made.shifts.map((one) => one.shift_id), reason: asked.reason });
  say(text("peak.opened", { count: made.shifts.length, told: offered.reduce((most, one) => Math.max(most, one.told), 0) }));
  sent.reset();
  preview.replaceChildren();
  await again();
}

async function onOffer({ base, book }) {
  const { items } = await get(`${base}/open-shifts`);
  return cards(items.map((one) => [element("strong", {}, book.said(one)), hint(text("peak.since", { at: moment(one.offered_at) }))]), "peak.none_open");
}

async function escalations(here) {
  const { items } = await get(`${here.base}/peak?limit=${SHOWN}`);
  return cards(items.map((one) => card(one, here)), "peak.none");
}

function card(one, here) {
  const { book } = here;
  const calls = one.calls.map((call) => element("li", {}, text("case.call", { gp: book.gp(call.gp_id), from: moment(call.start), until: moment(call.end) }),
    Date.parse(call.end) > Date.now() ? row(callOff(call, here)) : null));
  const balances = one.balances.map((each) => [book.gp(each.gp_id), text(`terms.burden.${each.burden}`), figure(number(each.share_hours, 1)), figure(number(each.done_hours, 1)), figure(signed(each.deviation, 1))]);
  return [
    row(element("strong", {}, one.reason), hint(moment(one.opened_at))),
    facts([[text("col.hours"), number(one.hours, 1)], [text("col.amount"), one.cents === null ? null : euros(one.cents)]]),
    element("ul", { class: "moves" }, ...one.shifts.map((shift) => extra(shift, here))), calls.length ? element("ul", {}, ...calls) : null,
    balances.length ? element("details", {}, element("summary", {}, text("peak.balances")), table("", ["gp", "burden", "target", "hours", "deviation"].map((key) => text(`col.${key}`)), balances)) : null,
  ];
}

function callOff(call, { base, book, at, again }) {
  return button(text("case.call_off"), at, async () => {
    await post(`${base}/peak/uncall`, { shift_id: call.shift_id, standby_id: call.standby_id });
    say(text("case.called_off", { gp: book.gp(call.gp_id) }));
    await again();
  });
}

function extra(shift, here) {
  const { base, book, at, again } = here;
  const close = button(text("peak.close"), at, async () => {
    await post(`${base}/peak/close`, { shift_ids: [shift.shift_id], reason: "" });
    say(text("peak.closed"));
    await again();
  });
  return element("li", {}, book.said(shift), " ", badge(shift.state, text(`peak.state.${shift.state}`)), shift.gp_id ? ` ${book.gp(shift.gp_id)}` : null,
    shift.state === "open" ? row(button(text("case.call_in"), at, () => callIn(shift, here)), close) : null);
}

async function callIn(shift, { base, book, again }) {
  await sheet(text("case.call_in"), async (body, close) => {
    const { standbys } = await get(`${base}/peak/standbys/${encodeURI(shift.shift_id)}`);
    const legal = standbys.filter((one) => one.legal);
    const lead = element("p", { class: "lead" }, book.said(shift));
    if (!legal.length) return [lead, nothing("case.no_standby")];
    const which = select("standby", legal.map((one) => [one.standby_id, text("peak.standby", { gp: book.gp(one.gp_id), from: moment(one.start), until: moment(one.end) })]));
    const refill = element("input", { type: "checkbox", name: "refill", checked: true });
    const reason = element("input", { name: "reason", required: true, maxlength: "500" });
    return [lead, form([field(text("peak.which"), which), element("label", { class: "pick" }, refill, element("span", {}, text("peak.refill"))), field(text("peak.reason"), reason)], text("case.call_in"), async () => {
      const called = await post(`${base}/peak/call`, { shift_id: shift.shift_id, standby_id: which.value, refill: refill.checked, reason: reason.value });
      say(text("case.called", { gp: book.gp(called.gp_id) }));
      close();
      await again();
    })];
  });
}
