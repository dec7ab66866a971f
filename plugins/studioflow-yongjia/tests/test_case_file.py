"""The case file: every field of the forms is there, and every kind of record loads and returns."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from studioflow.codec import parse, read, to_json
from studioflow.errors import InputError
from studioflow.policy import Policy

SAMPLES = Path(__file__).with_name("case_file_samples.toml")

# Written by hand from the forms, in their order and to the letter.
ATTACHMENT_1 = [
    "党组织盖章",
    "填表人",
    "联系方式",
    "工作室名称",
    "领衔人姓名",
    "何时参加工作",
    "入党年月",
    "单位职务",
    "学历学位",
    "任教学科",
    "专技职务",
    "联系方式",
    "创建基础",
    "初步设想及预期成效",
    "创建方案另附",
    "领衔人单位党组织意见",
    "局机关党委审批意见",
]
ATTACHMENT_2 = [
    "姓名",
    "性别",
    "参加的工作室名称",
    "何时参与工作",
    "单位名称、职务",
    "是否中共党员",
    "学历学位",
    "任教学科",
    "专技职务",
    "联系方式",
    "成长规划",
    "成长规划（可另附）",
    "单位党组织意见",
    "局机关党委审批意见",
]
# What the two rosters have beyond the forms: from which day to which a person is on them.
ROSTER = ["加入日期", "退出日期"]

SIX_ACTIONS = {
    "classroom_help": "进课堂帮扶诊断",
    "campus_service": "进校园志愿服务",
    "home_visits": "进家庭温暖家访",
    "mentoring": "师徒结对",
    "open_lessons": "公开课、讲座",
    "residency": "工作室驻校研修",
}

KINDS = {
    "application_form",
    "member",
    "trainee",
    "evaluation_form",
    "goal",
    "training_plan",
    "key_work",
    "beneficiary",
    "feature",
    "radiating_project",
    "preparation",
    "activity",
    "action",
    "station",
    "public_benefit",
    "research",
    "lesson",
    "paper",
    "promotion",
    "media",
    "model_case",
    "fund",
    "fund_report",
    "fund_review",
    "web_notice",
    "spot_check",
    "guidance",
}

# What tells about one person: never shown, and kept apart.
PERSONAL = {
    "application_form": {
        "filled_in_by_contact",
        "started_work",
        "joined_party",
        "unit_and_post",
        "education",
        "subject",
        "professional_title",
        "lead_contact",
    },
    "member": {
        "sex",
        "taken_part_since",
        "unit_and_post",
        "party_member",
        "education",
        "subject",
        "professional_title",
        "contact",
        "growth_plan",
    },
    "trainee": {"unit", "subject", "contact", "goals", "outstanding"},
    "promotion": {"before", "after"},
    "evaluation_form": {"category", "school_stage_subject"},
}


def samples() -> dict[str, dict[str, Any]]:
    """Return a record of each kind, with every field filled in."""
    return {kind: table for kind, table in read(SAMPLES).items() if isinstance(table, dict)}


def test_kinds(reference: Policy) -> None:
    """Every record that a county keeps of a studio is declared."""
    assert KINDS == set(reference.record_kinds)


def test_attachment_1(reference: Policy) -> None:
    """The application has the fields of attachment 1 by their official labels."""
    fields = reference.record_kinds["application_form"].fields

    assert ATTACHMENT_1 == [field.label.zh for field in fields.values()]


def test_attachment_2(reference: Policy) -> None:
    """A member's sheet has the fields of attachment 2 by their official labels, and two days."""
    fields = reference.record_kinds["member"].fields

    labels = [field.label.zh for field in fields.values()]
    assert ATTACHMENT_2 == [label for label in labels if label not in ROSTER]
    assert set(ROSTER) <= set(labels)


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("application_form", "host_party_opinion"),
        ("application_form", "bureau_committee_opinion"),
        ("member", "unit_party_opinion"),
        ("member", "bureau_committee_opinion"),
    ],
)
def test_opinions(reference: Policy, kind: str, field: str) -> None:
    """An opinion on a form has its words, a seal, a day and whose it is."""
    record = reference.record_kinds[kind].load(samples()[kind])
    opinion = getattr(record, field)

    assert opinion.text
    assert opinion.sealed
    assert opinion.on is not None
    assert opinion.unit is not None


def test_six_actions(reference: Policy) -> None:
    """The six actions are those of the indicator, by the ids of its facts."""
    values = reference.record_kinds["action"].fields["what"].values

    assert SIX_ACTIONS == {name: label.zh for name, label in values.items()}
    assert SIX_ACTIONS == {name: reference.facts[name].label.zh for name in values}


def test_haves_of_an_activity(reference: Policy) -> None:
    """An activity has the five haves, and theme, notice and news brief."""
    fields = reference.record_kinds["activity"].fields

    assert {"计划", "主题", "交流", "记录", "小结", "通知", "简讯"} <= {
        field.label.zh for field in fields.values()
    }


def test_rosters(reference: Policy) -> None:
    """Members and trainees are two rosters with days, whose people do not judge the studio."""
    rosters = {
        name: (kind.person, kind.since, kind.until)
        for name, kind in reference.record_kinds.items()
        if kind.since and kind.insider
    }

    assert dict.fromkeys(("member", "trainee"), ("person", "joined", "left")) == rosters


def test_who_judges(reference: Policy) -> None:
    """Reviews, spot checks and visits are made by those who do not belong to the studio."""
    independent = {
        name: kind.supplied_by for name, kind in reference.record_kinds.items() if kind.independent
    }

    assert {
        "fund_review": ("master_teacher_office",),
        "spot_check": ("assessor",),
        "guidance": ("county_bureau", "bureau_committee"),
    } == independent


def test_personal(reference: Policy) -> None:
    """Contacts, dates of a life, schooling and the like are personal; an erased record loads."""
    personal = {
        name: {field for field, declared in kind.fields.items() if declared.personal}
        for name, kind in reference.record_kinds.items()
    }

    assert PERSONAL == {name: fields for name, fields in personal.items() if fields}
    for name, kind in reference.record_kinds.items():
        assert not [field for field in personal[name] if kind.fields[field].required]


def test_samples_are_complete(reference: Policy) -> None:
    """The samples fill in every field of every kind."""
    assert {name: set(kind.fields) for name, kind in reference.record_kinds.items()} == {
        name: set(table) for name, table in samples().items()
    }


@pytest.mark.parametrize("name", sorted(KINDS))
def test_returns_unchanged(reference: Policy, name: str) -> None:
    """A full record of each kind loads from TOML and JSON, and returns unchanged through JSON."""
    kind = reference.record_kinds[name]
    record = kind.load(samples()[name])
    document = kind.dump(record)
    through_json = parse(to_json(document).encode(), json_document=True)

    assert set(kind.fields) == set(document)
    assert document == through_json
    assert record == kind.load(through_json)
    assert document == kind.joined(*kind.separated(document))


@pytest.mark.parametrize("name", sorted(KINDS))
def test_without_its_personal_parts(reference: Policy, name: str) -> None:
    """A record whose personal parts are erased still loads, and shows none of them before."""
    kind = reference.record_kinds[name]
    document = kind.dump(kind.load(samples()[name]))
    public, personal = kind.separated(document)
    shown = repr(kind.load(document))

    assert None is not kind.load(public)
    assert [] == [text for text in _texts(list(personal.values())) if text in shown]


def _texts(value: object) -> list[str]:
    """Return every text in a value that is no date and long enough to be recognised."""
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) and len(value) > 1 else []


@pytest.mark.parametrize("name", sorted(KINDS))
def test_strict(reference: Policy, name: str) -> None:
    """A record of each kind with every field wrong has a problem for every field."""
    kind = reference.record_kinds[name]
    with pytest.raises(InputError) as error:
        kind.load({field: Decimal("0.123") for field in kind.fields} | {"unknown": 1})

    found = {problem.path.split("/")[0] for problem in error.value.problems}
    assert {*kind.fields, "unknown"} == found


def test_recorders(reference: Policy) -> None:
    """Every kind is recorded by somebody; kinds and fields have labels in both languages."""
    for kind in reference.record_kinds.values():
        assert set(kind.supplied_by) <= set(reference.roles)
        assert kind.clause
        for label in (kind.label, *(declared.label for declared in kind.fields.values())):
            assert label.en.isascii()
            assert re.search("[\u4e00-\u9fff]", label.zh)


def test_clauses(reference: Policy) -> None:
    """Every clause id that a kind or a field cites is one of the document's."""
    kinds = reference.record_kinds.values()
    cited = {part.clause for kind in kinds for part in kind.fields.values()}
    document = {"1.2", "1.3", "1.4", "1.5", "1.6", "2.3", "2.4", "3.0", "3.1", "3.1.1", "3.1.2"}
    document |= {"3.1.3", "3.2.2", "3.3.3", "4.1", "4.2", "5.0.1", "5.1.1", "5.2.1", "5.2.2"}
    document |= {"5.2.3", "5.2.4", "5.3.1", "5.3.2", "5.3.3", "5.3.4", "5.4.1", "5.4.2", "5a.2"}

    assert document | {"5a.3"} == {kind.clause for kind in kinds} | cited - {None}
