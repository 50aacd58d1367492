// Shifts that lost their GP by sickness: how urgent each is, who was asked, and what the planner may do.

import { atWall, everything, fresh, get, moment, number, post, signed, text, toWall } from "../api.js";
import { dutyHead } from "../book.js";
import { better, longer } from "../gp/sick.js";
import { badge, button, cards, choice, countdown, element, facts, field, form, hint, nothing, row, say, select, sheet, ticked, wallTime } from "../parts.js";

export async function cases(here) {
  const { base, book } = here;
  const open = await everything(`${base}/sickness/open`);
  await book.read(open.map((one) => one.shift_id));
  return cards(open.map((one) => card(one, here)), "case.none");
}

function card(one, here) {
  const { book } = here;
  const duty = book.shifts.get(one.shift_id);
  const parts = one.open_parts.map((gap) => element("span", { class: "line" }, text("sick.span", { from: moment(gap.start), until: moment(gap.end) })));
  const calls = one.calls.map((call) => element("span", { class: "line" }, text("case.call", { gp: book.gp(call.gp_id), from: moment(call.start), until: moment(call.end) })));
  return [
    row(badge(one.urgency, text(`case.urgency.${one.urgency}`)), badge(one.state, text(`case.planner_state.${one.state}`)), countdown(one.since)),
    duty ? dutyHead(book, duty) : element("p", {}, one.shift_id),
    facts([
      [text("case.ill"), book.gp(one.gp_id)], [text("case.cause"), one.cause], [text("case.gaps"), parts.length ? element("span", {}, ...parts) : null],
      [text("case.calls"), calls.length ? element("span", {}, ...calls) : null],
    ]),
    one.asks.length ? askedOf(one) : null, story(one, book), actions(one, here),
  ];
}

function askedOf(one) {
  return element("ol", { class: "asks" }, ...one.asks.map((ask) => element("li", {}, ask.name, " ", badge(ask.state, text(`case.asked.${ask.state}`)),
    ask.state === "asked" ? hint(text("market.until", { at: moment(ask.answer_by) })) : ask.words ? hint(ask.words) : null)));
}

function story(one, book) {
  const lines = one.steps.map((step) => element("li", {}, text(step.gp_id ? "case.step_of" : "case.step", { at: moment(step.at), what: step.what, gp: book.gp(step.gp_id) })));
  return element("details", {}, element("summary", {}, text("case.story")), element("ol", {}, ...lines));
}

function actions(one, here) {
  const { base, at, again } = here;
  const act = (name) => button(text(`case.${name}`), at, async () => {
    await post(`${base}/sickness/cases/${one.id}/${name}`);
    say(text(`case.${name}_done`));
    await again();
  });
  return row(
    button(text("case.assign"), at, () => assign(one, here), ""), button(text("case.call_in"), at, () => callIn(one, here)),
    one.state === "asking" ? act("stop") : act("ask"), button(text("case.close"), at, () => leave(one, here)),
  );
}

// the ranked list: whoever stands in it may take the shift by every rule
async function assign(one, { base, book, again }) {
  await sheet(text("case.assign"), async (body, close) => {
    const ranking = await get(`${base}/swaps/candidates/${encodeURI(one.shift_id)}`);
    const lead = element("p", { class: "lead" }, book.words(one.shift_id));
    if (!ranking.candidates.length) return [lead, nothing("case.nobody")];
    const who = choice(text("case.ranked"), "gp", ranking.candidates.map((each) => [each.gp_id, text("case.candidate", {
      gp: each.name, before: signed(each.deviation.before, 1), after: signed(each.deviation.after, 1), wishes: number(each.soft_cost, 1) })]));
    const chosen = () => ticked(who, "gp")[0];
    const whole = form([lead, hint(text("case.ranked_hint")), who], text("case.assign"), async () => {
      await post(`${base}/sickness/cases/${one.id}/assign`, { gp_id: chosen() });
      say(text("case.assigned", { gp: book.gp(chosen()) }));
      close();
      await again();
    });
    who.querySelectorAll("input").forEach((input) => input.setAttribute("required", ""));
    return whole;
  });
}

async function callIn(one, { base, book, again }) {
  await sheet(text("case.call_in"), async (body, close) => {
    const standbys = await get(`${base}/sickness/cases/${one.id}/standbys`);
    const box = element("div", {});
    return [element("p", { class: "lead" }, book.words(one.shift_id)), box, cards(standbys.map((each) => [
      element("strong", {}, each.name), hint(text("sick.span", { from: moment(each.start), until: moment(each.end) })),
      row(badge(each.legal ? "done" : "failed", text(each.legal ? "case.may" : "case.may_not")), each.same_post ? null : badge("open", text("case.other_post")), each.whole ? null : badge("open", text("case.in_part"))),
      each.reasons.length ? hint(each.reasons.join(" ")) : null,
      each.legal ? row(button(text("case.call_in"), box, async () => {
        await post(`${base}/sickness/cases/${one.id}/call`, { standby_id: each.standby_id });
        say(text("case.called", { gp: each.name }));
        close();
        await again();
      })) : null,
    ]), "case.no_standby")];
  });
}

async function leave(one, { base, book, again }) {
  await sheet(text("case.close"), async (body, close) => {
    const reason = element("input", { name: "reason", required: true, maxlength: "500" });
    return [element("p", { class: "lead" }, book.words(one.shift_id)), form([field(text("case.reason"), reason, text("case.reason_hint"))], text("case.close"), async () => {
      await post(`${base}/sickness/cases/${one.id}/close`, { reason: reason.value });
      say(text("case.closed"));
      close();
      await again();
    })];
  });
}

// standbys who were called in and are counted on: who does not come is called off, and the shift is open again
export async function called(here) {
  const { base, book, at, again } = here;
  const covered = await everything(`${base}/sickness/open?called=true`);
  await book.read(covered.map((one) => one.shift_id));
  return cards(covered.flatMap((one) => one.calls.map((call) => [
    element("strong", {}, book.gp(call.gp_id)), hint(book.words(one.shift_id)), hint(text("sick.span", { from: moment(call.start), until: moment(call.end) })),
    row(button(text("case.call_off"), at, async () => {
      await post(`${base}/sickness/cases/${one.id}/uncall`, { standby_id: call.standby_id });
      say(text("case.called_off", { gp: book.gp(call.gp_id) }));
      await again();
    })),
  ])), "case.none_called");
}

const BETTER = { title: "today.better", back: "today.take_back", done: "today.recovered" };

// who is ill now: somebody without a page of the own rings the planner, also to say until when
export async function away(here) {
  const { base, book, at } = here;
  const running = (await everything(`${base}/sickness?running=true`)).filter((one) => !one.shift_id);
  return cards(running.map((one) => [
    element("strong", {}, book.gp(one.gp_id)),
    hint(text(one.until ? "sick.span" : "sick.open_span", { from: moment(one.start), until: one.until && moment(one.until) })),
    row(button(text("sick.longer"), at, () => longer(one, here)), button(text("today.better"), at, () => better(one, here, BETTER))),
  ]), "today.nobody_away");
}

// somebody who rings the planner to say that he is ill
export async function reportSick({ base, book, again }) {
  await sheet(text("today.sick"), async (body, close) => {
    const key = fresh();
    const who = select("gp", [...book.gps].sort((one, other) => one[1].localeCompare(other[1], "nl")));
    const start = wallTime("start", toWall(Date.now()), { required: true });
    const until = wallTime("until");
    const fields = [field(text("col.gp"), who), field(text("sick.from"), start), field(text("sick.until"), until, text("case.until_hint"))];
    return form(fields, text("today.sick_send"), async () => {
      const report = { gp_id: who.value, start: atWall(start.value), until: until.value ? atWall(until.value) : null };
      await post(`${base}/sickness`, report, { "Idempotency-Key": key });
      say(text("today.sick_done", { gp: book.gp(who.value) }));
      close();
      await again();
    });
  });
}
