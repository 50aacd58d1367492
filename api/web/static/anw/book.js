// Who is who, which post is which, and which shift has which id: asked once for each page.

import { clock, day, get, number, text } from "./api.js";
import { element } from "./parts.js";

const MOST = 50;

export async function openBook(base) {
  const found = await get(`${base}/roster/names`);
  return new Book(base, found);
}

class Book {
  constructor(base, { gps, posts }) {
    this.base = base;
    this.gps = new Map(gps.map((one) => [one.gp_id, one.name]));
    this.posts = new Map(posts.map((one) => [one.post_id, one.name]));
    this.shifts = new Map();
  }

  gp(gpId) {
    return gpId === null || gpId === undefined ? text("nobody") : this.gps.get(gpId) || gpId;
  }

  // words of the engine name people by id; whoever reads them reads names
  named(words, ...gpIds) {
    let said = words;
    for (const id of gpIds.filter(Boolean)) {
      const whole = new RegExp(`(?<![\\w-])${id.replace(/\W/g, "\\$&")}(?![\\w-])`, "g");
      said = said.replace(whole, () => this.gp(id));
    }
    return said;
  }

  post(postId) {
    return this.posts.get(postId) || postId;
  }

  async read(shiftIds) {
    const wanted = [...new Set(shiftIds)].filter((one) => one && !this.shifts.has(one));
    for (let at = 0; at < wanted.length; at += MOST) {
      const asked = wanted.slice(at, at + MOST).map((one) => `shift_id=${encodeURIComponent(one)}`).join("&");
      this.keep((await get(`${this.base}/roster?all=true&${asked}`)).items);
    }
  }

  keep(duties) {
    for (const one of duties) this.shifts.set(one.shift_id, one);
    return duties;
  }

  // a shift in a few words; what is no longer in the roster keeps its id
  words(shiftId) {
    const duty = this.shifts.get(shiftId);
    return duty ? this.said(duty) : shiftId;
  }

  // without the day, for lists of one day
  times(duty) {
    return text("shift_of_day", { from: clock(duty.start), until: clock(duty.end), role: text(`terms.role.${duty.role}`), post: this.post(duty.post_id) });
  }

  said(duty) {
    return text("shift", { day: day(duty.start), from: clock(duty.start), until: clock(duty.end), role: text(`terms.role.${duty.role}`), post: this.post(duty.post_id) });
  }
}

// day and times large, the rest below: the head of a card
export function dutyHead(book, duty) {
  const burden = element("span", { class: `badge burden ${duty.burden}` }, text(`terms.burden.${duty.burden}`));
  return element(
    "div", { class: "duty" },
    element("p", { class: "when" }, element("strong", {}, day(duty.start)), ` ${clock(duty.start)}–${clock(duty.end)}`, element("span", { class: "hint" }, ` ${text("hours", { hours: number(duty.hours) })}`)),
    element("p", { class: "what" }, `${book.post(duty.post_id)} · ${text(`terms.role.${duty.role}`)} `, duty.role === duty.burden ? null : burden),
  );
}
