// The market as a whole: rings searched, what is under way, and the groups to which GPs offer.

import { ask, everything, get, moment, number, plural, post, text } from "../api.js";
import { openBook } from "../book.js";
import { consents, head, readShifts, times } from "../deals.js";
import { button, cards, element, facts, field, form, hint, part, row, say, section, sheet, ticked } from "../parts.js";

const SHOWN = 10;

export async function show(box, context) {
  const here = { ...context, book: await openBook(context.base) };
  const again = () => Promise.all([searches, deals, groups].map((one) => one.again()));
  const shown = (fill) => part((_, at) => fill({ ...here, again, at }));
  const [searches, deals, groups] = [found, running, grouped].map(shown);
  box.append(section(text("rings.title"), search(here, again), searches.box), section(text("rings.deals"), deals.box), section(text("groups.title"), groups.box));
  await again();
}

function search({ base }, again) {
  const seconds = element("input", { type: "number", name: "seconds", min: "1", max: "60", value: "7", required: true });
  return form([hint(text("rings.hint")), field(text("rings.seconds"), seconds)], text("rings.search"), async () => {
    say(text("rings.busy"));
    const came = await post(`${base}/swaps/rings`, { seconds: Number(seconds.value) });
    say(plural("rings.found", came.deal_ids.length));
    await again();
  });
}

async function found({ base }) {
  const { items } = await get(`${base}/swaps/rings?limit=${SHOWN}`);
  return cards(items.map((one) => [
    element("strong", {}, moment(one.begun_at)),
    facts([
      [text("rings.market"), text("rings.sizes", { offers: one.offers, wants: one.wants, open: one.open_duties })],
      [text("rings.moved"), text("rings.of_bound", { moved: one.moved, bound: one.bound })],
      [text("rings.proof"), one.finished_at ? text(one.is_optimal ? "rings.optimal" : "rings.gap", { gap: number(100 * one.gap, 1) }) : text("rings.running")],
      [text("rings.proposed"), plural("rings.proposals", one.deal_ids.length)], [text("rings.left_out"), one.left_out || null],
    ]),
  ]), "rings.none");
}

async function running({ base, book }) {
  const deals = await everything(`${base}/swaps/deals`);
  await readShifts(book, deals);
  return cards(deals.map((deal) => [head(deal, book), consents(deal, book), times(deal)]), "rings.no_deals");
}

async function grouped(here) {
  const { base, book, at, again } = here;
  const { items } = await get(`${base}/groups`);
  const remove = (one) => button(text("groups.remove"), at, async () => {
    await ask("DELETE", `${base}/groups/${one.id}`, undefined, { "If-Match": `"${one.revision}"` });
    say(text("groups.removed"));
    await again();
  });
  return [
    cards(items.map((one) => [
      element("div", {}, element("strong", {}, one.name), hint(one.gp_ids.map((id) => book.gp(id)).join(", "))),
      row(button(text("groups.change"), at, () => edit(one, here)), remove(one)),
    ]), "groups.none", "across"),
    row(button(text("groups.add"), at, () => edit(null, here))),
  ];
}

async function edit(one, { base, book, again }) {
  await sheet(text(one ? "groups.change" : "groups.add"), async (body, close) => {
    const name = element("input", { name: "name", value: one?.name || "", required: true, maxlength: "100" });
    const sorted = [...book.gps].sort((a, b) => a[1].localeCompare(b[1], "nl"));
    const gps = element("fieldset", { class: "many" }, element("legend", {}, text("groups.gps")), ...sorted.map(([id, words]) =>
      element("label", { class: "pick" }, element("input", { type: "checkbox", name: "gps", value: id, checked: Boolean(one?.gp_ids.includes(id)) }), element("span", {}, words))));
    return form([field(text("groups.name"), name), gps], text("groups.keep"), async (sent) => {
      const group = { name: name.value, gp_ids: ticked(sent, "gps") };
      if (one) await ask("PUT", `${base}/groups/${one.id}`, group, { "If-Match": `"${one.revision}"` });
      else await post(`${base}/groups`, group);
      say(text("groups.kept"));
      close();
      await again();
    });
  });
}
