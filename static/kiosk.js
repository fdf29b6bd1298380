// A kiosk's page empties itself when nobody is there: it asks first, and counts down where all can
// see it. Who touches or types is there. Number and code count at once, until a button stops it.

const box = document.querySelector("[data-empties]");
const sentence = box.querySelector("[data-asks]");
const [idle, warning, first] = ["idle", "warning", "first"].map((name) => Number(box.dataset[name]));

let firm = first > 0; // this countdown ends by its button only
let waiting; // for somebody to be away
let counting; // down to the empty start

function watch() {
  clearInterval(counting);
  box.hidden = true;
  clearTimeout(waiting);
  waiting = setTimeout(() => count(warning), idle * 1000);
}

function count(seconds) {
  const end = Date.now() + seconds * 1000;
  box.hidden = false;
  const say = (left) => sentence.dataset.asks.replace("{seconds}", left);
  box.querySelector("[role=alert]").textContent = say(seconds); // read out once, not each second
  const show = () => {
    const now = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    sentence.textContent = say(now);
    if (now > 0) return;
    clearInterval(counting);
    location.replace(box.dataset.empties);
  };
  counting = setInterval(show, 500);
  show();
}

// No "scroll": the browser scrolls by itself too, and that is nobody.
for (const kind of ["pointerdown", "keydown", "input", "wheel", "touchmove"]) {
  addEventListener(kind, () => { if (!firm) watch(); }, { passive: true });
}
box.querySelector("[data-stay]").addEventListener("click", () => {
  firm = false;
  watch();
});
addEventListener("pageshow", (event) => event.persisted && location.replace(box.dataset.empties)); // of somebody before

if (first) count(first);
else watch();
