// The page after logging in: who somebody is decides which rooms there are; the address names the one that is open.

import { ask, get, remember, speakAs, text } from "./api.js";
import { element, loading, within } from "./parts.js";
import * as administrator from "./administrator/users.js";
import * as webhooks from "./administrator/webhooks.js";
import * as elsewhere from "./elsewhere.js";
import * as finance from "./finance.js";
import * as gpDuties from "./gp/duties.js";
import * as gpMarket from "./gp/market.js";
import * as gpRound from "./gp/round.js";
import * as gpShare from "./gp/share.js";
import * as insurer from "./insurer.js";
import * as lending from "./lending.js";
import * as neighbours from "./neighbours.js";
import * as notices from "./notices.js";
import * as plannerMarket from "./planner/market.js";
import * as peak from "./planner/peak.js";
import * as repair from "./planner/repair.js";
import * as plannerRound from "./planner/round.js";
import * as today from "./planner/today.js";
import * as plannerRosters from "./planner/rosters.js";
import * as roster from "./roster.js";

const ROOMS = {
  planner: { today, swaps: plannerMarket, repair, peak, lending, rounds: plannerRound, rosters: plannerRosters },
  gp: { duties: gpDuties, market: gpMarket, round: gpRound, share: gpShare, elsewhere },
  finance: { finance, lending },
  insurer: { insurer },
  administrator: { users: administrator, webhooks, neighbours, elsewhere },
};
const SEES_ROSTER = ["planner", "gp", "finance"];
const IS_TOLD = ["planner", "gp"];
const content = document.getElementById("inhoud");
const tabs = document.getElementById("tabs");
const places = new Map();
let turn = 0;

async function start() {
  const answer = await fetch("/api/v1/auth/me");
  if (answer.status === 401) return location.assign("/inloggen");
  const me = await answer.json();
  if (me.user.must_change_password || !me.memberships.length) return location.assign("/inloggen");
  remember(me.csrf_token);
  document.getElementById("who").textContent = me.user.display_name || me.user.username;
  for (const membership of me.memberships) addRooms({ ...membership, user: me.user }, me.memberships.length > 1);
  window.addEventListener("hashchange", () => open(true));
  await open(false);
  for (const { membership, link, label } of places.values()) if (link.dataset.room === "notices") countUnread(membership, link, label);
}

// how many notices are new, beside the name of their room
async function countUnread(membership, link, label) {
  const base = baseOf(membership);
  const { unread } = await get(`${base}/messages/mine?limit=1`);
  const show = (count) => link.replaceChildren(count ? `${label} (${count})` : label);
  show(unread);
  document.addEventListener("notices", ({ detail }) => detail.base === base && show(detail.count));
}

const baseOf = (membership) => `/hds/${encodeURIComponent(membership.hds_id)}`;

// in which role a room is entered: in those of a GP everything is the own, also for who is a planner too
const OWN = Object.values(ROOMS.gp).filter((room) => room !== elsewhere);

function addRooms(membership, several) {
  const rooms = membership.roles.flatMap((role) => Object.entries(ROOMS[role]));
  if (membership.roles.some((role) => SEES_ROSTER.includes(role))) rooms.push(["roster", roster]);
  if (membership.roles.some((role) => IS_TOLD.includes(role))) rooms.push(["notices", notices]);
  // two roles may share a room
  const placeOf = (name) => (several ? `${membership.hds_id}/${name}` : name);
  const addressOf = (name) => `#${encodeURI(placeOf(name))}`;
  for (const [name, room] of new Map(rooms)) {
    const label = several ? `${text(`tab.${name}`)} · ${membership.hds_name}` : text(`tab.${name}`);
    const link = element("a", { href: addressOf(name), "data-room": name }, label);
    places.set(placeOf(name), { room, membership: { ...membership, addressOf }, link, label });
    tabs.append(element("li", {}, link));
  }
}

async function open(moved) {
  const mine = (turn += 1);
  const { room, membership, link, label } = places.get(decodeURI(location.hash.slice(1))) || places.values().next().value;
  for (const other of tabs.querySelectorAll("a")) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "page");
  document.querySelectorAll("dialog[open]").forEach((one) => one.close());
  document.title = `${label} · ${text("title")}`;
  document.getElementById("hds").textContent = membership.hds_name;
  content.replaceChildren(loading());
  const shown = element("div", {});
  speakAs(OWN.includes(room) ? "gp" : null);
  await within(shown, () => room.show(shown, { ...membership, base: baseOf(membership) }));
  if (mine !== turn) return;
  content.replaceChildren(shown);
  if (moved) content.focus();
}

// the address names rooms, so this one link goes by hand
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  content.focus();
});

document.getElementById("logout").addEventListener("click", async () => {
  await ask("POST", "/auth/logout");
  location.assign("/inloggen");
});

start();
