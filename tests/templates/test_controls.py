"""How the template pack draws one field: label, hint, error and control belong together."""

from __future__ import annotations

from typing import Any

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms
from django.test.html import parse_html

from surveys.templatetags.nhsuk_forms import ErrorLink, error_links, shown_fields
from tests.templates.sample_forms import Choice, EveryControl


def drawn(field: forms.Field, data: dict[str, Any] | None = None, **initial: Any) -> str:
    """Return the HTML of a form's only field, named `answer`, as the pack draws it."""
    form = type("OneField", (forms.Form,), {"answer": field})(data, initial=initial)
    return as_crispy_field(form["answer"])


def same(html: str, expected: str) -> bool:
    """Whether two pieces of HTML are the same but for white space and the order of attributes."""
    return parse_html(html) == parse_html(expected)


def test_a_text_is_described_by_its_hint() -> None:
    field = forms.CharField(label="Organisation", help_text="Its full name", max_length=80)
    assert same(
        drawn(field),
        """
        <div class="nhsuk-form-group">
          <label class="nhsuk-label nhsuk-label--s" for="id_answer">Organisation</label>
          <div class="nhsuk-hint" id="id_answer_helptext">Its full name</div>
          <input type="text" name="answer" maxlength="80" class="nhsuk-input" id="id_answer"
                 aria-describedby="id_answer_helptext">
        </div>
        """,
    )


def test_an_error_stands_at_its_field_and_describes_it() -> None:
    field = forms.EmailField(
        label="E-mail address",
        error_messages={"invalid": "Enter an address like name@example.org"},
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    assert same(
        drawn(field, {"answer": "nobody"}),
        """
        <div class="nhsuk-form-group nhsuk-form-group--error">
          <label class="nhsuk-label nhsuk-label--s" for="id_answer">E-mail address</label>
          <span class="nhsuk-error-message" id="id_answer_error">
            <span class="nhsuk-u-visually-hidden">Error:</span> Enter an address like name@example.org
          </span>
          <input type="email" name="answer" value="nobody" autocomplete="email" maxlength="320"
                 class="nhsuk-input nhsuk-input--error" id="id_answer"
                 aria-describedby="id_answer_error" aria-invalid="true">
        </div>
        """,
    )


def test_what_was_typed_and_what_it_is_called_cannot_become_markup() -> None:
    field = forms.CharField(label="<i>Name</i>", help_text="<b>All</b>", required=False)
    assert same(
        drawn(field, {"answer": '"><script>alert(1)</script>'}),
        """
        <div class="nhsuk-form-group">
          <label class="nhsuk-label nhsuk-label--s" for="id_answer">&lt;i&gt;Name&lt;/i&gt;</label>
          <div class="nhsuk-hint" id="id_answer_helptext">&lt;b&gt;All&lt;/b&gt;</div>
          <input type="text" name="answer" value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
                 class="nhsuk-input" id="id_answer" aria-describedby="id_answer_helptext">
        </div>
        """,
    )


def test_a_text_area_counts_words_and_lets_people_type_more() -> None:
    field = forms.CharField(label="Evidence", widget=forms.Textarea({"data-maxwords": "300", "rows": 3}))
    assert same(
        drawn(field),
        """
        <div class="nhsuk-form-group nhsuk-character-count" data-module="nhsuk-character-count"
             data-maxlength="300" data-count-type="words">
          <label class="nhsuk-label nhsuk-label--s" for="id_answer">Evidence</label>
          <textarea name="answer" cols="40" rows="3" class="nhsuk-textarea nhsuk-js-character-count"
                    id="id_answer" aria-describedby="id_answer-info"></textarea>
          <div class="nhsuk-hint nhsuk-character-count__message" id="id_answer-info">
            You can enter up to 300 words
          </div>
        </div>
        """,
    )


def test_a_text_area_counts_characters_up_to_its_longest_length() -> None:
    field = forms.CharField(label="Summary", max_length=20, widget=forms.Textarea({"rows": 3}))
    html = drawn(field, {"answer": "A text of more than twenty characters"})
    assert same(
        html,
        """
        <div class="nhsuk-form-group nhsuk-form-group--error nhsuk-character-count"
             data-module="nhsuk-character-count" data-maxlength="20" data-count-type="characters">
          <label class="nhsuk-label nhsuk-label--s" for="id_answer">Summary</label>
          <span class="nhsuk-error-message" id="id_answer_error">
            <span class="nhsuk-u-visually-hidden">Error:</span>
            Ensure this value has at most 20 characters (it has 37).
          </span>
          <textarea name="answer" cols="40" rows="3" aria-invalid="true" id="id_answer"
                    class="nhsuk-textarea nhsuk-js-character-count nhsuk-textarea--error"
                    aria-describedby="id_answer_error id_answer-info">A text of more than twenty
                           characters</textarea>
          <div class="nhsuk-hint nhsuk-character-count__message" id="id_answer-info">
            You can enter up to 20 characters
          </div>
        </div>
        """,
    )


def test_a_password_can_be_shown_where_there_is_javascript() -> None:
    field = forms.CharField(
        label="Password", widget=forms.PasswordInput({"autocomplete": "current-password"})
    )
    assert same(
        drawn(field, {"answer": "secret"}),
        """
        <div class="nhsuk-form-group nhsuk-password-input" data-module="nhsuk-password-input">
          <label class="nhsuk-label nhsuk-label--s" for="id_answer">Password</label>
          <div class="nhsuk-input-wrapper">
            <input type="password" name="answer" autocomplete="current-password" id="id_answer"
                   spellcheck="false" autocapitalize="none"
                   class="nhsuk-input nhsuk-password-input__input nhsuk-js-password-input-input">
            <button class="nhsuk-button nhsuk-button--secondary nhsuk-button--small
                           nhsuk-password-input__toggle nhsuk-js-password-input-toggle"
                    data-module="nhsuk-button" type="button" aria-label="Show password"
                    aria-controls="id_answer" hidden>Show</button>
          </div>
        </div>
        """,
    )


def test_a_number_shows_its_unit() -> None:
    field = forms.DecimalField(
        label="Share", widget=forms.TextInput({"inputmode": "decimal"}), localize=False
    )
    field.suffix = "%"  # type: ignore[attr-defined]  # the pack reads it, Django has no such name
    assert same(
        drawn(field, answer="12.5"),
        """
        <div class="nhsuk-form-group">
          <label class="nhsuk-label nhsuk-label--s" for="id_answer">Share</label>
          <div class="nhsuk-input-wrapper">
            <input type="text" name="answer" value="12.5" inputmode="decimal" class="nhsuk-input"
                   id="id_answer">
            <div class="nhsuk-input-wrapper__suffix" aria-hidden="true">%</div>
          </div>
        </div>
        """,
    )


def test_radios_are_a_group_whose_legend_is_the_question() -> None:
    field = forms.ChoiceField(
        label="How is data shared?",
        help_text="Think of the whole system",
        choices=[("1", Choice("1 Starting", "Case by case & ad hoc.")), ("2", Choice("2 Developing"))],
        widget=forms.RadioSelect({"data-save": "yes"}),
    )
    assert same(
        drawn(field, answer="2"),
        """
        <div class="nhsuk-form-group">
          <fieldset class="nhsuk-fieldset" aria-describedby="id_answer_helptext">
            <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">How is data shared?</legend>
            <div class="nhsuk-hint" id="id_answer_helptext">Think of the whole system</div>
            <div class="nhsuk-radios" data-module="nhsuk-radios">
              <div class="nhsuk-radios__item">
                <input class="nhsuk-radios__input" id="id_answer_0" name="answer" type="radio" value="1"
                       data-save="yes" aria-describedby="id_answer_0-hint">
                <label class="nhsuk-label nhsuk-radios__label" for="id_answer_0">1 Starting</label>
                <div class="nhsuk-hint nhsuk-radios__hint" id="id_answer_0-hint">Case by case &amp; ad
                       hoc.</div>
              </div>
              <div class="nhsuk-radios__item">
                <input class="nhsuk-radios__input" id="id_answer_1" name="answer" type="radio" value="2"
                       data-save="yes" checked>
                <label class="nhsuk-label nhsuk-radios__label" for="id_answer_1">2 Developing</label>
              </div>
            </div>
          </fieldset>
        </div>
        """,
    )


def test_an_error_of_checkboxes_describes_the_group() -> None:
    field = forms.MultipleChoiceField(
        label="Which topics?",
        choices=[("a", "Skills"), ("b", "Tools")],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the list"},
    )
    assert same(
        drawn(field, {"answer": ["b", "x"]}),
        """
        <div class="nhsuk-form-group nhsuk-form-group--error">
          <fieldset class="nhsuk-fieldset" aria-describedby="id_answer_error">
            <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">Which topics?</legend>
            <span class="nhsuk-error-message" id="id_answer_error">
              <span class="nhsuk-u-visually-hidden">Error:</span> Choose from the list
            </span>
            <div class="nhsuk-checkboxes" data-module="nhsuk-checkboxes">
              <div class="nhsuk-checkboxes__item">
                <input class="nhsuk-checkboxes__input" id="id_answer_0" name="answer" type="checkbox"
                       value="a">
                <label class="nhsuk-label nhsuk-checkboxes__label" for="id_answer_0">Skills</label>
              </div>
              <div class="nhsuk-checkboxes__item">
                <input class="nhsuk-checkboxes__input" id="id_answer_1" name="answer" type="checkbox"
                       value="b"
                       checked>
                <label class="nhsuk-label nhsuk-checkboxes__label" for="id_answer_1">Tools</label>
              </div>
            </div>
          </fieldset>
        </div>
        """,
    )


def test_a_single_checkbox_has_its_hint_beside_it() -> None:
    field = forms.BooleanField(
        label="These answers may be shared", help_text="With other systems", disabled=True
    )
    assert same(
        drawn(field),
        """
        <div class="nhsuk-form-group">
          <div class="nhsuk-checkboxes" data-module="nhsuk-checkboxes">
            <div class="nhsuk-checkboxes__item">
              <input type="checkbox" name="answer" class="nhsuk-checkboxes__input" id="id_answer"
                     aria-describedby="id_answer_helptext" disabled>
              <label class="nhsuk-label nhsuk-checkboxes__label" for="id_answer">These answers may be
                     shared</label>
              <div class="nhsuk-hint nhsuk-checkboxes__hint" id="id_answer_helptext">With other systems</div>
            </div>
          </div>
        </div>
        """,
    )


def test_a_date_and_a_time_are_a_group_with_a_label_each() -> None:
    field = forms.SplitDateTimeField(
        label="Closes at",
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date", "aria-label": "Date"},
            time_attrs={"type": "time", "aria-label": "Time"},
        ),
    )
    assert same(
        drawn(field, {"answer_0": "2026-03-31", "answer_1": "soon"}),
        """
        <div class="nhsuk-form-group nhsuk-form-group--error">
          <fieldset class="nhsuk-fieldset" aria-describedby="id_answer_error">
            <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">Closes at</legend>
            <span class="nhsuk-error-message" id="id_answer_error">
              <span class="nhsuk-u-visually-hidden">Error:</span> Enter a valid time.
            </span>
            <div class="nhsuk-date-input">
              <div class="nhsuk-date-input__item">
                <div class="nhsuk-form-group">
                  <label class="nhsuk-label nhsuk-date-input__label" for="id_answer_0">Date</label>
                  <input type="date" name="answer_0" value="2026-03-31" id="id_answer_0" aria-invalid="true"
                         class="nhsuk-input nhsuk-date-input__input nhsuk-input--error">
                </div>
              </div>
              <div class="nhsuk-date-input__item">
                <div class="nhsuk-form-group">
                  <label class="nhsuk-label nhsuk-date-input__label" for="id_answer_1">Time</label>
                  <input type="time" name="answer_1" value="soon" id="id_answer_1" aria-invalid="true"
                         class="nhsuk-input nhsuk-date-input__input nhsuk-input--error">
                </div>
              </div>
            </div>
          </fieldset>
        </div>
        """,
    )


def test_a_select_and_a_file_have_their_own_looks() -> None:
    region = forms.ChoiceField(label="Region", choices=[("", "Choose one"), ("Y58", "South West")])
    assert same(
        drawn(region, answer="Y58"),
        """
        <div class="nhsuk-form-group">
          <label class="nhsuk-label nhsuk-label--s" for="id_answer">Region</label>
          <select name="answer" class="nhsuk-select" id="id_answer">
            <option value="">Choose one</option>
            <option value="Y58" selected>South West</option>
          </select>
        </div>
        """,
    )
    assert same(
        drawn(forms.FileField(label="Workbook", widget=forms.FileInput({"accept": ".xlsx"}))),
        """
        <div class="nhsuk-form-group nhsuk-file-upload">
          <label class="nhsuk-label nhsuk-label--s" for="id_answer">Workbook</label>
          <input type="file" name="answer" accept=".xlsx" class="nhsuk-file-upload__input" id="id_answer">
        </div>
        """,
    )


def test_a_hidden_field_is_only_its_input() -> None:
    field = forms.IntegerField(widget=forms.HiddenInput)
    assert same(drawn(field, answer=3), '<input type="hidden" name="answer" value="3" id="id_answer">')


def test_a_field_that_a_choice_reveals_stands_inside_that_choice_alone() -> None:
    form = EveryControl(initial={"applies": "no"})
    names = [field.name for field in shown_fields(form)]
    assert names == [field.name for field in form.visible_fields() if field.name != "reason"]
    assert same(
        as_crispy_field(form["applies"]),
        """
        <div class="nhsuk-form-group">
          <fieldset class="nhsuk-fieldset" aria-describedby="id_applies_helptext">
            <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">Does this apply to you?</legend>
            <div class="nhsuk-hint" id="id_applies_helptext">Think of the whole system</div>
            <div class="nhsuk-radios" data-module="nhsuk-radios">
              <div class="nhsuk-radios__item">
                <input class="nhsuk-radios__input" id="id_applies_0" name="applies" type="radio" value="yes">
                <label class="nhsuk-label nhsuk-radios__label" for="id_applies_0">Yes</label>
              </div>
              <div class="nhsuk-radios__item">
                <input class="nhsuk-radios__input" id="id_applies_1" name="applies" type="radio"
                       value="no" checked>
                <label class="nhsuk-label nhsuk-radios__label" for="id_applies_1">No, not applicable</label>
              </div>
              <div class="nhsuk-radios__conditional app-revealed">
                <div class="nhsuk-form-group">
                  <label class="nhsuk-label nhsuk-label--s" for="id_reason">Why does it not apply?</label>
                  <input type="text" name="reason" class="nhsuk-input" id="id_reason">
                </div>
              </div>
            </div>
          </fieldset>
        </div>
        """,
    )


def test_the_error_summary_goes_to_the_first_control_of_each_field_in_the_order_of_the_page() -> None:
    form = EveryControl({"refuse": "yes", "version": "x", "text": "Devon", "email": "nobody"})
    assert error_links(form) == (
        ErrorLink("These answers do not fit together", ""),
        ErrorLink("Enter a valid email address.", "id_email"),
        ErrorLink("Password: This field is required.", "id_password"),
        ErrorLink("Share of records: This field is required.", "id_number"),
        ErrorLink("Opens on: This field is required.", "id_date"),
        ErrorLink("Closes at: This field is required.", "id_moment_0"),
        ErrorLink("Founded on: This field is required.", "id_founded_0"),
        ErrorLink("Summary: This field is required.", "id_summary"),
        ErrorLink("Evidence: This field is required.", "id_evidence"),
        ErrorLink("Remark: This field is required.", "id_remark"),
        ErrorLink("Region: This field is required.", "id_region"),
        ErrorLink("How is data shared?: This field is required.", "id_level_0"),
        ErrorLink("Does this apply to you?: This field is required.", "id_applies_0"),
        ErrorLink("Why does it not apply?: This field is required.", "id_reason"),
        ErrorLink("Which topics?: This field is required.", "id_topics_0"),
        ErrorLink("These answers may be shared: This field is required.", "id_consent"),
        ErrorLink("Workbook: This field is required.", "id_workbook"),
        ErrorLink("Enter a whole number.", ""),
    )
