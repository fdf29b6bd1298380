// Makes a form kinder where script runs: the words survive a lost connection, files show before
// they are sent, sending shows how far it is and can be stopped. Without script the form still works.

// Where drafts lie; a browser may forbid it, and then nothing is kept and nothing breaks.
const browserStorage = (() => {
  try {
    return window.localStorage;
  } catch {
    return { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  }
})();
const DRAFT = "kiss-draft:";
const DAY = 24 * 60 * 60 * 1000;
const KEPT = ["story", "type", "unit", "key", "stamp"]; // never a name or an address: phones are shared

const draftOf = (form) => `${DRAFT}${form.dataset.draftName ?? form.getAttribute("action")}`;

function forgetOldDrafts() {
  for (const name of Object.keys(browserStorage).filter((name) => name.startsWith(DRAFT))) {
    try {
      if (Date.now() - JSON.parse(browserStorage.getItem(name)).at >= DAY) browserStorage.removeItem(name);
    } catch {
      browserStorage.removeItem(name);
    }
  }
}

function readDraft(form) {
  try {
    return JSON.parse(browserStorage.getItem(draftOf(form)) ?? "null");
  } catch {
    return null;
  }
}

function keepDraft(form) {
  const facts = new FormData(form);
  const draft = { at: Date.now() };
  for (const name of KEPT) draft[name] = facts.get(name) ?? "";
  try {
    browserStorage.setItem(draftOf(form), JSON.stringify(draft));
    return Boolean(draft.story && browserStorage.getItem(draftOf(form)));
  } catch {
    return false; // no room; nothing is promised then
  }
}

function restoreDraft(form) {
  const draft = readDraft(form);
  if (!draft?.story || form.elements.story.value) return;
  for (const name of KEPT) {
    const field = form.elements[name];
    if (field && draft[name]) field.value = draft[name]; // key and stamp too: sent twice, filed once
  }
}

function tellOfDraft(form, kept) {
  const words = form.querySelector("[data-draft]");
  if (!words) return;
  words.textContent = kept ? form.dataset.draftKept : "";
  words.hidden = !kept;
}

function listFiles(field) {
  const input = field.querySelector("input[type=file]");
  const list = field.querySelector("[data-chosen]");
  const limit = Number(field.dataset.limit);
  const rows = [...input.files].map((file) => {
    const row = document.createElement("li");
    if (file.type.startsWith("image/")) {
      const picture = document.createElement("img");
      picture.alt = "";
      picture.src = URL.createObjectURL(file);
      picture.onload = () => URL.revokeObjectURL(picture.src);
      row.append(picture);
    }
    const name = document.createElement("span");
    name.className = file.size > limit ? "name refused" : "name";
    name.textContent = file.size > limit ? field.dataset.tooLarge.replace("{name}", file.name) : file.name;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "button plain";
    remove.textContent = field.dataset.remove;
    remove.setAttribute("aria-label", `${field.dataset.remove}: ${file.name}`);
    remove.onclick = () => {
      const rest = new DataTransfer();
      for (const other of input.files) if (other !== file) rest.items.add(other);
      input.files = rest.files;
      listFiles(field);
      input.focus();
    };
    row.append(name, remove);
    return row;
  });
  list.replaceChildren(...rows);
  list.hidden = rows.length === 0;
}

function send(form, submitter) {
  const facts = new FormData(form, submitter);
  const limit = Number(form.querySelector("[data-files]").dataset.limit);
  const files = facts.getAll("files").filter((file) => file.size > 0 && file.size <= limit);
  facts.delete("files");
  for (const file of files) facts.append("files", file);

  const request = new XMLHttpRequest();
  const panel = form.querySelector("[data-sending]");
  const words = panel.querySelector("[data-sending-words]");
  const show = (sending) => {
    panel.hidden = !sending;
    form.querySelector("[data-send]").hidden = sending;
  };
  request.upload.onprogress = ({ loaded, total }) => {
    const percent = Math.floor((100 * loaded) / total);
    panel.querySelector("progress").value = percent;
    words.textContent = form.dataset.progress.replace("{percent}", percent);
  };
  request.onload = () => arrive(form, request, show);
  request.onerror = request.ontimeout = () => {
    show(false);
    fail(form);
  };
  request.onabort = () => show(false);
  panel.querySelector("[data-cancel]").onclick = () => request.abort();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.setRequestHeader("X-Kiss-Script", "1"); // answered with the next address, not a redirect
  show(true);
  request.send(facts);
}

function arrive(form, request, show) {
  const next = request.getResponseHeader("X-Kiss-Next");
  if (next) {
    browserStorage.removeItem(draftOf(form));
    location.assign(next);
    return;
  }
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const main = page.querySelector("main");
  if (!main?.querySelector("form[data-enhance]")) {
    show(false);
    fail(form, main?.querySelector(".heading")?.textContent); // an error page: the form stays
    return;
  }
  document.title = page.title;
  document.documentElement.lang = page.documentElement.lang;
  document.querySelector("main").replaceWith(main);
  main.querySelectorAll("form[data-enhance]").forEach(enhance);
  (main.querySelector("#summary, [role=alert]") ?? main).focus();
  scrollTo(0, 0);
}

function fail(form, words) {
  form.querySelector(".banner.bad")?.remove();
  const banner = document.createElement("div");
  banner.className = "banner bad";
  banner.setAttribute("role", "alert");
  const sentence = document.createElement("p");
  sentence.textContent = words?.trim().replace(/\s*\n\s*/g, ". ") || form.dataset.failed;
  banner.append(sentence);
  form.querySelector("[data-send]").before(banner);
}

function enhance(form) {
  restoreDraft(form);
  tellOfDraft(form, keepDraft(form));
  form.addEventListener("input", () => tellOfDraft(form, keepDraft(form)));
  form.querySelectorAll("[data-files]").forEach((field) => {
    field.addEventListener("change", (event) => event.target.type === "file" && listFiles(field));
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name === "lang") return; // another language is another page
    event.preventDefault();
    send(form, event.submitter);
  });
}

forgetOldDrafts();
document.querySelectorAll("form[data-enhance]").forEach(enhance);
document.querySelector("#summary")?.focus();
