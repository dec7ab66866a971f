"""Which of the forms that plugins brought serve a policy."""

from __future__ import annotations

from collections.abc import Mapping

from studioflow.documents.forms.filling import check_form
from studioflow.documents.forms.form import Form, form_from
from studioflow.errors import InputError
from studioflow.host import Host
from studioflow.policy import Policy

__all__ = ["forms_of"]


def forms_of(policy: Policy, host: Host) -> Mapping[str, Form]:
    """Return the forms that fit a policy, by id: those written for it, or for one that it extends.

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
            found[name] = form
    return found
