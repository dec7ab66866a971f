"""Tables with the facts of a studio in each row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studioflow.cohort.columns import read_cohort, score_cohort
from studioflow.documents.tables import read_facts
from studioflow.errors import InputError
from studioflow.policy import Policy

Book = Callable[..., Path]
File = Callable[[bytes | str], Path]


def told(path: Path, policy: Policy) -> list[tuple[str, str]]:
    """Where each problem of a table is, and its code."""
    with pytest.raises(InputError) as refused:
        read_facts(path, policy)
    return [(problem.path, problem.code) for problem in refused.value.problems]


def test_facts_as_an_office_has_them(book: Book, policy: Policy, tmp_path: Path) -> None:
    """A messy table of facts becomes one that a cohort is scored from."""
    path = book(
        [
            ["工作室考核数据汇总表"],
            [
                "序号",
                "工作室",
                "研修活动次数（次）",
                "有党旗",
                "上交经费使用所需材料",
                "培养目标评分",
            ],
            [1, "s01", "１８", "√", "及时", 10.0],
            [2, "s02", 12.0, "无", None, "9分"],
            ["合计", None, 30],
        ]
    )
    table = read_facts(path, policy)
    assert {
        "s01": {"activities": 18, "site_flag": True, "funds_papers": "in_time", "goal_mark": 10},
        "s02": {"activities": 12, "site_flag": False, "goal_mark": 9},
    } == table.facts
    assert ("Sheet1!A5",) == table.left_out
    out = tmp_path / "cohort.csv"
    out.write_text(table.to_csv(), "utf-8")
    scored = score_cohort(policy, read_cohort(out), results=["criteria"]).frame.collect()
    sheets = {name: policy.score(file) for name, file in table.files().items()}
    for studio, low, high in scored.select(
        "studio", "criteria/5.2.2_low", "criteria/5.2.2_high"
    ).rows():
        (item,) = [each for each in sheets[studio].criteria if each.id == "5.2.2"]
        assert (low, high) == item.points.range


def test_every_problem_of_facts(csv_file: File, policy: Policy) -> None:
    """Bounds, types, parts of a whole, and studios that come twice are told by cell."""
    path = csv_file(
        "工作室;研修活动次数;有党旗;工作室学员人数;有公开教学或讲座的学员\n"
        "s01;999;部分;5;4\ns02;4;是;5;9\ns02;4;是;5;5\n;4;是;5;5\n"
    )
    assert [
        ("B2", "out_of_bounds"),
        ("C2", "wrong_type"),
        ("A5", "empty_cell"),
        ("E3", "more_than_whole"),
        ("A4", "duplicate_key"),
    ] == told(path, policy)


def test_ids_of_studios_are_asked_for(csv_file: File, policy: Policy) -> None:
    """Facts of nobody are of no use."""
    assert [("A1", "missing_column")] == told(csv_file("有党旗\n是\n"), policy)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None
)
@given(data=st.data())
def test_what_is_written_is_read_back(csv_file: File, policy: Policy, data: st.DataObject) -> None:
    """The table that comes out is read back as it is."""
    names = ("activities", "site_flag", "funds_papers")
    ids = st.text("abc019-", min_size=1, max_size=5).filter(lambda name: name[0] != "-")
    kinds = (st.integers(0, 400), st.booleans(), st.sampled_from(("in_time", "late", "never")))
    each = st.tuples(*(st.none() | kind for kind in kinds))
    rows = data.draw(st.dictionaries(ids, each, min_size=1, max_size=5))
    lines = [
        ",".join([studio, *("" if value is None else str(value) for value in values)])
        for studio, values in rows.items()
    ]
    head = ",".join(["studio", *names])
    expected = {
        studio: {n: v for n, v in zip(names, values, strict=True) if v is not None}
        for studio, values in rows.items()
    }
    table = read_facts(csv_file("\n".join([head, *lines])), policy)
    assert expected == table.facts
    assert table == read_facts(csv_file(table.to_csv()), policy)
