// The round for a GP: what can be done now and until when, handing in, giving back and picking up, the own standing.

import { everything, get, moment, number, post, text } from "../api.js";
import { dutyHead, openBook } from "../book.js";
import { badge, button, cards, element, hint, nothing, part, plain, row, say, section, sheet } from "../parts.js";
import { standing, state } from "../rounds.js";
import { verdictBox } from "../verdict.js";
import { registration } from "./registration.js";

export async function show(box, context) {
  const book = await openBook(context.base);
  const again = async () => {
    const { items } = await get(`${context.base}/round`);
    const sections = await Promise.all((items.length ? items : [null]).map((round) => ofRound(round, { ...context, book, again })));
    box.replaceChildren(...sections.flat().filter(Boolean));
  };
  await again();
}

async function ofRound(round, here) {
  if (!round) return [section(text("round.title"), nothing("round.none")), await handIn(null, here)];
  const head = section(text("round.title"), state(round));
  const parts = await Promise.all([handIn(round, here), draft(round, here), stand(round, here), steps(round, here)]);
  return [head, ...parts];
}

// a place of its own for each part, so that one that cannot be had says so and leaves the others alone
async function placed(title, fill, here) {
  const made = part((_, at) => fill({ ...here, at }));
  await made.again();
  return section(title, made.box);
}

async function handIn(round, here) {
  const dossierId = round ? round.dossier_id : (await everything(`${here.base}/dossiers`))[0]?.dossier_id;
  if (!dossierId) return null;
  return placed(text("registration.title"), async (inside) => [
    round && !round.can_do.includes("hand_in") ? hint(text("registration.closed")) : null,
    ...await registration(dossierId, inside),
    round?.can_do.includes("hand_in") ? row(button(text("registration.ready"), inside.at, async () => {
      await post(`${here.base}/round/${round.id}/registrations/mine`);
      say(text("registration.is_ready"));
    }, "")) : null,
  ], here);
}

const DRAFT_SHOWN = ["draft_published", "free_locums", "closing", "published"];

async function draft(round, here) {
  if (!DRAFT_SHOWN.includes(round.current)) return null;
  return placed(text("round.draft"), async (inside) => {
    const found = await get(`${here.base}/round/${round.id}/draft`);
    const left = found.allowance;
    const list = (shifts, call) => shifts.map((one) => [dutyHead(here.book, { ...one, start: one.starts_at, end: one.ends_at }), doing(one, call, round, inside)]);
    return [
      hint(text("round.allowance", { percent: left.percent, most: number(left.most, 1), left: number(left.left, 1) })),
      element("h3", {}, text("round.mine")), cards(list(found.mine, "give-back"), "round.no_mine", "across"),
      element("h3", {}, text("round.open")), cards(list(found.open, "pick-up"), "round.no_open", "across"),
    ];
  }, here);
}

function doing(one, call, round, inside) {
  if (one.may) return row(button(text(`round.${call}`), inside.at, () => step(one, call, round, inside)));
  return one.why_not.length ? element("p", { class: "hint" }, one.why_not.join(" ")) : null;
}

async function step(one, call, round, { base, book, gp_id: me, again }) {
  await sheet(text(`round.${call}`), async (body, close) => {
    const verdict = await post(`${base}/round/${round.id}/verdict`, { shift_id: one.shift_id });
    const box = element("div", {});
    const yes = button(text(`round.${call}_yes`), box, async () => {
      await post(`${base}/round/${round.id}/${call}`, { shift_id: one.shift_id });
      say(text(`round.${call}_done`));
      close();
      await again();
    }, "");
    yes.disabled = !verdict.legal;
    return [dutyHead(book, { ...one, start: one.starts_at, end: one.ends_at }), verdictBox(book, verdict, me), row(yes), box];
  });
}

async function stand(round, here) {
  return placed(text("round.standing"), async () => {
    const found = await get(`${here.base}/round/${round.id}/standing`);
    return standing(found, found.items[0]);
  }, here);
}

async function steps(round, here) {
  const items = await everything(`${here.base}/round/${round.id}/steps`);
  if (!items.length) return null;
  return placed(text("round.steps"), async () => {
    await here.book.read(items.map((one) => one.shift_id));
    return cards(items.map((one) => [
      row(element("strong", {}, here.book.words(one.shift_id)), badge("done", text(`round.step.${one.kind}`))), hint(moment(one.done_at)), one.why ? plain(one.why) : null,
    ]));
  }, here);
}
