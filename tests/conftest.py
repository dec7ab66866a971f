"""What holds for every test."""

import re
from collections.abc import Iterable, Iterator

import pytest

from studioflow.errors import InputError, Problem


@pytest.fixture(autouse=True, scope="session")
def every_problem_is_said_whole() -> Iterator[None]:
    """Whatever problem a test raises, its sentence and its advice leave no `{name}` unfilled."""
    make = InputError.__init__

    def checked(error: InputError, problems: Iterable[Problem]) -> None:
        make(error, problems)
        for problem in error.problems:
            hint = "" if problem.hint is None else problem.hint.zh + problem.hint.en
            named = {*problem.expects.placeholders(), *re.findall(r"\{([a-z_]+)\}", hint)}
            unfilled = named - problem.parameters.keys()
            if unfilled:
                pytest.fail(f"{problem.code} does not say {unfilled}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(InputError, "__init__", checked)
        yield
