"use strict";
/* Pages that are not served over HTTPS or by this machine have no clipboard of their own. */
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("this browser does not let pages copy");
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = document.querySelector(".said");
    try {
      await copy(document.getElementById(button.dataset.copy).textContent);
      said.textContent = "Copied.";
    } catch (error) {
      said.textContent = `Copy it by hand: ${error.message}.`;
    }
    button.focus();
  });
}
