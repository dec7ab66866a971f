"""The site check: a checklist of its own, with a verdict that names what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import field, frozen

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.rules import Fact
from studioflow.text import Language, Text, message
from studioflow.verdict import Reason

__all__ = ["InspectedItem", "Inspection", "SiteCheck", "SiteCheckItem", "SiteVerdict"]

PREFIX = "site_"

INSPECTION_COMPLETE = message("inspection_complete", zh="齐备", en="complete")
INSPECTION_MISSING = message("inspection_missing", zh="缺少：{items}", en="missing: {items}")
INSPECTION_OPEN = message("inspection_open", zh="未检查：{items}", en="not inspected: {items}")

_SEPARATOR = Text("；", "; ")


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
    """One visit to a site: what was found, by whom (`role` and `unit` say as what), when."""

    items: Mapping[str, InspectedItem]
    by: str | None = None
    role: str | None = None
    unit: str | None = None
    on: date | None = None


@frozen(kw_only=True)
class SiteVerdict:
    """What an inspection says of a site.

    Attributes:
        met: every item is there; None while some are not inspected and none is missing.
        missing: ids of what is not there; `open`: of what was not inspected.
        labels: of every item, by id.
        clause: that asks for the items.
    """

    met: bool | None
    missing: tuple[str, ...]
    open: tuple[str, ...]
    labels: Mapping[str, Text]
    clause: str | None = None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What is missing and what was not inspected, or that all is there."""
        found = ((INSPECTION_MISSING, self.missing), (INSPECTION_OPEN, self.open))
        reasons = tuple(
            Reason(text, {"items": tuple(self.labels[name] for name in names)}, self.clause)
            for text, names in found
            if names
        )
        return reasons or (Reason(INSPECTION_COMPLETE, clause=self.clause),)

    def explain(self, language: Language = "en") -> str:
        """Return a line that names what is missing and what was not inspected."""
        return _SEPARATOR.get(language).join(reason.text(language) for reason in self.reasons)


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
        return SiteVerdict(met=met, missing=missing, open=unseen, labels=labels, clause=self.clause)
