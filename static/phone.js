// The telephone desk with a script: who calls shows while typing, the draft is saved by itself, what
// was written is ready to be read back, and calls pop up. Without script the desk works by buttons.

const desk = document.querySelector("#call-form");
const EVERY = 3000; // milliseconds between two saves, at most
const HERE = "kiss-call:"; // a draft in this browser, only while the house cannot be reached

const browserStorage = (() => {
  try {
    return window.localStorage;
  } catch {
    return { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  }
})();

const fieldsOf = (form) => new URLSearchParams(new FormData(form));
const post = (path, body) => fetch(path, { method: "POST", body, redirect: "error" });

// ── The draft ───────────────────────────────────────────────────────────────

function keepDrafts(form) {
  const told = document.querySelector("[data-kept]");
  const here = () => HERE + form.elements.id.value;
  let saved = fieldsOf(form).toString();
  let busy = false;

  async function save() {
    const now = fieldsOf(form).toString();
    if (busy || now === saved || form.dataset.sent) return;
    busy = true;
    try {
      const answer = await post("/console/phone/drafts", new URLSearchParams(now));
      if (answer.status === 410) told.textContent = form.dataset.filed;
      else if (!answer.ok) throw new Error(String(answer.status));
      else told.textContent = form.dataset.keptThere.replace("{time}", new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }));
      saved = now;
      browserStorage.removeItem(here());
    } catch {
      try {
        browserStorage.setItem(here(), now);
        told.textContent = form.dataset.keptHere;
      } catch {
        told.textContent = ""; // no room, so nothing is promised
      }
    } finally {
      busy = false;
    }
  }

  setInterval(save, EVERY);
  form.addEventListener("focusout", save);
  addEventListener("pagehide", () => {
    const now = fieldsOf(form);
    if (!form.dataset.sent && now.toString() !== saved) navigator.sendBeacon("/console/phone/drafts", now);
  });
}

// What could not be saved when the line was dead comes back with the page.
function takeUpDraft(form) {
  const names = Object.keys(browserStorage).filter((name) => name.startsWith(HERE));
  const mine = HERE + form.elements.id.value;
  const empty = !form.elements.story.value && !form.elements.number.value;
  const name = names.includes(mine) ? mine : empty ? names[0] : undefined;
  if (!name) return;
  for (const [field, text] of new URLSearchParams(browserStorage.getItem(name))) {
    const inputs = form.elements[field];
    if (inputs instanceof RadioNodeList) inputs.value = text;
    else if (inputs?.type === "checkbox") inputs.checked = inputs.value === text;
    else if (inputs) inputs.value = text;
  } // it stays here until the house has it
}

// ── Who is calling ──────────────────────────────────────────────────────────

function showCaller(form) {
  const place = document.querySelector("[data-caller]");
  let asked = form.elements.number.value + "\n" + form.elements.place.value;
  let wait;

  async function look() {
    const wanted = form.elements.number.value + "\n" + form.elements.place.value;
    if (wanted === asked) return;
    asked = wanted;
    const facts = new URLSearchParams({ id: form.elements.id.value, number: form.elements.number.value, place: form.elements.place.value });
    try {
      const answer = await post("/console/phone/caller", facts);
      if (answer.ok && asked === wanted) place.innerHTML = await answer.text();
    } catch {
      asked = undefined; // the line is dead; the next key asks again
    }
  }

  for (const name of ["number", "place"]) {
    form.elements[name].addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(look, 350);
    });
    form.elements[name].addEventListener("change", look);
  }
}

// ── Reading back ────────────────────────────────────────────────────────────

function readBack(form) {
  const box = form.querySelector("[data-read-back]");
  const write = () => {
    const lines = [form.elements.place.value, form.elements.story.value, form.elements.wish.value];
    box.textContent = lines.map((line) => line.trim()).filter(Boolean).join("\n\n");
  };
  form.addEventListener("input", write);
  write();
}

// ── Lines that stay open ────────────────────────────────────────────────────

function hearRings() {
  const place = document.querySelector("[data-rings]");
  const line = new EventSource("/console/phone/events");
  line.addEventListener("rings", (event) => {
    const rings = JSON.parse(event.data);
    const known = new Set([...place.children].map((one) => one.dataset.ring));
    for (const one of [...place.children]) if (!rings.some((ring) => ring.id === one.dataset.ring)) one.remove();
    for (const ring of rings) if (!known.has(ring.id)) place.prepend(popUp(place, ring));
  });
  line.addEventListener("waiting", (event) => {
    const words = document.querySelector("[data-waiting] span");
    words.textContent = words.textContent.replace(/\d+/, event.data);
  });
}

function popUp(place, ring) {
  const banner = document.createElement("p");
  banner.className = "banner good";
  banner.dataset.ring = ring.id;
  const words = document.createElement("span");
  words.textContent = `${place.dataset.says.replace("{number}", ring.number)} `;
  const link = document.createElement("a");
  link.href = `/console/phone?ring=${encodeURIComponent(ring.id)}`;
  link.textContent = place.dataset.opens;
  words.append(link);
  banner.append(words);
  return banner;
}

function keepListFresh(list) {
  let seen;
  new EventSource(list.dataset.list).addEventListener("list", async (event) => {
    if (seen !== undefined && seen !== event.data) {
      const answer = await fetch("/console/callbacks");
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("#callbacks");
      if (fresh && !list.contains(document.activeElement)) list.innerHTML = fresh.innerHTML;
    }
    seen = event.data;
  });
}

// ── Begin ───────────────────────────────────────────────────────────────────

if (desk) {
  keepDrafts(desk);
  takeUpDraft(desk);
  showCaller(desk);
  readBack(desk);
  hearRings();
  // Where question and number fit on one screen the cursor stands ready; nothing scrolls for it.
  if (matchMedia("(min-width: 64rem)").matches && !desk.elements.number.value && !document.querySelector("#summary")) desk.elements.number.focus({ preventScroll: true });
  desk.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) desk.requestSubmit();
  });
  // Enter in a line goes on instead of filing a call that is half told.
  desk.addEventListener("keypress", (event) => {
    if (event.key === "Enter" && event.target.matches("input") && !event.ctrlKey) event.preventDefault();
  });
}

const list = document.querySelector("[data-list]");
if (list) keepListFresh(list);

document.addEventListener("keydown", (event) => {
  if (event.key !== "n" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  if (!desk) location.assign("/console/phone");
});
