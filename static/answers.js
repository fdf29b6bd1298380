// What a page says where something else answers a sending in our place: the one table of it. The
// sentences stand on the form in the reader's language; what was typed and chosen stays there.

"use strict";

// Our own error pages say it themselves; whatever else answers instead of us is told by its status.
globalThis.sentenceFor = (form, status, main) => {
  const ours = main?.querySelector("[data-says]")?.textContent.trim().replace(/\s*\n\s*/g, ". ");
  if (ours) return `${ours} ${form.dataset.kept}`;
  if (status === 413) return form.dataset.large;
  if (status === 429 || status >= 500) return form.dataset.busy;
  return form.dataset.stranger;
};
