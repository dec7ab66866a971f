"""Fact files written from a policy, and their schema."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve, fields

from studioflow.errors import InputError
from studioflow.host import load_policy
from studioflow.people import Mark
from studioflow.policy import Policy, read_facts
from studioflow.policy.fact_schema import fact_file_schema
from studioflow.policy.template import bounds_words, fact_file_toml
from studioflow.rubric import FactFile, InspectedItem, Inspection
from studioflow.rules import Fact
from studioflow.text import Language, Text

EXAMPLE = Path("examples/studio.toml")


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The reference policy."""
    return load_policy("yongjia-2023")


def loaded(text: str, folder: Path) -> FactFile:
    """Read a text as a fact file."""
    path = folder / "facts.toml"
    path.write_text(text, "utf-8")
    return read_facts(path)


class TestToml:
    """The file to fill in, and the file filled in."""

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_untouched(self, policy: Policy, tmp_path: Path, language: Language) -> None:
        """Untouched it has nothing in it, so that everything is open."""
        assert FactFile(schema="studioflow.facts/1") == loaded(
            fact_file_toml(policy, language), tmp_path
        )

    def test_comments(self, policy: Policy) -> None:
        """Each fact stands below its clause, label, bounds, unit and who supplies it."""
        lines = fact_file_toml(policy, "zh").splitlines()
        about = lines[lines.index("# trainees_promoted =") - 1]
        for words in ("5.3.3", "提升一级的学员", "0–500 人", "不超过 trainees", "领衔人"):
            assert words in about

    @pytest.mark.parametrize(
        ("low", "high", "words"),
        [
            (0, None, {"zh": "0 人以上（含）", "en": "0 or more people"}),
            (None, 9, {"zh": "9 人以下（含）", "en": "at most 9 people"}),
            (1, 9, {"zh": "1–9 人", "en": "1–9 people"}),
            (None, None, {"zh": "人", "en": "people"}),
        ],
    )
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_bounds(
        self, low: int | None, high: int | None, words: dict[str, str], language: Language
    ) -> None:
        """A bound that there is not leaves no dash behind."""
        fact = Fact(
            name="people",
            type="count",
            label=Text("人数", "people"),
            unit=Text("人", "people"),
            low=None if low is None else Fraction(low),
            high=None if high is None else Fraction(high),
        )
        assert words[language] == bounds_words(fact, language)

    def test_filling_in(self, policy: Policy, tmp_path: Path) -> None:
        """A value behind the sign, and the # away, is all that it takes."""
        text = fact_file_toml(policy).replace("# activities =", "activities = 18")
        block = '# criterion = "5.1.1"\n# by = ""\n# role = "assessor"\n# points ='
        filled = 'criterion = "5.1.1"\nby = "p"\nrole = "assessor"\npoints = 9'
        assert block in text
        text = text.replace(f"# [[marks]]\n{block}", f"[[marks]]\n{filled}")
        text = text.replace("# [inspection.items.flag]", "[inspection.items.flag]")
        before, _, after = text.partition("[inspection.items.flag]")
        file = loaded(
            f"{before}[inspection.items.flag]{after.replace('# present =', 'present = true', 1)}",
            tmp_path,
        )
        sheet = policy.score(file)

        assert {"activities": 18} == file.facts
        assert Fraction(9) == sheet.criterion("5.1.1").points.points
        assert file.inspection is not None
        assert file.inspection.items["flag"].present

    def test_filled(self, policy: Policy, tmp_path: Path) -> None:
        """Written and read again a file is the same."""
        given = read_facts(EXAMPLE)
        assert given == loaded(fact_file_toml(policy, filled=given), tmp_path)

    def test_every_value(self, policy: Policy, tmp_path: Path) -> None:
        """Decimals, quotes, line breaks and days survive."""
        words = 'a "quoted" \\ word\nand a second line'
        given = FactFile(
            schema="studioflow.facts/1",
            studio="a\tb",
            facts={"goal_mark": 7},
            marks=(
                Mark(
                    criterion="5.2.1",
                    by="p",
                    role="assessor",
                    unit="u",
                    on=date(2024, 11, 12),
                    points=Fraction(15, 2),
                    remark=words,
                ),
            ),
            inspection=Inspection(
                items={
                    "flag": InspectedItem(
                        present=True, remark=words, evidence=("a", "b"), on=date(2024, 11, 1)
                    )
                },
                by="p",
                role="assessor",
                unit="u",
                on=date(2024, 11, 2),
            ),
        )
        assert given == loaded(fact_file_toml(policy, filled=given), tmp_path)

    def test_without_the_rest(self, policy: Policy, tmp_path: Path) -> None:
        """Plain facts in place of marks and an inspection leave no room for either."""
        values = policy.values(read_facts(EXAMPLE))
        values |= {name: Fraction(0) for name in ("activities_extra_mark",)}
        text = fact_file_toml(policy, filled=FactFile(facts=values))
        assert "[[marks]]" not in text
        assert "[inspection]" not in text
        assert values == loaded(text, tmp_path).facts

    def test_some_items_given_plainly(self, policy: Policy, tmp_path: Path) -> None:
        """An item that is given plainly takes its own place away, and no other item's."""
        given = FactFile(
            schema="studioflow.facts/1",
            facts={"site_emblem": True},
            inspection=Inspection(items={"flag": InspectedItem(present=True)}, unit="u"),
        )
        text = fact_file_toml(policy, filled=given)
        assert given == loaded(text, tmp_path)
        assert "[inspection.items.emblem]" not in text

    def test_an_empty_inspection(self, policy: Policy, tmp_path: Path) -> None:
        """An inspection that found nothing yet is left to be filled in."""
        text = fact_file_toml(policy, filled=FactFile(inspection=Inspection(items={}, by="p")))
        assert FactFile(schema="studioflow.facts/1") == loaded(text, tmp_path)

    def test_no_place(self, policy: Policy) -> None:
        """Marks and items that the policy does not have are refused, each at its place."""
        mark = Mark(criterion="9.9", by="p", role="assessor", points=Fraction(1))
        seen = Inspection(items={"flga": InspectedItem(present=True)})
        with pytest.raises(InputError) as refused:
            fact_file_toml(policy, filled=FactFile(marks=(mark,), inspection=seen))
        assert ["marks/0/criterion", "inspection/items/flga"] == [
            problem.path for problem in refused.value.problems
        ]


class TestSchema:
    """The JSON Schema of a fact file."""

    def test_facts(self, policy: Policy) -> None:
        """Each fact has its type, or null, its bounds, and its words where it is a choice."""
        facts = fact_file_schema(policy)["properties"]["facts"]["properties"]

        assert list(policy.facts) == list(facts)
        for key, value in {"type": ["integer", "null"], "minimum": 0, "maximum": 400}.items():
            assert value == facts["activities"][key]
        assert ["in_time", "late", "never", None] == facts["funds_papers"]["enum"]
        assert ["boolean", "null"] == facts["lead_research"]["type"]

    def test_steps(self, policy: Policy) -> None:
        """A step is a multiple, and follows the reading."""
        varied = policy.vary({"readings/mark_step": "half_points"})
        steps = [
            fact_file_schema(p)["properties"]["facts"]["properties"]["goal_mark"]["multipleOf"]
            for p in (policy, varied)
        ]
        assert [1, 0.5] == steps

    def test_marks(self, policy: Policy) -> None:
        """A mark names its item, one of the roles that may give it, and points or met."""
        schema = fact_file_schema(policy, "zh")["properties"]["marks"]["items"]["oneOf"]
        marks = {mark["properties"]["criterion"]["const"]: mark for mark in schema}

        assert policy.rubric.judged_facts.keys() == marks.keys()
        assert ["assessor"] == marks["5.1.1"]["properties"]["role"]["enum"]
        assert "points" in marks["5.1.1"]["required"]
        assert "met" in marks["5.0.2"]["required"]

    def test_inspection(self, policy: Policy) -> None:
        """The inspection has the items of the site check and no other."""
        items = fact_file_schema(policy)["properties"]["inspection"]["properties"]["items"]
        assert list(policy.site_check.items) == list(items["properties"])
        assert False is items["additionalProperties"]

    def test_every_key_of_an_inspection(self, policy: Policy) -> None:
        """Whatever a file may say of an inspection is in the schema."""
        inspection = fact_file_schema(policy)["properties"]["inspection"]["properties"]
        assert {field.name for field in fields(Inspection)} == inspection.keys()

    def test_policy_without(self, policy: Policy) -> None:
        """Without marks and a site check there is no place for them."""
        plain = {name: fact for name, fact in policy.facts.items() if not fact.judged}
        bare = evolve(
            policy,
            rubric=evolve(policy.rubric, gates={}, criteria={}, facts=plain),
            site_check=evolve(policy.site_check, items={}),
        )
        assert {"schema", "studio", "facts"} == fact_file_schema(bare)["properties"].keys()
