// What every page of the console can do a little better with a script; all of it works without.

"use strict";

document.documentElement.classList.add("scripted");

// A problem summary takes the focus, so that it is read first.
document.querySelector("#summary")?.focus();

// On a telephone the rooms at the side are a strip: the present one is moved into view.
// By hand: scrollIntoView moves where the Tab key begins, in some browsers.
for (const room of document.querySelectorAll(".side [aria-current]")) {
  const [its, strip] = [room, room.parentElement].map((box) => box.getBoundingClientRect());
  room.parentElement.scrollLeft += (its.left + its.right - strip.left - strip.right) / 2;
}

// Drafts belong to one account: others may use this computer next. Signing out deletes them.
const myDrafts = `staff:${document.body.dataset.account}:`;
document.querySelector("form[action='/console/sign-out']")?.addEventListener("submit", () => {
  globalThis.drafts.forgetAll(myDrafts);
});

// A line that somebody else is to have is asked for again in a minute: it tells at once how things stand.
const LINE_AGAIN = 60_000;
globalThis.openLine = (path, listeners) => {
  const line = new EventSource(path);
  for (const [name, hear] of Object.entries(listeners)) line.addEventListener(name, hear);
  const later = () => {
    line.close();
    document.querySelector("[data-slow-line]").hidden = false;
    setTimeout(() => globalThis.openLine(path, listeners), LINE_AGAIN);
  };
  line.addEventListener("full", later);
  addEventListener("pagehide", () => line.close());
};

// A menu closes with Escape and with a click beside it.
const openMenus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// What waits on the review desk is counted anew while somebody works here; who has left is not kept
// signed in by that.
function countDesk() {
  const every = 60_000;
  let active = Date.now();
  for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, () => { active = Date.now(); }, { passive: true });
  setInterval(() => { if (!document.hidden && Date.now() - active < 5 * every) showDesk(); }, every);
}
async function showDesk() {
  const answer = await fetch("/console/review/head").catch(() => undefined);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [here, there] = [document, page].map((side) => side.querySelector("[data-desk]"));
  if (here && there) here.replaceWith(document.importNode(there, true));
}
if (document.querySelector("[data-desk]")) countDesk();

// A list may be narrowed by typing: <input data-narrows="#list"> over rows with data-words.
for (const box of document.querySelectorAll("[data-narrows]")) {
  const rows = document.querySelectorAll(`${box.dataset.narrows} [data-words]`);
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.dataset.words.toLowerCase().includes(wanted);
  });
}

// Something shown once can be copied: <button data-copies="#link" data-copied="Copied">.
for (const button of document.querySelectorAll("[data-copies]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copies).textContent.trim());
    button.textContent = button.dataset.copied;
  });
}
