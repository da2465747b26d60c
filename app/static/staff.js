/* Comforts of the officers' pages: zoom and turn a scan, keys for pages and verdicts. Everything works without. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const viewer = document.getElementById("xem");
  const picture = viewer && viewer.querySelector(".mc-xem-nen img");
  if (picture) {
    let scale = 1, turned = 0;
    const draw = () => {
      picture.classList.toggle("tu-do", scale !== 1);
      picture.style.width = scale === 1 ? "" : `${Math.round(scale * 100)}%`;
      picture.style.rotate = turned ? `${turned}deg` : "";
    };
    const zoom = (step) => { scale = Math.min(4, Math.max(0.5, scale + step * 0.25)); draw(); };
    viewer.querySelectorAll(".mc-phong").forEach((buttons) => { buttons.hidden = false; });
    viewer.querySelectorAll("[data-mc-phong]").forEach((button) => {
      button.addEventListener("click", () => zoom(Number(button.dataset.mcPhong)));
    });
    viewer.querySelectorAll("[data-mc-xoay]").forEach((button) => {
      button.addEventListener("click", () => { turned = (turned + 90) % 360; draw(); });
    });
    document.addEventListener("keydown", (event) => {
      if (isTyping(event)) return;
      const link = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
      const target = link && viewer.querySelector(`a[rel=${link}]`);
      if (target) target.click();
      if (event.key === "+" || event.key === "-") zoom(event.key === "+" ? 1 : -1);
    });
  }
  const verdicts = document.querySelectorAll(".mc-phan input[name=verdict]");
  document.addEventListener("keydown", (event) => {
    const chosen = !isTyping(event) && verdicts[Number(event.key) - 1];
    if (chosen) { chosen.checked = true; chosen.focus(); }
  });
  const failed = document.querySelector("[aria-invalid=true]");
  if (failed) failed.scrollIntoView({ block: "center" });
});
function isTyping(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return true;
  const control = event.target.closest("input,textarea,select");
  return Boolean(control) && control.type !== "radio";
}
