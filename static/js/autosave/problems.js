// What the server found wrong, beside the fields it is about, as the page without scripts shows it.

/** Removes every problem of a question, also those that came with the page. */
export function clearProblems(section) {
  for (const message of section.querySelectorAll(".nhsuk-error-message")) {
    for (const field of section.querySelectorAll(`[aria-describedby~="${CSS.escape(message.id)}"]`)) {
      describe(field, message.id, false);
    }
    message.remove();
  }
  for (const field of section.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
  }
  for (const name of ["nhsuk-form-group--error", "nhsuk-input--error", "nhsuk-textarea--error"]) {
    for (const element of section.querySelectorAll(`.${name}`)) {
      element.classList.remove(name);
    }
  }
}

/** Shows `problems`, messages by the name of their field. */
export function showProblems(section, problems) {
  clearProblems(section);
  for (const [name, messages] of Object.entries(problems)) {
    const fields = [...section.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    const field = fields.find((each) => each.type !== "hidden");
    if (field) {
      showProblem(field, name, messages);
    }
  }
}

function showProblem(field, name, messages) {
  const group = field.closest(".nhsuk-form-group");
  const chosen = ["radio", "checkbox"].includes(field.type);
  const controls = chosen
    ? field.closest(".nhsuk-radios, .nhsuk-checkboxes")
    : (field.closest(".nhsuk-input-wrapper") ?? field);
  const message = document.createElement("span");
  message.className = "nhsuk-error-message";
  message.id = `id_${name}_error`;
  const hidden = document.createElement("span");
  hidden.className = "nhsuk-u-visually-hidden";
  hidden.textContent = "Error:";
  message.append(hidden, ` ${messages.join(" ")}`);
  controls.before(message);
  group.classList.add("nhsuk-form-group--error");
  const described = chosen ? (field.closest("fieldset") ?? field) : field;
  describe(described, message.id, true);
  if (!chosen) {
    field.setAttribute("aria-invalid", "true");
    field.classList.add(field.tagName === "TEXTAREA" ? "nhsuk-textarea--error" : "nhsuk-input--error");
  }
}

function describe(field, id, isDescribed) {
  const ids = (field.getAttribute("aria-describedby") ?? "").split(/\s+/).filter((each) => each && each !== id);
  const all = isDescribed ? [...ids, id] : ids;
  if (all.length) {
    field.setAttribute("aria-describedby", all.join(" "));
  } else {
    field.removeAttribute("aria-describedby");
  }
}
