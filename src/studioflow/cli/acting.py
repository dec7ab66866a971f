"""One command an action: who acts on which studio, and what comes with it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from studioflow.cli.output import Output, foreign_code
from studioflow.cli.parts import Command, Word, argument, command, option
from studioflow.cli.registers import Day, actor_option, answered, db_option, opened
from studioflow.codec import WRONG_TYPE, wrong
from studioflow.codec.problems import DUPLICATE_KEY, TYPE_NAMES
from studioflow.errors import InputError, Problem, shown
from studioflow.people import Actor, Person
from studioflow.text import Message, Text, message

if TYPE_CHECKING:
    from studioflow.programme import Programme
    from studioflow.programme.actions import Given

__all__ = ["ACTIONS", "act"]

ONE_FILE = message(
    "facts_in_one_file",
    zh="{one} 与 {other} 中只有一个带评分或检查",
    en="marks and an inspection in one of {one} and {other}",
)
NAME_AND_VALUE = message("name_and_value", zh="ID=文字", en="ID=TEXT")
_STUDIO = Text("工作室的 id", "the id of the studio")
_ABOUT = {
    "declare": Text("申报一个工作室", "Declare a studio"),
    "approve": Text("批准申报", "Approve a declared studio"),
    "return_for_completion": Text("退回补正", "Return an application for completion"),
    "refuse": Text("不予批准", "Refuse an application"),
    "withdraw": Text("由工作室一方撤回", "Withdraw a studio by its own side"),
    "revoke": Text("由教育局撤销", "Revoke a studio by the bureau"),
    "inspect": Text("记录阵地检查", "Record an inspection of the site"),
    "plaque": Text("挂牌", "Hang the plaque"),
    "operate": Text("开始运行", "Start the daily operation"),
    "record": Text("向案卷加入记录", "Put records into the file"),
    "correct": Text("更正案卷", "Correct the file"),
    "mark": Text("交评分", "Hand in marks"),
    "evaluate": Text("考核", "Evaluate a studio"),
    "commend": Text("表彰", "Commend a studio"),
    "reward": Text("发放奖励", "Grant the reward"),
}
_OPTIONS = (
    option(
        "--file",
        metavar="FILE",
        about=Text(
            "随附的案卷文件（申报表、记录、评分、检查）",
            "a case file that comes with it: application, records, marks, inspection",
        ),
    ),
    option(
        "--facts",
        metavar="FILE",
        about=Text("随附的事实文件", "a file of facts that comes with it"),
    ),
    option("--on", type=Day(), metavar="DAY", about=Text("所称的日期", "the day that is claimed")),
    option("--remark", metavar="TEXT", about=Text("备注", "a remark, recorded with it")),
    option(
        "--key",
        metavar="KEY",
        about=Text("命令键：同一键只办一次", "a key of yours: sent twice, it is done once"),
    ),
    option(
        "--override",
        "overrides",
        multiple=True,
        metavar="ID=REASON",
        about=Text("不适用的条件及理由，可重复", "a condition to set aside, and why, repeatable"),
    ),
    option("--decision", metavar="GRADE", about=Text("委员会的决定", "what the committee decided")),
    option(
        "--gap",
        "gaps",
        multiple=True,
        metavar="TEXT",
        about=Text("所缺，可重复", "what is missing"),
    ),
    option(
        "--strike",
        multiple=True,
        metavar="ID",
        about=Text("作废的记录，可重复", "a record that is wrong, repeatable"),
    ),
    option(
        "--due", type=Day(), metavar="DAY", about=Text("期限", "a deadline that is set with it")
    ),
    option(
        "--opinion",
        type=Word("yes", "no"),
        metavar="yes|no",
        about=Text("意见是否赞成", "whether an opinion speaks for the studio"),
    ),
    option("--amount", metavar="YUAN", about=Text("金额（元）", "an amount in yuan")),
    option(
        "--lead", metavar="ID=NAME", about=Text("新的领衔人", "who leads the studio from now on")
    ),
    db_option,
)


def _with_options(function: Callable[..., None]) -> Callable[..., None]:
    for add in reversed((actor_option, *_OPTIONS)):
        function = add(function)
    return function


def _command(action: str, about: Text) -> Command:
    declares = action == "declare"
    example = (
        "studioflow studio declare --file form.toml --as h-01:host_party@校"
        if declares
        else f"studioflow studio {action} s-01 --as p-07:bureau_committee@bureau"
    )

    @_with_options
    def run(output: Output, studio: str | None, db: str | None, **given: Any) -> None:  # noqa: ANN401 - as click gives them
        _act(output, db, action, studio, given)

    run = argument("studio", required=not declares, about=_STUDIO)(run)
    made = command(about, example)(run)
    made.name = action
    return made


ACTIONS = tuple(_command(action, about) for action, about in _ABOUT.items())


@command(
    Text("办理政策的任何一步", "Take any action of the policy"),
    "studioflow studio act register_teacher s-01 --as t-01:lead@校",
)
@argument("action", about=Text("政策中的操作", "a transition of the policy"))
@argument("studio", required=False, about=_STUDIO)
@_with_options
def act(output: Output, action: str, studio: str | None, db: str | None, **given: Any) -> None:  # noqa: ANN401 - as click gives them
    """Take an action."""
    _act(output, db, action, studio, given)


def _act(
    output: Output, db: str | None, action: str, studio: str | None, given: dict[str, Any]
) -> None:
    from studioflow.cli.views.register import step_as_json, step_view

    by: Actor = given.pop("by")
    with answered(output), opened(output, db) as programme, foreign_code():
        step = programme.take(action, studio, by=by, **_handed_in(programme, given))
        policy = programme.policy_of(step.studio)
    if output.as_json:
        output.json(step_as_json(step, output.language))
    else:
        step_view(step, policy, output)


def _handed_in(programme: Programme, said: dict[str, Any]) -> Given:
    """Return what comes with an action, from the options and the files that they name.

    Raises:
        InputError: for every problem of the files, and an option of the wrong form.
    """
    from studioflow.policy import read_facts
    from studioflow.programme import read_case_file
    from studioflow.rubric import FactFile

    given: dict[str, Any] = {
        name: said[name]
        for name in ("on", "remark", "key", "decision", "due", "gaps", "strike")
        if said[name] not in (None, ())
    }
    if said["file"] is not None:
        case = read_case_file(Path(said["file"]), programme.policy)
        given |= {"application": case.application, "records": case.records}
        given["facts"] = case.judged()
    if said["facts"] is not None:
        if said["file"] is not None and given["facts"] != FactFile():
            raise _wrong_place(ONE_FILE, "--facts", "--facts", one="--file", other="--facts")
        given["facts"] = read_facts(Path(said["facts"]))
    if said["overrides"]:
        pairs = [_pair(text, "--override") for text in said["overrides"]]
        names = [name for name, _ in pairs]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise _wrong_place(DUPLICATE_KEY, "--override", twice)
        given["overrides"] = {name: {"reason": reason} for name, reason in pairs}
    if said["opinion"] is not None:
        given["opinion"] = said["opinion"] == "yes"
    if said["amount"] is not None:
        given["amount"] = _yuan(said["amount"])
    if said["lead"] is not None:
        given["lead"] = Person(*_pair(said["lead"], "--lead"))
    return cast("Given", given)


def _pair(text: str, place: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (equals and name.strip()):
        raise _wrong_place(NAME_AND_VALUE, place, text.partition("=")[0])
    return name.strip(), value.strip()


def _yuan(text: str) -> Fraction:
    from decimal import Decimal, InvalidOperation

    from studioflow.codec import exact_number

    try:
        return exact_number(Decimal(text))
    except (InvalidOperation, InputError):
        problems = wrong(WRONG_TYPE, text, type=TYPE_NAMES[Fraction]).problems
        raise InputError(problem.under("--amount") for problem in problems) from None


def _wrong_place(expects: Message, place: str, got: str, **parameters: str) -> InputError:
    problems = [Problem(expects, got=shown(got), parameters=parameters)]
    return InputError(problem.under(place) for problem in problems)
