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
