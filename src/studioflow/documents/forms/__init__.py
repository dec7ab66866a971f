"""Forms: what a county prints, filled in from a studio and read back into records."""

from studioflow.documents.forms.brought import forms_of
from studioflow.documents.forms.filling import check_form, empty_form, fill_form
from studioflow.documents.forms.form import (
    Form,
    FormBlock,
    FormCell,
    FormRow,
    form_from,
    read_form,
)
from studioflow.documents.forms.taking import read_filled
from studioflow.documents.forms.wording import Wording

__all__ = [
    "Form",
    "FormBlock",
    "FormCell",
    "FormRow",
    "Wording",
    "check_form",
    "empty_form",
    "fill_form",
    "form_from",
    "forms_of",
    "read_filled",
    "read_form",
]
