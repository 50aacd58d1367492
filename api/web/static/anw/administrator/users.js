// Who may log in, and whether the audit trail is sound.

import { day, clock, everything, get, text } from "../api.js";
import { element, section, table, within } from "../parts.js";

export async function show(box, { base }) {
  const verdict = element("div", {});
  const verify = element("button", { class: "quiet" }, text("administrator.verify"));
  verify.addEventListener("click", () => within(verdict, () => judge(verdict, base)));
  const users = element("div", {});
  const trail = element("div", {});
  box.append(section(text("administrator.users"), users), section(text("administrator.audit"), verify, verdict, trail));
  await within(users, async () => {
    const known = await everything(`${base}/users`);
    const rows = known.map((one) => [one.username, one.display_name, one.roles.map((role) => text(`tab_role.${role}`)).join(", "), one.gp_id]);
    users.append(table("", ["user", "who", "roles", "gp"].map((key) => text(`col.${key}`)), rows));
  });
  await within(trail, async () => {
    const page = await get(`${base}/audit?limit=25`);
    const rows = page.items.map((one) => [`${day(one.at)} ${clock(one.at)}`, doer(one), one.action, one.subject]);
    trail.append(table(text("administrator.latest"), ["when", "who", "what", "subject"].map((key) => text(`col.${key}`)), rows));
  });
}

/** Who did it; no person did what the service does of its own accord. */
function doer(link) {
  return link.actor_id === null ? text("administrator.by_itself") : link.actor || `#${link.actor_id}`;
}

async function judge(box, base) {
  const found = await get(`${base}/audit/verify`);
  const sound = found.sound;
  box.replaceChildren(
    element("p", { class: sound ? "fine" : "trouble" }, sound ? text("administrator.sound", { entries: found.entries }) : text("administrator.broken")),
  );
}
