// Payment runs: look ahead, close, and fetch the files.

import { ask, euros, everything, fresh, get, text } from "./api.js";
import { element, section, table, within } from "./parts.js";

export async function show(box, { base }) {
  const runs = element("div", {});
  const preview = element("div", {});
  const month = element("input", { type: "month", name: "month", required: true });
  const form = element("form", { class: "row" }, element("label", {}, text("finance.month"), month), element("button", {}, text("finance.preview_button")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    within(preview, () => look(preview, base, month.value, () => list(runs, base)));
  });
  box.append(section(text("finance.preview"), form, preview), section(text("finance.runs"), runs));
  await within(runs, () => list(runs, base));
}

async function look(box, base, month, after) {
  const found = await get(`${base}/payouts/preview?month=${month}`);
  const close = element("button", { disabled: found.nothing_to_pay }, text("finance.close"));
  const key = fresh();
  close.addEventListener("click", () => within(box, async () => {
    close.disabled = true;
    try {
      await ask("POST", `${base}/payouts/runs`, { month }, { "Idempotency-Key": key });
    } finally {
      close.disabled = false;
    }
    box.replaceChildren();
    await after();
  }));
  const rows = found.by_kind.map((one) => [one.name, one.minutes / 60, euros(one.amount_cents)]);
  box.replaceChildren(
    element("p", {}, text("finance.total", { amount: euros(found.amount_cents), lines: found.lines })),
    ...found.notices.map((one) => element("p", { class: "hint" }, one.text)),
    table("", [text("col.burden"), text("col.hours"), text("col.amount")], rows),
    close,
  );
}

async function list(box, base) {
  const runs = await everything(`${base}/payouts/runs`);
  const rows = runs.map((run) => {
    const files = `/api/v1${base}/payouts/runs/${run.number}/files`;
    const links = ["payout.csv", "totals.csv", ...(run.payment_file ? ["payment.xml"] : [])];
    return [run.number, `${run.period_start} – ${run.period_end}`, run.closed_on, euros(run.amount_cents), element("div", { class: "row" }, ...links.map((name) => element("a", { href: `${files}/${name}`, download: name }, name)))];
  });
  const heads = ["number", "period", "closed", "amount", "action"].map((key) => text(`col.${key}`));
  box.replaceChildren(rows.length ? table("", heads, rows) : element("p", { class: "hint" }, text("none")));
}
