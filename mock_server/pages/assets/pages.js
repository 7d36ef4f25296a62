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

for (const form of document.querySelectorAll("form[data-selection]")) {
  const all = form.querySelector("[data-all]");
  const rows = [...form.querySelectorAll("input[name=people]")];
  const said = form.querySelector("[data-selected]");
  if (!all) continue;
  const show = () => {
    const number = all.checked ? Number(said.dataset.total) : rows.filter(row => row.checked).length;
    for (const button of form.querySelectorAll(".menu button")) button.disabled = !number;
    said.textContent = `${number.toLocaleString("en")} selected`;
    said.hidden = !number;
  };
  form.addEventListener("change", ({ target }) => {
    if (target === all) for (const row of rows) row.checked = all.checked;
    else if (!target.checked) all.checked = false;
    show();
  });
  show();
}

for (const menu of document.querySelectorAll("details.menu")) {
  document.addEventListener("click", ({ target }) => { if (!menu.contains(target)) menu.open = false; });
}

/* Escape closes what lies over the page, as readers of it expect. */
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  for (const tip of document.querySelectorAll(".tip")) tip.classList.add("dismissed");
});
for (const tip of document.querySelectorAll(".tip")) {
  for (const event of ["pointerenter", "focusin"]) tip.addEventListener(event, () => tip.classList.remove("dismissed"));
}

for (const progress of document.querySelectorAll("progress[data-reload]")) {
  setTimeout(() => location.reload(), Number(progress.dataset.reload));
}
