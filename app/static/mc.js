/* Small comforts of every page; each page works without them. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const summary = document.querySelector("[data-mc-focus]");
  if (summary) {
    summary.focus();
  }
  /* folded where there is little room; open, and without its heading, where there is enough */
  document.querySelectorAll("[data-mc-gon]").forEach((menu) => {
    const narrow = window.matchMedia(`(max-width: ${menu.dataset.mcGon}px)`);
    const fit = () => { menu.open = !narrow.matches; };
    narrow.addEventListener("change", fit);
    fit();
  });
  /* in a row or list that scrolls, what is current is in sight */
  document.querySelectorAll("[aria-current]").forEach((link) => {
    const frame = link.closest(".mc-thanh nav, .mc-the-hang, .mc-doc-list"), item = link.closest("li");
    if (!frame || !item) return;
    const at = item.getBoundingClientRect(), seen = frame.getBoundingClientRect();
    if (at.right > seen.right) frame.scrollLeft += at.left - seen.left - 24;
    if (at.bottom > seen.bottom) frame.scrollTop += at.top - seen.top - 24;
  });
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
