"""The kind `site_check`: what a site must have."""

from __future__ import annotations

from attrs import frozen

from studioflow.algebra import All, Judged, Listed, Note, Truth
from studioflow.codec import wrong
from studioflow.rules.kinds import condition_kind
from studioflow.rules.wording import joined
from studioflow.text import Text, message

__all__ = ["SiteItem", "SiteItems"]

SITE_ITEMS_NEEDED = message(
    "site_items_needed", zh="至少一个要查看的项目", en="at least one item to check"
)
SITE_MET = message("site_met", zh="阵地齐备：{present}", en="the site has all: {present}")
SITE_UNMET = message("site_unmet", zh="阵地缺少：{missing}", en="the site lacks: {missing}")


@frozen(eq=False)
class SiteItem:
    """One item of the site check that a rule asks for."""

    label: Text
    truth: Truth


@condition_kind("site_check")
@frozen(eq=False)
class SiteItems:
    """The items of the site check are there; all of them where `items` is left out.

    What is missing is named in one reason.
    """

    items: tuple[SiteItem, ...]

    def __attrs_post_init__(self) -> None:
        if not self.items:
            raise wrong(SITE_ITEMS_NEEDED, "[]")

    def truth(self) -> Truth:
        """See `ConditionKind`."""
        entries = tuple((item.label, item.truth) for item in self.items)
        return Judged(
            All(tuple(item.truth for item in self.items)),
            Note(SITE_MET, {"present": Listed(entries)}),
            Note(SITE_UNMET, {"missing": Listed(entries, wanted=False)}),
        )

    def wording(self) -> Text:
        """See `ConditionKind`."""
        listed = joined(item.label for item in self.items)
        return Text(f"阵地：{listed.zh}", f"the site: {listed.en}")
