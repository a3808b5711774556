// Search, filter and sort of the requirements; without it the report is complete.
"use strict";
const $ = (css, home = document) => [...home.querySelectorAll(css)];
const make = (tag, home, more) => home.appendChild(Object.assign(document.createElement(tag), more));
const [tools] = $("#tools");
const all = $(".all details").map((node) => {
  const home = node.parentNode, text = node.textContent;
  node.className = home.className;
  return {
    node, home, text: text.toLowerCase(),
    State: $(".mark", home.previousElementSibling)[0].textContent,
    Severity: $("i", node)[0].textContent.split(",")[0],
  };
});
const field = (label, tag, more) => make(tag, make("label", tools, {textContent: label}), more);
const choice = (label, names) => {
  const select = field(label, "select");
  for (const textContent of names) make("option", select, {textContent});
  return select;
};
const search = field("Search", "input", {type: "search"});
const filters = ["State", "Severity"].map((key) => [key, choice(key, ["all", ...new Set(all.map((each) => each[key]))])]);
const order = choice("Sorted by", ["state", "step", "severity"]);
const count = make("output", tools);
const sorted = make("div", $(".all")[0]);
const show = () => {
  const words = search.value.toLowerCase().split(/\s+/);
  let shown = 0;
  for (const each of all)
    shown += !(each.node.hidden = !words.every((word) => each.text.includes(word)) ||
      filters.some(([key, {value}]) => value !== "all" && value !== each[key]));
  for (const title of $(".all > h3")) title.hidden = !$("details:not([hidden])", title.nextElementSibling)[0];
  count.textContent = `${shown} of ${all.length} shown`;
};
// By severity blockers stand first, and alike ones in the order of the steps.
const place = ({Severity, text}) => (order.value === "severity" ? "bwa".indexOf(Severity[0]) : "") + text;
order.addEventListener("input", () => {
  for (const each of [...all].sort((a, b) => place(a) < place(b) ? -1 : 1))
    (order.value === "state" ? each.home : sorted).append(each.node);
});
tools.addEventListener("input", show);
// A link leads to a requirement even where it is filtered away.
addEventListener("hashchange", () => {
  const node = document.getElementById(location.hash.slice(1))?.closest("details");
  if (!node) return;
  search.value = "";
  for (const [, select] of filters) select.value = "all";
  show();
  node.open = true;
  node.scrollIntoView();
});
// Ids in the appendix become links.
for (const cell of $(".trace p")) {
  const parts = cell.textContent.split(/(\w+-\d+)/);
  cell.textContent = "";
  parts.forEach((part, index) => index % 2 ? make("a", cell, {href: "#" + part, textContent: part}) : cell.append(part));
}
tools.hidden = false;
show();
// With a script the results can be saved as they are, not compressed.
const [packed] = $("#results");
packed?.addEventListener("click", async (event) => {
  if (packed.protocol === "blob:") return;
  event.preventDefault();
  const bytes = Uint8Array.from(atob(packed.href.split(",")[1]), (letter) => letter.charCodeAt());
  const plain = new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
  packed.href = URL.createObjectURL(await plain.blob());
  packed.download = packed.download.replace(".gz", "");
  packed.click();
});
