// The report has arrived: the code can be copied and printed with one tap. Where the phone was told
// to forget, what its visitors typed goes; drafts of staff stay.

if (document.querySelector("[data-forgotten]")) globalThis.drafts.forgetThisPhone();

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
