// The inbox and the ticket with a script: keys, live counts, drafts, who is beside. All of it
// works without: this only saves time.

"use strict";

const zones = document.querySelector(".zones");
const rows = () => [...document.querySelectorAll("#rows .open")];
const words = document.querySelector("#words");
const typing = (element) => element?.matches?.("input:not([type=checkbox], [type=radio]), textarea, select");

// ── Keys ────────────────────────────────────────────────────────────────────

const sheet = document.querySelector("#keys");
document.querySelector("[data-opens=keys]")?.addEventListener("click", () => sheet.showModal());

const step = (by) => {
  const all = rows();
  if (!all.length) return;
  const current = all.findIndex((row) => row === document.activeElement || row.closest("[aria-current]"));
  const focused = all.indexOf(document.activeElement);
  const from = focused >= 0 ? focused : current;
  all[Math.min(Math.max(from + by, 0), all.length - 1)].focus();
};
const write = (mode) => {
  const radio = document.querySelector(`#mode-${mode}`) ?? document.querySelector("#mode-note");
  if (!radio) return;
  radio.checked = true;
  words.focus();
};
const open = (key) => {
  const menu = document.querySelector(`.act[data-key="${key}"]`);
  if (!menu) return;
  menu.open = true;
  menu.querySelector(".sheet :is(button, select, input:not([type=hidden]))")?.focus();
};
const go = (path) => { if (document.querySelector(`a[href="${path}"]`)) location.href = path; };
const pick = () => {
  const box = document.activeElement?.closest?.(".line")?.querySelector(".pick input");
  if (box) box.checked = !box.checked;
};
const back = () => {
  if (document.querySelector("dialog[open], details.menu[open]")) return;
  const link = document.querySelector("[data-back]");
  if (link) location.href = link.href;
};
const KEYS = {
  "/": () => {
    const box = document.querySelector("#search");
    if (box) box.focus(); else location.href = "/console/inbox#search";
  },
  j: () => step(1),
  k: () => step(-1),
  x: pick,
  r: () => write("reply"),
  i: () => write("note"),
  a: () => open("a"),
  s: () => open("s"),
  m: () => open("m"),
  n: () => go("/console/phone"),
  "?": () => sheet?.showModal(),
  "g t": () => go("/console/inbox?queue=triage"),
  "g u": () => go("/console/inbox?queue=unit"),
  "g m": () => go("/console/inbox?queue=mine"),
  "g a": () => go("/console/inbox?queue=all"),
};
if (location.hash === "#search") document.querySelector("#search")?.focus();

let first = "";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") return typing(event.target) ? event.target.blur() : back();
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const act = KEYS[first ? `${first} ${event.key}` : event.key];
  first = !first && event.key === "g" ? "g" : "";
  if (first) return setTimeout(() => { first = ""; }, 1500);
  if (!act) return;
  event.preventDefault();
  act();
}, true); // before Escape closes a menu, so that it does not lead back as well

// ── Draft: kept in this browser until it is sent, for a day ─────────────────

const number = zones?.dataset.number;
const draftName = `${myDrafts}ticket:${number}:`;

let saidWriting = 0;
if (words) {
  const { drafts } = globalThis;
  const kept = document.querySelector("[data-kept]");
  const drop = document.querySelector("[data-draft-drop]");
  const mode = () => document.querySelector("[name=mode]:checked")?.value;
  const tell = (draft, sentence) => {
    kept.textContent = draft ? sentence.replace("{time}", drafts.end(draft)) : "";
    drop.hidden = !draft;
  };
  if (zones.dataset.done && drafts.read(draftName)?.sent) drafts.forget(draftName);
  const draft = drafts.read(draftName);
  if (draft?.words && !words.value) {
    words.value = draft.words;
    const radio = document.querySelector(`#mode-${draft.mode}`);
    if (radio) radio.checked = true;
    tell(draft, kept.dataset.back);
  }
  const keep = (sent) => {
    if (words.value) return tell(drafts.keep(draftName, { words: words.value, mode: mode() ?? "", sent }), kept.dataset.words);
    drafts.forget(draftName);
    return tell(null);
  };
  drop.addEventListener("click", () => {
    words.value = "";
    keep(false);
    words.focus();
  });
  words.form.addEventListener("submit", (event) => {
    if (!event.submitter?.formTarget) keep(true); // it goes once the answer says that it arrived
  });
  words.addEventListener("input", () => {
    keep(false);
    if (Date.now() - saidWriting > 20000) {
      saidWriting = Date.now();
      fetch(`/console/tickets/${number}/writing`, { method: "POST" }).catch(() => {});
    }
  });
  for (const phrase of document.querySelectorAll("[data-phrase]")) {
    phrase.addEventListener("click", (event) => {
      event.preventDefault();
      phrase.closest("details").open = false;
      words.setRangeText(phrase.dataset.phrase, words.selectionStart, words.selectionEnd, "end");
      words.dispatchEvent(new Event("input"));
      words.focus();
    });
  }
  const preview = document.querySelector("[data-preview]");
  preview?.addEventListener("click", () => {
    preview.formTarget = "preview";
    document.querySelector("#preview").showModal();
    setTimeout(() => { delete preview.form.dataset.sent; }); // looking is not sending
  });
}

// ── News: told by the server, fetched by us, never under somebody's fingers ─

let active = Date.now();
for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, () => { active = Date.now(); }, { passive: true });
const present = () => Date.now() - active < 5 * 60000 && !document.hidden;
const fresh = document.querySelector("[data-fresh]");

async function show() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = document.activeElement?.closest?.("#rows .open")?.getAttribute("href");
  for (const part of document.querySelectorAll("[data-live]")) {
    const news = page.querySelector(`[data-live="${part.dataset.live}"]`);
    if (news) part.replaceWith(document.importNode(news, true));
  }
  for (const part of [".ticket-head", ".acts", "#facts", "#clocks"]) {
    const [here, there] = [document.querySelector(part), page.querySelector(part)];
    if (here && there) here.replaceWith(document.importNode(there, true));
  }
  for (const name of ["version", "seen"]) { // what is shown is what the next step is decided on
    const now = page.querySelector(`[name=${name}]`)?.value;
    if (now) for (const field of document.querySelectorAll(`input[name=${name}]`)) field.value = now;
  }
  if (zones.dataset.version) zones.dataset.version = page.querySelector(".zones").dataset.version;
  if (focused) document.querySelector(`#rows .open[href="${CSS.escape(focused)}"]`)?.focus();
  if (fresh) fresh.hidden = true;
}

function offer() {
  const busy = words?.value || document.querySelector(".pick input:checked, details.menu[open], dialog[open]");
  if (busy || !present()) fresh.hidden = false;
  else show().catch(() => {});
}

fresh?.addEventListener("click", () => { show().catch(() => location.reload()); });

function count(counts) {
  let changed = false;
  for (const place of document.querySelectorAll("[data-count]")) {
    const now = counts[place.dataset.count];
    if (now === undefined || place.textContent === now) continue;
    place.textContent = now;
    changed ||= Boolean(place.closest("[aria-current]"));
  }
  if (changed) offer();
}

function people(others) {
  const place = document.querySelector("#beside");
  place.replaceChildren(...others.map((one) => {
    const line = document.createElement("p");
    line.className = "banner warn";
    const said = document.createElement("span");
    said.textContent = (one.writing ? place.dataset.writing : place.dataset.looking).replace("%(name)s", one.name);
    line.append(said);
    return line;
  }));
}

if (zones?.dataset.line && "EventSource" in window) {
  globalThis.openLine(zones.dataset.line, {
    counts: (event) => count(JSON.parse(event.data)),
    people: (event) => people(JSON.parse(event.data)),
    version: (event) => {
      if (zones.dataset.version && event.data !== zones.dataset.version) offer();
    },
  });
}
