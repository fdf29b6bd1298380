// Makes the chat live: sends without leaving the page, shows news by itself. The page works the
// same without; what is being typed is never touched by news, and is there again after a reload.

const UNSENT = "chat-unsent"; // of this tab, and gone with it: a phone may be shared
const { sentenceFor } = globalThis;
const ANSWERED = 5_000; // milliseconds until the words of one breath have their answer
const LOOK_AGAIN = 30_000; // milliseconds between looks where the live line does not hold

const form = document.querySelector("[data-chat]");
const log = form.querySelector("[data-log]");
const field = form.querySelector("#say");
const status = form.querySelector("[data-status]");

const read = (text) => new DOMParser().parseFromString(text, "text/html");
const lines = (root) => [...root.querySelectorAll("[data-log] > [data-seq]")];
const toEnd = () => { // by hand: scrollIntoView moves where the Tab key begins, in some browsers
  const choices = form.querySelector("[data-part]");
  const last = choices.hidden ? log.lastElementChild : choices;
  if (!last) return;
  const room = parseFloat(getComputedStyle(last).scrollMarginBlockEnd); // pixels
  scrollBy(0, last.getBoundingClientRect().bottom + room - innerHeight);
};

// Lines of a log never move: new ones are added, a question asked in place is changed.
function show(page) {
  const fresh = page.querySelector("[data-chat]");
  if (!fresh) return;
  const wanted = lines(page);
  const seqs = new Set(wanted.map((line) => line.dataset.seq));
  for (const old of lines(document)) if (Number(old.dataset.seq) < 0 && !seqs.has(old.dataset.seq)) old.remove();
  for (const line of wanted) {
    const old = log.querySelector(`:scope > [data-seq="${line.dataset.seq}"]`);
    const copy = document.adoptNode(line.cloneNode(true));
    if (!old) {
      copy.classList.add("fresh");
      log.append(copy);
    } else if (old.innerHTML !== copy.innerHTML) old.replaceWith(copy);
  }
  for (const now of document.querySelectorAll("[data-part]")) {
    const next = page.querySelector(`[data-part="${now.dataset.part}"]`);
    if (now.innerHTML !== next.innerHTML) now.innerHTML = next.innerHTML;
    now.hidden = next.hidden;
  }
  for (const hidden of document.querySelectorAll("[data-fresh]")) {
    const next = fresh.querySelector(`[data-fresh="${hidden.dataset.fresh}"]`);
    if (next) hidden.value = next.value;
    else hidden.remove();
  }
  form.dataset.seen = fresh.dataset.seen;
  if (document.documentElement.lang !== page.documentElement.lang) location.reload();
}

// What was typed and not sent: the words, and the name of a sending that got no answer.
function remember(unsent) {
  try {
    if (unsent) sessionStorage.setItem(UNSENT, JSON.stringify(unsent));
    else sessionStorage.removeItem(UNSENT);
  } catch { /* without storage the words are on the page alone */ }
}

function remembered() {
  try {
    const unsent = JSON.parse(sessionStorage.getItem(UNSENT));
    return typeof unsent?.words === "string" ? unsent : null;
  } catch {
    return null;
  }
}

const hidden = (name) => form.querySelector(`:scope > [data-fresh="${name}"]`);
const chatOf = (root) => root.querySelector('[data-chat] > [data-fresh="chat"]')?.value;

let tried; // the sending that got no answer: it may have arrived

// Equal words keep their name and arrive once; what was changed since is a sending of its own.
function nameFor(words, press) {
  if (!tried) return;
  const same = !press && tried.words === words && tried.chat === chatOf(document);
  if (same) hidden("id").value = tried.id;
  else if (crypto.randomUUID) hidden("id").value = crypto.randomUUID().replaceAll("-", "");
}

function keep() {
  remember(field.value || tried ? { words: field.value, tried } : null);
}

function bringBack() {
  const unsent = remembered();
  if (!unsent) return;
  if (!field.value) field.value = unsent.words;
  tried = typeof unsent.tried?.id === "string" ? unsent.tried : undefined;
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
  if (!answer.ok) return;
  const before = log.lastElementChild;
  const page = read(await answer.text());
  if (chatOf(page) !== chatOf(document)) return; // another tab of this browser is in another chat
  show(page);
  if (log.lastElementChild !== before) toEnd();
}

function say(sentence) {
  status.textContent = sentence;
  status.hidden = !sentence;
}

let sending; // what is on its way: the value of a pressed answer, or "" for words and files
let next; // what was asked for meanwhile: a press is never swallowed, the last one counts

async function send(event) {
  event.preventDefault();
  const press = event.submitter?.name === "press" ? event.submitter.value : "";
  if (sending === undefined) {
    for (next = press; next !== undefined; ) {
      sending = next;
      next = undefined;
      await post(sending);
    }
    sending = undefined;
  } else if (press !== sending || !press) next = press;
}

async function post(press) {
  const files = form.querySelector("#files");
  const words = field.value;
  nameFor(words, press);
  const said = new FormData(form);
  said.set("live", "1"); // an answer may come by itself a moment later
  if (press) {
    said.delete("say");
    said.delete("files");
    said.set("press", press);
  } else if (!words.trim() && !files.files.length) return;
  form.setAttribute("aria-busy", "true");
  say("");
  let sentence = form.dataset.broke;
  try {
    const answer = await fetch("/chat", { method: "POST", body: said });
    const page = read(await answer.text());
    if (!answer.ok || !page.querySelector("[data-chat]")) {
      sentence = sentenceFor(form, answer.status, page.querySelector("main#main"));
      throw new Error(answer.status);
    }
    setTimeout(refresh, ANSWERED); // where the live line does not hold
    if (!press) {
      tried = undefined;
      if (field.value === words) field.value = ""; // what was typed meanwhile stays
      files.value = "";
      form.querySelector(".attach").open = false;
    }
    keep();
    history.replaceState(null, "", "/chat"); // the poster's link is followed by now
    show(page);
    toEnd();
    if (!press) field.focus();
    listen();
  } catch {
    if (!press) tried = { id: said.get("id"), words, chat: chatOf(document) };
    keep();
    say(sentence);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

function lookNowAndAgain() {
  document.querySelector("[data-slow-line]").hidden = false;
  setInterval(refresh, LOOK_AGAIN);
}

let line;
function listen() {
  if (line || !form.dataset.seen || !("EventSource" in window)) return;
  line = new EventSource(`/chat/events?seen=${form.dataset.seen}`);
  line.addEventListener("news", refresh);
  line.onerror = () => {
    if (line.readyState === EventSource.CLOSED) lookNowAndAgain();
  };
  line.addEventListener("full", () => { // somebody else is to have the line
    line.close();
    lookNowAndAgain();
  });
}

form.addEventListener("submit", send);
field.addEventListener("input", keep);
document.addEventListener("submit", (event) => {
  if (event.target.matches('[action="/chat/leave"]')) remember(null);
});
bringBack();
field.addEventListener("keydown", (key) => {
  const plain = key.key === "Enter" && !key.shiftKey && !key.isComposing;
  if (plain && matchMedia("(hover: hover)").matches) {
    key.preventDefault();
    form.requestSubmit();
  }
});
if (lines(document).length > 2) toEnd();
listen();
