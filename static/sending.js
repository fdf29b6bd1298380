// Sends a form without leaving the page, shows how far it is, and can be stopped. An answer that is
// neither the way on nor the form says what happened in the page's own words; form and files stay.

const SILENCE = 60_000; // milliseconds without a byte on its way or an answer; a repeat is filed once
const SHOWABLE = "form[data-enhance], form[data-carries], [data-sent]"; // what an answer may bring

const { sentenceFor } = globalThis;
const tell = (form, name) => form.dispatchEvent(new CustomEvent(`kiss:${name}`, { bubbles: true }));

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
  let patience;
  const giveUpLater = () => {
    clearTimeout(patience);
    patience = setTimeout(() => {
      request.abort();
      fail(form, form.dataset.slow);
    }, SILENCE);
  };
  request.upload.onprogress = ({ loaded, total }) => {
    giveUpLater();
    const percent = Math.floor((100 * loaded) / total);
    panel.querySelector("progress").value = percent;
    words.textContent = form.dataset.progress.replace("{percent}", percent);
  };
  request.onload = () => arrive(form, request);
  request.onerror = () => fail(form, form.dataset.broke);
  request.onloadend = () => { // arrived, broken or stopped
    clearTimeout(patience);
    show(false);
  };
  panel.querySelector("[data-cancel]").onclick = () => request.abort();
  request.open("POST", submitter?.getAttribute("formaction") ?? form.action);
  request.setRequestHeader("Accept", "text/html");
  request.setRequestHeader("X-Kiss-Script", "1"); // answered with the next address, not a redirect
  form.querySelector("[data-failure]")?.remove();
  tell(form, "sending");
  show(true);
  giveUpLater();
  request.send(facts);
}

function arrive(form, request) {
  const next = request.getResponseHeader("X-Kiss-Next");
  if (next) {
    tell(form, "sent");
    if ("replaces" in form.dataset) location.replace(next);
    else location.assign(next);
    return;
  }
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const main = page.querySelector("main#main");
  if (!main?.querySelector(SHOWABLE)) {
    fail(form, sentenceFor(form, request.status, main));
    return;
  }
  if (main.querySelector("[data-sent]")) tell(form, "sent");
  document.title = page.title;
  document.documentElement.lang = page.documentElement.lang;
  document.querySelector("main").replaceWith(main);
  document.querySelector(".languages").replaceWith(page.querySelector(".languages"));
  for (const script of page.querySelectorAll("script[src]")) import(script.src); // those of that page; none runs twice
  document.dispatchEvent(new Event("kiss:shown"));
  (main.querySelector("#summary, [role=alert]") ?? main).focus();
  scrollTo(0, 0);
}

function fail(form, words) {
  form.querySelector("[data-failure]")?.remove();
  const banner = document.createElement("div");
  banner.className = "banner bad";
  banner.dataset.failure = "";
  banner.setAttribute("role", "alert");
  const sentence = document.createElement("p");
  sentence.textContent = words;
  banner.append(sentence);
  form.querySelector("[data-send]").before(banner);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-enhance]") || event.submitter?.name === "lang") return; // another language is another page
  event.preventDefault();
  send(form, event.submitter);
});
