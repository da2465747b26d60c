/* Comforts of the citizens' pages; every page works without them. */
"use strict";
const EACH_MINUTE = 60000;
const filled = (sentence, words) => sentence.replace(/\{(\w+)\}/g, (_, name) => words[name] ?? "");

/* The place chosen tells at once whether it takes the procedure; the server asks again. */
function tellPlace(form) {
  const select = form.querySelector("select"), line = document.getElementById("noi-noi");
  const button = form.querySelector("[data-mc-nop]");
  form.querySelectorAll("[data-mc-an]").forEach((extra) => { extra.hidden = true; });
  select.addEventListener("change", () => {
    const place = select.selectedOptions[0], closed = "dong" in place.dataset;
    const words = { ten: place.dataset.ten, tu: place.dataset.tu };
    const kind = !place.value ? "Chua" : !closed ? "Mo" : words.tu ? "Sap" : "Dong";
    const sentence = document.createElement("p");
    sentence.className = kind === "Sap" || kind === "Dong" ? "mc-nho mc-do" : "mc-nho";
    sentence.textContent = filled(line.dataset[`mcCau${kind}`], words);
    line.replaceChildren(sentence);
    if (!button) return;
    button.toggleAttribute("aria-disabled", false);
    if (kind !== "Mo") { button.setAttribute("aria-disabled", "true"); button.setAttribute("aria-describedby", "noi-noi"); }
    const lock = button.querySelector("i");
    if (lock) lock.hidden = kind === "Mo";
  });
}

/* The promise is counted again each minute, by the server. */
async function renewPromise(box) {
  const answer = await fetch(box.dataset.mcHua, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  if (fresh.querySelector("b")?.textContent !== box.querySelector("b")?.textContent) box.replaceChildren(...fresh.childNodes);
}

/* Files that are too large are named before they are sent. */
function tellFiles(input) {
  const list = input.parentElement.querySelector("[data-mc-tep]"), megabytes = Number(input.dataset.mcLonNhat);
  input.addEventListener("change", () => {
    list.replaceChildren(...[...input.files].map((file) => {
      const line = document.createElement("p"), large = file.size >= megabytes * 2 ** 20;
      line.className = large ? "mc-loi-chu mc-nho" : "mc-nho mb-1";
      line.textContent = large ? filled(input.dataset.mcCauLon, { ten: file.name, mb: megabytes }) : file.name;
      return line;
    }));
  });
}

/* One press is enough; a page that comes back by "back" may be pressed again. */
function pressOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.mcDaBam) event.preventDefault();
    form.dataset.mcDaBam = "1";
  });
  window.addEventListener("pageshow", () => { delete form.dataset.mcDaBam; });
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("form[data-mc-noi]").forEach(tellPlace);
  document.querySelectorAll("input[data-mc-lon-nhat]").forEach(tellFiles);
  document.querySelectorAll("form[data-mc-mot-lan]").forEach(pressOnce);
  document.querySelectorAll("[data-mc-hua]").forEach((box) => setInterval(() => renewPromise(box), EACH_MINUTE));
  document.querySelectorAll("[data-mc-in]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
});
