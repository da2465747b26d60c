/* The form of an account: only the chosen agency's departments, and only for specialists. Works without. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const role = document.getElementById("role");
  const agency = document.getElementById("agency");
  const department = document.getElementById("department");
  if (!role || !agency || !department) { return; }
  const all = Array.from(department.options);
  const refresh = () => {
    const name = agency.value ? agency.selectedOptions[0].text : "";
    const kept = all.filter((option) => !option.value || (name && option.text.startsWith(`${name}: `)));
    const chosen = department.value;
    department.replaceChildren(...kept);
    department.value = kept.some((option) => option.value === chosen) ? chosen : "";
    department.disabled = role.value !== "department_officer";
  };
  role.addEventListener("change", refresh);
  agency.addEventListener("change", refresh);
  refresh();
});
/* The order of documents: drag by the handle (mouse, pen, finger) or press arrow keys on it. The buttons stay. */
document.addEventListener("DOMContentLoaded", () => {
  const body = document.querySelector("[data-mc-thu-tu]");
  const said = document.querySelector("[data-mc-da-chuyen]");
  if (!body || !said) { return; }
  const rows = () => Array.from(body.querySelectorAll("[data-mc-dong]"));
  const keys = () => rows().map((row) => row.dataset.mcDong);
  let stored = keys().join(), saving = Promise.resolve();
  const store = () => {
    const wanted = keys().join();
    if (wanted === stored) { return; }
    const form = body.querySelector("form.mc-thu-tu");
    const data = new FormData();
    data.set("csrf_token", form.elements.csrf_token.value);
    keys().forEach((key) => data.append("giay-to", key));
    saving = saving.then(() => fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } }))
      .then((answer) => { if (!answer.ok) { throw new Error(String(answer.status)); } stored = wanted; refresh(); say(said.dataset.mcDaChuyen); })
      .catch(() => say(said.dataset.mcChuaChuyen, true));
  };
  const say = (words, wrong) => {
    said.textContent = words;
    said.className = wrong ? "mc-loi-chu mc-o-than" : "visually-hidden";
  };
  /* the buttons of the forms send the order that is seen now */
  const refresh = () => rows().forEach((row, place, all) => {
    row.querySelectorAll("[name=giay-to]").forEach((input, n) => { input.value = keys()[n]; });
    row.querySelector("[value^=len]").disabled = place === 0;
    row.querySelector("[value^=xuong]").disabled = place === all.length - 1;
  });
  rows().forEach((row) => {
    const handle = row.querySelector("[data-mc-nam]");
    handle.hidden = false;
    handle.addEventListener("keydown", (event) => {
      const other = { ArrowUp: row.previousElementSibling, ArrowDown: row.nextElementSibling }[event.key];
      if (!other || !other.dataset.mcDong) { return; }
      event.preventDefault();
      if (event.key === "ArrowUp") { other.before(row); } else { other.after(row); }
      handle.focus();
      store();
    });
    handle.addEventListener("pointerdown", (event) => {
      if (event.button) { return; }
      event.preventDefault();
      handle.focus();
      handle.setPointerCapture(event.pointerId);
      row.classList.add("mc-dang-keo");
      const move = (at) => {
        const over = rows().find((one) => { const box = one.getBoundingClientRect(); return at.clientY >= box.top && at.clientY <= box.bottom; });
        if (!over || over === row) { return; }
        if (rows().indexOf(over) < rows().indexOf(row)) { over.before(row); } else { over.after(row); }
        handle.setPointerCapture(event.pointerId);
      };
      const drop = () => {
        row.classList.remove("mc-dang-keo");
        handle.removeEventListener("pointermove", move);
        store();
      };
      handle.addEventListener("pointermove", move);
      handle.addEventListener("pointerup", drop, { once: true });
      handle.addEventListener("pointercancel", drop, { once: true });
    });
  });
});
