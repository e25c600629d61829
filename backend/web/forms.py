"""How Django's forms are drawn: label, hint, error and control in one place."""

from django.forms.renderers import DjangoTemplates


class PlainFormRenderer(DjangoTemplates):
    """The setting FORM_RENDERER: `{{ form.phone.as_field_group }}` gives our field."""

    field_template_name = "web/parts/field.html"
