"""A lifecycle that can not work is refused when it is built, with every fault at its place."""

import copy
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from studioflow.codec import read
from studioflow.errors import InputError, Problem
from studioflow.policy import Document, Policy, build_policy
from studioflow.policy.collisions import PROGRAMME_METHODS
from studioflow.programme import Programme
from studioflow.programme.actions import StandardActions
from studioflow.studio import Guard
from studioflow.studio.guard_actions import check_guards

WAY = read(Path(__file__).with_name("way.toml"))

Changes = Mapping[str, object]
Place = tuple[str, str, str | None]

STATES = "lifecycle/states"
STEPS = "lifecycle/transitions"
DUTY = "lifecycle/duties/yearly_report"
WINDOWS = "calendar/windows"


def damaged(changes: Changes) -> Document:
    """Return the policy with values put at paths; None removes, and a dict is merged into one."""
    tables = copy.deepcopy(WAY)
    for path, value in changes.items():
        *way, key = path.split("/")
        here = tables
        for step in way:
            here = here.setdefault(step, {})
        if value is None:
            del here[key]
        else:
            here[key] = value
    return Document(tables, "way.toml")


def built(changes: Changes) -> Policy:
    """Return the policy with changes."""
    return build_policy(damaged(changes))


def problems(changes: Changes) -> tuple[Problem, ...]:
    """Return what is wrong with the policy once it is changed."""
    with pytest.raises(InputError) as error:
        built(changes)
    return error.value.problems


def places(changes: Changes) -> list[Place]:
    """Return path, code and nearest match of all that is wrong once it is changed."""
    return [(problem.path, problem.code, problem.nearest) for problem in problems(changes)]


def step(source: object, dest: str, **more: object) -> dict[str, Any]:
    """Return a step that the office takes, with a label of its own."""
    by = more.pop("by", ["office"])
    label = more.pop("label", f"{source} to {dest}")
    named = {"zh": str(label), "en": str(label)}
    return {"label": named, "from": source, "to": dest, "by": by, **more}


def condition(**rule: object) -> dict[str, Any]:
    """Return a condition of a step."""
    text = {"zh": "某", "en": "some"}
    return {"label": text, "text": text, **rule}


NOT_SAFE = condition(kind="not", of="safe")
SAFE = condition(kind="all", of=["safe"])
MANY = condition(kind="at_least", value="members", bound=10)
FEW = condition(kind="at_most", value="members", bound=5)

FAULTS: dict[str, tuple[dict[str, object], list[Place]]] = {
    # Names.
    "a state to come from that there is not": (
        {f"{STEPS}/plaque/from": "aproved"},
        [(f"{STEPS}/plaque/from", "unknown_name", "approved")],
    ),
    "a state to go to that there is not": (
        {f"{STEPS}/plaque/to": "plaque"},
        [(f"{STEPS}/plaque/to", "unknown_name", "plaqued")],
    ),
    "a fact of a condition that there is not": (
        {f"{STEPS}/approve/conditions/quiet/value": "pending_objections"},
        [(f"{STEPS}/approve/conditions/quiet/value", "unknown_name", "pending_objection")],
    ),
    "a role that there is not": (
        {f"{STEPS}/plaque/by": ["ofice"]},
        [(f"{STEPS}/plaque/by/0", "unknown_name", "office")],
    ),
    "a window that there is not": (
        {f"{STEPS}/recheck/window": "repairs"},
        [(f"{STEPS}/recheck/window", "unknown_name", "repair")],
    ),
    "something opened that there is not": (
        {f"{STEPS}/advise/opens": "objections"},
        [(f"{STEPS}/advise/opens", "unknown_name", "objection")],
    ),
    "something settled that there is not": (
        {f"{STEPS}/dismiss/settles": "objektion"},
        [(f"{STEPS}/dismiss/settles", "unknown_name", "objection")],
    ),
    "a duty to take a step that there is not": (
        {f"{DUTY}/action": "reprot"},
        [(f"{DUTY}/action", "unknown_name", "report")],
    ),
    "a duty of a role that there is not": (
        {f"{DUTY}/by": ["school", "shcool"]},
        [(f"{DUTY}/by/1", "unknown_name", "school")],
    ),
    "a duty in a state that there is not": (
        {f"{DUTY}/states": ["operating", "operation"]},
        [(f"{DUTY}/states/1", "unknown_name", "operating")],
    ),
    "a duty from a moment that there is not": (
        {f"{DUTY}/from": {"after": "openning"}},
        [(f"{DUTY}/from", "unknown_name", "opening")],
    ),
    "a state of an amendment that there is not": (
        {"amendment/states/former": "declaerd"},
        [("amendment/states/former", "unknown_name", "declared")],
    ),
    "a state of an amendment that is off": (
        {"amendment/states/former": "paused"},
        [("amendment/states/former", "unknown_name", "plaqued")],
    ),
    "a role of an amendment that there is not": (
        {"amendment/by": ["offise"]},
        [("amendment/by/0", "unknown_name", "office")],
    ),
    "a step called like a method": (
        {f"{STEPS}/score": step("operating", "same", needs=["marks"])},
        [(f"{STEPS}/score", "name_taken", None)],
    ),
    # States.
    "no beginning": (
        {f"{STEPS}/declare/from": "approved", f"{STEPS}/declare/window": None},
        [(STEPS, "no_beginning", None)],
    ),
    "a state that nothing leads to": (
        {f"{STATES}/paused/on": True, f"{STEPS}/pause/to": "removed"},
        [(f"{STATES}/paused", "unreachable_state", None)],
    ),
    "a state that only leads to itself": (
        {f"{STATES}/paused/on": True, f"{STEPS}/pause/from": "paused"},
        [
            (f"{STATES}/paused", "unreachable_state", None),
            (f"{STATES}/paused", "dead_end", None),
        ],
    ),
    "a state that nothing leads from": (
        {f"{STATES}/paused/on": True},
        [(f"{STATES}/paused", "dead_end", None)],
    ),
    "a final state that something leads from": (
        {f"{STATES}/rectifying/final": True},
        [(f"{STATES}/rectifying/final", "final_left", None)],
    ),
    # Milestones.
    "a way to commended that skips evaluated": (
        {f"{STEPS}/jump": step("operating", "commended")},
        [(f"{STEPS}/jump/to", "skips_milestone", None)],
    ),
    "a way to evaluated that skips three": (
        {f"{STEPS}/jump": step("declared", "evaluated")},
        [(f"{STEPS}/jump/to", "skips_milestone", None)],
    ),
    "a way by another state": (
        {
            f"{STATES}/paused/on": True,
            f"{STEPS}/pause/from": "plaqued",
            f"{STEPS}/jump": step("paused", "evaluated"),
        },
        [(f"{STEPS}/jump/to", "skips_milestone", None)],
    ),
    "a way to commended in another cycle": (
        {f"{STEPS}/again": step("evaluated", "same", next_cycle=True)},
        [(f"{STEPS}/commend/to", "skips_milestone", None)],
    ),
    # Steps that can never be taken.
    "a condition outside the bounds of its fact": (
        {f"{STEPS}/plaque/conditions/many": condition(kind="at_least", value="members", bound=51)},
        [(f"{STEPS}/plaque/conditions/many", "never_holds", None)],
    ),
    "a condition outside the points of the rubric": (
        {f"{STEPS}/commend/conditions/top": condition(kind="at_least", value="total", bound=11)},
        [(f"{STEPS}/commend/conditions/top", "never_holds", None)],
    ),
    "a condition of more places than there are": (
        {f"{STEPS}/approve/conditions/quota/bound": 11},
        [(f"{STEPS}/approve/conditions/quota", "never_holds", None)],
    ),
    "a condition of open facts that there are not": (
        {
            f"{STEPS}/evaluate/conditions/complete": condition(
                kind="at_least", value="open_facts", bound=3
            )
        },
        [(f"{STEPS}/evaluate/conditions/complete", "never_holds", None)],
    ),
    "a condition on a step that only comes after": (
        {
            f"{STEPS}/plaque/conditions/after": condition(
                kind="at_least", value="times_operate", bound=1
            )
        },
        [(f"{STEPS}/plaque/conditions/after", "never_holds", None)],
    ),
    "a condition on a window that only comes after": (
        {f"{STEPS}/plaque/conditions/after": condition(kind="all", of=["repair_over"])},
        [(f"{STEPS}/plaque/conditions/after", "never_holds", None)],
    ),
    "a condition on something pending that nothing opens": (
        {
            f"{STEPS}/dismiss/settles": None,
            f"{STEPS}/object/opens": None,
            f"{STEPS}/approve/conditions/quiet": condition(
                kind="at_least", value="pending_objection", bound=1
            ),
        },
        [(f"{STEPS}/approve/conditions/quiet", "never_holds", None)],
    ),
    "a condition on an opinion that nobody gives": (
        {f"{STEPS}/approve/conditions/heard": condition(kind="all", of=["opinion_school"])},
        [(f"{STEPS}/approve/conditions/heard", "never_holds", None)],
    ),
    "a condition on a cycle that never begins": (
        {
            f"{STEPS}/renew/next_cycle": False,
            f"{STEPS}/commend/conditions/second": condition(
                kind="at_least", value="cycle_number", bound=2
            ),
        },
        [(f"{STEPS}/commend/conditions/second", "never_holds", None)],
    ),
    "conditions that exclude each other by a number": (
        {f"{STEPS}/plaque/conditions": {"many": MANY, "safe": SAFE, "few": FEW}},
        [(f"{STEPS}/plaque/conditions", "never_hold_together", None)],
    ),
    "conditions that exclude each other by a flag": (
        {f"{STEPS}/plaque/conditions": {"many": MANY, "safe": SAFE, "not_safe": NOT_SAFE}},
        [(f"{STEPS}/plaque/conditions", "never_hold_together", None)],
    ),
    "a window that waits for a later step": (
        {f"{STEPS}/plaque/window": "repair"},
        [(f"{STEPS}/plaque/window", "waits_in_vain", None)],
    ),
    "a window that waits for the step itself": (
        {f"{STEPS}/publish/window": "publicity"},
        [(f"{STEPS}/publish/window", "waits_in_vain", None)],
    ),
    "a window that is over before its step can come": (
        {
            f"{WINDOWS}/past": {
                "label": {"zh": "往年", "en": "the past"},
                "to": date(2023, 12, 31),
            },
            f"{STEPS}/plaque/window": "past",
        },
        [(f"{STEPS}/plaque/window", "over_before", None)],
    ),
    "an independent step of a role for one's own studios": (
        {f"{STEPS}/operate/independent": True},
        [(f"{STEPS}/operate/by", "nobody_may", None)],
    ),
    "a step that settles what nothing opens": (
        {f"{STEPS}/object/opens": None},
        [(f"{STEPS}/dismiss/settles", "nothing_to_settle", None)],
    ),
    "a step that recovers rewards that nothing grants": (
        {f"{STEPS}/reward/reward": None},
        [(f"{STEPS}/remove/recovers", "nothing_to_recover", None)],
    ),
    "a step that recovers an amount that nobody names": (
        {f"{STEPS}/remove/recovers": "amount"},
        [(f"{STEPS}/remove/recovers", "nothing_to_recover", None)],
    ),
    "a ban for no time": (
        {f"{STEPS}/remove/bans": {"of": ["lead"]}},
        [(f"{STEPS}/remove/bans", "ban_of_nothing", None)],
    ),
    "an automatic step that needs something": (
        {f"{STEPS}/expire/needs": ["remark"]},
        [(f"{STEPS}/expire/automatic", "handed_in_by_nobody", None)],
    ),
    "a batch grade without grades": (
        {"grades": {}, f"{STEPS}/commend/batch_grade": True},
        [(f"{STEPS}/commend/batch_grade", "no_grades", None)],
    ),
    # Steps that collide.
    "two automatic steps to two states": (
        {f"{STEPS}/expire/conditions": {}},
        [(f"{STEPS}/expire/automatic", "two_automatic", None)],
    ),
    "two steps that are the same": (
        {f"{STEPS}/reject": step("declared", "refused")},
        [(f"{STEPS}/reject", "same_step", None)],
    ),
    "two steps of one label": (
        {f"{STEPS}/remove/label/zh": "复查"},
        [(f"{STEPS}/remove/label/zh", "same_label", None)],
    ),
    # Ends before beginnings.
    "a window that ends before it begins": (
        {f"{WINDOWS}/call/to": date(2023, 12, 31)},
        [(f"{WINDOWS}/call", "window_order", None)],
    ),
    "a window that ends before it begins, both by one event": (
        {f"{WINDOWS}/publicity/to": {"after": "published", "days": -1}},
        [(f"{WINDOWS}/publicity", "window_order", None)],
    ),
    "a window that ends before it begins in some months": (
        {
            f"{WINDOWS}/publicity": {
                "label": {"zh": "公示期", "en": "publicity"},
                "from": {"after": "published", "days": 30},
                "to": {"after": "published", "months": 1},
            }
        },
        [(f"{WINDOWS}/publicity", "window_order", None)],
    ),
    "a duty that ends before it begins": (
        {f"{DUTY}/until": {"after": "opening", "days": -1}},
        [(f"{DUTY}/until", "window_order", None)],
    ),
    "a duty again and again after no time": (
        {f"{DUTY}/every": {"years": 0}},
        [(DUTY, "every_above_0", None)],
    ),
    "a duty due after it begins again": (
        {f"{DUTY}/within": {"months": 13}},
        [(f"{DUTY}/within", "due_after_next", None)],
    ),
    "a due day of a step that sets none": (
        {f"{WINDOWS}/repair/to": {"due": "operate"}},
        [(f"{WINDOWS}/repair/to", "no_due_day", None)],
    ),
    # Duties that can only be missed.
    "a duty of those who may not do it": (
        {f"{DUTY}/by": ["office"]},
        [(f"{DUTY}/by", "not_their_step", None)],
    ),
    "a duty where it can not be done": (
        {f"{DUTY}/states": ["evaluated"]},
        [(f"{DUTY}/states", "not_in_these_states", None)],
    ),
}


def test_the_whole() -> None:
    """The policy that the tests damage is right, and what is off is no fault."""
    policy = built({})

    assert {"paused", "pause"} == set(policy.procedure.off)


@pytest.mark.parametrize("fault", FAULTS)
def test_fault(fault: str) -> None:
    """Each fault is told by itself, where it stands, with the nearest match of a wrong name."""
    changes, expected = FAULTS[fault]

    assert expected == places(changes)


def test_page() -> None:
    """The page on the policy file names every code of a fault, and no other."""
    page = (Path(__file__).parents[2] / "docs/policy-file.md").read_text("utf-8")
    _, _, told = page.partition("### What is refused")
    rows = [row.split("|")[1] for row in told.partition("\n## ")[0].splitlines() if "|" in row]

    codes = {code for _, expected in FAULTS.values() for _, code, _ in expected}
    assert codes == set(re.findall(r"`(\w+)`", "".join(rows)))


def test_in_both_languages() -> None:
    """A fault is a sentence in either language: place, what there is, what should be."""
    (skipped,) = problems({f"{STEPS}/jump": step("declared", "operating")})

    assert (
        "way.toml: lifecycle/transitions/jump/to: [skips_milestone] got declare → jump, expected "
        "a way to operating that passes approved, plaqued" == skipped.explain("en")
    )
    assert (
        "way.toml: lifecycle/transitions/jump/to：[skips_milestone] 得到 declare → jump，"
        "应为先经过 approved、plaqued 再到 operating 的路" == skipped.explain("zh")
    )


def test_what_hangs_on_it() -> None:
    """A state that is not reached names the steps that never happen for it."""
    unreached, *others = problems(
        {
            f"{STEPS}/recheck/from": "paused",
            f"{STATES}/paused/on": True,
            f"{STEPS}/pause/to": "removed",
        }
    )

    assert [] == [problem for problem in others if problem.path.startswith(STEPS)]
    assert (
        "no step leads to it, so that recheck never happens; where it is not used, say on = false"
        == unreached.advice("en")
    )


def test_those_that_it_takes() -> None:
    """Of conditions that exclude each other only those are named that do."""
    conditions = {"many": MANY, "safe": SAFE, "few": FEW}
    (problem,) = problems({f"{STEPS}/plaque/conditions": conditions})

    assert "many, few" == problem.got


HARMLESS: dict[str, dict[str, object]] = {
    "a condition that only warns": {
        f"{STEPS}/plaque/conditions/many": condition(
            kind="at_least", value="members", bound=51, severity="warn"
        )
    },
    "a condition that somebody may set aside": {
        f"{STEPS}/plaque/conditions/many": condition(
            kind="at_least", value="members", bound=51, override=["office"]
        )
    },
    "a condition that is off": {
        f"{STEPS}/plaque/conditions/many": condition(
            kind="at_least", value="members", bound=51, on=False
        )
    },
    "a window that somebody may set aside": {
        f"{STEPS}/plaque/window": "repair",
        f"{STEPS}/plaque/window_override": ["office"],
    },
    "a window that does not count everywhere": {
        f"{STEPS}/remove/from": ["rectifying", "evaluated"],
        f"{STEPS}/remove/window": "repair",
        f"{STEPS}/remove/window_for": ["rectifying"],
    },
    "two alike of which one is a duty": {
        f"{STEPS}/visit": step("operating", "same", by=["school"], needs=["remark"])
    },
    "two alike with another clause": {f"{STEPS}/reject": step("declared", "refused", clause="9")},
    "windows that hang on different events": {
        f"{WINDOWS}/other": {
            "label": {"zh": "别", "en": "other"},
            "from": {"after": "published"},
            "to": {"after": "opening", "days": -1},
        }
    },
    "automatic steps on days that they do not share": {
        f"{WINDOWS}/late": {"label": {"zh": "后", "en": "late"}, "from": date(2026, 1, 1)},
        f"{WINDOWS}/early": {"label": {"zh": "前", "en": "early"}, "to": date(2025, 12, 31)},
        f"{STEPS}/expire/conditions": {},
        f"{STEPS}/expire/window": "late",
        f"{STEPS}/renew/window": "early",
    },
    "a milestone that is left out": {
        f"{STATES}/plaqued": None,
        f"{STEPS}/plaque": None,
        f"{STEPS}/operate/from": "approved",
    },
    "a milestone that is off": {
        f"{STATES}/plaqued/on": False,
        f"{STEPS}/start": step("approved", "operating"),
        f"{STEPS}/rectify/from": "operating",
        "calendar/moments/opening": {"event": "start"},
    },
    "a way back to an earlier milestone": {f"{STEPS}/reopen": step("evaluated", "approved")},
    "no lifecycle at all": {"lifecycle": {}, "calendar": {}, "quota": None, "amendment": {}},
}


@pytest.mark.parametrize("change", HARMLESS)
def test_harmless(change: str) -> None:
    """What may be meant so is no fault."""
    assert "way" == built(HARMLESS[change]).id


NO_ECHO: dict[str, tuple[dict[str, object], str]] = {
    "a step": ({f"{STEPS}/plaque/once": "yes"}, f"{STEPS}/plaque/once"),
    "a step without any place to go": ({f"{STEPS}/plaque/to": 3}, f"{STEPS}/plaque/to"),
    "a step without any place to come from": ({f"{STEPS}/plaque/from": 3}, f"{STEPS}/plaque/from"),
    "a state": ({f"{STATES}/plaqued/final": "no"}, f"{STATES}/plaqued/final"),
    "a duty": ({f"{DUTY}/every/weeks": 3}, f"{DUTY}/every/weeks"),
    "what can be pending": ({"lifecycle/pending/objection": {}}, "lifecycle/pending/objection"),
    "a window": ({f"{WINDOWS}/repair/label": 3}, f"{WINDOWS}/repair/label"),
}


@pytest.mark.parametrize("broken", NO_ECHO)
def test_no_echo(broken: str) -> None:
    """What follows from an entry that can not be read is not told as another fault."""
    changes, place = NO_ECHO[broken]

    assert [place] == [path for path, _, _ in places(changes)]


def test_all_at_once() -> None:
    """A policy with a fault of each sort is refused with all of them."""
    changes: dict[str, object] = {
        f"{STEPS}/plaque/from": "aproved",
        f"{STEPS}/plaque/by": ["ofice"],
        f"{STEPS}/recheck/window": "repairs",
        f"{STEPS}/advise/opens": "objections",
        f"{STEPS}/dismiss/settles": "objektion",
        f"{STEPS}/approve/conditions/quota/bound": 11,
        f"{STEPS}/operate/independent": True,
        f"{STEPS}/evaluate/conditions": {"many": MANY, "few": FEW},
        f"{STEPS}/publish/window": "publicity",
        f"{STEPS}/remove/recovers": "amount",
        f"{STEPS}/remove/bans": {"of": ["lead"]},
        f"{STEPS}/expire/conditions": {},
        f"{STEPS}/reject": step("declared", "refused", label="不予批准"),
        f"{STEPS}/score": step("operating", "same", needs=["marks"]),
        f"{STEPS}/jump": step("operating", "commended"),
        f"{STATES}/rectifying/final": True,
        f"{STATES}/paused/on": True,
        f"{STATES}/lost": {"label": {"zh": "失", "en": "lost"}, "final": True},
        f"{WINDOWS}/call/to": date(2023, 12, 31),
        f"{WINDOWS}/publicity/to": {"after": "published", "days": -1},
        f"{DUTY}/action": "reprot",
        f"{DUTY}/within": {"months": 13},
        f"{DUTY}/until": {"after": "opening", "days": -1},
        "amendment/states/former": "declaerd",
        "calendar/moments/opening": {"event": "operat"},
    }
    steps = {
        "plaque/from": "unknown_name",
        "plaque/by/0": "unknown_name",
        "recheck/window": "unknown_name",
        "advise/opens": "unknown_name",
        "dismiss/settles": "unknown_name",
        "approve/conditions/quota": "never_holds",
        "operate/by": "nobody_may",
        "evaluate/conditions": "never_hold_together",
        "publish/window": "waits_in_vain",
        "remove/recovers": "nothing_to_recover",
        "remove/bans": "ban_of_nothing",
        "expire/automatic": "two_automatic",
        "reject": "same_step",
        "reject/label/zh": "same_label",
        "score": "name_taken",
        "jump/to": "skips_milestone",
    }

    assert {
        **{f"{STEPS}/{place}": code for place, code in steps.items()},
        f"{STATES}/rectifying/final": "final_left",
        f"{STATES}/paused": "dead_end",
        f"{STATES}/lost": "unreachable_state",
        f"{WINDOWS}/call": "window_order",
        f"{WINDOWS}/publicity": "window_order",
        f"{DUTY}/action": "unknown_name",
        f"{DUTY}/within": "due_after_next",
        f"{DUTY}/until": "window_order",
        "amendment/states/former": "unknown_name",
        "calendar/moments/opening": "unknown_name",
    } == {path: code for path, code, _ in places(changes)}


def test_methods_of_a_programme() -> None:
    """No step is called like what a programme has that is no step, and every such name is known."""
    standard = {name for name in vars(StandardActions) if not name.startswith("_")} - {"act"}
    public = {name for name in dir(Programme) if not name.startswith("_")}

    assert set() == public - standard - PROGRAMME_METHODS - {"open"}
    assert set() == PROGRAMME_METHODS & standard


def test_guards() -> None:
    """A guard that wants to be asked about a step that there is not is named with the nearest."""
    guards = [
        Guard(id="hours", check=lambda _: [], actions=frozenset({"approve", "pause"})),
        Guard(id="size", check=lambda _: [], actions=frozenset({"aprove"})),
    ]
    with pytest.raises(InputError) as error:
        check_guards(guards, built({}).procedure)

    assert [("guards/size/actions", "unknown_name", "approve")] == [
        (problem.path, problem.code, problem.nearest) for problem in error.value.problems
    ]
