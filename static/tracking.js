// News of the report appears by itself. What the reader is typing is never touched: while they
// write, a note says that there is news, and they decide when to see it.

const LOOK_AGAIN = 60_000; // milliseconds between looks where the live line does not hold

const typing = () => {
  const field = document.activeElement;
  return field?.matches("textarea, input") || [...document.querySelectorAll("textarea")].some((box) => box.value);
};

async function refresh() {
  const answer = await fetch("/tracking", { headers: { Accept: "text/html" }, cache: "no-store" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const fresh = page.querySelector(`[data-live="${old.dataset.live}"]`);
    if (fresh && !old.isEqualNode(fresh)) old.replaceWith(document.adoptNode(fresh));
  }
  document.querySelector("[data-news-note]")?.remove();
}

function news() {
  if (!typing()) return refresh();
  if (document.querySelector("[data-news-note]")) return undefined;
  const note = document.createElement("div");
  note.className = "banner toast";
  note.setAttribute("role", "status");
  note.dataset.newsNote = "";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button plain";
  button.textContent = document.querySelector("[data-news]").dataset.news;
  button.onclick = refresh;
  note.append(button);
  document.body.append(note);
  return undefined;
}

function lookNowAndAgain() {
  document.querySelector("[data-slow-line]").hidden = false;
  setInterval(news, LOOK_AGAIN);
}

function listen() {
  const seen = document.querySelector("[data-version]").dataset.version;
  const line = new EventSource(`/tracking/events?seen=${seen}`);
  line.addEventListener("news", news);
  line.onerror = () => {
    if (line.readyState === EventSource.CLOSED) lookNowAndAgain();
  };
  line.addEventListener("full", () => { // somebody else is to have the line
    line.close();
    lookNowAndAgain();
  });
}

// Closing the report on this phone takes along what was typed for it, and nothing else.
document.querySelector("[data-leave]")?.addEventListener("submit", (event) => {
  globalThis.drafts.forgetAll(`public:${event.target.dataset.leave}:`);
});

// Brought out of the browser's memory by Back, it may be closed by now: the server knows.
addEventListener("pageshow", (event) => event.persisted && location.reload());

if (document.querySelector("[data-news]")) {
  if ("EventSource" in window) listen();
  else setInterval(news, LOOK_AGAIN);
}
