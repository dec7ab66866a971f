"""Form files: what is refused, all of it at once, and which forms serve which policy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studioflow import Policy, load_policy
from studioflow.documents.forms import (
    check_form,
    empty_form,
    fill_form,
    form_from,
    forms_of,
    read_filled,
    read_form,
)
from studioflow.documents.paper import Table, write_paper
from studioflow.errors import InputError
from studioflow.host import Host, hookimpl
from studioflow.programme import read_batch, run_batch
from studioflow.studio import Record, Studio

HEADER = {
    "schema": "studioflow.form/1",
    "id": "talks",
    "policy": "yongjia-2023",
    "label": {"zh": "讲座表", "en": "Talks"},
}


@pytest.fixture(scope="module")
def host() -> Host:
    """What the installed plugins brought."""
    return Host.discover()


@pytest.fixture(scope="module")
def policy(host: Host) -> Policy:
    """The reference policy."""
    return load_policy("yongjia-2023", host=host)


def problems(tables: dict[str, Any], policy: Policy | None = None) -> set[tuple[str, str]]:
    """Return the codes and the paths of what is wrong with a form."""
    with pytest.raises(InputError) as caught:
        _checked(tables, policy)
    return {(problem.code, problem.path) for problem in caught.value.problems}


def _checked(tables: dict[str, Any], policy: Policy | None) -> None:
    """Read a form, and check it where there is a policy."""
    form = form_from(tables, "talks.toml")
    if policy is not None:
        check_form(form, policy)


class TestRefused:
    """What is wrong with a form file is said with its place."""

    def test_schema(self) -> None:
        """Another document is not read any further."""
        assert {("wrong_schema", "schema")} == problems({"schema": "studioflow.policy/1"})

    @pytest.mark.parametrize("text", ["{", "a}b", "{}", "{a=b}", "{{a}}"])
    def test_braces(self, text: str) -> None:
        """Braces that hold no path are refused, wherever they stand."""
        ((code, path),) = problems({**HEADER, "blocks": [{"text": text}]})

        assert code in {"form_slot_syntax", "form_tick_needs"}
        assert "blocks/0/text" == path

    def test_rows_that_do_not_fit(self) -> None:
        """A row whose cells do not fill the columns is refused, and so is each other one."""
        rows = [
            {"cells": [{"text": "a", "down": 2}, "b"]},
            {"cells": ["c", "d"]},
            {"cells": ["e"]},
        ]
        found = problems({**HEADER, "blocks": [{"columns": [1, 1], "rows": rows}]})

        assert ("form_row_width", "blocks/0/rows/1/cells") in found

    def test_text_or_rows(self) -> None:
        """A block is a paragraph or a table, and not both, and not neither."""
        both = {"text": "a", "columns": [1], "rows": [{"cells": ["b"]}]}
        found = problems({**HEADER, "blocks": [both, {}]})

        assert {("form_text_or_rows", "blocks/0"), ("form_text_or_rows", "blocks/1")} == found

    def test_text_or_head(self) -> None:
        """A cell says one thing."""
        cell = {"text": "a", "head": "b"}
        found = problems({**HEADER, "blocks": [{"columns": [1], "rows": [{"cells": [cell]}]}]})

        assert {("form_text_or_head", "blocks/0/rows/0/cells/0")} == found

    def test_sizes(self) -> None:
        """Cells of no width, negative columns and a thousand million blank rows are refused."""
        cells = [{"text": "a", "across": 0, "height": -1}, {"text": "b", "down": 10_000}]
        table = {"columns": [-1, 1], "rows": [{"cells": ["a", "b"], "blank": 10**9}]}
        found = problems(
            {**HEADER, "blocks": [{"columns": [1], "rows": [{"cells": cells}]}, table]}
        )

        assert {
            ("form_size", "blocks/0/rows/0/cells/0/across"),
            ("form_size", "blocks/0/rows/0/cells/0/height"),
            ("form_size", "blocks/0/rows/0/cells/1/down"),
            ("form_size", "blocks/1/rows/0/blank"),
        } == found
        wide = {"columns": [-1, 1], "rows": [{"cells": ["a", "b"]}]}
        assert {("form_size", "blocks/0/columns/0")} == problems({**HEADER, "blocks": [wide]})

    def test_record_or_sheet(self) -> None:
        """A form is of a kind of record or of the sheet, and not of both."""
        tables = {**HEADER, "record": "activity", "sheet": True, "blocks": [{"text": "a"}]}

        assert {("form_record_or_sheet", "")} == problems(tables)

    def test_paths(self, policy: Policy) -> None:
        """Paths that mean nothing under a policy are told all, with the nearest match."""
        tables = {
            **HEADER,
            "record": "activity",
            "blocks": [
                {"text": "{them}"},
                {"text": {"zh": "{on}", "en": "{activities}"}},
                {
                    "columns": [1, 1],
                    "rows": [
                        {"cells": ["{criteria/5.9.9/points}", "{what=walking:□|■}"]},
                        {"each": "talks", "cells": ["", ""]},
                        {"each": "items", "cells": ["{item/label}", "{item/colour}"]},
                    ],
                },
            ],
        }

        assert {
            ("unknown_name", "blocks/0/text"),
            ("unknown_name", "blocks/1/text"),
            ("unknown_name", "blocks/2/rows/0/cells/0"),
            ("unknown_name", "blocks/2/rows/0/cells/1"),
            ("unknown_name", "blocks/2/rows/1/cells/0"),
            ("unknown_name", "blocks/2/rows/1/cells/1"),
            ("unknown_name", "blocks/2/rows/2/cells/1"),
        } == problems(tables, policy)

    def test_nearest(self, policy: Policy) -> None:
        """A misspelt field is told with the one that was meant."""
        form = form_from({**HEADER, "record": "activity", "blocks": [{"text": "{them}"}]})
        with pytest.raises(InputError) as caught:
            check_form(form, policy)

        assert "theme" == caught.value.problems[0].nearest


class TestWhichServe:
    """A form serves every policy that has what it names."""

    def test_a_policy_that_extends_another(self, host: Host, tmp_path: Path) -> None:
        """A policy that extends another has its forms."""
        path = tmp_path / "shore.toml"
        path.write_text(
            'schema = "studioflow.policy/1"\nid = "shore"\nversion = "1"\n'
            'label = { zh = "海岸", en = "shore" }\nextends = "yongjia-2023"\n',
            encoding="utf-8",
        )

        assert 3 == len(forms_of(load_policy(path, host=host), host))

    def test_another_policy(self, host: Host) -> None:
        """A policy without these records has forms of its own and no others."""
        policy = load_policy("teacher-points", host=host)

        assert {"teacher-points-roster", "teacher-points-sheet"} == set(forms_of(policy, host))

    def test_own_form_that_does_not_fit(self, policy: Policy) -> None:
        """A form that was written for the policy, and does not fit it, is not passed over."""

        class Forms:
            @hookimpl
            def studioflow_forms(self) -> list[dict[str, object]]:
                return [{**HEADER, "blocks": [{"text": "{studio/colour}"}]}]

        with pytest.raises(InputError) as caught:
            forms_of(policy, Host([Forms()]))

        assert "blocks/0/text" == caught.value.problems[0].path


def test_boxes_of_several_choices(policy: Policy, tmp_path: Path) -> None:
    """Boxes are ticked for each of several choices, and read back as a list."""
    boxes = "{rooms=policy_talks:□|■}{rooms=listening:□|■}{rooms=relief:□|■}"
    form = form_from(
        {
            **HEADER,
            "record": "radiating_project",
            "blocks": [
                {"columns": [1, 1], "rows": [{"cells": [{"head": "{title/label}"}, "{title}"]}]},
                {"columns": [1, 1], "rows": [{"cells": [{"head": "{rooms/label}"}, boxes]}]},
            ],
        }
    )
    data = {"title": "A", "rooms": ["policy_talks", "relief"]}
    record = Record(kind="radiating_project", id="r", data=data)
    path = tmp_path / "boxes.docx"
    write_paper(fill_form(form, policy, Studio(id="s", records={"r": record})), path)

    assert [data] == list(read_filled(path, form, policy).records["radiating_project"])


class TestRoster:
    """A form that lists records, a row each."""

    @pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
    def test_round_trip(self, host: Host, tmp_path: Path, suffix: str) -> None:
        """The roster of a studio, filled in and read back, has the same members."""
        policy = load_policy("teacher-points", host=host)
        batch = read_batch(host.sample_batch("teacher-points-sample").folder)
        report = run_batch(policy, batch, host=host.working())
        form = forms_of(policy, host)["teacher-points-roster"]
        kind = policy.record_kinds["member"]
        for studio in list(report.studios.values())[:3]:
            path = tmp_path / f"{studio.id}{suffix}"
            write_paper(fill_form(form, policy, studio), path)
            taken = read_filled(path, form, policy)

            wanted = [kind.dump(kind.load(r.document())) for r in studio.of_kind("member")]
            assert wanted == list(taken.records["member"])

    def test_blank_rows(self, host: Host) -> None:
        """An empty roster has room for as many as the form says."""
        policy = load_policy("teacher-points", host=host)
        paper = empty_form(forms_of(policy, host)["teacher-points-roster"], policy)
        (table,) = (block for block in paper.blocks if isinstance(block, Table))

        assert 16 == len(table.rows)


def test_installed_forms_are_read(tmp_path: Path) -> None:
    """A form is read from a file as from tables."""
    path = tmp_path / "talks.toml"
    path.write_text(
        'schema = "studioflow.form/1"\nid = "talks"\npolicy = "yongjia-2023"\n'
        'label = { zh = "讲座", en = "talks" }\n[[blocks]]\ntext = "{studio/name}"\n',
        encoding="utf-8",
    )

    assert "talks" == read_form(path).id
