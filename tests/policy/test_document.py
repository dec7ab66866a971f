"""Documents laid over each other: extends, rubric, site check, the policy's own tables."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from studioflow.errors import InputError
from studioflow.policy import Catalogue, Document, build_policy
from studioflow.policy.document import assemble

HEAD = 'schema = "studioflow.policy/1"\nid = "{id}"\nversion = "1"\n'
LABEL = {"zh": "某", "en": "some"}


def codes(error: pytest.ExceptionInfo[InputError]) -> list[tuple[str | None, str, str]]:
    """Return file, path and code of every problem."""
    return [(problem.file, problem.path, problem.code) for problem in error.value.problems]


def document(name: str = "own.toml", /, **tables: object) -> Document:
    """Make a document in memory."""
    return Document(tables, name)


def laid(under: Mapping[str, object], over: Mapping[str, object]) -> dict[str, Any]:
    """Lay one policy's tables over another's."""
    catalogue = Catalogue({"base": Document(dict(under), "base.toml")})
    return assemble(Document({"extends": "base", **over}, "own.toml"), catalogue).tables


class TestLaying:
    """How two tables become one."""

    def test_key_by_key(self) -> None:
        """The later one wins, key by key, at every depth; what it does not mention stays."""
        assert {"quota": {"places": 12, "clause": "5"}, "a": {"b": {"c": 1, "d": 2}}} == laid(
            {"quota": {"places": 10, "clause": "5"}, "a": {"b": {"c": 1}}},
            {"quota": {"places": 12}, "a": {"b": {"d": 2}}},
        )

    def test_order(self) -> None:
        """What was there keeps its place, what is new comes last."""
        found = laid({"grades": {"a": {}, "b": {}}}, {"grades": {"c": {}, "a": {"x": 1}}})

        assert ["a", "b", "c"] == list(found["grades"])

    def test_lists(self) -> None:
        """A list replaces a list whole."""
        assert {"by": ["c"]} == laid({"by": ["a", "b"]}, {"by": ["c"]})

    def test_another_kind(self) -> None:
        """A rule of another kind replaces the whole table that it stands in."""
        assert {"rule": {"kind": "points", "points": 3}} == laid(
            {"rule": {"kind": "count", "norm": 16, "label": LABEL}},
            {"rule": {"kind": "points", "points": 3}},
        )

    def test_the_same_kind(self) -> None:
        """A rule of the same kind, or that names none, changes the keys that it mentions."""
        under = {"rule": {"kind": "count", "norm": 16, "points": 16}}

        assert (
            laid(under, {"rule": {"norm": 12}})
            == laid(under, {"rule": {"kind": "count", "norm": 12}})
            == {"rule": {"kind": "count", "norm": 12, "points": 16}}
        )

    @pytest.mark.parametrize(
        ("under", "over", "result"),
        [
            # The same reading: the answers that are mentioned change.
            ({"reading": "r", "a": 1, "b": 2}, {"reading": "r", "a": 3}, None),
            # Another reading, or none, or one where there was none: replaced whole.
            ({"reading": "r", "a": 1}, {"reading": "s", "c": 3}, {"reading": "s", "c": 3}),
            ({"reading": "r", "a": 1}, {"each": 3}, {"each": 3}),
            ({"each": 3}, {"reading": "r", "a": 1}, {"reading": "r", "a": 1}),
        ],
    )
    def test_readings(
        self, under: dict[str, Any], over: dict[str, Any], result: dict[str, Any] | None
    ) -> None:
        """A choice by another reading replaces what was there."""
        expected = {"reading": "r", "a": 3, "b": 2} if result is None else result

        assert {"x": expected} == laid({"x": under}, {"x": over})

    def test_none_removes_a_table(self) -> None:
        """The word "none" takes a table away, and is kept where there was a value."""
        assert {"x": {"cap": "none"}} == laid(
            {"x": {"cap": 5, "yearly": {"norm": 8}}}, {"x": {"cap": "none", "yearly": "none"}}
        )


class TestExtends:
    """A policy that says "as that one, but"."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """A folder with a base policy and, beside it, a file that must not be reached."""
        folder = tmp_path / "county"
        folder.mkdir()
        base = HEAD.format(id="base") + 'label = { zh = "基", en = "base" }\n'
        (folder / "base.toml").write_text(base, "utf-8")
        (tmp_path / "secret.toml").write_text(base, "utf-8")
        return folder

    def written(self, folder: Path, extends: str, name: str = "own.toml") -> Document:
        """Write a policy that extends another and read it."""
        path = folder / name
        path.write_text(HEAD.format(id=name) + f'extends = "{extends}"\n', "utf-8")
        return Document.read(path)

    def test_by_id(self, folder: Path) -> None:
        """A policy extends one of the catalogue by its id, and keeps what it does not say."""
        base = Document.read(folder / "base.toml")
        policy = build_policy(self.written(folder, "base"), Catalogue({"base": base}))

        assert ("own.toml", "base") == (policy.id, policy.label.en)

    @pytest.mark.parametrize("name", ["base.toml", "./base.toml", "../county/base.toml"])
    def test_by_file(self, name: str, folder: Path) -> None:
        """A policy extends a file in its own folder."""
        assert "base" == build_policy(self.written(folder, name)).label.en

    def test_file_in_a_folder_below(self, folder: Path) -> None:
        """A folder below is inside."""
        (folder / "old").mkdir()
        (folder / "base.toml").rename(folder / "old" / "base.toml")

        assert "base" == build_policy(self.written(folder, "old/base.toml")).label.en

    def test_chain(self, folder: Path) -> None:
        """What is extended may extend another."""
        self.written(folder, "base.toml", "middle.toml")
        policy = build_policy(self.written(folder, "middle.toml"))

        assert ("own.toml", "base") == (policy.id, policy.label.en)

    def test_same_name_in_another_folder(self, folder: Path) -> None:
        """Two files of one name in different folders are no circle."""
        (folder / "old").mkdir()
        (folder / "base.toml").rename(folder / "old" / "own.toml")

        assert "base" == build_policy(self.written(folder, "old/own.toml")).label.en

    def test_absolute_path(self, folder: Path) -> None:
        """An absolute path is refused when it leads out, and only then."""
        inside, outside = folder / "base.toml", folder.parent / "secret.toml"

        assert "base" == build_policy(self.written(folder, inside.as_posix())).label.en
        with pytest.raises(InputError) as error:
            build_policy(self.written(folder, outside.as_posix()))
        assert [("own.toml", "extends", "outside_folder")] == codes(error)

    @pytest.mark.parametrize("name", ["../secret.toml", "x/../../secret.toml", "/etc/passwd.toml"])
    def test_out_of_the_folder(self, name: str, folder: Path) -> None:
        """A path that leads out of the folder is refused, whether or not there is a file."""
        with pytest.raises(InputError) as error:
            build_policy(self.written(folder, name))

        assert [("own.toml", "extends", "outside_folder")] == codes(error)

    def test_link_out_of_the_folder(self, folder: Path) -> None:
        """A link out of the folder is refused, be it the file's or a folder's."""
        (folder / "linked.toml").symlink_to(folder.parent / "secret.toml")
        (folder / "linked").symlink_to(folder.parent)
        for name in ("linked.toml", "linked/secret.toml"):
            with pytest.raises(InputError) as error:
                build_policy(self.written(folder, name))
            assert [("own.toml", "extends", "outside_folder")] == codes(error)

    def test_no_folder(self) -> None:
        """A document without a folder may not name files."""
        with pytest.raises(InputError) as error:
            build_policy(document(extends="base.toml"))

        assert [("own.toml", "extends", "outside_folder")] == codes(error)

    def test_missing_file(self, folder: Path) -> None:
        """A file that is not there is named."""
        with pytest.raises(InputError) as error:
            build_policy(self.written(folder, "bas.toml"))

        assert "not_readable" == error.value.problems[0].code
        assert "bas.toml" in str(error.value)

    def test_unknown_id(self, folder: Path) -> None:
        """An id that no plugin brings is refused, with the nearest one."""
        base = Document.read(folder / "base.toml")
        with pytest.raises(InputError) as error:
            build_policy(self.written(folder, "bsae"), Catalogue({"base": base}))

        assert [("own.toml", "extends", "unknown_name")] == codes(error)
        assert "base" == error.value.problems[0].nearest

    def test_not_a_name(self) -> None:
        """What is extended is named by a text."""
        with pytest.raises(InputError) as error:
            build_policy(document(extends=["base"]))

        assert [("own.toml", "extends", "wrong_type")] == codes(error)

    def test_itself(self, folder: Path) -> None:
        """A policy does not extend itself, by file or by id."""
        own = self.written(folder, "own.toml")
        by_id = document(extends="own")
        for circle, catalogue in ((own, Catalogue()), (by_id, Catalogue({"own": by_id}))):
            with pytest.raises(InputError) as error:
                build_policy(circle, catalogue)
            assert [("own.toml", "extends", "extends_itself")] == codes(error)

    def test_circle(self, folder: Path) -> None:
        """A circle is found where it closes."""
        self.written(folder, "own.toml", "other.toml")
        with pytest.raises(InputError) as error:
            build_policy(self.written(folder, "other.toml"))

        assert [("other.toml", "extends", "extends_itself")] == codes(error)

    def test_too_deep(self, folder: Path) -> None:
        """So many policies may extend each other, and no more."""
        for depth in range(10):
            self.written(
                folder, f"p{depth + 1}.toml" if depth < 9 else "base.toml", f"p{depth}.toml"
            )

        assert build_policy(Document.read(folder / "p2.toml")).id == "p2.toml"
        with pytest.raises(InputError) as error:
            build_policy(Document.read(folder / "p0.toml"))
        assert [("p8.toml", "extends", "extends_too_deep")] == codes(error)


class TestParts:
    """A rubric from one document and a site check from another."""

    RUBRIC = document(
        "rubric.toml",
        schema="studioflow.rubric/1",
        id="r",
        version="7",
        label=LABEL,
        source="文",
        sections={"work": {"label": LABEL}},
        criteria={
            "c": {"section": "work", "label": LABEL, "max": 3, "kind": "points", "points": 3}
        },
        gates={"g": {"label": LABEL, "kind": "site_check"}},
    )
    SITE_CHECK = document(
        "site.toml",
        schema="studioflow.site-check/1",
        id="s",
        label={"zh": "场地", "en": "the site"},
        clause="3.3",
        site_check={"items": {"door": {"label": LABEL}}},
    )
    POLICY = document(
        schema="studioflow.policy/1",
        id="p",
        version="1",
        label=LABEL,
        rubric="r",
        site_check="s",
    )

    def catalogue(self, rubric: Document = RUBRIC, site_check: Document = SITE_CHECK) -> Catalogue:
        """Make a catalogue of a rubric and a site check."""
        return Catalogue({}, {"r": rubric}, {"s": site_check})

    def changed(self, original: Document, **changes: object) -> Document:
        """Change tables of a document."""
        return Document({**original.tables, **changes}, original.name)

    def test_from_two_documents(self) -> None:
        """A policy takes its rubric from one document and its site check from another."""
        policy = build_policy(self.POLICY, self.catalogue())
        sheet = policy.score({"site_door": True})

        assert (Fraction(3), True) == (sheet.total.points, sheet.eligible)
        assert ("p", "1", None) == (policy.id, policy.version, policy.source)
        assert ("the site", "3.3") == (policy.site_check.label.en, policy.site_check.clause)

    def test_parts_are_laid_over_what_is_extended(self) -> None:
        """An extending policy may take another site check in place of the inherited one."""
        other = self.changed(self.SITE_CHECK, site_check={"items": {"lamp": {"label": LABEL}}})
        catalogue = Catalogue(
            {"p": self.POLICY}, {"r": self.RUBRIC}, {"s": self.SITE_CHECK, "t": other}
        )
        own = {"extends": "p", "id": "q", "site_check": "t", "sections": {"work": {"cap": 2}}}
        policy = build_policy(Document(own, "q.toml"), catalogue)

        assert ["lamp"] == list(policy.site_check.items)
        assert policy.rubric.maximum == 2

    def test_another_rubric_takes_the_place_of_the_inherited_one(self) -> None:
        """Its tables go; what the extended policy says itself stays under the new one."""
        base = self.changed(self.POLICY, facts={"kept": {"type": "flag", "label": LABEL}})
        criteria = {**self.RUBRIC.tables["criteria"], "d": self.RUBRIC.tables["criteria"]["c"]}
        other = self.changed(self.RUBRIC, criteria={"d": criteria["d"]}, gates={})
        catalogue = Catalogue({"p": base}, {"r": self.RUBRIC, "r2": other}, {"s": self.SITE_CHECK})
        policy = build_policy(
            Document({"extends": "p", "id": "q", "rubric": "r2"}, "q.toml"), catalogue
        )

        assert (["d"], []) == (list(policy.rubric.criteria), list(policy.rubric.gates))
        assert ["kept", "site_door"] == list(policy.facts)

    def test_tables_of_its_own(self) -> None:
        """A policy may hold the tables of its parts itself."""
        whole = {**self.POLICY.tables, **self.RUBRIC.tables, **self.POLICY.tables}
        del whole["rubric"]
        whole["site_check"] = {"label": LABEL, "items": {"door": {"label": LABEL}}}

        assert 3 == build_policy(document(**whole)).score({}).total.points

    def test_unknown_part(self) -> None:
        """A part that no plugin brings is refused, with the nearest one; both are told."""
        policy = self.changed(self.POLICY, rubric="rr", site_check="x")
        with pytest.raises(InputError) as error:
            build_policy(policy, self.catalogue())

        assert [
            ("own.toml", "rubric", "unknown_name"),
            ("own.toml", "site_check", "unknown_name"),
        ] == codes(error)
        assert "r" == error.value.problems[0].nearest

    def test_not_a_name(self) -> None:
        """A rubric is named by its id."""
        with pytest.raises(InputError) as error:
            build_policy(self.changed(self.POLICY, rubric={"id": "r"}), self.catalogue())

        assert [("own.toml", "rubric", "wrong_type")] == codes(error)

    def test_another_schema(self) -> None:
        """A part of another schema is refused, in its own file."""
        swapped = Catalogue({}, {"r": self.SITE_CHECK}, {"s": self.SITE_CHECK})
        with pytest.raises(InputError) as error:
            build_policy(self.POLICY, swapped)

        assert ("site.toml", "rubric/schema", "wrong_schema") == codes(error)[0]

    def test_tables_that_are_not_a_rubrics(self) -> None:
        """A rubric says nothing about roles or the lifecycle."""
        rubric = self.changed(self.RUBRIC, roles={}, sectoins={})
        with pytest.raises(InputError) as error:
            build_policy(self.POLICY, self.catalogue(rubric=rubric))

        assert [
            ("rubric.toml", "rubric/roles", "unknown_key"),
            ("rubric.toml", "rubric/sectoins", "unknown_key"),
        ] == codes(error)
        assert "sections" == error.value.problems[1].nearest

    def test_whose_fault(self) -> None:
        """A problem names the document that it stands in."""
        rubric = self.changed(self.RUBRIC, sections={"work": {"label": LABEL, "cap": "all"}})
        site_check = self.changed(self.SITE_CHECK, site_check={"items": {"door": {"label": 3}}})
        policy = self.changed(self.POLICY, quota={"places": 3})
        with pytest.raises(InputError) as error:
            build_policy(policy, self.catalogue(rubric, site_check))

        assert [
            ("site.toml", "site_check/items/door/label", "wrong_type"),
            ("rubric.toml", "sections/work/cap", "wrong_type"),
            ("own.toml", "quota", "missing_key"),
        ] == codes(error)


@pytest.mark.parametrize("value", [0.5, float("nan"), None, {1, 2}, object(), b"x"])
def test_values_that_no_file_holds(value: object) -> None:
    """What no TOML file can hold is refused where a document comes from Python."""
    with pytest.raises(InputError) as error:
        build_policy(document(quota={"places": [1, value]}))

    assert [("own.toml", "quota/places/1", "not_plain")] == codes(error)


def test_text_as_in_a_file() -> None:
    """Text from Python is checked and composed as text in a file is."""
    composed = document(label={"zh": "e\u0301", "en": "x"})
    hidden = document(label={"zh": "a\u202eb", "en": "x"})

    assert {"zh": "\u00e9", "en": "x"} == assemble(composed, Catalogue()).tables["label"]
    with pytest.raises(InputError) as error:
        assemble(hidden, Catalogue())
    assert [("own.toml", "label/zh", "bad_character")] == codes(error)
