/* Small comforts of every page; each page works without them. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const summary = document.querySelector("[data-mc-focus]");
  if (summary) {
    document.title = `Lỗi: ${document.title.replace(/^Lỗi: /, "")}`;
    summary.focus();
  }
  document.querySelectorAll("[data-mc-tu-gui]").forEach((control) => {
    control.addEventListener("change", () => control.form.requestSubmit());
  });
  document.querySelectorAll("[data-mc-chon-het]").forEach((box) => {
    const rows = () => document.querySelectorAll(`input[name="${box.dataset.mcChonHet}"]`);
    box.hidden = false;
    box.addEventListener("change", () => rows().forEach((row) => { row.checked = box.checked; }));
  });
});
/* Copying a code gives the whole code, without the break allowed inside it. */
document.addEventListener("copy", (event) => {
  const text = String(document.getSelection());
  if (/^\s*[\w.]+-\s*\d{6}-\s*\d+\s*$/.test(text)) {
    event.clipboardData.setData("text/plain", text.replace(/\s+/g, ""));
    event.preventDefault();
  }
});
