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
