// The report has arrived: drafts go, and the code can be copied and printed with one tap.

if (document.querySelector("[data-sent]")) {
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith("kiss-draft:")) localStorage.removeItem(name);
    }
  } catch {
    // the browser keeps nothing, so there is nothing to forget
  }
}

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      button.textContent = button.dataset.copied;
    });
  }
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
