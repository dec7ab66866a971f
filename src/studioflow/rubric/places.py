"""The places of a grade: how many studios of a batch may, or have to, get it."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from studioflow.codec import Collector, wrong
from studioflow.rules.amount import Amount
from studioflow.text import message

__all__ = ["Places", "Ties"]

Ties = Literal["nobody", "everybody", "decision"]

PLACES_ORDER = message(
    "places_order", zh="at_least 不多于 at_most", en="an at_least that is not above at_most"
)
NO_PLACES = message(
    "no_places", zh="at_most、at_least、last 之一", en="one of at_most, at_least, last"
)


@frozen(kw_only=True)
class Places:
    """How many studios of a batch get a grade.

    Attributes:
        at_most: no more get it; those who come after in the ranking move down. None: no limit.
        at_least: no fewer get it; the next in the ranking are lifted. None: no minimum.
        last: so many of the last in the ranking get this grade at best. None: nobody for that.
        among: of whom the per cents are: every studio of the batch, or those that are ranked.
        ties: what happens to those who are tied where not all of them have a place: none of them
            gets it, all of them do, or it is decided who does.
    """

    at_most: Amount | None = None
    at_least: Amount | None = None
    last: Amount | None = None
    among: Literal["all", "ranked"] = "all"
    ties: Ties = "decision"
    clause: str | None = None

    def __attrs_post_init__(self) -> None:
        collector = Collector()
        with collector.under():
            if self.at_most is None and self.at_least is None and self.last is None:
                raise wrong(NO_PLACES, "none")
        with collector.under("at_least"):
            if _above(self.at_least, self.at_most):
                raise wrong(PLACES_ORDER, self.at_least and self.at_least.wording().en)
        collector.finish()


def _above(least: Amount | None, most: Amount | None) -> bool:
    """Tell whether a minimum is above a limit, whatever the size of the batch.

    A number and per cents can not be compared before the batch is there.
    """
    if least is None or most is None:
        return False
    if least.places is not None and most.places is not None:
        return least.places > most.places
    if least.percent is not None and most.percent is not None:
        return least.percent > most.percent
    return False
