// Makes a form kinder where script runs: the words survive a lost connection, and files show before
// they are sent. Without script the form still works. What sends it is sending.js.

const KEPT = ["story", "type", "unit"]; // never a name or an address: phones are shared
const TRIED = ["key", "stamp"]; // come back only if sending was tried: sent twice, filed once
const opened = Date.now();

const { drafts } = globalThis;
const startOf = (form) => `public:${form.dataset.draftName ?? form.getAttribute("action")}:`;
const nameOf = (form) => startOf(form) + form.elements.key.value;
const keeps = (form) => "draftKept" in form.dataset;
const broughtBack = new WeakMap(); // by form: the draft of another page instance that it took up

function keepDraft(form, tried = false) {
  const facts = new FormData(form);
  const draft = { tried };
  for (const name of [...KEPT, ...TRIED]) draft[name] = facts.get(name) ?? "";
  if (!draft.story) return forgetDraft(form);
  const kept = drafts.keep(nameOf(form), draft);
  if (kept) forgetSource(form); // its words are here now
  return tell(form, kept, form.dataset.draftKept);
}

// The draft this page took up goes, unless the page it came from is open and has written on.
function forgetSource(form) {
  const source = broughtBack.get(form);
  if (source && source.name !== nameOf(form) && drafts.read(source.name)?.story === source.story) drafts.forget(source.name);
}

function forgetDraft(form) {
  forgetSource(form);
  drafts.forget(nameOf(form));
  tell(form, null);
}

// What was chosen on this page, by its address or by hand, stays chosen.
function isChosen(form, name) {
  if (new URLSearchParams(location.search).has(name)) return true;
  const field = form.elements[name];
  if (field instanceof RadioNodeList) return [...field].some((radio) => radio.checked !== radio.defaultChecked);
  return [...(field.options ?? [])].some((option) => option.selected && option.index > 0);
}

function bringBack(form) {
  const draft = drafts.newest(startOf(form));
  if (!draft?.story || form.elements.story.value) return tell(form, drafts.read(nameOf(form)), form.dataset.draftKept);
  for (const name of [...KEPT, ...(draft.tried ? TRIED : [])]) {
    const field = form.elements[name];
    if (field && draft[name] && !(KEPT.includes(name) && isChosen(form, name))) field.value = draft[name];
  }
  if (form.elements.unit?.value) form.elements.unit.closest("details")?.setAttribute("open", "");
  broughtBack.set(form, draft);
  return tell(form, draft, form.dataset.draftBack);
}

// Thrown away is gone, from here and from this page; a page whose key may be filed starts anew.
function throwAway(form) {
  const tried = drafts.read(nameOf(form))?.tried || broughtBack.get(form)?.tried;
  broughtBack.delete(form);
  drafts.forgetAll(startOf(form));
  tell(form, null);
  empty(form);
  if (tried) location.replace(location.pathname);
  else form.elements.story.focus();
}

function empty(form) {
  for (const field of form.querySelectorAll("textarea, input:not([type=hidden], [type=radio])")) {
    if (field.type === "checkbox") field.checked = false;
    else field.value = "";
  }
  for (const list of form.querySelectorAll("[data-chosen]")) list.replaceChildren();
}

function tell(form, draft, sentence) {
  const line = form.querySelector("[data-draft]");
  if (!line) return;
  const words = draft ? sentence.replace("{time}", drafts.end(draft)) : "";
  line.hidden = !draft;
  const place = line.querySelector("[data-draft-words]");
  if (place.textContent !== words) place.textContent = words;
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

function enhance(form) {
  form.querySelectorAll("[data-files]").forEach((field) => {
    field.addEventListener("change", (event) => event.target.type === "file" && listFiles(field));
  });
  if (!keeps(form)) return;
  bringBack(form);
  form.addEventListener("input", () => keepDraft(form));
  form.addEventListener("kiss:sending", () => keepDraft(form, true));
  form.addEventListener("kiss:sent", () => forgetDraft(form));
  form.querySelector("[data-draft-drop]")?.addEventListener("click", () => throwAway(form));
}

const enhanceAll = () => document.querySelectorAll("form[data-enhance]").forEach(enhance);
enhanceAll();
document.addEventListener("kiss:shown", enhanceAll);
document.querySelector("#summary")?.focus();

// A page that Back brings out of the browser's memory after "forget it on this phone" starts anew.
addEventListener("pageshow", (event) => {
  if (event.persisted && (drafts.forgotten(opened) || document.querySelector("[data-replaces]"))) location.replace(location.href);
});
