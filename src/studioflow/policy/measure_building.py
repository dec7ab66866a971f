"""From the tables of a policy file to measures: their conditions name fields of their records."""

from __future__ import annotations

from collections.abc import Mapping

from studioflow.codec import MISSING_KEY, UNKNOWN_NAME, WRONG_TYPE, Collector, OneOrMore, wrong
from studioflow.policy.measures import Measure, common_facts
from studioflow.policy.readings import PolicyConverter
from studioflow.policy.records import RecordKind
from studioflow.rules import Names, RuleKind, teach_rules
from studioflow.text import Text

__all__ = ["teach_measures"]

_TABLE = Text("表", "a table")


def teach_measures(
    converter: PolicyConverter,
    kinds: Mapping[str, RecordKind],
    rule_kinds: Mapping[str, RuleKind],
) -> None:
    """Teach a converter to build measures of these kinds of record."""
    # A converter for each choice of kinds, since a name means something else for each.
    converters: dict[tuple[str, ...], PolicyConverter] = {}

    def hook(value: object, _: object) -> Measure:
        of = _kinds_of(value, kinds, converter)
        if of not in converters:
            converters[of] = PolicyConverter(converter.readings)
            fields = common_facts([kinds[name] for name in of])
            teach_rules(converters[of], Names(fields, kinds=rule_kinds))
        return converters[of].structure(value, Measure)

    converter.register_structure_hook(Measure, hook)


def _kinds_of(
    value: object, kinds: Mapping[str, RecordKind], converter: PolicyConverter
) -> tuple[str, ...]:
    """Return the kinds that a measure looks at.

    Raises:
        InputError: with every one that does not exist, and where it says none.
    """
    if not isinstance(value, Mapping):
        raise wrong(WRONG_TYPE, value, type=_TABLE)
    collector = Collector()
    names: tuple[str, ...] = ()
    with collector.under():
        if "of" not in value:
            raise wrong(MISSING_KEY, sorted(map(str, value)), key="of")
    with collector.under("of"):
        names = tuple(converter.structure(value.get("of", []), OneOrMore))
    for name in names:
        with collector.under("of"):
            if name not in kinds:
                raise wrong(UNKNOWN_NAME, name, known=kinds)
    collector.finish()
    return names
