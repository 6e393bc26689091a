// What has been typed and not been acknowledged, kept for this tab alone: by person, address and question.

const PREFIX = "unsaved-answer:";

/** Forgets everything that was kept, whoever typed it: for signing out. */
export function forgetAllDrafts() {
  forgetDrafts(() => true);
}

function forgetDrafts(which) {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(PREFIX) && which(key)) {
        sessionStorage.removeItem(key);
      }
    }
  } catch {
    // A browser without storage keeps nothing.
  }
}

export class Drafts {
  constructor(person, address) {
    this.prefix = `${PREFIX}${person}:`;
    this.address = address;
    forgetDrafts((key) => !key.startsWith(this.prefix));
  }

  key(code) {
    return `${this.prefix}${this.address}:${code}`;
  }

  keep(question) {
    try {
      sessionStorage.setItem(this.key(question.code), question.draft());
    } catch {
      // A full or forbidden storage costs only what a refresh would otherwise have kept.
    }
  }

  of(code) {
    try {
      return sessionStorage.getItem(this.key(code));
    } catch {
      return null;
    }
  }

  forget(code) {
    try {
      sessionStorage.removeItem(this.key(code));
    } catch {
      // Nothing was kept.
    }
  }
}
