// The telephone desk with a script: who calls shows while typing, the draft is saved by itself, what
// was written is ready to be read back, and calls pop up. Without script the desk works by buttons.

const desk = document.querySelector("#call-form");
const EVERY = 3000; // milliseconds between two saves, at most
const HERE = `${myDrafts}call:`; // a draft in this browser, only while the house cannot be reached

let underWay; // the save that is on its way, or was the last
let thrownAway = false; // the call on this page: nothing of it is saved any more

const fieldsOf = (form) => new URLSearchParams(new FormData(form));
const post = (path, body) => fetch(path, { method: "POST", body, redirect: "error" });

// ── The draft ───────────────────────────────────────────────────────────────

function keepDrafts(form) {
  const told = document.querySelector("[data-kept]");
  const here = () => HERE + form.elements.id.value;
  let saved = fieldsOf(form).toString();
  let busy = false;

  const save = () => {
    if (!busy) underWay = keep();
  };

  async function keep() {
    const now = fieldsOf(form).toString();
    if (now === saved || form.dataset.sent || thrownAway) return;
    busy = true;
    try {
      const answer = await post("/console/phone/drafts", new URLSearchParams(now));
      if (answer.status === 410) told.textContent = form.dataset.filed;
      else if (answer.status !== 204) throw new Error(String(answer.status)); // signed out, or not the house that answers
      else told.textContent = form.dataset.keptThere.replace("{time}", new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }));
      saved = now;
      globalThis.drafts.forget(here());
    } catch {
      const kept = globalThis.drafts.keep(here(), { fields: fieldsOf(form).toString(), filing: false }); // as it is by now
      told.textContent = kept ? form.dataset.keptHere.replace("{time}", globalThis.drafts.end(kept)) : ""; // no room, no promise
    } finally {
      busy = false;
    }
  }

  setInterval(save, EVERY);
  form.addEventListener("submit", () => {
    if (globalThis.drafts.read(here())) globalThis.drafts.keep(here(), { fields: fieldsOf(form).toString(), filing: true });
  });
  form.addEventListener("focusout", save);
  addEventListener("pagehide", () => {
    const now = fieldsOf(form);
    if (!form.dataset.sent && !thrownAway && now.toString() !== saved) navigator.sendBeacon("/console/phone/drafts", now);
  });
}

// What could not be saved when the line was dead comes back with the page.
function takeUpDraft(form) {
  const mine = globalThis.drafts.read(HERE + form.elements.id.value);
  const empty = !form.elements.story.value && !form.elements.number.value;
  const draft = mine ?? (empty ? globalThis.drafts.newest(HERE) : null);
  for (const [field, text] of new URLSearchParams(draft?.fields)) {
    const inputs = form.elements[field];
    if (inputs instanceof RadioNodeList) inputs.value = text;
    else if (inputs?.type === "checkbox") inputs.checked = inputs.value === text;
    else if (inputs) inputs.value = text;
  } // it stays here until the house has it
}

// A call that is filed is no draft any more.
function forgetFiled() {
  for (let draft = globalThis.drafts.newest(HERE); draft?.filing; draft = globalThis.drafts.newest(HERE)) globalThis.drafts.forget(draft.name);
}

// A call that is discarded here or in the list is gone from this browser, too.
document.addEventListener("submit", async (event) => {
  const dropped = event.submitter?.name === "draft" ? event.submitter.value : undefined;
  if (!dropped) return;
  globalThis.drafts.forget(HERE + dropped);
  if (thrownAway || desk?.elements.id.value !== dropped) return;
  event.preventDefault();
  event.stopPropagation();
  thrownAway = true;
  await underWay; // it would come after the throwing away, and bring the call back
  globalThis.drafts.forget(HERE + dropped);
  event.target.requestSubmit(event.submitter);
}, true);

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
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#caller");
      if (answer.ok && found && asked === wanted) place.replaceChildren(document.adoptNode(found));
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
  const rings = (event) => {
    const ringing = JSON.parse(event.data);
    const known = new Set([...place.children].map((one) => one.dataset.ring));
    for (const one of [...place.children]) if (!ringing.some((ring) => ring.id === one.dataset.ring)) one.remove();
    for (const ring of ringing) if (!known.has(ring.id)) place.prepend(popUp(place, ring));
  };
  const waiting = (event) => {
    const words = document.querySelector("[data-waiting] span");
    words.textContent = words.textContent.replace(/\d+/, event.data);
  };
  globalThis.openLine("/console/phone/events", { rings, waiting });
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
  const compare = async (event) => {
    if (seen !== undefined && seen !== event.data) {
      const answer = await fetch("/console/callbacks");
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("#callbacks");
      if (fresh && !list.contains(document.activeElement)) list.innerHTML = fresh.innerHTML;
    }
    seen = event.data;
  };
  globalThis.openLine(list.dataset.list, { list: compare });
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

if (document.querySelector("[data-done]")) forgetFiled();

const list = document.querySelector("[data-list]");
if (list) keepListFresh(list);

document.addEventListener("keydown", (event) => {
  if (event.key !== "n" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  if (!desk) location.assign("/console/phone");
});
