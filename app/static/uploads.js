/* Pages of scans: dropped or picked files go up at once with their progress, pages are dragged into order. All of it
   sends the page's own form and shows the page that answers, so nothing is possible here that is not without. */
"use strict";

/* The answer takes the place of the page, with what was typed meanwhile and the focus where it was. */
function showAnswer(html, form) {
  const fresh = new DOMParser().parseFromString(html, "text/html"), main = document.querySelector("main");
  const typed = new Map([...form.querySelectorAll("textarea")].map((field) => [field.id, field.value]));
  const at = document.activeElement, place = at.id || (at.name === "act" && `[value="${CSS.escape(at.value)}"]`);
  main.replaceChildren(...fresh.querySelector("main").childNodes);
  document.title = fresh.title;
  typed.forEach((text, id) => { const field = document.getElementById(id); if (field) field.value = text; });
  document.querySelectorAll("form[data-mc-tai-len]").forEach(takeFiles);
  document.querySelectorAll("form[data-mc-tu-luu]").forEach(saveWhileTyping);
  document.querySelectorAll("form[data-mc-mot-lan]").forEach(pressOnce);
  const failed = main.querySelector("[data-mc-focus]");
  const back = at.id ? document.getElementById(at.id) : place && main.querySelector(place);
  (failed || back || main.querySelector("input[type=file]"))?.focus();
}

function takeFiles(form) {
  const progress = form.querySelector("[data-mc-tien-trinh]"), bar = progress.querySelector("progress");
  const say = (words) => { document.querySelector("[data-mc-tien-trinh] [role=status]").textContent = words; };
  let busy = false, pressed = null;

  const send = (act, words, done) => {
    const body = new FormData(form), call = new XMLHttpRequest();
    body.set("act", act);
    busy = true;
    say(words);
    call.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = Math.round(100 * event.loaded / event.total);
    });
    const stop = (sentence) => { busy = false; bar.hidden = true; pressed = null; delete form.dataset.mcDaBam; say(sentence); };
    call.addEventListener("error", () => stop(progress.dataset.mang));
    call.addEventListener("load", () => {
      const elsewhere = new URL(call.responseURL).pathname !== location.pathname;
      if (elsewhere && call.status === 200) { location.assign(call.responseURL); return; }
      if (call.status !== 200 && call.status !== 422) { stop(call.status === 413 ? progress.dataset.lon : progress.dataset.mang); return; }
      const next = call.status === 200 && pressed;
      showAnswer(call.responseText, form);
      if (call.status === 200) say(done);
      if (next) document.querySelector(`main button[name=act][value="${CSS.escape(next)}"]`)?.click();
    });
    call.open("POST", form.action || location.href);
    call.send(body);
  };

  const upload = (field) => {
    const list = field.parentElement.querySelector("[data-mc-tep]"), megabytes = Number(field.dataset.mcLonNhat);
    const large = [...field.files].filter((file) => file.size >= megabytes * 2 ** 20);
    list.replaceChildren(...large.map((file) => {
      const line = document.createElement("p");
      line.className = "mc-loi-chu mc-nho mb-0";
      line.textContent = filled(field.dataset.mcCauLon, { ten: file.name, mb: megabytes });
      return line;
    }));
    if (large.length || !field.files.length) return;
    bar.value = 0;
    bar.hidden = false;
    send("save", filled(progress.dataset.dang, { n: field.files.length }), progress.dataset.xong);
  };

  form.addEventListener("submit", (event) => {
    const act = event.submitter?.value ?? "save";
    if (busy) { event.preventDefault(); pressed = act; return; }
    if (!/^(up|down|remove):/.test(act)) return;
    event.preventDefault();
    delete form.dataset.mcDaBam;
    send(act, "", progress.dataset.luu);
  }, true);
  form.querySelectorAll("[data-mc-tha]").forEach((frame) => {
    const field = frame.querySelector("input[type=file]");
    frame.querySelector("[data-mc-tha-nhac]").hidden = false;
    field.addEventListener("change", () => { if (!busy) upload(field); });
    dropOn(frame, field, () => { if (!busy) upload(field); });
  });
  form.querySelectorAll("[data-mc-thu-tu]").forEach((list) => {
    dragPages(list, (item, n) => send(`to:${item.dataset.mcTepSo}:${n}`, "", filled(list.dataset.cau, { ten: item.dataset.ten, n })));
  });
}

function dropOn(frame, field, done) {
  const files = (event) => event.dataTransfer.types.includes("Files");
  const over = (event) => { if (files(event)) { event.preventDefault(); frame.classList.add("tren"); } };
  frame.addEventListener("dragenter", over);
  frame.addEventListener("dragover", over);
  frame.addEventListener("dragleave", () => frame.classList.remove("tren"));
  frame.addEventListener("drop", (event) => {
    if (!files(event)) return;
    event.preventDefault();
    frame.classList.remove("tren");
    field.files = event.dataTransfer.files;
    done();
  });
}

/* By mouse; fingers and keys have the buttons. */
function dragPages(list, moved) {
  const items = () => [...list.children];
  let held = null, from = 0;
  if (items().length < 2) return;
  list.parentElement.querySelectorAll("[data-mc-keo-nhac]").forEach((hint) => { hint.hidden = false; });
  items().forEach((item) => {
    item.draggable = true;
    item.addEventListener("dragstart", (event) => {
      [held, from] = [item, items().indexOf(item)];
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", item.dataset.ten);
      item.classList.add("dang-keo");
    });
    item.addEventListener("dragover", (event) => {
      if (!held) return;
      event.preventDefault();
      if (item === held) return;
      const box = item.getBoundingClientRect(), below = event.clientY > box.top + box.height / 2;
      item[below ? "after" : "before"](held);
    });
    item.addEventListener("drop", (event) => { if (held) event.preventDefault(); });
    item.addEventListener("dragend", () => {
      held?.classList.remove("dang-keo");
      const at = items().indexOf(item);
      held = null;
      if (at !== from) moved(item, at + 1);
    });
  });
}

document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-mc-tai-len]").forEach(takeFiles));
