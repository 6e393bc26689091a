// One question of the page: its fields as they are, and as they were last acknowledged.

const ABOUT_THE_FORM = /(^confirm|:(version|disputed|keep))$/;

export class Question {
  constructor(section) {
    this.inFlight = null;
    this.timer = undefined;
    this.show(section);
  }

  /** Takes the section's fields for what is stored. */
  show(section) {
    this.section = section;
    this.code = section.dataset.question;
    this.number = section.dataset.number;
    this.answered = "answered" in section.dataset;
    this.problems = null;
    this.refusedAs = null;
    this.settling = false;
    this.confirming = false;
    this.unanswered = null;
    // Whether the server holds an answer that these fields do not show yet, and whether it is one of the round before.
    this.behind = false;
    this.confirmed = false;
    // A dispute replaces the version that was typed over; what is kept for later must not pass for newer.
    this.typedOver = this.disputed ? "" : undefined;
    this.acknowledged = this.isTrouble ? "" : this.answer();
  }

  /** Whether the page came from the server with something to mend or to decide in this question. */
  get isTrouble() {
    return this.disputed || this.section.querySelector(".nhsuk-error-message") !== null;
  }

  get disputed() {
    return this.section.querySelector('[name$=":disputed"]') !== null;
  }

  get versionField() {
    return this.section.querySelector('[name$=":version"]');
  }

  get version() {
    return Number(this.versionField.value);
  }

  get controls() {
    return [...this.section.querySelectorAll("input[name], textarea[name]")];
  }

  /** Everything that the form would send for this question, encoded as a form. */
  fields() {
    const sent = this.controls.filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked);
    const pairs = sent.map((field) => [field.name, field.value]);
    return new URLSearchParams(this.confirming ? [...pairs, ["confirm", this.code]] : pairs).toString();
  }

  /** The same to keep for later, with the version of the answer that it was typed over. */
  draft() {
    const fields = new URLSearchParams(this.fields());
    fields.set(this.versionField.name, this.typedOver ?? this.versionField.value);
    return fields.toString();
  }

  /** What was answered, encoded as a form. */
  answer(fields = this.fields()) {
    const pairs = [...new URLSearchParams(fields)].filter(([name]) => !ABOUT_THE_FORM.test(name));
    return new URLSearchParams(pairs).toString();
  }

  get isUnsaved() {
    return this.disputed || this.confirming || this.answer() !== this.acknowledged;
  }

  /** Puts the fields back to what the server sent: browsers fill in what they remember of an older page. */
  reset() {
    for (const field of this.controls) {
      if (["radio", "checkbox"].includes(field.type)) {
        field.checked = field.defaultChecked;
      } else {
        field.value = field.defaultValue;
      }
    }
    this.acknowledged = this.isTrouble ? "" : this.answer();
  }

  /** Puts fields back that were kept, with the version of the answer that they were typed over. */
  restore(fields) {
    const kept = new URLSearchParams(fields);
    for (const field of this.controls) {
      const values = kept.getAll(field.name);
      if (["radio", "checkbox"].includes(field.type)) {
        field.checked = values.includes(field.value);
      } else if (values.length) {
        field.value = values[0];
      }
    }
  }

  /** The server holds `fields` now, as `version`. */
  accept(fields, version, lastSaved, flags) {
    this.section.querySelector("[data-both]").replaceChildren();
    this.acknowledged = this.answer(fields);
    this.typedOver = undefined;
    this.versionField.value = version;
    if (lastSaved) {
      this.section.querySelector("[data-last-saved]").textContent = lastSaved;
      this.takeConfirmAway();
      this.flag(flags ?? []);
    }
  }

  /** What has an answer is not answered by the round before any more. */
  takeConfirmAway() {
    this.confirming = false;
    this.section.querySelector('[name="confirm"]')?.remove();
  }

  /** Says what asks for a second look at the answer; what is said already is not said again. */
  flag(flags) {
    const region = this.section.querySelector("[data-flags]");
    const said = [...region.querySelectorAll("[data-flag]")].map((words) => words.textContent);
    if (said.join("\n") !== flags.join("\n")) {
      const template = document.querySelector("template[data-flag-line]");
      region.replaceChildren(
        ...flags.map((words) => {
          const line = template.content.firstElementChild.cloneNode(true);
          line.querySelector("[data-flag]").textContent = words;
          return line;
        }),
      );
    }
  }

  /** Somebody else has saved `version` meanwhile: shows both answers, made by the server. */
  dispute(version, both) {
    this.typedOver ??= this.versionField.value;
    this.versionField.value = version;
    this.section.querySelector("[data-both]").innerHTML = both;
    this.takeConfirmAway();
  }
}
