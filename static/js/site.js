import {
  createAll,
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  Header,
  NotificationBanner,
  PasswordInput,
  Radios,
  Scroll,
  SkipLink,
} from "nhsuk-frontend";

import { forgetAllDrafts } from "./autosave/drafts.js";

// nhsuk-frontend styles and starts its components only below this class; its own inline script is not allowed here.
document.body.classList.add("js-enabled", "nhsuk-frontend-supported");

for (const component of [
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  Header,
  NotificationBanner,
  PasswordInput,
  Radios,
  Scroll,
  SkipLink,
]) {
  createAll(component);
}

// Nothing that was typed stays behind on a shared machine.
document.querySelector(".nhsuk-header__account-form")?.addEventListener("submit", forgetAllDrafts);
