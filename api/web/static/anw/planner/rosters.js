// The planner's work: take a dossier in, have rosters made, look at versions, publish one.

import { ask, clock, day, everything, fresh, get, number, period, text } from "../api.js";
import { element, follow, say, section, table, within } from "../parts.js";

export async function show(box, { base }) {
  const parts = { dossiers: element("div", {}), runs: element("div", {}), versions: element("div", {}) };
  const again = (...names) => Promise.all(names.map((name) => within(parts[name], () => PARTS[name](parts[name], base, again))));
  box.append(
    section(text("planner.dossiers"), parts.dossiers, imports(base, again)),
    section(text("planner.runs"), parts.runs),
    section(text("planner.versions"), parts.versions),
  );
  await again("dossiers", "runs", "versions");
}

const PARTS = { dossiers: listDossiers, runs: listRuns, versions: listVersions };
const nothing = () => element("p", { class: "hint" }, text("none"));

function imports(base, again) {
  const file = element("input", { type: "file", name: "file", accept: ".zip,.xlsx", required: true });
  const box = element("div", {});
  const heard = element("div", { role: "status" });
  const form = element("form", { class: "row" }, element("label", {}, text("planner.import"), file), element("button", {}, text("planner.import_button")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    within(box, async () => {
      const { content } = await ask("POST", `${base}/dossiers`, new FormData(form));
      form.reset();
      heard.replaceChildren(...remarks(content.notices));
      say(text("planner.imported"));
      await again("dossiers");
    });
  });
  box.append(form);
  return element("div", {}, box, heard);
}

// what was understood or left out all the same, with its place
function remarks(notices) {
  if (!notices.length) return [];
  const places = notices.map((one) => element("li", {}, one.line ? `${one.file}, ${text("planner.line", { line: one.line })}: ` : `${one.file}: `, one.text));
  return [element("p", {}, text("planner.remarks")), element("ul", { class: "remarks" }, ...places)];
}

async function listDossiers(box, base, again) {
  const rows = (await everything(`${base}/dossiers`)).map((one) => {
    const seconds = element("input", { type: "number", min: "1", max: "600", value: "60", "aria-label": text("planner.seconds") });
    const start = element("button", { class: "quiet" }, text("planner.start"));
    start.addEventListener("click", () => within(box, async () => {
      start.disabled = true;
      try {
        const { content } = await ask("POST", `${base}/dossiers/${one.dossier_id}/runs`, { time_limit: Number(seconds.value) }, { "Idempotency-Key": fresh() });
        await again("runs");
        followRun(content.run_id, base, again);
      } finally {
        start.disabled = false;
      }
    }));
    return [one.dossier_id, period(one), one.revision, element("div", { class: "row" }, seconds, start)];
  });
  const heads = ["number", "period", "revision", "action"].map((key) => text(`col.${key}`));
  box.replaceChildren(rows.length ? table("", heads, rows) : nothing());
}

async function listRuns(box, base, again) {
  const page = await get(`${base}/runs?limit=10`);
  const rows = page.items.map((run) => {
    const busy = ["queued", "running"].includes(run.state);
    const progress = element("div", { "data-run": run.run_id }, ...said(run.progress));
    const stop = busy ? element("button", { class: "quiet" }, text("planner.cancel")) : null;
    stop?.addEventListener("click", () => within(box, async () => {
      stop.disabled = true;
      await ask("POST", `${base}/runs/${run.run_id}/cancel`);
    }));
    if (busy) setTimeout(() => followRun(run.run_id, base, again));
    return [`${day(run.requested_at)} ${clock(run.requested_at)}`, element("span", { class: `badge ${run.state}` }, text(`state.${run.state}`)), run.error ? run.error.detail : progress, stop];
  });
  const heads = ["made", "state", "progress", "action"].map((key) => text(`col.${key}`));
  box.replaceChildren(rows.length ? table("", heads, rows) : nothing());
}

function said(progress) {
  if (!progress) return [];
  const { phase, filled, shifts, seconds, largest_deviation: largest, lower_bound: bound } = progress;
  const bar = element("progress", { max: shifts, value: filled });
  const line = text("planner.progress", { phase: text(`phase.${phase}`), filled: number(filled), shifts: number(shifts), seconds: number(seconds, 0) });
  const fair = largest === null ? "" : ` · ${text("planner.deviation", { value: number(largest), bound: bound === null ? "?" : number(bound) })}`;
  return [bar, element("div", { class: "hint" }, line + fair)];
}

function followRun(runId, base, again) {
  const shown = (found) => document.querySelector(`[data-run="${runId}"]`)?.replaceChildren(...said(found));
  follow(`/api/v1${base}/runs/${runId}/events`, shown, () => again("runs", "versions"));
}

async function listVersions(box, base, again) {
  const dossiers = await everything(`${base}/dossiers`);
  const lists = await Promise.all(dossiers.map((one) => everything(`${base}/dossiers/${one.dossier_id}/versions`)));
  const rows = lists.flat().map((version) => {
    const figures = version.figures;
    const report = element("a", { href: `/api/v1${base}/versions/${version.id}/report`, target: "_blank" }, text("planner.report"));
    return [
      `${version.dossier_id}.${version.number}`, element("span", { class: `badge ${version.state}` }, text(`state.${version.state}`)), day(version.created_at),
      figures.unfilled, figures.violations, figures.largest_deviation, bound(figures), figures.soft_cost,
      element("div", { class: "row" }, report, version.state === "draft" ? publishing(box, base, version, again) : null),
    ];
  });
  const heads = ["version", "state", "made", "unfilled", "violations", "largest", "bound", "soft_cost", "action"].map((key) => text(`col.${key}`));
  box.replaceChildren(rows.length ? table("", heads, rows) : nothing());
}

function bound(figures) {
  const known = Object.values(figures.fairness).map((one) => one.lower_bound).filter((one) => one !== null && one !== undefined);
  return known.length ? Math.max(...known) : null;
}

function publishing(box, base, version, again) {
  const from = element("input", { type: "date", value: version.period.start, "aria-label": text("planner.publish_from") });
  const publish = element("button", { class: "quiet" }, text("planner.publish"));
  publish.addEventListener("click", () => within(box, async () => {
    publish.disabled = true;
    try {
      await ask("POST", `${base}/versions/${version.id}/publish`, { freeze_from: from.value }, { "If-Match": `"${version.revision}"`, "Idempotency-Key": fresh() });
    } finally {
      publish.disabled = false;
    }
    await again("versions");
    say(text("planner.published", { number: version.number, day: day(from.value) }));
  }));
  return element("span", { class: "row" }, from, publish);
}
