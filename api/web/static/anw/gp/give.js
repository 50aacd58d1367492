// Giving a duty away: for nothing, for a kind of duty, or for one duty of a colleague; the verdict comes before sending.

import { fresh, get, isoDay, plural, post, text } from "../api.js";
import { choice, element, field, form, hint, say, select, sheet, within } from "../parts.js";
import { asked, effect, live } from "../verdict.js";
import { duties as dutyPicker, wantedFields, wantedOf } from "./wanted.js";

const AUDIENCES = ["all", "practice", "colleague"];

export async function give(duty, here) {
  await sheet(text("give.title"), async (body, close) => {
    const { base, gp_id: me } = here;
    const [ranking, groups] = await Promise.all([get(`${base}/swaps/candidates/${encodeURI(duty.shift_id)}`), get(`${base}/groups`)]);
    const state = { duty, ...here, me, ranking, groups: groups.items, key: fresh(), close };
    const more = element("div", {});
    const ways = choice(text("give.way"), "way", ["handover", "kind", "named"].map((one) => [one, text(`give.${one}`)]), "handover");
    const open = () => within(more, async () => more.replaceChildren(await WAYS[ways.querySelector(":checked").value](state)));
    ways.addEventListener("change", open);
    await open();
    return [element("p", { class: "lead" }, here.book.said(duty)), ways, more];
  });
}

const WAYS = { handover: (state) => offering(state, false), kind: (state) => offering(state, true), named: exchanging };

// whom the roster lets take it, by name
function takers({ ranking }) {
  const rest = Object.entries(ranking.by_rule).map(([rule, count]) => text("give.not_by", { count, rule: text(`terms.rule.${rule}`) }));
  const list = element("ul", {}, ...ranking.candidates.map((one) => element("li", {}, one.name, one.at_own_post ? element("span", { class: "hint" }, ` ${text("give.own_post")}`) : null)));
  return element(
    "details", {}, element("summary", {}, plural("give.takers", ranking.candidates.length)),
    hint(text("give.ranked")), list, rest.length ? hint(text("give.rest", { rest: rest.join("; ") })) : null,
  );
}

async function offering(state, inReturn) {
  const { ranking, book, base, me, duty } = state;
  const own = state.groups.map((one) => [`group/${one.id}`, text("give.audience.group", { name: one.name })]);
  const audience = choice(text("give.to"), "audience", [...AUDIENCES.map((one) => [one, text(`give.audience.${one}`)]), ...own], "all");
  const colleague = field(text("give.colleague"), select("colleague", ranking.candidates.map((one) => [one.gp_id, one.name])));
  const note = field(text("give.note"), element("input", { name: "note", maxlength: "500" }), text("give.note_hint"));
  const wanted = inReturn ? await wantedFields(state) : null;
  const { box: verdict, judge } = live(book, base, me, () => {});
  const whole = form([audience, colleague, takers(state), wanted, note, verdict], text("give.send"), (sent, at) => send(state, sent, at, inReturn));
  const chosen = async () => {
    const one = whole.querySelector('[name="audience"]:checked').value;
    colleague.hidden = one !== "colleague";
    whole.querySelector("button:not([type])").textContent = text(one === "colleague" && !inReturn ? "give.propose_handover" : "give.send");
    if (one === "colleague" && !inReturn) await within(whole, () => judge(handover(duty, me, colleague.querySelector("select").value)));
    else verdict.replaceChildren(...await ownSide(state, inReturn));
  };
  audience.addEventListener("change", chosen);
  colleague.addEventListener("change", chosen);
  await chosen();
  return whole;
}

const handover = (duty, me, taker) => (taker ? [{ shift_id: duty.shift_id, from_gp_id: me, to_gp_id: taker }] : null);

// what giving it away means for the giver is the same whoever takes it
async function ownSide({ base, book, me, duty, ranking }, inReturn) {
  if (!ranking.candidates.length) return [hint(text(inReturn ? "give.nobody_alone" : "give.nobody"))];
  const found = await asked(base, handover(duty, me, ranking.candidates[0].gp_id));
  return found.parties.filter((one) => one.gp_id === me).map((one) => effect(book, one, me));
}

async function send(state, sent, at, inReturn) {
  const { base, duty, me, close, again, key } = state;
  const [audience, group] = sent.elements.audience.value.split("/");
  const colleague = sent.elements.colleague.value;
  if (audience === "colleague" && !inReturn) {
    await post(`${base}/swaps/deals`, { moves: handover(duty, me, colleague) }, { "Idempotency-Key": key });
    say(text("give.proposed", { gp: state.book.gp(colleague) }));
  } else {
    const wish = { shift_id: duty.shift_id, audience, note: sent.elements.note.value };
    if (audience === "colleague") wish.colleague_gp_id = colleague;
    if (group) wish.group_id = Number(group);
    if (inReturn) wish.in_return = wantedOf(sent);
    await post(`${base}/swaps/offers`, wish);
    say(text(`give.offered.${audience}`));
  }
  close();
  await again();
}

// one duty of a colleague in return: that colleague is asked
async function exchanging(state) {
  const { base, book, me, duty, key, close, again } = state;
  let moves = null;
  const { box: verdict, judge } = live(book, base, me, (found) => {
    whole.querySelector("button:not([type])").disabled = !found?.legal;
  });
  const picker = dutyPicker(state, isoDay(duty.start), async (other) => {
    moves = other && [
      { shift_id: duty.shift_id, from_gp_id: me, to_gp_id: other.gp_id },
      { shift_id: other.shift_id, from_gp_id: other.gp_id, to_gp_id: me },
    ];
    await within(verdict, () => judge(moves));
  });
  const whole = form([picker.box, verdict], text("give.propose"), async () => {
    await post(`${base}/swaps/deals`, { moves }, { "Idempotency-Key": key });
    say(text("give.proposed", { gp: book.gp(moves[0].to_gp_id) }));
    close();
    await again();
  });
  whole.querySelector("button:not([type])").disabled = true;
  await picker.open();
  return whole;
}
