// Saves each question of a section as it is answered, through the address that the form itself is sent to.
// What is not acknowledged yet stays in this tab's session storage, so that a refresh does not lose it.

import { createAll, CharacterCount, Checkboxes, Radios } from "nhsuk-frontend";

import { Drafts } from "./autosave/drafts.js";
import { clearProblems, showProblems } from "./autosave/problems.js";
import { Question } from "./autosave/question.js";
import { SaveStatus } from "./autosave/status.js";

const PAUSE = 1_500;
const FIRST_RETRY = 2_000;
const LAST_RETRY = 30_000;
const PATIENCE = 20_000;
const BEAT = 30_000;
const SOMEBODY_ELSE = "somebody else is signed in here now. Sign in as yourself to save what you typed.";
const GONE = "this section is no longer open to you. Copy what you want to keep, and ask the ICS data lead.";
const CLOSED = "the answers of this section can no longer be changed. Copy what you want to keep.";

class Autosave {
  constructor(form) {
    this.form = form;
    this.address = form.getAttribute("action") || window.location.pathname;
    this.person = form.dataset.person;
    this.status = new SaveStatus(form.querySelector("[data-save-status]"), form.dataset.signIn);
    this.drafts = new Drafts(this.person, this.address);
    this.questions = new Map();
    this.failures = 0;
    this.trouble = null;
    this.submitting = false;
    this.preparing = false;
    this.worked = false;
  }

  start() {
    const errors = this.form.querySelector(".nhsuk-error-message") !== null;
    for (const section of this.form.querySelectorAll("[data-question]")) {
      const question = new Question(section);
      this.questions.set(question.code, question);
      // A page that came back with problems shows what was typed, which the server has not stored.
      if (!errors) {
        this.takeUp(question);
      }
    }
    this.form.addEventListener("input", (event) => this.changed(event));
    this.form.addEventListener("change", (event) => this.changed(event));
    this.form.addEventListener("focusout", (event) => this.left(event));
    this.form.addEventListener("click", (event) => this.settle(event));
    this.form.addEventListener("click", (event) => this.confirm(event));
    this.form.addEventListener("submit", (event) => this.submit(event));
    window.addEventListener("online", () => this.tryAgain());
    window.addEventListener("focus", () => this.tryAgain());
    window.addEventListener("pageshow", (event) => event.persisted && this.shownAgain());
    window.addEventListener("pagehide", () => this.sendAll(true));
    document.addEventListener("visibilitychange", () => document.hidden && this.sendAll(true));
    window.addEventListener("beforeunload", (event) => this.warn(event));
    for (const sign of ["input", "keydown", "pointerdown", "scroll"]) {
      document.addEventListener(sign, () => (this.worked = true), { passive: true });
    }
    setInterval(() => this.beat(), BEAT);
    this.tell();
  }

  /** Says that somebody works here, if they have done anything since last time, and who else does. */
  async beat() {
    if (!this.worked || document.hidden || this.stopped || this.trouble) {
      return;
    }
    this.worked = false;
    try {
      const told = await this.freshen();
      if (told) {
        document.querySelector("[data-present]").textContent = told.present;
      }
    } catch {
      // The next save tells whether there is a connection.
    }
  }

  /** Shows what the server sent, unless this tab still holds something that was never acknowledged. */
  takeUp(question) {
    question.reset();
    const draft = this.drafts.of(question.code);
    if (draft) {
      question.restore(draft);
      this.schedule(question, 0);
    }
  }

  questionOf(target) {
    const section = target.closest?.("[data-question]");
    return section ? this.questions.get(section.dataset.question) : undefined;
  }

  changed(event) {
    const question = this.questionOf(event.target);
    if (!question || event.target.name.endsWith(":keep")) {
      return;
    }
    if (question.isUnsaved) {
      this.drafts.keep(question);
    } else {
      this.drafts.forget(question.code);
      question.problems = null;
      question.refusedAs = null;
      clearProblems(question.section);
    }
    const typed = !["radio", "checkbox"].includes(event.target.type);
    if (!typed || event.type === "input") {
      this.schedule(question, typed ? PAUSE : 0);
    }
  }

  left(event) {
    const question = this.questionOf(event.target);
    if (!question) {
      return;
    }
    if (!question.section.contains(event.relatedTarget) && question.problems) {
      showProblems(question.section, question.problems);
    }
    this.schedule(question, 0);
  }

  schedule(question, delay) {
    clearTimeout(question.timer);
    question.timer = setTimeout(() => this.send(question), delay);
    this.tell();
  }

  sendAll(leaving = false) {
    if (this.submitting) {
      return;
    }
    for (const question of this.questions.values()) {
      this.send(question, leaving);
    }
  }

  /** Sends a question unless it is on its way already, is as it was saved, or waits for a choice. */
  send(question, leaving = false) {
    clearTimeout(question.timer);
    if (!question.inFlight && !this.stopped && this.isToBeSent(question)) {
      question.inFlight = this.deliver(question, leaving);
    }
    this.tell();
    return question.inFlight;
  }

  isToBeSent(question) {
    if (question.disputed) {
      return question.settling;
    }
    return question.isUnsaved && question.refusedAs !== question.fields();
  }

  async deliver(question, leaving) {
    // What may or may not have arrived goes first, as it was: sent twice it is stored once, and the server never
    // takes a person's own words for somebody else's.
    const fields = question.unanswered ?? question.fields();
    question.unanswered = fields;
    try {
      const response = await this.ask("POST", fields, leaving);
      await this.heard(question, fields, response);
    } catch (error) {
      this.noConnection(error);
    } finally {
      question.inFlight = null;
      question.settling = false;
    }
    this.tell();
    if (!this.trouble && question.isUnsaved && question.fields() !== fields) {
      this.schedule(question, PAUSE);
    }
  }

  async ask(method, fields, leaving = false) {
    const body = fields === undefined ? undefined : new URLSearchParams(fields);
    body?.set("person", this.person);
    const response = await fetch(this.address, {
      method,
      body,
      headers: { Accept: "application/json", "X-CSRFToken": this.token },
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      keepalive: leaving,
      signal: leaving ? undefined : AbortSignal.timeout(PATIENCE),
    });
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    if (response.status === 404 && !isJson) {
      return { status: 404, told: { refused: GONE } };
    }
    if (!isJson) {
      throw new Error(`${response.status} without an answer`);
    }
    return { status: response.status, told: await response.json() };
  }

  get token() {
    return this.form.elements.csrfmiddlewaretoken.value;
  }

  async heard(question, fields, { status, told }) {
    if (status === 401) {
      question.unanswered = null;
      this.signedOut();
    } else if (told.stale_token && this.freshened) {
      throw new Error("The new token is refused too");
    } else if (told.stale_token) {
      await this.freshen();
      this.freshened = true;
      this.tryAgain();
    } else if (told.other_person) {
      this.stop(SOMEBODY_ELSE);
    } else if (told.refused) {
      this.stop(told.refused);
    } else if (told.questions?.[question.code]) {
      this.failures = 0;
      this.trouble = null;
      this.freshened = false;
      await this.became(question, fields, told.questions[question.code], told);
    } else {
      throw new Error(`${status} without an answer`);
    }
  }

  /** Takes a new token, which signing in again has changed, and finds out who is signed in. */
  async freshen() {
    const { status, told } = await this.ask("GET");
    if (status === 401) {
      this.signedOut();
      return undefined;
    }
    if (told.refused || String(told.person) !== this.person) {
      this.stop(told.refused || SOMEBODY_ELSE);
      return undefined;
    }
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
      field.value = told.token;
    }
    this.trouble = null;
    return told;
  }

  async became(question, fields, { state, version, answered, problems, both, flags }, told) {
    const confirmed = new URLSearchParams(fields).has("confirm");
    question.confirming &&= !confirmed;
    question.problems = null;
    question.refusedAs = null;
    question.unanswered = null;
    if (state === "invalid") {
      question.refusedAs = fields;
      question.problems = problems;
      if (!question.section.contains(document.activeElement)) {
        showProblems(question.section, problems);
      }
    } else if (state === "conflict") {
      question.dispute(version, both);
      createAll(Radios, undefined, question.section.querySelector("[data-both]"));
    } else {
      clearProblems(question.section);
      const theirs = state === "unchanged" && version !== question.version;
      question.accept(fields, version, state === "saved" ? told.last_saved : "", flags);
      this.count(question, answered);
      this.status.savedAt = told.saved_at;
      if (question.isUnsaved) {
        this.drafts.keep(question);
      } else {
        this.drafts.forget(question.code);
        question.behind = theirs || confirmed;
        question.confirmed = confirmed;
        await this.catchUp();
      }
    }
  }

  /** Counts on what the page says of how many questions are answered, where that hangs on nothing else. */
  count(question, answered) {
    const bar = document.querySelector("[data-count] progress");
    if (bar && answered !== undefined && answered !== question.answered) {
      bar.value += answered ? 1 : -1;
      document.querySelector("[data-count] strong").textContent = `${bar.value} of ${bar.max}`;
    }
    question.answered = answered ?? question.answered;
  }

  /** Does what was chosen between two answers, when its button is pressed. */
  settle(event) {
    const question = this.questionOf(event.target);
    if (!question || !event.target.closest("[data-settle]")) {
      return;
    }
    event.preventDefault();
    const chosen = question.section.querySelector('[name$=":keep"]:checked')?.value;
    if (chosen === "theirs") {
      this.replace([question], true).catch((error) => this.noConnection(error));
    } else if (chosen === "mine") {
      question.settling = true;
      question.refusedAs = null;
      this.send(question);
    } else {
      const keep = question.section.querySelector('[name$=":keep"]').name;
      showProblems(question.section, {
        [keep]: ["Somebody else has changed this answer. Choose which one to keep."],
      });
      question.section.querySelector('[name$=":keep"]').focus();
    }
  }

  /** Answers a question as in the round before, when its button is pressed; what is typed already goes before. */
  confirm(event) {
    const question = this.questionOf(event.target);
    if (!question || !event.target.closest('[name="confirm"]') || this.stopped) {
      return;
    }
    event.preventDefault();
    question.confirming = true;
    this.send(question);
  }

  /** Shows the questions of which the server holds something else than the page; what fails is tried again. */
  async catchUp() {
    for (const question of this.behind) {
      // Whoever has moved on to another field in the meantime is not called back.
      const waits = [document.body, null].includes(document.activeElement);
      await this.replace([question], question.confirmed && waits);
      this.trouble = null;
      this.failures = 0;
    }
    this.tell();
  }

  /** Shows these questions as the server holds them now. */
  async replace(questions, focus = false) {
    const response = await fetch(this.address, {
      headers: { Accept: "text/html" },
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.status >= 500) {
      throw new Error(`${response.status} without a page`);
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const count = page.querySelector(".app-progress");
    if (count) {
      document.querySelector(".app-progress").replaceWith(count);
    }
    for (const question of questions) {
      const fresh = page.getElementById(question.section.id);
      if (!fresh) {
        this.refused(response);
        return;
      }
      question.section.replaceWith(fresh);
      question.show(fresh);
      for (const component of [Radios, Checkboxes, CharacterCount]) {
        createAll(component, undefined, fresh);
      }
      this.drafts.forget(question.code);
      if (focus) {
        const heading = fresh.querySelector(`#number-${CSS.escape(question.code)}`);
        heading.tabIndex = -1;
        heading.focus();
      }
    }
    this.tell();
  }

  /** The browser shows the page as it was left: what somebody changed meanwhile is fetched. */
  async shownAgain() {
    this.submitting = false;
    try {
      const told = await this.freshen();
      if (told) {
        const behind = [...this.questions.values()].filter(
          (question) => !question.isUnsaved && told.versions[question.code] !== question.version,
        );
        if (behind.length) {
          await this.replace(behind);
        }
        this.sendAll();
      }
    } catch (error) {
      this.noConnection(error);
    }
  }

  /** Saves what is left first, so that nothing is kept here that the form itself brings to the server. */
  async submit(event) {
    if (this.submitting || event.defaultPrevented) {
      return;
    }
    event.preventDefault();
    if (this.preparing) {
      return;
    }
    this.preparing = true;
    for (const question of this.trouble ? [] : this.questions.values()) {
      await question.inFlight;
      await this.send(question);
    }
    // A form does not take another submission before the event of this one is over.
    await new Promise((over) => setTimeout(over, 0));
    this.preparing = false;
    this.submitting = true;
    this.form.requestSubmit(event.submitter);
  }

  /** The page that came holds no question: another page came instead, or the questions to read only. */
  refused(response) {
    if (response.redirected) {
      this.signedOut();
    } else {
      this.stop(CLOSED);
    }
  }

  signedOut() {
    this.failures += 1;
    this.wait("signed-out");
  }

  noConnection(error) {
    // A page that is being left stops its requests; nobody is there to be told.
    if (error.name !== "AbortError") {
      this.failures += 1;
      this.wait("no-connection");
    }
  }

  wait(trouble) {
    this.trouble = trouble;
    clearTimeout(this.retry);
    const delay = Math.min(FIRST_RETRY * 2 ** Math.max(this.failures - 1, 0), LAST_RETRY);
    this.retry = setTimeout(() => this.tryAgain(), delay);
    this.tell();
  }

  async tryAgain() {
    clearTimeout(this.retry);
    if (this.stopped || !(this.unsaved.length || this.behind.length)) {
      return;
    }
    if (this.trouble === "signed-out") {
      try {
        await this.freshen();
      } catch (error) {
        this.noConnection(error);
      }
      if (this.trouble) {
        return;
      }
    }
    // Whatever is on its way reports by itself; its answer comes before this runs.
    setTimeout(() => this.sendAll(), 0);
    this.catchUp().catch((error) => this.noConnection(error));
  }

  stop(message) {
    this.stopped = message;
    this.tell();
  }

  get unsaved() {
    return [...this.questions.values()].filter((question) => question.isUnsaved || question.inFlight);
  }

  get behind() {
    return [...this.questions.values()].filter((question) => question.behind && !question.isUnsaved);
  }

  warn(event) {
    if (!this.submitting && this.unsaved.length) {
      event.preventDefault();
    }
  }

  tell() {
    this.status.tell({
      stopped: this.stopped,
      trouble: this.unsaved.length ? this.trouble : null,
      disputed: this.unsaved.find((question) => question.disputed),
      invalid: this.unsaved.find((question) => question.problems),
      unsaved: this.unsaved.length,
      behind: this.behind[0],
    });
  }
}

const form = document.querySelector("form[data-autosave]");
if (form) {
  new Autosave(form).start();
}
