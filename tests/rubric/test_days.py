"""Facts that are days, on a sheet."""

from datetime import date

from studioflow.policy import Document, build_policy

LABEL = {"zh": "名称", "en": "label"}
TABLES: dict[str, object] = {
    "schema": "studioflow.policy/1",
    "id": "days",
    "version": "1",
    "label": LABEL,
    "facts": {
        "opened": {"type": "date", "label": LABEL},
        "visits": {"type": "count", "label": LABEL, "unit": LABEL},
    },
    "sections": {"all": {"label": LABEL}},
    "criteria": {
        "visits": {
            "section": "all",
            "label": LABEL,
            "max": "none",
            "kind": "each",
            "of": "visits",
            "points": {"by": "opened", "otherwise": 1, "2024-01-01": 2},
        }
    },
}


def test_a_day_stands_on_the_sheet_as_a_day() -> None:
    """It is ISO text, whatever else is known, and however it was handed in."""
    policy = build_policy(Document(TABLES, "days.toml"))
    for day in (date(2025, 3, 1), "2025-03-01"):
        for visits in ({"visits": 3}, {}):
            (item,) = policy.score({"opened": day, **visits}).criteria
            assert item.facts["opened"] == "2025-03-01"
