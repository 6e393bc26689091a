"""Whole forms: what crispy-forms' tags and layouts come to in our pack."""

from __future__ import annotations

import inspect

from crispy_forms import layout
from crispy_forms.bootstrap import FormActions, InlineRadios, PrependedText, StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import (
    Button,
    ButtonHolder,
    Column,
    Div,
    Field,
    Fieldset,
    Hidden,
    Layout,
    MultiField,
    Reset,
    Row,
    Submit,
)
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_errors, as_crispy_form
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import engines
from django.template.loader import get_template

from tests.templates.test_controls import same


class Name(forms.Form):
    """One visible and one hidden field."""

    name = forms.CharField(label="Name", error_messages={"required": "Enter a name"})
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class Size(forms.Form):
    """A choice of two."""

    size = forms.ChoiceField(label="Size", choices=[("s", "Small"), ("l", "Large")], widget=forms.RadioSelect)


NAME_FIELD = """
<div class="nhsuk-form-group">
  <label class="nhsuk-label nhsuk-label--s" for="id_name">Name</label>
  <input type="text" name="name" class="nhsuk-input" id="id_name">
</div>
"""


def laid_out(*objects: object) -> str:
    """Return the HTML of the form of a name, laid out by `objects` without the form's own tag."""
    form = Name()
    form.helper = FormHelper()
    form.helper.form_tag = False
    form.helper.disable_csrf = True
    form.helper.layout = Layout(*objects)
    return render_crispy_form(form)


def test_the_filter_draws_every_field_and_leaves_the_form_to_the_page() -> None:
    hidden = '<input type="hidden" name="version" id="id_version">'
    assert same(as_crispy_form(Name()), hidden + NAME_FIELD)


def test_the_tag_draws_the_form_with_its_token_and_its_buttons() -> None:
    form = Name()
    form.helper = FormHelper()
    form.helper.form_id = "naming"
    form.helper.add_input(Submit("save", "Save and continue"))
    form.helper.add_input(Button("later", "Save for later"))
    html = render_crispy_form(form, context={"csrf_token": "token"})
    assert same(
        html,
        f"""
        <form id="naming" method="post" novalidate>
          <input type="hidden" name="csrfmiddlewaretoken" value="token">
          <input type="hidden" name="version" id="id_version">
          {NAME_FIELD}
          <div class="nhsuk-button-group">
            <button class="nhsuk-button" id="submit-id-save" data-module="nhsuk-button" type="submit"
                   name="save"
                    value="Save and continue">Save and continue</button>
            <button class="nhsuk-button nhsuk-button--secondary" id="button-id-later"
                   data-module="nhsuk-button"
                    type="button" name="later" value="Save for later">Save for later</button>
          </div>
        </form>
        """,
    )


def test_a_form_that_takes_a_file_says_so() -> None:
    form = type("Upload", (forms.Form,), {"book": forms.FileField(widget=forms.FileInput)})()
    html = render_crispy_form(form, context={"csrf_token": "token"})
    assert same(
        html,
        """
        <form method="post" enctype="multipart/form-data" novalidate>
          <input type="hidden" name="csrfmiddlewaretoken" value="token">
          <div class="nhsuk-form-group nhsuk-file-upload">
            <label class="nhsuk-label nhsuk-label--s" for="id_book">Book</label>
            <input type="file" name="book" class="nhsuk-file-upload__input" id="id_book">
          </div>
        </form>
        """,
    )


def test_a_helper_can_make_the_only_question_the_heading_of_the_page() -> None:
    form = Size()
    form.helper = FormHelper()
    form.helper.form_tag = False
    form.helper.disable_csrf = True
    form.helper.label_size = "l"
    form.helper.label_is_heading = True
    form.helper.layout = Layout(InlineRadios("size"))
    assert same(
        render_crispy_form(form),
        """
        <div class="nhsuk-form-group">
          <fieldset class="nhsuk-fieldset">
            <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--l">
              <h1 class="nhsuk-fieldset__heading">Size</h1>
            </legend>
            <div class="nhsuk-radios nhsuk-radios--inline" data-module="nhsuk-radios">
              <div class="nhsuk-radios__item">
                <input class="nhsuk-radios__input" id="id_size_0" name="size" type="radio" value="s">
                <label class="nhsuk-label nhsuk-radios__label" for="id_size_0">Small</label>
              </div>
              <div class="nhsuk-radios__item">
                <input class="nhsuk-radios__input" id="id_size_1" name="size" type="radio" value="l">
                <label class="nhsuk-label nhsuk-radios__label" for="id_size_1">Large</label>
              </div>
            </div>
          </fieldset>
        </div>
        """,
    )


def test_fields_stand_in_fieldsets_rows_and_columns() -> None:
    html = laid_out(Fieldset("Who", Row(Column("name")), css_id="who"))
    assert same(
        html,
        f"""
        <fieldset class="nhsuk-fieldset nhsuk-form-group" id="who">
          <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--m">Who</legend>
          <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-one-half">{NAME_FIELD}</div></div>
        </fieldset>
        """,
    )


def test_a_group_of_fields_has_one_legend() -> None:
    assert same(
        laid_out(MultiField("Who", Div("name", css_class="app-who"))),
        f"""
        <fieldset class="nhsuk-fieldset nhsuk-form-group">
          <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">Who</legend>
          <div class="app-who">{NAME_FIELD}</div>
        </fieldset>
        """,
    )


def test_a_layout_gives_a_field_attributes_and_a_prefix() -> None:
    assert same(
        laid_out(PrependedText("name", "£", css_class="nhsuk-input--width-5", data_save="yes")),
        """
        <div class="nhsuk-form-group">
          <label class="nhsuk-label nhsuk-label--s" for="id_name">Name</label>
          <div class="nhsuk-input-wrapper">
            <div class="nhsuk-input-wrapper__prefix" aria-hidden="true">£</div>
            <input type="text" name="name" data-save="yes" class="nhsuk-input nhsuk-input--width-5"
                   id="id_name">
          </div>
        </div>
        """,
    )
    assert same(
        laid_out(Field("name", wrapper_class="app-name")),
        NAME_FIELD.replace("nhsuk-form-group", "nhsuk-form-group app-name"),
    )


def test_buttons_of_a_layout_stand_in_a_group() -> None:
    buttons = (
        Submit("save", "Save", css_class="nhsuk-button--warning"),
        Reset("clear", "Clear"),
        Hidden("step", "2"),
        StrictButton("Find", css_class="nhsuk-button nhsuk-button--small"),
    )
    drawn = """
      <button class="nhsuk-button nhsuk-button--warning" id="submit-id-save" data-module="nhsuk-button"
              type="submit" name="save" value="Save">Save</button>
      <button class="nhsuk-button nhsuk-button--secondary" id="reset-id-clear" data-module="nhsuk-button"
              type="reset" name="clear" value="Clear">Clear</button>
      <input type="hidden" name="step" value="2" id="hidden-id-step">
      <button class="btn nhsuk-button nhsuk-button--small" data-module="nhsuk-button" type="button">
             Find</button>
    """
    assert same(laid_out(ButtonHolder(*buttons)), f'<div class="nhsuk-button-group">{drawn}</div>')
    assert same(
        laid_out(FormActions(*buttons, css_id="actions")),
        f'<div class="nhsuk-button-group" id="actions">{drawn}</div>',
    )


def test_the_pack_has_every_template_that_a_layout_of_crispy_forms_names() -> None:
    named = {
        template % "nhsuk"
        for _, class_ in inspect.getmembers(layout, inspect.isclass)
        for template in (getattr(class_, "template", ""), getattr(class_, "field_template", ""))
        if template
    }
    assert {get_template(name).template.name for name in named} == named


def test_a_formset_draws_its_forms_and_what_counts_them() -> None:
    formset = forms.formset_factory(Size, extra=1)()
    counts = """
      <input type="hidden" name="form-TOTAL_FORMS" value="1" id="id_form-TOTAL_FORMS">
      <input type="hidden" name="form-INITIAL_FORMS" value="0" id="id_form-INITIAL_FORMS">
      <input type="hidden" name="form-MIN_NUM_FORMS" value="0" id="id_form-MIN_NUM_FORMS">
      <input type="hidden" name="form-MAX_NUM_FORMS" value="1000" id="id_form-MAX_NUM_FORMS">
    """
    assert same(as_crispy_form(formset), counts + as_crispy_form(formset[0]))
    whole = render_crispy_form(formset, context={"csrf_token": "token"})
    token = '<input type="hidden" name="csrfmiddlewaretoken" value="token">'
    body = token + counts + as_crispy_form(formset[0])
    assert same(whole, f'<form method="post" novalidate>{body}</form>')


def test_the_summary_says_what_is_wrong_and_where() -> None:
    assert same(
        as_crispy_errors(Name({"name": ""})),
        """
        <div class="nhsuk-error-summary" data-module="nhsuk-error-summary">
          <div role="alert">
            <h2 class="nhsuk-error-summary__heading">There is a problem</h2>
            <div class="nhsuk-error-summary__body">
              <ul class="nhsuk-list nhsuk-error-summary__list"><li><a href="#id_name">
                     Enter a name</a></li></ul>
            </div>
          </div>
        </div>
        """,
    )
    assert as_crispy_errors(Name({"name": "Devon"})).strip() == ""
    assert as_crispy_errors(Name()).strip() == ""


def test_a_page_says_there_is_an_error_in_its_title_and_at_its_top() -> None:
    source = (
        '{% extends "base.html" %}'
        "{% block title %}Name{% endblock %}"
        "{% block content %}<h1>Name</h1>{% endblock %}"
    )
    page = engines["django"].from_string(source)
    for form, title, summaries in (
        (Name({}), "Error: Name", 1),
        (Name({"name": "Devon"}), "Name", 0),
        (None, "Name", 0),
    ):
        html = page.render({"form": form})
        assert html.split("<title>")[1].split("</title>")[0] == f"{title} - ICS data maturity survey"
        assert html.split("<h1>")[0].count("nhsuk-error-summary__heading") == summaries
