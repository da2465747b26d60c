/* Comforts of the officers' pages: the viewer turns pages, zooms and turns; keys. Everything works without. */
"use strict";
const KEYS = "mc-phim";
/* Single keys can be switched off (WCAG 2.1.4): people who dictate would press them unawares. */
const keysOn = () => localStorage.getItem(KEYS) !== "tat";
function onKey(act) {
  document.addEventListener("keydown", (event) => { if (keysOn() && !isTyping(event)) act(event.key, event); });
}
function isTyping(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return true;
  const control = event.target.closest("input,textarea,select");
  return Boolean(control) && control.type !== "radio" && control.type !== "checkbox";
}
const sentence = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

function offerKeys() {
  const hints = document.querySelectorAll("[data-mc-phim-nhac]");
  const tell = () => hints.forEach((hint) => { hint.hidden = !keysOn(); });
  document.querySelectorAll("[data-mc-phim]").forEach((place) => {
    const button = place.querySelector("button");
    const name = () => { button.textContent = keysOn() ? button.dataset.bat : button.dataset.tat; };
    button.addEventListener("click", () => { localStorage.setItem(KEYS, keysOn() ? "tat" : "bat"); name(); tell(); });
    place.hidden = false;
    name();
  });
  tell();
}

/* Zoom and turning; a picture on its side is given the room that it needs. */
function magnify(viewer, picture) {
  let scale = 1, turned = 0;
  const rate = viewer.querySelector("[data-mc-ty-le]");
  const draw = () => {
    picture.classList.toggle("tu-do", scale !== 1);
    picture.style.width = scale === 1 ? "" : `${Math.round(scale * 100)}%`;
    picture.style.rotate = turned ? `${turned}deg` : "";
    const over = turned % 180 ? (picture.offsetWidth - picture.offsetHeight) / 2 : 0;
    picture.style.margin = over ? `${over}px ${-over}px` : "";
    if (rate) rate.textContent = `${Math.round(scale * 100)}%`;
  };
  const zoom = (step) => { scale = step ? Math.min(4, Math.max(0.5, scale + step * 0.25)) : 1; draw(); };
  const turn = () => { turned = (turned + 90) % 360; draw(); };
  picture.addEventListener("load", draw);
  viewer.querySelectorAll(".mc-phong").forEach((buttons) => { buttons.hidden = false; });
  viewer.querySelectorAll("[data-mc-phong]").forEach((button) => {
    button.addEventListener("click", () => zoom(Number(button.dataset.mcPhong)));
  });
  viewer.querySelectorAll("[data-mc-xoay]").forEach((button) => button.addEventListener("click", turn));
  onKey((key) => {
    if (key === "+" || key === "=") zoom(1);
    if (key === "-") zoom(-1);
    if (key === "0") zoom(0);
    if (key === "r" || key === "R") turn();
  });
}

/* Pages are turned in place, so that nothing typed or photographed beside them is lost. */
function turnPages(viewer, picture) {
  const leaves = [...viewer.querySelectorAll("[data-mc-trang]")];
  const number = viewer.querySelector("[data-mc-so-trang]"), name = viewer.querySelector("[data-mc-tep-ten]");
  const previous = viewer.querySelector("a[rel=prev]"), next = viewer.querySelector("a[rel=next]");
  let here = leaves.findIndex((leaf) => leaf.hasAttribute("aria-current"));
  const open = (at) => {
    const leaf = leaves[at];
    if (!leaf) return;
    here = at;
    leaves.forEach((one) => one.removeAttribute("aria-current"));
    leaf.setAttribute("aria-current", "page");
    leaf.scrollIntoView({ block: "nearest", inline: "nearest" });
    picture.src = leaf.dataset.anh;
    picture.alt = sentence(picture.dataset.mcCau, { n: at + 1 });
    number.textContent = sentence(number.dataset.mcSoTrang, { n: at + 1, all: leaves.length });
    if (name) name.textContent = sentence(name.dataset.mcCau, { name: leaf.dataset.ten, at: leaf.dataset.luc });
    viewer.querySelectorAll("[data-mc-tep-goc]").forEach((link) => {
      link.href = leaf.dataset.tep + new URL(link.href).search;
    });
    previous.hidden = at === 0;
    next.hidden = at === leaves.length - 1;
    history.replaceState(null, "", leaf.href);
  };
  const instead = (link, at) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(at());
  });
  leaves.forEach((leaf, at) => instead(leaf, () => at));
  if (!leaves.length) return;
  instead(previous, () => here - 1);
  instead(next, () => here + 1);
  onKey((key, event) => {
    if (event.target.type === "radio") return;
    if (key === "ArrowLeft") open(here - 1);
    if (key === "ArrowRight") open(here + 1);
  });
}

/* The tables of dossiers: how many are chosen, and keys to go through them. */
function chooseRows(form) {
  const boxes = [...document.querySelectorAll(`input[type=checkbox][form="${form.id}"]`)];
  const words = form.querySelector("[data-mc-da-chon]"), none = form.querySelector("[data-mc-bo-chon]");
  const tell = () => {
    const chosen = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("tr").classList.toggle("chon", box.checked));
    words.textContent = chosen.length ? sentence(words.dataset.mcDaChon, { n: chosen.length }) : words.dataset.mcKhong;
    none.hidden = !chosen.length;
  };
  none.addEventListener("click", () => { boxes.forEach((box) => { box.checked = false; }); tell(); });
  document.addEventListener("change", tell);
  tell();
}
function walkRows(table) {
  const links = [...table.querySelectorAll("tbody .mc-ma")];
  onKey((key, event) => {
    const row = document.activeElement.closest("tr"), at = links.findIndex((link) => link.closest("tr") === row);
    if (key === "j" || key === "k") (links[at + (key === "j" ? 1 : -1)] ?? links[at] ?? links[0])?.focus();
    if (key === "x" && row) row.querySelector("input[type=checkbox]")?.click();
    if (key === "/") { event.preventDefault(); document.getElementById("tim")?.focus(); }
  });
}

/* Sections one behind the other; without the script they stand one below the other. */
function makeTabs(box) {
  const PLACE = "mc-the", sections = [...box.querySelectorAll(":scope > section")], list = document.createElement("div");
  list.className = "mc-the-nut";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", box.dataset.mcThe);
  const buttons = sections.map((section) => {
    const title = section.querySelector("h2"), button = document.createElement("button");
    button.type = "button";
    button.id = `the-${title.id}`;
    button.textContent = title.dataset.ngan ?? title.textContent;
    const count = section.querySelector(".mc-dem");
    if (count) button.append(count);
    section.id = `${title.id}-noi`;
    section.setAttribute("role", "tabpanel");
    section.setAttribute("aria-labelledby", button.id);
    section.querySelector(".mc-o-dau").hidden = true;
    button.setAttribute("role", "tab");
    button.setAttribute("aria-controls", section.id);
    return button;
  });
  const open = (at) => buttons.forEach((button, n) => {
    button.setAttribute("aria-selected", String(n === at));
    button.tabIndex = n === at ? 0 : -1;
    sections[n].hidden = n !== at;
  });
  buttons.forEach((button, at) => {
    button.addEventListener("click", () => { open(at); sessionStorage.setItem(PLACE, button.id); });
    button.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.stopPropagation();
      const next = buttons[(at + step + buttons.length) % buttons.length];
      next.click();
      next.focus();
    });
  });
  list.append(...buttons);
  box.prepend(list);
  box.classList.add("co-the");
  const failed = sections.findIndex((section) => section.querySelector(".mc-loi-chu,[aria-invalid]"));
  const last = buttons.findIndex((button) => button.id === sessionStorage.getItem(PLACE));
  open(failed >= 0 ? failed : Math.max(last, 0));
}

/* The way back to the inbox is the list as it was left: its tab, words and filters. */
function rememberInbox() {
  const PLACE = "mc-hop-thu";
  if (document.querySelector("[data-mc-hop-thu]")) sessionStorage.setItem(PLACE, location.search);
  document.querySelectorAll("a[data-mc-ve-hop-thu]").forEach((link) => { link.search = sessionStorage.getItem(PLACE) ?? ""; });
}

document.addEventListener("DOMContentLoaded", () => {
  const viewer = document.getElementById("xem"), picture = viewer && viewer.querySelector(".mc-xem-nen img");
  if (picture) { magnify(viewer, picture); turnPages(viewer, picture); }
  document.querySelectorAll("form[data-mc-nhieu]").forEach(chooseRows);
  document.querySelectorAll("table[data-mc-di]").forEach(walkRows);
  document.querySelectorAll("[data-mc-the]").forEach(makeTabs);
  rememberInbox();
  offerKeys();
  const verdicts = document.querySelectorAll(".mc-phan input[type=radio]");
  onKey((key) => {
    const chosen = verdicts[Number(key) - 1];
    if (!chosen) return;
    chosen.checked = true;
    chosen.focus();
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
  });
  /* again when the pictures above have taken their room */
  const field = document.querySelector("[aria-invalid=true]");
  const failed = () => field?.scrollIntoView({ block: field.closest(".mc-hanh-dong") ? "nearest" : "center" });
  failed();
  window.addEventListener("load", failed);
});
