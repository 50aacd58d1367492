// The page after logging in: who somebody is decides which parts there are.

import { ask, element, get, remember, text } from "./api.js";
import * as administrator from "./administrator.js";
import * as finance from "./finance.js";
import * as gp from "./gp.js";
import * as insurer from "./insurer.js";
import * as planner from "./planner.js";
import * as roster from "./roster.js";

const ROOMS = { planner, gp, finance, insurer, administrator };
const SEES_ROSTER = ["planner", "gp", "finance"];
const content = document.getElementById("inhoud");
const tabs = document.getElementById("tabs");

async function start() {
  const answer = await fetch("/api/v1/auth/me");
  if (answer.status === 401) return location.assign("/inloggen");
  const me = await answer.json();
  if (me.user.must_change_password || !me.memberships.length) return location.assign("/inloggen");
  remember(me.csrf_token);
  document.getElementById("who").textContent = me.user.display_name || me.user.username;
  for (const membership of me.memberships) addTabs(membership, me.memberships.length > 1);
  tabs.firstElementChild.click();
}

function addTabs(membership, several) {
  const rooms = membership.roles.map((role) => [role, ROOMS[role]]);
  if (membership.roles.some((role) => SEES_ROSTER.includes(role))) rooms.push(["roster", roster]);
  for (const [name, room] of rooms) {
    const label = several ? `${text(`tab.${name}`)} · ${membership.hds_name}` : text(`tab.${name}`);
    const tab = element("button", { role: "tab", "aria-selected": "false", "data-room": name }, label);
    tab.addEventListener("click", () => open(tab, room, membership));
    tabs.append(tab);
  }
}

async function open(tab, room, membership) {
  for (const other of tabs.children) other.setAttribute("aria-selected", String(other === tab));
  document.getElementById("hds").textContent = membership.hds_name;
  content.replaceChildren(element("p", {}, text("loading")));
  const shown = element("div", {});
  await room.show(shown, { ...membership, base: `/hds/${encodeURIComponent(membership.hds_id)}` });
  if (tab.getAttribute("aria-selected") === "true") content.replaceChildren(shown);
}

document.getElementById("logout").addEventListener("click", async () => {
  await ask("POST", "/auth/logout");
  location.assign("/inloggen");
});

start();
