// What somebody was told, what one wants to be told, and the own calendar.

import { ask, get, moment, post, text } from "./api.js";
import { badge, button, cards, element, facts, field, form, hint, nothing, part, plain, row, say, section } from "./parts.js";
import { phone } from "./phone.js";

const PAGE = 30;
const MOST = 990;

export async function show(box, context) {
  const here = (fill) => part((again, at) => fill({ ...context, again, at }));
  const parts = [[text("notices.title"), here(latest())], [text("notices.preferences"), here(preferences)]];
  if (context.roles.includes("gp")) parts.push([text("phone.title"), here((own) => phone(own, own.gp_id))]);
  box.append(...parts.map(([title, one]) => section(title, one.box)));
  if (context.roles.includes("gp")) box.append(section(text("feed.title"), lazily(text("feed.open"), here(feed))));
  await Promise.all(parts.map(([, one]) => one.again()));
}

// the newest, and older ones for who asks
function latest() {
  let count = PAGE;
  const more = (again) => {
    count = Math.min(count + PAGE, MOST);
    return again();
  };
  return (here) => told(here, count, more);
}

async function told({ base, again, at }, count, more) {
  const { items, unread, next } = await get(`${base}/messages/mine?limit=${count}`);
  if (!items.length) return nothing("notices.none");
  const all = unread ? row(button(text("notices.read_all"), at, async () => {
    await post(`${base}/messages/mine/read`, { until: items[0].id });
    document.dispatchEvent(new CustomEvent("notices", { detail: { base, count: 0 } }));
    await again();
  })) : null;
  return [hint(text("notices.unread", { count: unread })), all, cards(items.map((one) => [
    element("p", { class: "when" }, one.read_at ? null : badge("open", text("notices.new")), " ", element(one.read_at ? "span" : "strong", {}, one.subject)),
    plain(one.text), hint(moment(one.at)),
  ])), next && count < MOST ? row(button(text("notices.older"), at, () => more(again))) : null];
}

async function preferences({ base, roles, again }) {
  const { content: wishes, etag } = await ask("GET", `${base}/messages/preferences`);
  const groups = Object.keys(wishes).filter((one) => one !== "by_email" && (one !== "planner" || roles.includes("planner")));
  const boxes = groups.map((group) => {
    const tick = (kind) => element("input", { type: "checkbox", name: `${group}.${kind}`, checked: wishes[group][kind] });
    const line = (kind) => element("label", { class: "pick" }, tick(kind), element("span", {}, text(`notices.${kind}`)));
    return element("fieldset", {}, element("legend", {}, text(`notices.group.${group}`)), line("told"), line("email"));
  });
  const whole = form([wishes.by_email ? null : hint(text("notices.no_email")), ...boxes].filter(Boolean), text("notices.keep"), async (sent) => {
    const chosen = Object.fromEntries(groups.map((group) => {
      const email = sent.elements[`${group}.email`].checked;
      return [group, { told: sent.elements[`${group}.told`].checked || email, email }];
    }));
    await ask("PUT", `${base}/messages/preferences`, chosen, { "If-Match": etag });
    say(text("notices.kept"));
    await again();
  });
  return element("details", {}, element("summary", {}, text("notices.choose")), whole);
}

async function feed({ base, again, at }) {
  const known = await made(base);
  const make = button(text(known ? "feed.renew" : "feed.make"), at, async () => {
    const { url } = await post(`${base}/feed`);
    await again();
    at.prepend(address(url));
  });
  const revoke = known ? button(text("feed.revoke"), at, async () => {
    await ask("DELETE", `${base}/feed`);
    say(text("feed.revoked"));
    await again();
  }) : null;
  return [hint(text("feed.hint")), known ? facts([[text("feed.since"), moment(known.made_at)]]) : null, row(make, revoke)];
}

// asked for when it is opened: most who read notices do not come for it
function lazily(label, part_) {
  const whole = element("details", {}, element("summary", {}, label), part_.box);
  part_.box.replaceChildren();
  whole.addEventListener("toggle", () => whole.open && part_.again());
  return whole;
}

async function made(base) {
  try {
    return await get(`${base}/feed`);
  } catch (error) {
    if (error.problem?.status === 404) return null;
    throw error;
  }
}

function address(url) {
  const shown = element("input", { value: url, readonly: true, name: "feed" });
  const copy = element("button", { class: "quiet", type: "button", onclick: async () => {
    shown.select();
    await navigator.clipboard?.writeText(url);
    say(text("feed.copied"));
  } }, text("feed.copy"));
  return element("div", { class: "fine" }, element("p", {}, text("feed.once")), field(text("feed.address"), shown), row(copy));
}
