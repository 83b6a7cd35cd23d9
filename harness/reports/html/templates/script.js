"use strict";
// All of this is comfort: the page reads well without it.
const form = document.getElementById("filter");
const rows = [...document.querySelectorAll(".scenarios tbody tr")];
const stories = [...document.querySelectorAll(".story")];
const texts = rows.map((row) => row.textContent.toLowerCase());

function filter() {
  const verdict = form.elements.verdict.value;
  const words = form.elements.text.value.toLowerCase().split(/\s+/);
  let shown = 0;
  rows.forEach((row, place) => {
    const fits = (!verdict || row.dataset.v === verdict) && words.every((word) => texts[place].includes(word));
    row.hidden = stories[place].hidden = !fits;
    shown += fits;
  });
  form.querySelector("output").textContent = `${shown} of ${rows.length} shown`;
}

// A kept message is copied to where it was asked for, once.
function bringMessages(exchange) {
  for (const link of exchange.querySelectorAll("a[href^='#m']")) {
    const kept = document.getElementById(link.hash.slice(1));
    if (!kept) continue;
    const copy = document.createElement("figure");
    copy.append(document.createElement("figcaption"), kept.nextElementSibling.cloneNode(true));
    copy.firstChild.textContent = link.textContent;
    const body = kept.parentElement.querySelector(".body");
    if (body) copy.append(body.cloneNode(true));
    exchange.append(copy);
    link.remove();
  }
}

function reveal() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (!target) return;
  const story = target.closest(".story");
  if (story) story.hidden = false;
  if (target.matches(".story")) target.querySelector("details").open = true;
  for (let at = target; at; at = at.parentElement) if (at.matches("details")) at.open = true;
  target.scrollIntoView();
  const summary = target.matches("details") && target.querySelector("summary");
  if (summary) summary.focus({ preventScroll: true });
}

document.documentElement.classList.add("scripted");
form.hidden = false;
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
for (const [name, open] of [["open", true], ["close", false]])
  form.elements[name].addEventListener("click", () => {
    for (const story of stories) if (!story.hidden) story.querySelector("details").open = open;
  });
document.addEventListener("toggle", (event) => event.target.matches(".x") && bringMessages(event.target), true);
document.querySelectorAll(".x[open]").forEach(bringMessages);
document.addEventListener("click", (event) => {
  const label = event.target.closest("svg text:not([class]), svg .loud");
  const link = event.target.closest("a[href^='#']");
  const hash = label ? `#${label.ownerSVGElement.dataset.of}x${parseInt(label.textContent, 10)}` : link && link.hash;
  if (hash && hash === location.hash) reveal();
  else if (label) location.hash = hash;
});
addEventListener("hashchange", reveal);
filter();
addEventListener("load", reveal);
