// What somebody typed and has not sent, kept in this browser: the one place for drafts of every page.
// A browser may forbid it (a private window, no room, a policy): then nothing is kept, nothing is
// promised and nothing breaks. A draft has an owner in its name, so that nobody is shown another's.

"use strict";

globalThis.drafts = (() => {
  const MARK = "kiss-draft:2:";
  const FORMER = ["kiss-draft:", "kiss-call:"]; // what earlier releases left here
  const FORGOTTEN = "kiss-forgotten";
  const LASTS = 24 * 60 * 60 * 1000; // milliseconds
  const STEP = 15 * 60 * 1000; // the end falls on a quarter of an hour, so that its words rarely change

  const guarded = (act) => {
    try {
      return act(window.localStorage);
    } catch {
      return undefined;
    }
  };
  const names = (start) => guarded((store) => Object.keys(store).filter((name) => name.startsWith(start))) ?? [];
  const forget = (name) => guarded((store) => store.removeItem(MARK + name));

  // The draft of a name; null when there is none or its day is over.
  function read(name) {
    const draft = guarded((store) => JSON.parse(store.getItem(MARK + name)));
    const left = draft?.until - Date.now();
    if (left > 0 && left <= LASTS) return draft;
    forget(name);
    return null;
  }

  // Keeps facts under a name for a day; the draft as it lies there, or null where that failed.
  function keep(name, facts) {
    const until = Math.floor((Date.now() + LASTS) / STEP) * STEP;
    guarded((store) => store.setItem(MARK + name, JSON.stringify({ ...facts, until, at: Date.now() })));
    const kept = read(name);
    return kept && Object.keys(facts).every((fact) => kept[fact] === facts[fact]) ? kept : null;
  }

  // The newest draft whose name begins so, with its name; null if there is none.
  function newest(start) {
    const found = names(MARK + start).map((full) => full.slice(MARK.length)).map((name) => ({ name, ...read(name) }));
    return found.filter((draft) => draft.until).sort((one, other) => other.at - one.at)[0] ?? null;
  }

  const forgetAll = (start) => names(MARK + start).forEach((full) => forget(full.slice(MARK.length)));

  // When a draft ends, as people say it.
  const end = (draft) => new Date(draft.until).toLocaleString(document.documentElement.lang, { weekday: "long", hour: "2-digit", minute: "2-digit" });

  // "Forget it on this phone": every public draft goes; pages that come back by Back ask `forgotten`.
  function forgetThisPhone() {
    forgetAll("public:");
    guarded((store) => store.setItem(FORGOTTEN, String(Date.now())));
  }
  const forgotten = (since) => Number(guarded((store) => store.getItem(FORGOTTEN)) ?? 0) >= since;

  for (const start of FORMER) for (const name of names(start)) if (!name.startsWith(MARK)) guarded((store) => store.removeItem(name));
  names(MARK).forEach((full) => read(full.slice(MARK.length))); // whose day is over goes

  return { read, keep, newest, forget, forgetAll, end, forgetThisPhone, forgotten };
})();
