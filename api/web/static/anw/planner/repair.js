// Repairs: a longer absence worked out by the service, looked at, and carried out with the fewest changes.

import { atWall, everything, fresh, get, moment, number, period, post, text, toWall } from "../api.js";
import { openBook } from "../book.js";
import { badge, button, cards, choice, element, facts, field, figure, follow, form, hint, part, row, say, section, select, sheet, table, ticked, wallTime } from "../parts.js";

const SHOWN = 10;
const BUSY = ["queued", "running"];

export async function show(box, context) {
  const here = { ...context, book: await openBook(context.base) };
  const list = part((again, at) => repairs({ ...here, again, at }));
  box.append(section(text("repair.title"), await asking(here, list.again)), section(text("repair.list"), list.box));
  await list.again();
}

async function asking({ base, book }, again) {
  const dossiers = await everything(`${base}/dossiers`);
  const whose = select("dossier", dossiers.map((one) => [String(one.dossier_id), period(one)]));
  const who = select("gp", [...book.gps].sort((one, other) => one[1].localeCompare(other[1], "nl")));
  const start = wallTime("start", `${toWall(Date.now()).slice(0, 10)}T00:00`, { required: true });
  const end = wallTime("end", "", { required: true });
  const movable = choice(text("repair.movable"), "movable", ["nobody", "anybody"].map((one) => [one, text(`repair.${one}`)]), "nobody");
  const reason = element("input", { name: "reason", required: true, maxlength: "500" });
  const fields = [
    hint(text("repair.hint")), dossiers.length > 1 ? field(text("repair.roster"), whose) : null, field(text("repair.who"), who),
    row(field(text("repair.from"), start), field(text("repair.until"), end)), movable, field(text("repair.reason"), reason),
  ].filter(Boolean);
  return form(fields, text("repair.ask"), async (sent) => {
    const away = [{ gp_id: who.value, start: atWall(start.value), end: atWall(end.value) }];
    const asked = { dossier_id: Number(whose.value), away, movable: ticked(sent, "movable")[0], reason: reason.value };
    await post(`${base}/repairs`, asked, { "Idempotency-Key": fresh() });
    say(text("repair.asked"));
    await again();
  });
}

async function repairs(here) {
  const { items } = await get(`${here.base}/repairs?limit=${SHOWN}`);
  await here.book.read(items.flatMap((one) => (one.proposal?.changes || []).map((change) => change.shift_id)));
  return cards(items.map((one) => card(one, here)), "repair.none");
}

function card(one, here) {
  const { base, book, at, again } = here;
  const progress = element("div", { class: "hint", "data-repair": one.id }, told(one.progress));
  const shown = (found) => document.querySelector(`[data-repair="${one.id}"]`)?.replaceChildren(told(found));
  if (BUSY.includes(one.state)) follow(`/api/v1${base}/repairs/${one.id}/events`, shown, again);
  const who = one.away.map((away) => text("repair.away", { gp: book.gp(away.gp_id), from: moment(away.start), until: moment(away.end) })).join("; ");
  const act = (name) => button(text(`repair.${name}`), at, async () => {
    await post(`${base}/repairs/${one.id}/${name}`);
    await again();
  });
  return [
    row(element("strong", {}, who || one.reason), badge(one.state, text(`repair.state.${one.state}`))), hint(one.reason),
    BUSY.includes(one.state) ? progress : null, one.stopping ? hint(text("repair.stopping")) : null, one.error_detail ? element("p", { class: "trouble" }, one.error_detail) : null,
    one.proposal ? proposal(one, here) : null,
    row(
      BUSY.includes(one.state) && !one.stopping ? act("cancel") : null, one.state === "proposed" && one.proposal.current ? button(text("repair.apply"), at, () => decide(one, here), "") : null,
      ["proposed", "asking"].includes(one.state) ? act("withdraw") : null, BUSY.includes(one.state) || one.state === "applied" ? null : act("again"),
    ),
  ];
}

function told(progress) {
  if (!progress?.step) return text("repair.waits");
  return text("repair.progress", { filled: progress.filled, vacated: progress.vacated, moved: progress.moved, seconds: number(progress.seconds, 0) });
}

function proposal(one, { book }) {
  const found = one.proposal;
  const changes = found.changes.map((change) => element("li", {}, element("strong", {}, book.words(change.shift_id)), element("br", {}),
    text("deal.move", { from: book.gp(change.from_gp_id), to: book.gp(change.to_gp_id) }), change.cause === "away" ? null : hint(reason(change, book))));
  const fairness = Object.entries(found.fairness).map(([burden, { before, after }]) => [text(`terms.burden.${burden}`), figure(number(before)), figure(number(after))]);
  const open = found.left_open.map((left) => element("li", {}, left.text));
  return element(
    "div", {}, element("p", { class: found.current ? "fine" : "trouble" }, found.current ? text("repair.figures", { fell: found.fell_open, filled: found.filled, moved: found.moved }) : text("repair.outdated")),
    element("p", {}, found.proof),
    element("details", { open: one.state === "proposed" }, element("summary", {}, text("repair.changes", { count: changes.length })), element("ul", { class: "moves" }, ...changes)),
    open.length ? element("details", { open: true }, element("summary", {}, text("repair.left_open", { count: open.length })), element("ul", {}, ...open)) : null,
    fairness.length ? table(text("repair.fairness"), ["burden", "before", "after"].map((key) => text(`col.${key}`)), fairness) : null,
    one.consents.length ? facts([[text("repair.consents"), one.consents.map((each) => text(each.agreed === null ? "deal.silent" : each.agreed ? "deal.agreed" : "deal.refused", { gp: book.gp(each.gp_id) })).join(" · ")]]) : null,
  );
}

const reason = (change, book) => book.named(change.text.replaceAll(change.shift_id, book.words(change.shift_id)), change.from_gp_id, change.to_gp_id);

async function decide(one, { base, again }) {
  await sheet(text("repair.apply"), async (body, close) => {
    const how = choice(text("repair.how"), "how", ["ask", "decide"].map((way) => [way, text(`repair.how_${way}`)]), "ask");
    const reason = element("input", { name: "reason", maxlength: "500" });
    const fields = [one.proposal.moved ? how : null, field(text("repair.why"), reason, text("repair.why_hint"))].filter(Boolean);
    return form(fields, text("repair.apply"), async (sent) => {
      const outcome = await post(`${base}/repairs/${one.id}/apply`, { how: ticked(sent, "how")[0] || "ask", reason: reason.value });
      say(text(`repair.state.${outcome.state}`));
      close();
      await again();
    });
  });
}
