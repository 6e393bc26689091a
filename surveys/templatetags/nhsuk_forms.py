"""What the crispy-forms template pack in templates/nhsuk/ needs to know about a form field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.safestring import SafeString

register = template.Library()

# The first class of a row that the widget is an instance of decides, so a subclass stands before its parent.
_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "checkbox"),
    (forms.PasswordInput, "password"),
    (forms.FileInput, "file"),
    (forms.Textarea, "textarea"),
    (forms.MultiWidget, "parts"),
)
_CLASSES: Mapping[str, str] = {
    "select": "nhsuk-select",
    "checkbox": "nhsuk-checkboxes__input",
    "password": "nhsuk-input nhsuk-password-input__input nhsuk-js-password-input-input",
    "file": "nhsuk-file-upload__input",
    "textarea": "nhsuk-textarea",
    "input": "nhsuk-input",
}
_ERROR_CLASSES: Mapping[str, str] = {
    "select": "nhsuk-select--error",
    "password": "nhsuk-input--error",
    "textarea": "nhsuk-textarea--error",
    "input": "nhsuk-input--error",
}
# Attributes that Django gives every choice although the templates write them or a choice may not have them.
_OWN_ATTRIBUTES = frozenset({"id", "class", "checked", "required", "aria-describedby", "aria-invalid"})


@dataclass(frozen=True)
class ErrorLink:
    """One line of the error summary; `target` is the id of the control to go to, or empty for none."""

    message: str
    target: str


@dataclass(frozen=True)
class Part:
    """One input of a field that has several: its label, its id, and what Django's template for it needs."""

    label: str
    target: str
    widget: Mapping[str, Any]


@dataclass(frozen=True)
class Limit:
    """How long a text may be: `maximum` of `unit`, which is "words" or "characters"."""

    maximum: int
    unit: str


@register.filter
def control_kind(field: BoundField) -> str:
    """Return which control a field is: radios, checkboxes, checkbox, select, password, file, textarea,
    parts (several inputs in one field, such as a date and a time) or input."""
    widget = field.field.widget
    return next((kind for type_, kind in _KINDS if isinstance(widget, type_)), "input")


@register.filter
def focus_id(field: BoundField) -> str:
    """Return the id of the control that a link to this field goes to: the first, where there are several."""
    kind = control_kind(field)
    if kind in {"radios", "checkboxes"}:
        return str(field[0].id_for_label or "") if len(field) else ""
    own = field.field.widget.attrs.get("id") or field.auto_id
    return f"{own}_0" if kind == "parts" else str(own)


@register.filter
def error_links(form: forms.BaseForm) -> tuple[ErrorLink, ...]:
    """Return the lines of the error summary: those of the whole form, then field by field as on the page."""
    links = [ErrorLink(str(message), "") for message in form.non_field_errors()]
    for field in form:
        target = "" if field.is_hidden else focus_id(field)
        links.extend(ErrorLink(_on_its_own(field, str(message)), target) for message in field.errors)
    return tuple(links)


def _on_its_own(field: BoundField, message: str) -> str:
    # Django's default does not say which field it means, which only the place beside the field does.
    is_default = message == forms.Field.default_error_messages["required"]
    return f"{field.label}: {message}" if is_default else message


@register.filter
def text_limit(field: BoundField) -> Limit | None:
    """Return the limit that a text area counts towards: its `data-maxwords`, or else its `max_length`."""
    words = field.field.widget.attrs.get("data-maxwords")
    characters: int | None = getattr(field.field, "max_length", None)
    if control_kind(field) != "textarea":
        return None
    if words:
        return Limit(int(words), "words")
    return Limit(characters, "characters") if characters else None


@register.filter
def described_by(field: BoundField) -> str:
    """Return the ids of what describes a field: its hint, its error, the count of its words or characters."""
    parts = (
        ("helptext", field.help_text),
        ("error", field.errors),
        ("info", text_limit(field)),
    )
    return " ".join(
        f"{field.auto_id}{'-' if suffix == 'info' else '_'}{suffix}" for suffix, is_there in parts if is_there
    )


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Render a field's widget with the classes of its kind and with what describes it.

    The browser's own validation is left out (`required`, and `maxlength` where the count is shown), because
    it stops a partial save and cuts off what is pasted; the server says what is wrong instead.
    """
    kind = control_kind(field)
    own = field.field.widget.attrs
    classes = [_CLASSES[kind]]
    attributes = _state(field)
    if text_limit(field):
        classes.append("nhsuk-js-character-count")
        attributes |= {"maxlength": False, "data-maxwords": False}
    if field.errors:
        classes.append(_ERROR_CLASSES.get(kind, ""))
    if described := described_by(field):
        attributes["aria-describedby"] = described
    if kind == "password":
        attributes |= {"spellcheck": "false", "autocapitalize": "none"}
    attributes["class"] = _joined(*classes, own.get("class", ""))
    html: SafeString = field.field.widget.render(
        field.html_name, field.value(), attributes, field.form.renderer
    )
    return html


@register.filter
def parts(field: BoundField) -> tuple[Part, ...]:
    """Return the inputs of a field that has several. The `aria-label` of each becomes its visible label."""
    context = field.field.widget.get_context(field.html_name, field.value(), _state(field))
    found = []
    for widget in context["widget"]["subwidgets"]:
        attributes = widget["attrs"]
        label = str(attributes.pop("aria-label", ""))
        error = "nhsuk-input--error" if field.errors else ""
        own = attributes.get("class", "")
        attributes["class"] = _joined("nhsuk-input nhsuk-date-input__input", error, own)
        found.append(Part(label, attributes.get("id", ""), widget))
    return tuple(found)


def _state(field: BoundField) -> dict[str, str | bool]:
    state: dict[str, str | bool] = {"id": field.field.widget.attrs.get("id") or field.auto_id}
    if field.errors:
        state["aria-invalid"] = "true"
    if field.field.disabled:
        state["disabled"] = True
    return state


def _joined(*classes: str) -> str:
    return " ".join(name for name in classes if name)


@register.filter
def passed_attributes(option: BoundWidget) -> tuple[tuple[str, str | bool], ...]:
    """Return the attributes of one choice that a form has added of its own, such as `data-` ones."""
    return tuple(
        (name, value)
        for name, value in option.data["attrs"].items()
        if name not in _OWN_ATTRIBUTES and value is not False
    )


@register.filter
def revealed_by(field: BoundField, option: BoundWidget) -> BoundField | None:
    """Return the field that choosing `option` reveals: the one its label names in `reveals`, or None."""
    name = getattr(option.data["label"], "reveals", "")
    return field.form[name] if name else None


@register.filter
def shown_fields(form: forms.BaseForm) -> tuple[BoundField, ...]:
    """Return the visible fields of a form, without those that a choice of another field reveals."""
    revealed = {
        getattr(label, "reveals", "") for field in form.fields.values() for label in _choice_labels(field)
    }
    return tuple(field for field in form.visible_fields() if field.name not in revealed)


def _choice_labels(field: forms.Field) -> Iterator[object]:
    # The choices of a model field are rows, whose labels reveal nothing and would cost a query.
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        for _, label in field.widget.choices:
            yield label
