"use strict";
// Everything is put in as text, never as markup: people may be called anything.
const part = (id) => document.getElementById(id);
const here = location.pathname.replace(/\/$/, "");
let last = 0;
let busy = false;

function element(name, kind, text) {
  const made = document.createElement(name);
  made.className = kind;
  made.textContent = text;
  return made;
}

function shown(entry) {
  if (!entry.who) return element("div", "line event", entry.text);
  const line = element("div", "line" + (entry.by_bot ? " bot" : "") + (entry.to ? " direct" : ""), "");
  const place = entry.to ? (entry.by_bot ? " 私聊 " + entry.to : " 私聊群标") : "";
  line.append(element("div", "soft", entry.who + place + " · " + entry.at.slice(11, 16)));
  line.append(element("div", "bubble", entry.text));
  return line;
}

function refresh(told) {
  const talk = part("talk");
  const follows = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60;
  const first = last === 0;
  for (const entry of told.entries) {
    talk.append(shown(entry));
    last = Math.max(last, entry.number);
  }
  if (told.entries.length && (follows || first)) talk.scrollTop = talk.scrollHeight;
  part("now").textContent = told.now;
  part("group").textContent = told.group;
  const inside = told.people.filter((one) => one.here);
  part("people").replaceChildren(...inside.map((one) => element("li", "", one.id + (one.friend ? "（好友）" : ""))));
  part("known").replaceChildren(...told.people.map((one) => {
    const option = document.createElement("option");
    option.value = one.id;
    return option;
  }));
  if (!part("who").value && inside.length) part("who").value = inside[0].id;
}

async function look() {
  try {
    const answer = await fetch(here + "/since/" + last);
    if (answer.ok) refresh(await answer.json());
    else part("told").textContent = "看不到了：请刷新页面";
  } catch {
    part("told").textContent = "连不上机器人，可能已经停了";
  }
}

async function play(line) {
  if (busy) return false;
  busy = true;
  part("told").textContent = "…";
  try {
    const answer = await fetch(here + "/line", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ line }),
    });
    const told = answer.ok ? (await answer.json()).refused : "没有成";
    part("told").textContent = told;
    await look();
    return !told;
  } catch {
    part("told").textContent = "连不上机器人，可能已经停了";
    return false;
  } finally {
    busy = false;
  }
}

function who() {
  const name = part("who").value.trim();
  if (!name) part("told").textContent = "请先填谁";
  return name;
}

part("speak").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = who();
  const words = part("words").value.trim();
  if (!name || !words) return;
  const sign = { group: ":", mention: "@:", direct: " >" }[part("where").value];
  if (await play(name + sign + " " + words)) part("words").value = "";
});
for (const button of document.querySelectorAll("[data-line]")) {
  button.addEventListener("click", () => play(button.dataset.line));
}
for (const button of document.querySelectorAll("[data-deed]")) {
  button.addEventListener("click", () => {
    const name = who();
    if (name) play(button.dataset.deed.replace("{who}", name));
  });
}
look();
setInterval(() => { if (!busy && !document.hidden) look(); }, 1000);
