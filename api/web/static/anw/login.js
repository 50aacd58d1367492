// Logging in, and choosing a password of one's own the first time.

import { Refusal, ask, remember, text } from "./api.js";

const login = document.getElementById("login");
const renew = document.getElementById("renew");
let oneTime = "";

async function submitted(form, work) {
  const box = form.querySelector(".trouble");
  const button = form.querySelector("button");
  box.hidden = true;
  button.disabled = true;
  try {
    await work(new FormData(form));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    box.textContent = error.message;
    box.hidden = false;
  } finally {
    button.disabled = false;
  }
}

login.addEventListener("submit", (event) => {
  event.preventDefault();
  submitted(login, async (fields) => {
    oneTime = fields.get("password");
    const { content } = await ask("POST", "/auth/login", { username: fields.get("username"), password: oneTime });
    remember(content.csrf_token);
    if (!content.user.must_change_password) return location.assign("/rooster");
    login.hidden = true;
    renew.elements.username.value = fields.get("username");
    renew.hidden = false;
    renew.elements.new_password.focus();
  });
});

renew.addEventListener("submit", (event) => {
  event.preventDefault();
  submitted(renew, async (fields) => {
    await ask("POST", "/auth/password", { current: oneTime, chosen: fields.get("new_password") });
    location.assign("/rooster");
  });
});

document.title = text("title");
// who began typing while the page loaded is left alone
if (document.activeElement === document.body) login.elements.username.focus();
