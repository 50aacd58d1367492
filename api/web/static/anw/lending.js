// Lending: shifts opened to the GPs of neighbours, and the account of who lent what to whom.

import { euros, get, moment, number, post, text, today } from "./api.js";
import { openBook } from "./book.js";
import { badge, button, cards, choice, date, element, field, figure, form, hint, nothing, part, row, say, section, table, ticked } from "./parts.js";

const SHOWN = 100;

export async function show(box, context) {
  const here = { ...context, book: await openBook(context.base) };
  if (context.roles.includes("planner")) {
    const again = () => Promise.all([open, standing].map((one) => one.again()));
    const [open, standing] = [toOpen, openings].map((fill) => part((_, at) => fill({ ...here, again, at })));
    box.append(section(text("lending.open"), open.box), section(text("lending.openings"), standing.box));
    await again();
  }
  box.append(section(text("lending.account"), accountOf(here)));
}

async function toOpen(here) {
  const { base, book, again } = here;
  const [{ items: neighbours }, { items: shifts }] = await Promise.all([get(`${base}/neighbours`), get(`${base}/roster?unfilled=true&from=${today()}&limit=${SHOWN}`)]);
  const known = neighbours.filter((one) => one.state === "accepted");
  if (!known.length) return nothing("lending.no_neighbours");
  if (!shifts.length) return nothing("lending.none_unfilled");
  const fields = [
    hint(text("lending.hint")),
    choice(text("lending.shifts"), "shifts", shifts.map((one) => [one.shift_id, book.said(one)]), null, "checkbox"),
    choice(text("lending.to"), "to", known.map((one) => [one.hds_id, one.hds_name]), known.length === 1 ? known[0].hds_id : null, "checkbox"),
  ];
  return form(fields, text("lending.open_button"), async (sent) => {
    await post(`${base}/neighbours/openings`, { shift_ids: ticked(sent, "shifts"), neighbour_hds_ids: ticked(sent, "to") });
    say(text("lending.opened"));
    await again();
  });
}

async function openings({ base, book, at, again }) {
  const { items } = await get(`${base}/neighbours/openings`);
  await book.read(items.map((one) => one.shift_id));
  return cards(items.map((one) => [
    row(element("strong", {}, book.words(one.shift_id)), badge(one.state, text(`lending.state.${one.state}`))),
    hint(text("lending.since", { hds: one.neighbour_hds_name, at: moment(one.opened_at) })),
    row(button(text("lending.withdraw"), at, async () => {
      await post(`${base}/neighbours/openings/${one.id}/withdraw`);
      say(text("lending.withdrawn"));
      await again();
    })),
  ]), "lending.none_open");
}

function accountOf({ base, book }) {
  const year = today().slice(0, 4);
  const first = date("first", `${year}-01-01`, { required: true });
  const last = date("last", `${year}-12-31`, { required: true });
  const told = element("div", { role: "status" });
  const asked = form([row(field(text("lending.first"), first), field(text("lending.last"), last))], text("lending.look"), async () => {
    const days = `first=${first.value}&last=${last.value}`;
    const found = await get(`${base}/neighbours/account?${days}`);
    told.replaceChildren(...(found.lines.length ? written(found, book, `/api/v1${base}/neighbours/account.csv?${days}`) : [nothing("lending.nothing")]));
  });
  asked.append(told);
  return asked;
}

function written({ totals, lines }, book, file) {
  const amount = (one) => figure(one.cents === null ? "–" : euros(one.cents));
  const heads = ["lending.neighbour", "col.burden", "lending.lent", "lending.borrowed", "lending.balance", "col.amount"].map((key) => text(key));
  const hours = (one) => figure(`${one.shifts} (${text("hours", { hours: number(one.minutes / 60, 1) })})`);
  const sums = totals.map((one) => [one.hds_name, text(`terms.burden.${one.burden}`), hours(one.lent), hours(one.borrowed), hours(one.balance), amount(one.balance)]);
  const each = lines.map((one) => [moment(one.start), text(`lending.${one.direction}`), one.hds_name, one.gp_name || book.gp(one.gp_id), figure(number(one.minutes / 60, 1)), amount(one), one.proof.slice(0, 12)]);
  const columns = ["col.time", "lending.direction", "lending.neighbour", "col.gp", "col.hours", "col.amount", "lending.proof"].map((key) => text(key));
  return [
    table(text("lending.sums"), heads, sums),
    element("details", {}, element("summary", {}, text("lending.lines")), table("", columns, each)),
    element("a", { href: file, download: "uitleen.csv" }, text("lending.file")),
  ];
}
