// Payment runs: look ahead, close, fetch the files, and what becomes of the payment file for the bank.

import { dayOf, euros, everything, fresh, get, moment, period, post, text } from "./api.js";
import { badge, button, cards, date, element, facts, field, form, hint, nothing, part, say, section, sheet, table, within } from "./parts.js";

export async function show(box, { base }) {
  const runs = part(() => list(base, runs.again));
  const preview = element("div", {});
  const month = element("input", { type: "month", name: "month", required: true });
  const asked = element("form", { class: "row" }, element("label", {}, text("finance.month"), month), element("button", {}, text("finance.preview_button")));
  asked.addEventListener("submit", (event) => {
    event.preventDefault();
    within(preview, () => look(preview, base, month.value, runs.again));
  });
  box.append(section(text("finance.preview"), asked, preview), section(text("finance.runs"), runs.box));
  await runs.again();
}

async function look(box, base, month, after) {
  const found = await get(`${base}/payouts/preview?month=${month}`);
  const key = fresh();
  const account = paying();
  const close = form(account.fields, text("finance.close"), async () => {
    await post(`${base}/payouts/runs`, { month, ...account.entry() }, { "Idempotency-Key": key });
    box.replaceChildren();
    await after();
  });
  const rows = found.by_kind.map((one) => [one.name, one.minutes / 60, euros(one.amount_cents)]);
  box.replaceChildren(
    element("p", {}, text("finance.total", { amount: euros(found.amount_cents), lines: found.lines })),
    ...[waiting(found.outstanding)].filter(Boolean),
    ...[...found.notices.filter((one) => one.code !== "payout_outstanding").map((one) => one.text), ...found.missing_accounts].map(hint),
    table("", [text("col.burden"), text("col.hours"), text("col.amount")], rows),
    ...(found.nothing_to_pay ? [] : [close]),
  );
}

// hours that wait for a maximum: everything else is paid
function waiting(sums) {
  if (!sums.length) return null;
  const rows = sums.map((one) => [one.kind_name, one.minutes / 60, one.text]);
  return table(text("finance.waiting"), [text("col.burden"), text("col.hours"), text("finance.why")], rows);
}

// from which account and on which day; what is left empty is as it was, or the next day on which banks pay
function paying() {
  const iban = element("input", { name: "iban", maxlength: "50", autocomplete: "off" });
  const day = date("pay_on");
  return {
    fields: [field(text("finance.iban"), iban, text("finance.iban_hint")), field(text("finance.pay_on"), day, text("finance.pay_on_hint"))],
    entry: () => ({ ...(iban.value.trim() ? { debtor: { iban: iban.value.trim() } } : {}), ...(day.value ? { pay_on: day.value } : {}) }),
  };
}

async function list(base, again) {
  const [runs, { sums }] = await Promise.all([everything(`${base}/payouts/runs`), get(`${base}/payouts/outstanding`)]);
  const rows = runs.map((run) => {
    const address = `${base}/payouts/runs/${run.number}`;
    const links = ["payout.csv", "totals.csv"].map((name) => download(`${address}/files/${name}`, name));
    const actions = element("div", { class: "row" }, ...links);
    actions.append(button(text("finance.bank"), actions, () => sheet(text("finance.bank_of", { run: run.number }), () => bankFiles(address, run, again))));
    const state = run.payment_file_sent ? "sent" : run.payment_file ? "in_force" : "none";
    return [run.number, period(run), dayOf(run.closed_on), euros(run.amount_cents), text(`finance.file.${state}`), actions];
  });
  const heads = ["number", "period", "closed", "amount"].map((key) => text(`col.${key}`));
  const all = rows.length ? table("", [...heads, text("finance.bank"), text("col.action")], rows) : nothing();
  return [all, waiting(sums)];
}

const download = (path, name) => element("a", { href: `/api/v1${path}`, download: name }, name);

// the payment files of a run in a sheet, the one in force first, with what can be done with it
async function bankFiles(address, run, again) {
  const files = part(async () => {
    const found = await get(`${address}/transfers`);
    const last = found.at(-1);
    const after = async (words) => {
      say(words);
      await Promise.all([files.again(), again()]);
    };
    const doing = last ? (last.state === "in_force" ? [sending(address, last, after), replacing(address, last, after)] : []) : [making(address, run, after)];
    return [cards(found.toReversed().map((one) => bankFile(address, run, one)), "finance.no_file"), ...doing];
  });
  await files.again();
  return files.box;
}

function bankFile(address, run, one) {
  const name = `payment-run-${String(run.number).padStart(4, "0")}${one.version > 1 ? `-${one.version}` : ""}.xml`;
  return [
    element("p", {}, element("strong", {}, text("finance.version", { version: one.version })), " ", badge(one.state, text(`finance.file.${one.state}`))),
    facts([
      [text("col.amount"), euros(one.amount_cents)],
      [text("finance.pay_on"), dayOf(one.pay_on)],
      [text("finance.from"), `${one.debtor_name} ${one.debtor_iban}`],
      [text("finance.made"), `${moment(one.made_at)}, ${one.made_by}`],
      [text("finance.sent"), one.sent_at && `${moment(one.sent_at)}, ${one.sent_by}`],
      [text("finance.voided"), one.voided_at && `${moment(one.voided_at)}, ${one.voided_by}`],
      [text("finance.reason"), one.reason],
    ]),
    one.state === "void" ? null : download(`${address}/transfer?version=${one.version}`, name),
  ];
}

function making(address, run, after) {
  const account = paying();
  return form(account.fields, text("finance.make"), async () => {
    await post(`${address}/transfer`, account.entry());
    await after(text("finance.made_now", { run: run.number }));
  });
}

function sending(address, file, after) {
  const box = element("div", {}, hint(text("finance.send_hint")));
  box.append(button(text("finance.send"), box, async () => {
    await post(`${address}/transfer/sent`, { version: file.version });
    await after(text("finance.sent_now"));
  }));
  return box;
}

function replacing(address, file, after) {
  const account = paying();
  const reason = element("input", { name: "reason", required: true, maxlength: "200" });
  const unsent = element("input", { type: "checkbox", name: "not_sent", required: true });
  const sure = element("label", { class: "pick" }, unsent, element("span", {}, text("finance.not_sent")));
  const asked = form([field(text("finance.reason"), reason), ...account.fields, sure], text("finance.replace"), async () => {
    await post(`${address}/transfer/replacement`, { version: file.version, not_sent: true, reason: reason.value, ...account.entry() });
    await after(text("finance.replaced_now"));
  });
  return element("details", {}, element("summary", {}, text("finance.replace")), hint(text("finance.replace_hint")), asked);
}
