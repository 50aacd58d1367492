// The round for the planner: opening one, its dates, who handed in, the draft, where all stand, publishing.

import { ask, everything, get, moment, number, period, post, signed, text, toWall } from "../api.js";
import { button, cards, element, figure, hint, nothing, part, row, say, section, select, table, field, form, badge } from "../parts.js";
import { state } from "../rounds.js";
import { changes, datesForm, opening } from "./dates.js";

export async function show(box, context) {
  const rounds = part(async (again) => {
    const { items } = await get(`${context.base}/round`);
    const here = { ...context, again };
    const sections = items.length ? await Promise.all(items.map((round) => ofRound(round, here))) : [];
    return [...sections.flat(), await beginning(items, here)];
  });
  box.append(rounds.box);
  await rounds.again();
}

async function beginning(items, { base, again }) {
  const running = new Set(items.map((one) => one.dossier_id));
  const free = (await everything(`${base}/dossiers`)).filter((one) => !running.has(one.dossier_id));
  if (!free.length) return element("div", {});
  const whose = select("dossier", free.map((one) => [String(one.dossier_id), period(one)]));
  const whole = datesForm([field(text("repair.roster"), whose)], opening(free[0].period_start), text("rounds.begin"), async (sent) => {
    await post(`${base}/dossiers/${whose.value}/rounds`, { phases: changes(sent) });
    say(text("rounds.begun"));
    await again();
  });
  return section(text("rounds.new"), element("details", { open: !items.length }, element("summary", {}, text("rounds.dates")), hint(text("rounds.dates_hint")), whole));
}

async function ofRound(round, here) {
  const box = element("div", {});
  const head = section(text("round.title"), state(round), moving(round, here), row(publishing(round, here, box), cancelling(round, here, box)), box);
  const lists = [[text("rounds.draft"), drafts], [text("rounds.registrations"), registrations], [text("rounds.standing"), standings], [text("rounds.steps"), steps]];
  const parts = await Promise.all(lists.map(async ([title, fill]) => {
    const made = part((_, at) => fill(round, { ...here, at }));
    await made.again();
    return section(title, made.box);
  }));
  return [head, ...parts];
}

const revision = (round) => ({ "If-Match": `"${round.revision}"` });

function moving(round, { base, again }) {
  const whole = datesForm([field(text("rounds.why"), element("input", { name: "why", maxlength: "500" }))], round.phases.map((one) => ({ ...one, opens: toWall(one.opens_at), closes: one.closes_at && toWall(one.closes_at) })), text("rounds.move"), async (sent) => {
    await ask("PATCH", `${base}/round/${round.id}`, { phases: changes(sent), reason: sent.elements.why.value }, revision(round));
    say(text("rounds.moved"));
    await again();
  });
  return element("details", {}, element("summary", {}, text("rounds.dates_change")), whole);
}

function publishing(round, { base, again }, box) {
  if (!round.can_do.includes("publish")) return null;
  return button(text("rounds.publish"), box, async () => {
    await ask("POST", `${base}/round/${round.id}/publish`, { reason: "" }, revision(round));
    say(text("rounds.published"));
    await again();
  }, "");
}

function cancelling(round, { base, again }, box) {
  const reason = element("input", { name: "reason", maxlength: "500" });
  return element("details", {}, element("summary", {}, text("rounds.cancel")), form([hint(text("rounds.cancel_hint")), field(text("rounds.why"), reason)], text("rounds.cancel"), async () => {
    await ask("POST", `${base}/round/${round.id}/cancel`, { reason: reason.value }, revision(round));
    say(text("rounds.cancelled"));
    await again();
  }, "refusal"));
}

async function drafts(round, { base, again }) {
  const versions = (await everything(`${base}/dossiers/${round.dossier_id}/versions?state=draft`));
  const now = round.version_id ? versions.find((one) => one.id === round.version_id) : null;
  const named = (one) => text("rounds.version", { number: one.number, at: moment(one.created_at), unfilled: one.figures.unfilled, largest: number(one.figures.largest_deviation) });
  const told = hint(now ? text("rounds.picked", { version: named(now) }) : text(round.version_id ? "rounds.picked_other" : "rounds.not_picked"));
  if (!versions.length || !round.can_do.includes("pick_draft")) return [told, versions.length ? null : hint(text("rounds.no_drafts"))];
  const which = select("version", versions.map((one) => [String(one.id), named(one)]));
  return [told, form([field(text("rounds.which"), which)], text("rounds.pick"), async () => {
    await ask("PUT", `${base}/round/${round.id}/draft`, { version_id: Number(which.value) }, revision(round));
    say(text("rounds.picked_now"));
    await again();
  })];
}

async function registrations(round, { base }) {
  const found = await get(`${base}/round/${round.id}/registrations`);
  const missing = found.items.filter((one) => !one.handed_in);
  const rows = found.items.filter((one) => one.handed_in).map((one) => [one.name, one.changes, one.last_at && moment(one.last_at), text(one.ready_at ? "rounds.ready" : "rounds.busy")]);
  return [
    element("p", {}, text("rounds.handed_in", { done: found.handed_in, missing: found.missing })),
    missing.length ? element("details", { open: missing.length < 20 }, element("summary", {}, text("rounds.missing", { count: missing.length })), element("ul", { class: "columns" }, ...missing.map((one) => element("li", {}, one.name)))) : null,
    rows.length ? element("details", {}, element("summary", {}, text("rounds.done", { count: rows.length })), table("", [text("col.gp"), text("rounds.changes"), text("rounds.last"), text("col.state")], rows)) : null,
  ];
}

async function standings(round, { base }) {
  const found = await get(`${base}/round/${round.id}/standing`);
  if (!found.items.length) return nothing();
  const rows = found.items.map((one) => [one.name, text(`terms.contract.${one.contract}`), figure(number(one.share, 1)), figure(number(one.done, 1)), figure(signed(one.deviation_hours, 1))]);
  const heads = [text("col.gp"), text("insurer.contract"), text("col.target"), text("col.hours"), text("rounds.hours_off")];
  return element("details", {}, element("summary", {}, text(`round.against.${found.roster}`)), table(text("rounds.furthest"), heads, rows));
}

async function steps(round, { base }) {
  const items = await everything(`${base}/round/${round.id}/steps`);
  const names = new Map((await get(`${base}/round/${round.id}/standing`)).items.map((one) => [one.gp_id, one.name]));
  return items.length ? element("details", {}, element("summary", {}, text("rounds.step_count", { count: items.length })), cards(items.map((one) => [row(element("strong", {}, `${names.get(one.gp_id) || one.gp_id} · ${one.shift_id}`), badge("done", text(`round.step.${one.kind}`))), hint(moment(one.done_at))]))) : nothing("rounds.no_steps");
}
