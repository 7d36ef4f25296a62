
"use strict";
// Everything of a request is put in as text, never as markup.
const MOST_ROWS = 1000;
const here = location.pathname;
const list = document.getElementById("entries");
const filter = document.getElementById("filter");
const state = document.getElementById("state");
const nothing = document.getElementById("nothing");
const pause = document.getElementById("pause");
const toggle = document.getElementById("switch");
const rows = new Map();
let last = 0, enabled = true, paused = false, dropped = 0;

function make(name, kind, text) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  if (text !== undefined) made.textContent = text;
  return made;
}

function kindOf(entry) {
  if (entry.fault || entry.status === null || entry.status >= 500) return "failed";
  if (entry.status >= 400) return "refused";
  return entry.reasons.length ? "remarks" : "served";
}

function indented(body) {
  try { return JSON.stringify(JSON.parse(body), null, 2); } catch { return body; }
}

function facts(entry) {
  const more = make("div", "more");
  if (entry.reasons.length) {
    const reasons = make("ul", "reasons");
    for (const reason of entry.reasons) reasons.append(make("li", "", reason));
    more.append(reasons);
  }
  const found = make("dl");
  const add = (name, value, tag) => {
    if (value === null || value === "") return;
    const cell = make("dd");
    cell.append(make(tag || "span", tag ? "" : "shown", value));
    found.append(make("dt", "", name), cell);
  };
  add("fault", entry.fault);
  add("called", entry.view);
  add("takes", entry.scope);
  add("world's time", entry.moment);
  add("next page", entry.next);
  add("answer", `${entry.bytes} bytes in ${entry.milliseconds} ms`);
  add("sent", entry.requestBody && indented(entry.requestBody), "pre");
  add("answered", entry.answerBody && indented(entry.answerBody), "pre");
  more.append(found);
  return more;
}

function row(entry) {
  const made = make("li"), details = make("details"), summary = make("summary");
  const address = entry.path + (entry.query ? "?" + entry.query : "");
  const who = entry.who || "anonymous";
  const status = entry.status === null ? entry.verdict : entry.status + " " + entry.verdict;
  summary.append(
    make("span", "number", entry.number), make("span", "time", entry.moment.slice(11, 19)), make("span", "who", who),
    make("span", "method", entry.method), make("span", "address", address),
    make("span", "verdict " + kindOf(entry), status), make("span", "took", entry.milliseconds.toFixed(1) + " ms"),
  );
  details.append(summary);
  // Built when it is looked at: most rows never are.
  details.addEventListener("toggle", () => { if (details.open && !details.querySelector(".more")) details.append(facts(entry)); });
  made.append(details);
  const words = [entry.number, who, entry.method, address, status, entry.fault || "", ...entry.reasons];
  rows.set(entry.number, {made, words: words.join(" ").toLowerCase()});
  return made;
}

function sift() {
  const wanted = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const {made, words} of rows.values()) {
    made.hidden = !wanted.every((word) => words.includes(word));
    shown += made.hidden ? 0 : 1;
  }
  nothing.hidden = rows.size > 0;
  const gone = dropped ? `, ${dropped} older ones dropped` : "";
  state.textContent = `${shown} of ${rows.size} requests${gone}` + (enabled ? "" : "; the journal is off") + (paused ? "; paused" : "");
  toggle.textContent = enabled ? "Switch off" : "Switch on";
}

function take(answer) {
  // A server that was started anew counts from 1.
  if (answer.latest < last) { last = 0; rows.clear(); list.replaceChildren(); return; }
  enabled = answer.enabled;
  dropped = answer.dropped;
  const fresh = document.createDocumentFragment();
  for (const entry of answer.entries) {
    fresh.prepend(row(entry));
    last = entry.number;
  }
  list.prepend(fresh);
  const oldest = Math.max(answer.oldest === null ? Infinity : answer.oldest, last - MOST_ROWS + 1);
  for (const [number, {made}] of rows) {
    if (number >= oldest) break;
    made.remove();
    rows.delete(number);
  }
  sift();
}

async function ask(method, body) {
  const sent = {method, headers: {Accept: "application/json"}};
  if (body) Object.assign(sent, {body: JSON.stringify(body), headers: {"Content-Type": "application/json"}});
  const answer = await fetch(here + (method === "GET" ? "?after=" + last : ""), sent);
  if (!answer.ok) throw new Error("status " + answer.status);
  return answer.status === 204 ? null : answer.json();
}

async function look() {
  if (!paused) {
    try { take(await ask("GET")); } catch (error) { state.textContent = "The server does not answer: " + error.message; }
  }
  setTimeout(look, 1000);
}

async function change(method, body) {
  try { await ask(method, body); } catch (error) { state.textContent = "That could not be done: " + error.message; }
}

filter.addEventListener("input", sift);
pause.addEventListener("click", () => { paused = !paused; pause.setAttribute("aria-pressed", paused); sift(); });
toggle.addEventListener("click", () => change("PUT", {enabled: !enabled}));
document.getElementById("empty").addEventListener("click", () => change("DELETE"));
look();
