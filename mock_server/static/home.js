
"use strict";
const control = document.body.dataset.control;
const said = document.getElementById("said");
const PARTS = ["people-part", "clock-part", "sites-part", "reset-part"];
let silence, shownAt = 0, shownMoment = 0;

function say(sentence, isBad = false) {
  clearTimeout(silence);
  said.textContent = sentence;
  said.className = isBad ? "bad" : "";
  silence = setTimeout(() => { said.textContent = ""; }, isBad ? 12000 : 4000);
}

/* Pages that are not served over HTTPS or by this machine have no clipboard of their own. */
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  const before = document.activeElement;
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before.focus();
  if (!done) throw new Error("this browser does not let pages copy");
}

async function ask(method, path, body) {
  const request = {method, headers: {Accept: "application/json"}, cache: "no-store"};
  if (body !== undefined) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  const answer = await fetch(`${control}/${path}`, request);
  let found = null;
  try { found = await answer.json(); } catch { /* No JSON, or nothing. */ }
  if (!answer.ok) throw new Error(typeof found?.error === "string" ? found.error : `The answer was ${answer.status}.`);
  return found;
}

/* Takes over the parts that have changed from the document as the server writes it now. */
async function renew() {
  const answer = await fetch(location.href, {headers: {Accept: "text/html"}, cache: "no-store"});
  if (!answer.ok) throw new Error(`The answer was ${answer.status}.`);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = document.activeElement;
  const section = focused?.closest("section");
  for (const id of PARTS) {
    const before = document.getElementById(id), after = fresh.getElementById(id);
    if (before && after) before.replaceWith(document.adoptNode(after));
  }
  if (focused && !focused.isConnected) {
    const again = focused.id && document.getElementById(focused.id);
    (again && !again.disabled ? again : section?.querySelector("h2"))?.focus();
  }
  begin();
  await Promise.all([showJournal(), showFaults()]);
}

function begin() {
  const now = document.getElementById("now");
  if (!now) return;
  shownAt = performance.now();
  shownMoment = Date.parse(now.dateTime);
}

function tick() {
  const now = document.getElementById("now");
  if (!now || !("runs" in now.dataset)) return;
  const moment = new Date(shownMoment + performance.now() - shownAt).toISOString();
  now.dateTime = moment;
  now.textContent = `${moment.slice(0, 10)} ${moment.slice(11, 19)} UTC`;
}

function row(cells) {
  const line = document.createElement("tr");
  line.setAttribute("role", "row");
  cells.forEach(([head, content], index) => {
    const cell = document.createElement(index ? "td" : "th");
    if (index) cell.dataset.head = head; else cell.scope = "row";
    cell.setAttribute("role", index ? "cell" : "rowheader");
    cell.append(content);
    line.append(cell);
  });
  return line;
}

function text(value) {
  return value === null || value === undefined || typeof value === "object" ? "" : String(value);
}

/* What is built in is shown; a server without it answers 404, and the part stays away. */
function reveal(part, isThere) {
  for (const found of document.querySelectorAll(`[data-part="${part}"]`)) found.hidden = !isThere;
}

async function look(path) {
  try { return await ask("GET", path); } catch { return null; }
}

function items(found, name) {
  return Array.isArray(found?.[name]) ? found[name].filter(item => item && typeof item === "object") : null;
}

async function showJournal() {
  let found = await look("journal?limit=1");
  // Requests are numbered; a journal may hold thousands of them with their bodies.
  if (Number.isInteger(found?.latest)) found = await look(`journal?after=${Math.max(0, found.latest - 5)}`);
  const entries = items(found, "entries");
  reveal("journal", entries !== null);
  if (!entries) return;
  fill("entries", "no-entries", entries.slice(-5).reverse().map(entry => row([
    ["Request", `${text(entry.method)} ${text(entry.path)}`], ["Status", text(entry.status ?? entry.verdict)],
    ["Reason", [entry.reasons ?? entry.reason].flat().map(text).join("; ")]])));
}

function fill(id, otherwise, rows) {
  const body = document.getElementById(id);
  body.replaceChildren(...rows);
  body.closest("table").hidden = !rows.length;
  document.getElementById(otherwise).hidden = rows.length > 0;
}

async function showFaults() {
  const faults = items(await look("faults"), "faults");
  reveal("faults", faults !== null);
  if (!faults) return;
  fill("armed", "no-faults", faults.map(fault => {
    const disarm = document.createElement("button");
    const sentence = text(fault.sentence) || `Fault ${text(fault.id)}`;
    disarm.type = "button";
    disarm.id = `disarm-${text(fault.id)}`;
    disarm.textContent = "Disarm";
    disarm.setAttribute("aria-label", `Disarm: ${sentence}`);
    disarm.dataset.method = "DELETE";
    disarm.dataset.path = `faults/${encodeURIComponent(text(fault.id))}`;
    return row([["Armed", sentence], ["Fired", text(fault.fired)], ["", disarm]]);
  }));
  const select = document.getElementById("trap");
  if (select.options.length) return;
  const traps = (items(await look("traps"), "traps") ?? []).filter(trap => text(trap.name));
  select.replaceChildren(...traps.map(trap => {
    const option = new Option(text(trap.title) || trap.name, trap.name);
    option.dataset.told = [trap.happens, trap.advice].map(text).filter(Boolean).join(" ");
    return option;
  }));
  document.getElementById("arm").hidden = !traps.length;
  tellTrap();
}

function tellTrap() {
  document.getElementById("trap-told").textContent = document.getElementById("trap").selectedOptions[0]?.dataset.told ?? "";
}

function done(path, answer) {
  if (path === "sites" && answer) return `The site ${answer.name} is there.`;
  if (path === "reset") return "The world has begun anew.";
  if (path === "clock" && answer) return `The clock shows ${text(answer.now).slice(0, 19).replace("T", " ")} UTC.`;
  return "Done.";
}

/* Whether it was done. */
async function act(sender, body) {
  const {method, path, ask: question, then} = sender.dataset;
  if (question && !confirm(question)) return false;
  try {
    const answer = await ask(method, path, body);
    if (then === "leave") location.assign(`${document.body.dataset.server}/`);
    else await renew();
    say(done(path, answer));
    return true;
  } catch (error) {
    say(error instanceof TypeError ? "The server does not answer." : error.message, true);
    return false;
  }
}

document.addEventListener("click", async event => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("copy" in button.dataset) {
    try {
      await copy(button.dataset.copy);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
      say("Copied to the clipboard.");
    } catch (error) {
      say(`Not copied: ${error.message}.`, true);
    }
  } else if ("renew" in button.dataset) {
    renew().catch(() => say("The server does not answer.", true));
  } else if (button.dataset.path) {
    act(button, button.dataset.body ? JSON.parse(button.dataset.body) : undefined);
  }
});

document.addEventListener("submit", event => {
  event.preventDefault();
  const form = event.target;
  const fields = [...new FormData(form)].filter(([, value]) => value !== "");
  act(form, Object.fromEntries(fields)).then(isDone => { if (isDone && form.id === "create-site") form.reset(); });
});

document.documentElement.classList.add("scripts");
if (control) {
  document.getElementById("trap").addEventListener("change", tellTrap);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) renew().catch(() => {}); });
  begin();
  setInterval(tick, 1000);
  showJournal();
  showFaults();
}
