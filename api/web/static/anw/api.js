// One way to ask the API, with the texts of the page and the making of elements that every part uses.

const ROOT = "/api/v1";
const TEXTS = JSON.parse(document.getElementById("texts").textContent);
let csrf = "";

export function text(key, values = {}) {
  const found = TEXTS[key];
  if (found === undefined) throw new Error(`no text ${key}`);
  return found.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

export function remember(token) {
  csrf = token;
}

export class Refusal extends Error {
  constructor(problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

export async function ask(method, path, body, headers = {}) {
  const sent = { Accept: "application/json", ...headers };
  if (method !== "GET") sent["X-CSRF-Token"] = csrf;
  if (body !== undefined && !(body instanceof FormData)) sent["Content-Type"] = "application/json";
  const answer = await fetch(ROOT + path, {
    method,
    headers: sent,
    body: body === undefined || body instanceof FormData ? body : JSON.stringify(body),
  });
  const kind = answer.headers.get("Content-Type") || "";
  const content = kind.includes("json") ? await answer.json() : null;
  if (answer.ok) return { content, etag: answer.headers.get("ETag"), status: answer.status };
  throw new Refusal(content || { title: text("trouble"), detail: "", status: answer.status, code: "internal" });
}

export const get = async (path) => (await ask("GET", path)).content;

export async function everything(path) {
  const items = [];
  let next = null;
  do {
    const mark = path.includes("?") ? "&" : "?";
    const page = await get(next ? `${path}${mark}cursor=${encodeURIComponent(next)}` : path);
    items.push(...page.items);
    next = page.next;
  } while (next);
  return items;
}

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function section(title, ...children) {
  return element("section", {}, element("h2", {}, title), ...children);
}

export function table(caption, heads, rows) {
  const head = element("tr", {}, ...heads.map((one) => element("th", { scope: "col" }, one)));
  const body = rows.map((cells) =>
    element("tr", {}, ...cells.map((cell) => element("td", { class: typeof cell === "number" ? "number" : null }, shown(cell)))),
  );
  return element(
    "table", {}, element("caption", {}, caption), element("thead", {}, head), element("tbody", {}, ...body),
  );
}

function shown(cell) {
  if (cell === null || cell === undefined) return "–";
  return typeof cell === "number" ? number(cell) : cell;
}

export const number = (value, digits = 2) =>
  new Intl.NumberFormat("nl-NL", { maximumFractionDigits: digits }).format(value);
export const euros = (cents) =>
  new Intl.NumberFormat("nl-NL", { style: "currency", currency: "EUR" }).format(cents / 100);
export const day = (moment) =>
  new Intl.DateTimeFormat("nl-NL", { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "Europe/Amsterdam" }).format(new Date(moment));
export const clock = (moment) =>
  new Intl.DateTimeFormat("nl-NL", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Amsterdam" }).format(new Date(moment));

export function trouble(error) {
  const box = element("div", { class: "trouble", role: "alert" }, error.message);
  const errors = error.problem?.errors || [];
  if (errors.length) {
    const told = errors.slice(0, 50).map((one) =>
      element("li", {}, one.file ? `${one.file}${one.line ? `:${one.line}` : ""} ${one.column || ""} — ${one.expected}` : `${(one.place || []).join(" ")} — ${one.expected}`),
    );
    box.append(element("ul", {}, ...told));
  }
  return box;
}

export async function within(box, work) {
  box.querySelectorAll(":scope > .trouble, :scope > .fine").forEach((old) => old.remove());
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.problem.status === 401) location.assign("/inloggen");
    box.append(trouble(error));
    return undefined;
  }
}

export function fresh() {
  return crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
}
