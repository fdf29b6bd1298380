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
