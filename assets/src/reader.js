// The reader of documents: from a proposal to its words and back, by hand or by keys.
const cards = () => [...document.querySelectorAll(".reader-proposals .proposal")].filter((card) => card.offsetParent);
const current = () => document.querySelector(".proposal.current") ?? document.activeElement?.closest?.(".proposal");

function choose(card) {
  for (const other of document.querySelectorAll(".proposal.current")) other.classList.remove("current");
  card.classList.add("current");
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
  show(card.dataset.proposal, false);
}

function show(id, turn) {
  for (const mark of document.querySelectorAll(".mark.shown")) mark.classList.remove("shown");
  const marks = document.querySelectorAll(`.mark[data-of~="${id}"]`);
  for (const mark of marks) mark.classList.add("shown");
  const tab = document.getElementById("side-source");
  if (turn && tab) tab.checked = true;
  if (marks.length && marks[0].offsetParent) marks[0].scrollIntoView({ block: "center" });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-show]");
  if (button) return show(button.dataset.show, true);
  const mark = event.target.closest(".source-text .mark");
  const of = mark?.dataset.of.trim().split(" ") ?? [];
  const card = of.map((id) => document.getElementById(`p${id}`)).find(Boolean);
  if (!card) return;
  card.closest("details").open = true;
  const tab = document.getElementById("side-proposals");
  if (tab) tab.checked = true;
  choose(card);
});

document.addEventListener("keydown", (event) => {
  if (!document.querySelector(".reader") || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.matches("input:not([type=radio]), textarea, select")) return;
  const card = current();
  if (event.key === "j" || event.key === "k") {
    const all = cards();
    const at = all.indexOf(card) + (event.key === "j" ? 1 : -1);
    if (all[at]) choose(all[at]);
  } else if (card && event.key === "s") show(card.dataset.proposal, true);
  else if (card) card.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
});

// A card that came back from the server keeps its place under the hand.
let decided = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  decided = event.target.closest?.(".proposal")?.id ?? null;
});
document.addEventListener("htmx:afterSettle", () => {
  const card = decided && document.getElementById(decided);
  decided = null;
  if (card) choose(card);
});
