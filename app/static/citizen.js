/* Comforts of the citizens' pages; every page works without them. */
"use strict";
const EACH_MINUTE = 60000, A_MOMENT = 1200;
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

/* One press is enough; a page that comes back by "back" may be pressed again. */
function pressOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.mcDaBam) event.preventDefault();
    form.dataset.mcDaBam = "1";
  });
  window.addEventListener("pageshow", () => { delete form.dataset.mcDaBam; });
}

/* What is typed is saved a moment after the last key; the button remains for leaving the page. */
function saveWhileTyping(form) {
  const said = form.querySelector("[data-mc-da-luu]");
  let waiting = 0;
  const save = async () => {
    const typed = new FormData(form);
    form.querySelectorAll("input[type=file]").forEach((field) => typed.delete(field.name));
    try {
      const answer = await fetch(form.dataset.mcTuLuu, { method: "POST", body: typed, credentials: "same-origin" });
      const saved = answer.ok && !new URL(answer.url).pathname.startsWith("/dang-nhap");
      const at = new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
      said.textContent = saved ? filled(said.dataset.cau, { gio: at }) : said.dataset.loi;
    } catch { said.textContent = said.dataset.loi; }
  };
  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    clearTimeout(waiting);
    waiting = setTimeout(save, A_MOMENT);
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("form[data-mc-noi]").forEach(tellPlace);
  document.querySelectorAll("form[data-mc-mot-lan]").forEach(pressOnce);
  document.querySelectorAll("form[data-mc-tu-luu]").forEach(saveWhileTyping);
  document.querySelectorAll("[data-mc-hua]").forEach((box) => setInterval(() => renewPromise(box), EACH_MINUTE));
  document.querySelectorAll("[data-mc-in]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
});
