"""`diff`: a policy beside another one, or beside its own variation."""

from __future__ import annotations

from studioflow.cli.installed import discovered, loaded
from studioflow.cli.output import Output
from studioflow.cli.parts import changes_option, command, policy_argument
from studioflow.cli.problems import NOTHING_TO_COMPARE, SEE_READINGS
from studioflow.errors import InputError, Problem
from studioflow.text import Text

__all__ = ["diff"]


@command(
    Text(
        "比较两个政策：哪些值不同，依据哪一条；只给 --set 时与自身的改动相比",
        "Compare two policies, value by value, with clauses; or one with its variation by --set",
    ),
    "studioflow diff yongjia-2023 my-county.toml",
    "studioflow diff yongjia-2023 --set criteria/5.2.2/norm=12",
)
@policy_argument()
@policy_argument("other", required=False)
@changes_option
def diff(output: Output, policy: str, other: str | None, settings: tuple[str, ...]) -> None:
    """Print the differences."""
    from studioflow.cli.views.difference import differences_as_json, differences_view
    from studioflow.policy import differences

    if other is None and not settings:
        about = {"policy": policy}
        raise InputError(
            [Problem(NOTHING_TO_COMPARE, got="-", parameters=about, hint=SEE_READINGS)]
        )
    host = discovered(output)
    before = loaded(host, policy)
    after = loaded(host, other or policy, settings)
    found = differences(before, after)
    if output.as_json:
        output.json(differences_as_json(before, after, found))
    else:
        differences_view(before, after, found, output)
