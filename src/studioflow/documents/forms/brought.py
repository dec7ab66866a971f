"""Which of the forms that plugins brought serve a policy."""

from __future__ import annotations

from collections.abc import Mapping

from studioflow.documents.forms.filling import check_form
from studioflow.documents.forms.form import Form, form_from
from studioflow.documents.forms.places import ITEMS, MARKS
from studioflow.errors import InputError
from studioflow.host import Host
from studioflow.policy import Policy

__all__ = ["forms_of"]

_OF_A_RUBRIC = frozenset({"criteria", "gates", "deductions", "sections"})


def forms_of(policy: Policy, host: Host) -> Mapping[str, Form]:
    """Return the forms of a policy, by id: those written for it, and those that fit it.

    A form fits that names records, items or gates of its own, and the policy has every one of them:
    so a policy that extends another has its forms, too.

    >>> from studioflow import load_policy
    >>> from studioflow.host import Host
    >>> sorted(forms_of(load_policy("yongjia-2023"), Host.discover()))
    ['yongjia-attachment-1', 'yongjia-attachment-2', 'yongjia-attachment-3']

    Raises:
        InputError: with everything that is wrong with a form that was written for this policy.
    """
    found: dict[str, Form] = {}
    for name, document in host.forms.items():
        own = document.tables.get("policy") == policy.id
        try:
            form = form_from(document.tables, document.name)
            check_form(form, policy)
        except InputError as error:
            if own:
                problems = (p if p.file else p.in_file(document.name) for p in error.problems)
                raise InputError(problems) from None
        else:
            if own or _names_something(form):
                found[name] = form
    return found


def _names_something(form: Form) -> bool:
    """Return whether a form could not be one of just any policy."""
    rows = {row.each for _, row, _ in form.cells() if row is not None}
    paths = (
        slot.path.partition("/")[0]
        for _, _, wording in form.cells()
        for slot in (*wording.slots("zh"), *wording.slots("en"))
    )
    return (
        form.record is not None
        or not rows <= {None, ITEMS, MARKS}
        or not _OF_A_RUBRIC.isdisjoint(paths)
    )
