// The one line that says whether everything is saved: a polite live region, so that it never interrupts.

export class SaveStatus {
  constructor(region, signIn) {
    this.region = region;
    this.signIn = signIn;
    this.savedAt = "";
    this.said = "";
  }

  tell({ stopped, trouble, disputed, invalid, unsaved, behind }) {
    const [words, link] = this.words({ stopped, trouble, disputed, invalid, unsaved, behind });
    if (words === this.said) {
      return;
    }
    this.said = words;
    this.region.classList.toggle("app-save-status--trouble", Boolean(stopped || trouble || disputed || invalid));
    this.region.replaceChildren(words, ...(link ? [" ", link] : []));
  }

  words({ stopped, trouble, disputed, invalid, unsaved, behind }) {
    if (stopped) {
      return [`Not saved: ${stopped}`];
    }
    if (trouble === "signed-out") {
      return ["Not saved yet: you are signed out. What you typed stays here.", this.link()];
    }
    if (trouble) {
      return ["Not saved yet: no connection. We keep trying."];
    }
    if (disputed) {
      return [`Not saved yet: question ${disputed.number} has two answers. Choose which one to keep.`];
    }
    if (invalid) {
      const first = Object.values(invalid.problems)[0].join(" ");
      return [`Not saved yet: question ${invalid.number}. ${first}`];
    }
    if (unsaved) {
      return ["Saving…"];
    }
    if (behind) {
      return [`Saved. Question ${behind.number} does not show it yet: no connection. We keep trying.`];
    }
    return [this.savedAt ? `Saved ${this.savedAt}` : ""];
  }

  link() {
    const link = document.createElement("a");
    link.href = this.signIn;
    link.target = "_blank";
    link.textContent = "Sign in again (opens in a new tab)";
    return link;
  }
}
