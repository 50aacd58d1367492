// Reporting sick, for one duty or a period, and what became of the duties; why somebody is ill is never asked.

import { atWall, fresh, get, moment, post, text, toWall } from "../api.js";
import { badge, button, cards, element, facts, field, form, hint, row, say, sheet, wallTime } from "../parts.js";

const SHOWN = 10;

export async function sickOf(duty, here) {
  await sheet(text("sick.title"), async (body, close) => {
    const box = element("div", {});
    const key = fresh();
    const send = button(text("sick.send_duty"), box, () => report({ shift_id: duty.shift_id }, key, close, here), "");
    return [element("p", { class: "lead" }, here.book.said(duty)), hint(text("sick.hint")), row(send), box];
  });
}

export async function sickFrom(here) {
  await sheet(text("sick.title"), async (body, close) => {
    const key = fresh();
    const start = wallTime("start", toWall(Date.now()), { required: true });
    const until = wallTime("until");
    return [
      hint(text("sick.hint")),
      form([field(text("sick.from"), start), field(text("sick.until"), until, text("sick.until_hint"))], text("sick.send"), () =>
        report({ start: atWall(start.value), until: until.value ? atWall(until.value) : null }, key, close, here)),
    ];
  });
}

async function report(asked, key, close, { base, again }) {
  const made = await post(`${base}/sickness`, asked, { "Idempotency-Key": key });
  say(text(made.cases.length ? "sick.reported" : "sick.reported_free"));
  close();
  await again();
}

export async function reports(here) {
  const { base, book } = here;
  const { items } = await get(`${base}/sickness?limit=${SHOWN}`);
  await book.read(items.flatMap((one) => one.cases.map((known) => known.shift_id)));
  return [
    row(button(text("sick.period"), here.at, () => sickFrom(here))),
    items.length ? cards(items.map((one) => shownReport(one, here))) : hint(text("sick.none")),
  ];
}

function shownReport(one, here) {
  const { book, at } = here;
  const what = one.shift_id ? book.words(one.shift_id) : text(one.until ? "sick.span" : "sick.open_span", { from: moment(one.start), until: one.until && moment(one.until) });
  const cases = element("ul", { class: "moves" }, ...one.cases.map((known) => element("li", {}, book.words(known.shift_id), " ", badge(known.state, text(`case.state.${known.state}`)))));
  const more = one.state === "active" ? row(
    one.shift_id ? null : button(text("sick.longer"), at, () => longer(one, here)),
    button(text("sick.better"), at, () => better(one, here)),
  ) : null;
  return [row(element("strong", {}, what), badge(one.state, text(`sick.state.${one.state}`))), facts([[text("sick.at"), moment(one.reported_at)], [text("sick.recovered_at"), one.recovered_at && moment(one.recovered_at)]]), cases, more];
}

export async function longer(one, { base, again }) {
  await sheet(text("sick.longer"), async (body, close) => {
    const until = wallTime("until", one.until ? toWall(one.until) : "");
    return form([field(text("sick.until"), until, text("sick.until_hint"))], text("sick.longer"), async () => {
      await post(`${base}/sickness/${one.id}/until`, { until: until.value ? atWall(until.value) : null });
      say(text("sick.prolonged"));
      close();
      await again();
    });
  });
}

const OWN = { title: "sick.better", back: "sick.take_back", done: "sick.recovered" };

// the same sheet for who is better and for the planner who writes it down, each in words of their own
export async function better(one, { base, again }, words = OWN) {
  await sheet(text(words.title), async (body, close) => {
    const back = element("input", { type: "checkbox", name: "take_back", checked: true });
    const from = wallTime("at");
    const fields = [
      one.shift_id ? null : field(text("sick.better_from"), from, text("sick.better_hint")),
      element("label", { class: "pick" }, back, element("span", {}, text(words.back))), hint(text("sick.take_back_hint")),
    ].filter(Boolean);
    return form(fields, text(words.title), async () => {
      await post(`${base}/sickness/${one.id}/recovered`, { at: from.value ? atWall(from.value) : null, take_back: back.checked });
      say(text(words.done));
      close();
      await again();
    });
  });
}
