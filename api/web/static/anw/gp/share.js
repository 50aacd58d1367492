// Where a GP stands against the own share, and why.

import { get, number, signed, text } from "../api.js";
import { openBook } from "../book.js";
import { element, facts, figure, hint, nothing, part, plain, section, sheet, table } from "../parts.js";

export async function show(box, context) {
  const list = part(async () => standing({ ...context, book: await openBook(context.base) }));
  box.append(section(text("share.title"), list.box));
  await list.again();
}

async function published(base) {
  return (await get(`${base}/publications?limit=20`)).items;
}

async function standing({ base, book, gp_id: me }) {
  const [last] = await published(base);
  if (!last) return nothing("share.none");
  const found = await get(`${base}/versions/${last.version_id}/explain/gps/${encodeURIComponent(me)}`);
  const rows = found.details.burdens.map((one) => [
    text(`terms.burden.${one.burden}`), figure(number(one.target, 1)), figure(number(one.assigned, 1)), one.shifts, figure(signed(one.deviation, 1)),
  ]);
  const heads = ["burden", "target", "hours", "shifts", "deviation"].map((key) => text(`col.${key}`));
  return [
    hint(text("share.hint")),
    table(text("share.caption"), heads, rows),
    element("h3", {}, text("share.why")),
    plain(book.named(found.text, me)),
  ];
}

// why this duty is mine: what was weighed when the roster was made
export async function why(duty, { base, book, addressOf, gp_id: me }) {
  await sheet(text("duties.why"), async () => {
    const versions = [...new Set((await published(base)).map((one) => one.version_id))];
    const found = await explained(base, versions, duty.shift_id);
    return [
      facts([[text("col.shift"), book.said(duty)]]),
      found ? plain(book.named(found.text, me)) : hint(text("share.unknown")),
      element("p", {}, element("a", { href: addressOf("share") }, text("share.all"))),
    ];
  });
}

// the last version that knows the shift; shifts that were opened later are in none
async function explained(base, versions, shiftId) {
  for (const version of versions) {
    try {
      return await get(`${base}/versions/${version}/explain/shifts/${encodeURI(shiftId)}`);
    } catch (error) {
      if (error.problem?.status !== 404) throw error;
    }
  }
  return null;
}
