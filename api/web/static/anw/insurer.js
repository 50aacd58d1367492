// Coverage and fairness of what was published, without anybody's name.

import { element, get, number, section, table, text, within } from "./api.js";

export async function show(box, { base }) {
  const content = element("div", {});
  box.append(section(text("insurer.coverage"), content));
  await within(content, async () => fill(content, await get(`${base}/coverage`)));
}

function fill(content, coverage) {
  content.append(element("p", {}, text("insurer.filled", { filled: number(coverage.filled), shifts: number(coverage.shifts) })));
  for (const by of ["by_post", "by_role", "by_burden", "by_month"]) {
    const rows = coverage[by].map((one) => [one.key, one.shifts, one.filled, `${number((100 * one.filled) / one.shifts, 1)} %`]);
    const heads = [text(`insurer.${by}`), text("col.shifts"), text("col.filled"), "%"];
    content.append(element("h3", {}, text(`insurer.${by}`)), table("", heads, rows));
  }
}
