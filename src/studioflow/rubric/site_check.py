"""The site check: a checklist of its own, item by item, with a verdict that names what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import field, frozen

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.rules import Fact
from studioflow.text import Text

__all__ = ["InspectedItem", "Inspection", "SiteCheck", "SiteCheckItem", "SiteVerdict"]

PREFIX = "site_"


@frozen(kw_only=True)
class SiteCheckItem:
    """One thing that a site must have."""

    label: Text
    clause: str | None = None


@frozen(kw_only=True)
class InspectedItem:
    """What an inspection found of one item.

    Attributes:
        present: whether it is there.
        evidence: names of photographs or papers.
        on: the day, where it differs from the inspection's.
    """

    present: bool
    remark: str | None = None
    evidence: tuple[str, ...] = ()
    on: date | None = None


@frozen(kw_only=True)
class Inspection:
    """One visit to a site: what was found, by whom, when."""

    items: Mapping[str, InspectedItem]
    by: str | None = None
    role: str | None = None
    on: date | None = None


@frozen(kw_only=True)
class SiteVerdict:
    """What an inspection says of a site.

    Attributes:
        met: every item is there; None while some are not inspected and none is missing.
        missing: ids of what is not there; `open`: of what was not inspected.
    """

    met: bool | None
    missing: tuple[str, ...]
    open: tuple[str, ...]
    labels: Mapping[str, Text]

    def explain(self, language: str = "en") -> str:
        """Return a line that names what is missing and what was not inspected."""
        words = (
            ("齐备", "缺少：", "未检查：", "、", "；")
            if language == "zh"
            else ("complete", "missing: ", "not inspected: ", ", ", "; ")
        )
        complete, missing, unseen, comma, semicolon = words
        parts = []
        for word, ids in ((missing, self.missing), (unseen, self.open)):
            if ids:
                labels = [
                    self.labels[i].zh if language == "zh" else self.labels[i].en for i in ids
                ]
                parts.append(word + comma.join(labels))
        return semicolon.join(parts) or complete


@frozen(eq=False, kw_only=True)
class SiteCheck:
    """The items that a site must have, by id."""

    label: Text
    items: Mapping[str, SiteCheckItem] = field(factory=dict)
    clause: str | None = None

    def facts(self) -> dict[str, Fact]:
        """Return a flag for each item, which rules name as `site_` and its id."""
        return {
            PREFIX + name: Fact(
                name=PREFIX + name,
                type="flag",
                label=item.label,
                better="more",
                clause=item.clause,
            )
            for name, item in self.items.items()
        }

    def values(self, inspection: Inspection) -> dict[str, bool]:
        """Return the facts that an inspection brings.

        Raises:
            InputError: for an item that the check does not have.
        """
        collector = Collector()
        for name in inspection.items:
            with collector.under("inspection", "items", name):
                if name not in self.items:
                    raise wrong(UNKNOWN_NAME, name, known=self.items)
        collector.finish()
        return {PREFIX + name: item.present for name, item in inspection.items.items()}

    def inspect(self, inspection: Inspection) -> SiteVerdict:
        """Return the verdict on a site, naming what is missing.

        Raises:
            InputError: for an item that the check does not have.
        """
        found = self.values(inspection)
        missing = tuple(name for name in self.items if found.get(PREFIX + name) is False)
        unseen = tuple(name for name in self.items if PREFIX + name not in found)
        met = False if missing else None if unseen else True
        labels = {name: item.label for name, item in self.items.items()}
        return SiteVerdict(met=met, missing=missing, open=unseen, labels=labels)
