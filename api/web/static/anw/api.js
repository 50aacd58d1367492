// One way to ask the API, with the texts of the page and how it writes figures, days and times.

const ROOT = "/api/v1";
const TEXTS = JSON.parse(document.getElementById("texts").textContent);
let csrf = "";
let role = null;

export function text(key, values = {}) {
  const found = TEXTS[key];
  if (found === undefined) throw new Error(`no text ${key}`);
  return found.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

export function remember(token) {
  csrf = token;
}

// who has several roles sees what the open room shows as one of them
export function speakAs(one) {
  role = one;
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
  if (role) sent["X-Anw-Role"] = role;
  if (body !== undefined && !(body instanceof FormData)) sent["Content-Type"] = "application/json";
  const answer = await reached(ROOT + path, {
    method,
    headers: sent,
    body: body === undefined || body instanceof FormData ? body : JSON.stringify(body),
  });
  const kind = answer.headers.get("Content-Type") || "";
  const content = kind.includes("json") && answer.status !== 204 ? await answer.json() : null;
  if (answer.ok) return { content, etag: answer.headers.get("ETag"), status: answer.status };
  throw new Refusal(content || { title: text("trouble"), detail: "", status: answer.status, code: "internal" });
}

async function reached(address, request) {
  try {
    return await fetch(address, request);
  } catch {
    throw new Refusal({ title: text("offline"), detail: "", status: 0, code: "offline" });
  }
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

export const post = async (path, body, headers) => (await ask("POST", path, body, headers)).content;

// one text for one, another for any other number
export function plural(key, count, values = {}) {
  return text(`${key}.${count === 1 ? "one" : "many"}`, { count: number(count), ...values });
}

export const number = (value, digits = 2, more = {}) =>
  new Intl.NumberFormat("nl-NL", { maximumFractionDigits: digits, ...more }).format(value).replace("-", "−");
export const euros = (cents) =>
  new Intl.NumberFormat("nl-NL", { style: "currency", currency: "EUR" }).format(cents / 100);
export const day = (moment) =>
  new Intl.DateTimeFormat("nl-NL", { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "Europe/Amsterdam" }).format(new Date(moment));
export const clock = (moment) =>
  new Intl.DateTimeFormat("nl-NL", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Amsterdam" }).format(new Date(moment));
export const signed = (value, digits = 2) => number(value, digits, { signDisplay: "exceptZero" });
export const month = (moment) =>
  new Intl.DateTimeFormat("nl-NL", { month: "long", year: "numeric", timeZone: "Europe/Amsterdam" }).format(new Date(moment));
export const moment = (at) => `${day(at)} ${clock(at)}`;
export const hours = (from, until) => `${clock(from)}–${clock(until)}`;

// the local day as the API takes it; the Swedish way of writing dates is that of ISO 8601
export const isoDay = (at) =>
  new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone: "Europe/Amsterdam" }).format(new Date(at));
export const today = () => isoDay(Date.now());

// a local day as the API writes it (`2027-03-05`), in words
export const dayOf = (isoDate) => day(`${isoDate}T12:00:00Z`);
export const period = (one) => `${dayOf(one.period_start)} – ${dayOf(one.period_end)}`;

export function daysLater(isoDate, days) {
  const at = new Date(`${isoDate}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

export const toWall = (at) =>
  new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone: "Europe/Amsterdam" }).format(new Date(at)).replace(" ", "T");

// a time on the wall in Amsterdam (`2027-03-05T17:00`) as a moment; one that occurs twice is the first
export function atWall(wall) {
  const offset = [2, 1].find((ahead) => toWall(Date.parse(`${wall}Z`) - ahead * 3600000) === wall) || 1;
  return `${wall}:00+0${offset}:00`;
}

export function fresh() {
  return crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
}
