/* A choice among many rows: box of words, button and select become one box that asks the server while one types. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-mc-tra]").forEach((frame) => {
    const input = frame.querySelector("input[type=search]");
    const select = frame.querySelector("select");
    const label = document.querySelector(`label[for="${select.id}"]`);
    const list = document.createElement("ul");
    const told = document.createElement("span");
    let active = -1, waiting = 0, asked = 0;
    list.id = `${select.id}-ds`;
    list.className = "mc-tra-ds";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    told.className = "visually-hidden";
    told.setAttribute("role", "status");
    frame.append(list, told);
    frame.querySelector("button").remove();
    select.hidden = true;
    input.type = "text";
    input.removeAttribute("name");
    input.removeAttribute("aria-label");
    Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })
      .forEach(([name, value]) => input.setAttribute(name, value));
    ["aria-describedby", "aria-invalid"].forEach((name) => { if (select.hasAttribute(name)) { input.setAttribute(name, select.getAttribute(name)); } });
    input.classList.toggle("is-loi", select.classList.contains("is-loi"));
    /* the label, and a link of the summary of errors, now lead to the box */
    const id = select.id;
    select.id = `${id}-chon`;
    input.id = id;
    if (label) { label.htmlFor = id; list.setAttribute("aria-label", label.textContent.trim()); }
    const blank = select.options[0];
    input.placeholder = blank.text;
    const shown = () => (select.value ? select.selectedOptions[0].text : "");
    const close = () => { list.hidden = true; active = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const choose = (key, words) => {
      if (key && !Array.from(select.options).some((one) => one.value === key)) { select.add(new Option(words, key)); }
      select.value = key;
      input.value = shown();
      close();
    };
    const mark = (place) => {
      const items = list.querySelectorAll("[role=option]");
      if (!items.length) { return; }
      active = (place + items.length) % items.length;
      items.forEach((item, n) => item.setAttribute("aria-selected", String(n === active)));
      items[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", items[active].id);
    };
    const fill = (rows) => {
      list.replaceChildren(...rows.map((row, n) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${n}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.textContent = row.words;
        item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(row.key, row.words); });
        item.dataset.key = row.key;
        return item;
      }));
      active = -1;
      told.textContent = rows.length ? `${frame.dataset.mcTraSo}: ${rows.length}` : frame.dataset.mcTraKhong;
      list.hidden = !rows.length;
      input.setAttribute("aria-expanded", String(Boolean(rows.length)));
    };
    const ask = () => {
      const number = ++asked;
      const words = input.value === shown() ? "" : input.value;
      fetch(`${frame.dataset.mcTra}?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok ? answer.json() : []))
        .then((rows) => { if (number === asked && document.activeElement === input) { fill(rows); } })
        .catch(close);
    };
    input.value = shown();
    input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 150); });
    input.addEventListener("click", () => { if (list.hidden) { ask(); } });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) { ask(); } else { mark(active + (event.key === "ArrowDown" ? 1 : -1)); }
      } else if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        const item = list.children[active];
        choose(item.dataset.key, item.textContent);
      } else if (event.key === "Escape") {
        input.value = shown();
        close();
      }
    });
    input.addEventListener("blur", () => {
      if (!input.value.trim()) { choose("", ""); } else { input.value = shown(); }
      close();
    });
  });
});
