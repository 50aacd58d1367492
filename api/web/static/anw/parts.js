// The making of what pages are built of: elements, sections, lists, fields, buttons that work, and sheets on top.

import { Refusal, number, plural, text } from "./api.js";

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

let made = 0;
const nextId = (kind) => `${kind}-${(made += 1)}`;

export function section(title, ...children) {
  const id = nextId("section");
  return element("section", { "aria-labelledby": id }, element("h2", { id }, title), ...children);
}

export const hint = (words) => element("p", { class: "hint" }, words);
export const loading = () => element("p", { class: "hint loading", role: "status" }, text("loading"));
export const nothing = (key = "none") => hint(text(key));
export const badge = (state, words = text(`state.${state}`)) => element("span", { class: `badge ${state}` }, words);
export const row = (...children) => element("div", { class: "row" }, ...children);

// words of several lines, as the service gives them: lines that start with a dash are a list, indented ones go with it
export function plain(words) {
  const box = element("div", { class: "plain" });
  for (const line of words.split("\n").filter((one) => one.trim())) {
    const list = box.lastElementChild?.tagName === "UL" ? box.lastElementChild : null;
    if (line.startsWith("- ")) (list || box.appendChild(element("ul", {}))).append(element("li", {}, line.slice(2)));
    else if (line.startsWith(" ") && list) list.lastElementChild.append(element("span", { class: "line" }, line.trim()));
    else box.append(element("p", {}, line));
  }
  return box;
}

export function table(caption, heads, rows) {
  const isNumber = (cell) => typeof cell === "number" || cell?.className === "number";
  const head = element("tr", {}, ...heads.map((one, at) => element("th", { scope: "col", class: isNumber(rows[0]?.[at]) ? "number" : null }, one)));
  const body = rows.map((cells) =>
    element("tr", {}, ...cells.map((cell, at) => element("td", { class: isNumber(cell) ? "number" : null, "data-head": heads[at] || null }, shown(cell)))),
  );
  const whole = element("table", {}, element("caption", {}, caption), element("thead", {}, head), element("tbody", {}, ...body));
  return element("div", { class: "wide", tabindex: "0", role: "group", "aria-label": caption || heads.filter(Boolean).join(", ") }, whole);
}

// a figure that is written already: stands to the right, as numbers do
export const figure = (words) => element("span", { class: "number" }, words);

function shown(cell) {
  if (cell === null || cell === undefined) return "–";
  return typeof cell === "number" ? number(cell) : cell;
}

export function cards(items, empty = "none", kind = null) {
  if (!items.length) return nothing(empty);
  return element("ul", { class: "cards" }, ...items.map((one) => described(element("li", { class: kind }, ...[one].flat()))));
}

// many cards have the same buttons: what each is about goes with its name
function described(card) {
  const subject = card.querySelector(".when, strong");
  if (!subject) return card;
  subject.id ||= nextId("subject");
  for (const one of card.querySelectorAll("button")) one.setAttribute("aria-describedby", subject.id);
  return card;
}

export function facts(pairs) {
  const told = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return element("dl", {}, ...told.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

export function field(label, input, more = null) {
  input.id ||= nextId("field");
  const told = more && element("p", { class: "hint", id: nextId("hint") }, more);
  if (told) input.setAttribute("aria-describedby", told.id);
  return element("div", { class: "field" }, element("label", { for: input.id }, label), input, told);
}

export const date = (name, value = "", more = {}) => element("input", { type: "date", name, value, ...more });

// a day and a time on the wall in Amsterdam
export const wallTime = (name, value = "", more = {}) => element("input", { type: "datetime-local", name, value, ...more });

export function select(name, options, chosen = null, more = {}) {
  return element("select", { name, ...more }, ...options.map(([value, words]) => element("option", { value, selected: value === chosen }, words)));
}

// one of several, or with kind "checkbox" some of them
export function choice(legend, name, options, chosen = null, kind = "radio") {
  const inputs = options.map(([value, words]) =>
    element("label", { class: "pick" }, element("input", { type: kind, name, value, checked: value === chosen }), element("span", {}, words)),
  );
  return element("fieldset", {}, element("legend", {}, legend), ...inputs);
}

export const ticked = (form, name) => [...form.querySelectorAll(`[name="${name}"]:checked`)].map((one) => one.value);

export function trouble(error) {
  const box = element("div", { class: "trouble", role: "alert" }, error.message);
  const errors = error.problem?.errors || [];
  if (errors.length) box.append(element("ul", {}, ...errors.slice(0, 50).map((one) => element("li", {}, mistake(one)))));
  return box;
}

function mistake(one) {
  if (one.file) return `${one.file}${one.line ? `:${one.line}` : ""} ${one.column || ""} — ${one.expected}`;
  return one.expected ? `${(one.place || []).join(" ")} — ${one.expected}` : one.text || one.msg || "";
}

// parts of the page by the box that each fills, and the box whose button was pressed last
const refills = new WeakMap();
let pressedIn = null;
const CONFLICT = 409;
const STALE = 412;

const around = (box) => (box ? [box, ...around(box.parentElement)] : []);

// somebody else was first: what is shown is asked for anew, in a sheet once it is closed; the box in which that is told.
// What was seen is no good for any further change, so that words typed for one go with it.
async function overtaken(box, { problem }) {
  const status = problem?.status;
  if (status !== CONFLICT && status !== STALE) return box;
  const dialog = box.closest("dialog");
  if (dialog) dialog.dataset.overtaken = "";
  const places = status === STALE ? around(box) : [box];
  const place = places.findLast((one) => refills.has(one));
  if (dialog || !place) return box;
  await refills.get(place)();
  return place;
}

export async function within(box, work, refused = overtaken) {
  box.querySelectorAll(":scope > .trouble, :scope > .fine").forEach((old) => old.remove());
  try {
    return await work();
  } catch (error) {
    const known = error instanceof Refusal;
    if (!known) console.error(error);
    if (known && error.problem.status === 401) location.assign("/inloggen");
    const told = trouble(known ? error : new Error(text("trouble")));
    const place = await refused(box, error);
    place.querySelector(":scope > .loading")?.remove();
    place.append(told);
    told.scrollIntoView({ block: "nearest" });
    return undefined;
  }
}

// a button that can be pressed again only once its work is done; trouble is told in `box`
export function button(label, box, work, kind = "quiet") {
  const pressed = element("button", { class: kind, type: "button" }, label);
  pressed.addEventListener("click", async () => {
    pressed.disabled = true;
    pressedIn = box;
    try {
      await within(box, work);
    } finally {
      pressed.disabled = false;
    }
  });
  return pressed;
}

// a form of which `work` gets the form itself; `submit` is its button's label
export function form(children, submit, work, kind = "") {
  const box = element("div", {});
  const send = element("button", {}, submit);
  const whole = element("form", { class: kind }, ...children, send);
  whole.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    try {
      await within(box, () => work(whole, box));
    } finally {
      send.disabled = false;
    }
  });
  box.append(whole);
  return box;
}

// told to everybody: shown at the foot of the page, and read out
export function say(words) {
  const box = document.getElementById("said");
  box.replaceChildren(element("p", {}, words), element("button", { class: "quiet", onclick: () => box.replaceChildren() }, text("close")));
}

// a sheet on top of the page; `fill(body, close)` makes what it holds. Closing gives the focus back by itself.
export async function sheet(title, fill) {
  const id = nextId("sheet");
  const body = element("div", { class: "body" });
  const shut = element("button", { class: "quiet", type: "button" }, text("close"));
  const dialog = element("dialog", { "aria-labelledby": id }, element("header", {}, element("h2", { id, tabindex: "-1" }, title), shut), body);
  const close = () => dialog.close();
  shut.addEventListener("click", close);
  const from = pressedIn;
  dialog.addEventListener("close", () => {
    dialog.remove();
    if ("overtaken" in dialog.dataset) refills.get(from)?.();
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("h2").focus();
  body.append(loading());
  await within(body, async () => {
    const content = await fill(body, close);
    body.querySelector(":scope > .loading")?.remove();
    if (content) body.replaceChildren(...[content].flat().filter(Boolean));
  });
}

// a part of a page that can be filled again; one that cannot be had says so and leaves the others alone
export function part(fill) {
  const box = element("div", {}, loading());
  let turn = 0;
  const fresh = async () => {
    const mine = (turn += 1);
    const content = await fill(again, box);
    if (mine === turn) box.replaceChildren(...[content].flat().filter(Boolean));
  };
  const again = () => within(box, fresh, () => box);
  refills.set(box, again);
  return { box, again };
}

const followed = new Map();

// work that takes long, followed once; `ended` is of whoever shows it last, as rooms are left and entered anew
export function follow(address, progress, ended) {
  const known = followed.has(address);
  followed.set(address, ended);
  if (known) return;
  const events = new EventSource(address);
  events.addEventListener("progress", (event) => progress(JSON.parse(event.data)));
  events.addEventListener("end", () => {
    const last = followed.get(address);
    events.close();
    followed.delete(address);
    last();
  });
  events.addEventListener("error", () => events.readyState === EventSource.CLOSED && followed.delete(address));
}

const DAY = 24 * 60;

function inWords(minutes) {
  if (minutes < 120) return plural("time.minutes", minutes);
  return minutes < 2 * DAY ? plural("time.hours", Math.floor(minutes / 60)) : plural("time.days", Math.floor(minutes / DAY));
}

// how long there is yet, told anew every half minute for as long as it stands on the page
export function countdown(until) {
  const box = element("strong", { class: "left" });
  const tell = () => {
    const minutes = Math.ceil((new Date(until) - Date.now()) / 60000);
    box.textContent = minutes <= 0 ? text("time.over") : inWords(minutes);
    box.className = minutes < DAY ? "left soon" : "left";
  };
  tell();
  const clock = setInterval(() => (box.isConnected ? tell() : clearInterval(clock)), 30000);
  return box;
}
