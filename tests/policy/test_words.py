"""Words that are said once and named by facts, dimensions and fields."""

import pytest

from studioflow import InputError, Policy
from studioflow.policy import Document, build_policy
from studioflow.text import Text

LEVELS = {
    "school": {"zh": "校级", "en": "school"},
    "county": {"zh": "县级", "en": "county"},
    "city": {"zh": "市级", "en": "city"},
}
LABEL = {"zh": "名称", "en": "label"}


def policy(**changed: object) -> Policy:
    """Build a policy with shared words."""
    tables: dict[str, object] = {
        "schema": "studioflow.policy/1",
        "id": "words",
        "version": "1",
        "label": LABEL,
        "words": {"level": LEVELS},
        "roles": {"lead": {"label": LABEL}},
        "facts": {
            "best": {"type": "choice", "label": LABEL, "values": "level"},
            "level": {"type": "choice", "label": LABEL, "values": ["city", "county"]},
            "papers": {
                "type": "count",
                "label": LABEL,
                "unit": LABEL,
                "by": {"level": ["county", "city"]},
            },
        },
        "records": {
            "paper": {
                "label": LABEL,
                "from": ["lead"],
                "fields": {"at": {"type": "choice", "label": LABEL, "values": "level"}},
            }
        },
    }
    return build_policy(Document({**tables, **changed}, "words.toml"))


class TestWords:
    """Where shared words stand."""

    def test_all(self) -> None:
        """A name stands for all words of the table of that name."""
        assert list(policy().facts["best"].values) == list(LEVELS)
        assert policy().record_kinds["paper"].fields["at"].values["city"] == Text("市级", "city")

    def test_some(self) -> None:
        """A list stands for those words of the table that is called like what has it."""
        assert list(policy().facts["level"].values) == ["city", "county"]
        assert {"papers_county", "papers_city"} == {n for n in policy().facts if "papers" in n}

    @pytest.mark.parametrize("place", ["fact", "values", "tally", "by", "dimension"])
    def test_by_reading(self, place: str) -> None:
        """A reading may choose them, and what has them."""
        readings = {
            "which": {
                "text": LABEL,
                "value": "some",
                "values": {"some": LABEL, "every": LABEL},
            }
        }

        def chosen(some: object, every: object, *, here: bool) -> object:
            return {"reading": "which", "some": some, "every": every} if here else some

        def fact(values: object) -> dict[str, object]:
            return {"type": "choice", "label": LABEL, "values": values}

        def tally(by: object) -> dict[str, object]:
            return {"type": "count", "label": LABEL, "unit": LABEL, "by": by}

        some, every = ["city"], "level"
        values = chosen(some, every, here=place == "values")
        words = chosen(some, every, here=place == "dimension")
        by = chosen({"level": words}, {"level": every}, here=place == "by")
        facts = {
            "level": chosen(fact(values), fact(every), here=place == "fact"),
            "papers": chosen(tally(by), tally({"level": every}), here=place == "tally"),
        }
        built = policy(facts=facts, readings=readings)
        other = built.vary({"readings/which": "every"})

        of_tally = place in {"tally", "by", "dimension"}
        found = [[n for n in each.facts if "papers" in n] for each in (built, other)]
        if not of_tally:
            found = [[*each.facts["level"].values] for each in (built, other)]
        assert [1, 3] == [*map(len, found)]

    def test_fingerprint(self) -> None:
        """What a policy says keeps the names: the words stand in it once."""
        assert policy().tables["facts"]["best"]["values"] == "level"

    @pytest.mark.parametrize(
        ("fact", "path"),
        [
            ({"values": "levle"}, "facts/best/values"),
            ({"values": ["county"]}, "facts/best/values"),
        ],
    )
    def test_unknown(self, fact: dict[str, object], path: str) -> None:
        """A table of words that does not exist is refused where it is named."""
        with pytest.raises(InputError) as caught:
            policy(facts={"best": {"type": "choice", "label": LABEL, **fact}})
        assert path in {problem.path for problem in caught.value.problems}

    def test_unknown_word(self) -> None:
        """So is a word that the table does not have, with the nearest one."""
        with pytest.raises(InputError) as caught:
            policy(facts={"level": {"type": "choice", "label": LABEL, "values": ["cite"]}})
        assert ("facts/level/values/0", "city") in {
            (problem.path, problem.nearest) for problem in caught.value.problems
        }

    def test_shape(self) -> None:
        """Words have texts in both languages."""
        with pytest.raises(InputError) as caught:
            policy(words={"level": {"county": {"zh": "县级"}}})
        assert "words/level/county" in {problem.path for problem in caught.value.problems}
