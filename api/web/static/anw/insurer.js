// Coverage and fairness of the roster in force, without anybody's name.

import { get, number, text } from "./api.js";
import { element, section, table, within } from "./parts.js";

const NAMES = { by_role: "role", by_burden: "burden" };
const percent = (share) => `${number(100 * share, 1)} %`;

export async function show(box, { base }) {
  const content = element("div", {});
  box.append(section(text("insurer.coverage"), content));
  await within(content, async () => fill(content, ...(await Promise.all([get(`${base}/coverage`), get(`${base}/peak/figures`)]))));
}

function fill(content, coverage, peak) {
  const [whole, standby] = [coverage.whole, coverage.by_standby];
  content.append(element("p", {}, text("insurer.filled", { filled: number(whole.filled), shifts: number(whole.shifts) })));
  content.append(element("p", {}, text("insurer.outside", { share: percent(coverage.outside_roster.share_of_shifts) })));
  content.append(element("p", {}, text("insurer.by_standby", { shifts: number(standby.shifts), hours: number(standby.filled_hours, 1) })));
  content.append(element("p", {}, text("insurer.peak", { extra: number(peak.extra_shifts), filled: number(peak.filled_shifts), calls: number(peak.call_ins) })));
  const spread = coverage.rosters.flatMap((roster) =>
    roster.burdens.map((one) => [`${roster.start} – ${roster.end}`, text(`terms.burden.${one.burden}`), one.largest_deviation, one.lower_bound]),
  );
  const heads = ["period", "burden", "largest", "bound"].map((key) => text(`col.${key}`));
  content.append(element("h3", {}, text("insurer.fairness")), table(text("insurer.in_shifts"), heads, spread));
  const classes = coverage.by_contract.map((one) => [text(`terms.contracts.${one.contract}`), one.gps, one.hours, percent(one.share)]);
  content.append(
    element("h3", {}, text("insurer.by_contract")),
    table("", [text("insurer.contract"), text("insurer.gps"), text("col.hours"), text("insurer.share")], classes),
  );
  for (const by of ["by_post", "by_role", "by_burden", "by_month"]) {
    const rows = coverage[by].map((one) => [
      NAMES[by] ? text(`terms.${NAMES[by]}.${one.key}`) : one.key, one.shifts, one.filled, one.hours, percent(one.shifts ? one.filled / one.shifts : 1),
    ]);
    const columns = [text(`insurer.${by}`), text("col.shifts"), text("col.filled"), text("col.hours"), text("insurer.share")];
    content.append(element("h3", {}, text(`insurer.${by}`)), table("", columns, rows));
  }
}
