"""From a document to a policy: every table built, every name looked up, all problems at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from attrs import evolve, field, frozen
from cattrs.dispatch import StructureHook

from studioflow.codec import (
    UNKNOWN_KEY,
    UNKNOWN_NAME,
    WRONG_TYPE,
    Collector,
    equip,
    is_identifier,
    strict_converter,
    wrong,
)
from studioflow.codec import read as read_file
from studioflow.errors import InputError
from studioflow.policy.checks import check_calendar, check_procedure, check_rubric
from studioflow.policy.document import (
    POLICY_SCHEMA,
    Catalogue,
    Document,
    assemble,
    varied,
)
from studioflow.policy.policy import Policy
from studioflow.policy.procedure import Calendar, Procedure, Quota, Role, procedure_facts
from studioflow.policy.readings import PolicyConverter, Reading, checked_reading
from studioflow.rubric import Criterion, FactFile, Gate, Grade, Rubric, Section, SiteCheck
from studioflow.rules import (
    Condition,
    Fact,
    Names,
    SiteItem,
    check_names,
    flag_condition,
    teach_rules,
)
from studioflow.text import Text, message
from studioflow.timeline import After, Moment, OnEvent

__all__ = ["build", "build_policy", "read_facts"]

C = TypeVar("C")

NAME_TAKEN = message("name_taken", zh="未被占用的名称", en="a name that is not taken yet")
WRONG_SCHEMA = message("wrong_schema", zh="{schema}", en="{schema}")

_HEADER = ("schema", "id", "version", "label", "source")
_TABLES = (
    "readings",
    "facts",
    "conditions",
    "sections",
    "criteria",
    "gates",
    "grades",
    "scoring",
    "site_check",
    "roles",
    "calendar",
    "quota",
    "lifecycle",
)
_MOMENT = Text(
    "日期、{ event = … } 或 { after = … }", "a date, { event = … } or { after = …, years = … }"
)
_NO_SITE_CHECK = SiteCheck(label=Text("阵地检查", "site check"))


@frozen(kw_only=True)
class _Header:
    schema: str
    id: str
    version: str
    label: Text
    source: str | None = None


@frozen(kw_only=True)
class _ScoringSettings:
    on_gate_failure: Literal["show", "withhold"] = "show"


@frozen(eq=False, kw_only=True)
class _NamedCondition:
    label: Text
    condition: Condition = field(metadata={"rest": True})
    clause: str | None = None


def build_policy(
    document: Document,
    catalogue: Catalogue | None = None,
    changes: Mapping[str, object] | None = None,
) -> Policy:
    """Build the policy that a document says, with the parts that it names.

    Args:
        document: of the policy.
        catalogue: what it may extend and take its parts from.
        changes: values by path, set before anything is built.

    Raises:
        InputError: with every problem of the document.
    """
    catalogue = catalogue or Catalogue()
    try:
        tables = assemble(document, catalogue)
        if changes:
            tables = varied(tables, changes)
        return build(tables, document=document, catalogue=catalogue, changes=changes or {})
    except InputError as error:
        raise InputError(problem.in_file(document.name) for problem in error.problems) from None


def build(
    tables: dict[str, Any],
    *,
    document: Document,
    catalogue: Catalogue,
    changes: Mapping[str, object],
) -> Policy:
    """Build a policy from tables that were assembled and varied already.

    Raises:
        InputError: with every problem.
    """
    builder = _Builder(tables)
    parts = builder.build()
    return Policy(
        **parts, changes=changes, tables=tables, document=document, catalogue=catalogue
    )


class _Builder:
    """Builds the tables one after the other: each kind may name what stands before it.

    Problems are gathered; a stage that others hang on ends with `finish`.
    """

    def __init__(self, tables: dict[str, Any]) -> None:
        self.tables = tables
        self.collector = Collector()
        self.converter = equip(PolicyConverter())
        self.converter.register_structure_hook_func(lambda cls: cls == Moment, self._moment_hook())

    def build(self) -> dict[str, Any]:
        """Return the fields of the policy."""
        header = self._header()
        readings = self._readings()
        self.converter.readings = readings
        site_check = self._one("site_check", SiteCheck, _NO_SITE_CHECK)
        self.collector.finish()
        facts = self._facts(site_check)
        self.collector.finish()
        items = {
            name: SiteItem(item.label, facts[f"site_{name}"].truth())
            for name, item in site_check.items.items()
        }
        names = self._conditions(Names(facts, {}, items))
        rubric = self._rubric(facts)
        roles = self._one("roles", Mapping[str, Role], {})
        calendar = self._one("calendar", Calendar, Calendar())
        quota = self._one("quota", Quota | None, None)
        self.collector.finish()
        check_rubric(self.collector, rubric, roles)
        self.collector.finish()
        procedure = self._procedure(rubric, names)
        self.collector.finish()
        check_calendar(self.collector, calendar, procedure)
        check_procedure(self.collector, procedure, roles, calendar)
        self.collector.finish()
        return {
            "id": header.id,
            "version": header.version,
            "label": header.label,
            "source": header.source,
            "rubric": rubric,
            "site_check": site_check,
            "roles": roles,
            "calendar": calendar,
            "quota": quota,
            "procedure": procedure,
            "readings": readings,
            "names": names,
        }

    def _one(self, key: str, cls: Any, default: Any) -> Any:
        """Build the table of a key; problems are gathered, and the default stands in."""
        built = default
        if key in self.tables:
            with self.collector.under(key):
                built = self.converter.structure(self.tables[key], cls)
        return built

    def _header(self) -> _Header:
        for key in self.tables:
            with self.collector.under(key):
                if key not in (*_HEADER, *_TABLES):
                    raise wrong(UNKNOWN_KEY, key, known=(*_HEADER, *_TABLES, "extends"))
        with self.collector.under("schema"):
            if self.tables.get("schema") != POLICY_SCHEMA:
                raise wrong(WRONG_SCHEMA, self.tables.get("schema"), schema=POLICY_SCHEMA)
        header = None
        with self.collector.under():
            own = {key: self.tables[key] for key in _HEADER if key in self.tables}
            header = self.converter.structure(own, _Header)
        return header or _Header(schema="", id="", version="", label=Text("", ""))

    def _readings(self) -> dict[str, Reading]:
        strict = strict_converter()
        strict.register_structure_hook_func(lambda cls: cls is Any, lambda value, _: value)
        readings: dict[str, Reading] = {}
        with self.collector.under("readings"):
            readings = dict(
                strict.structure(self.tables.get("readings", {}), Mapping[str, Reading])
            )
        for name, reading in readings.items():
            with self.collector.under("readings", name):
                readings[name] = checked_reading(reading, strict)
        return readings

    def _facts(self, site_check: SiteCheck) -> dict[str, Fact]:
        """Build the declared facts, and a flag for each item of the site check."""
        declared: Mapping[str, Fact] = self._one("facts", Mapping[str, Fact], {})
        facts = {name: evolve(fact, name=name) for name, fact in declared.items()}
        with self.collector.under("facts"):
            check_names(facts)
        of_site = site_check.facts()
        for name in facts:
            with self.collector.under("facts", name):
                if name in of_site or name in procedure_facts(1):
                    raise wrong(NAME_TAKEN, name)
        with self.collector.under("site_check", "items"):
            check_names(of_site)
        return {**facts, **of_site}

    def _conditions(self, names: Names) -> Names:
        """Build the named conditions in their order: each may name those before it."""
        built: dict[str, Condition] = {}
        names = evolve(names, conditions=built)
        teach_rules(self.converter, names)
        tables = self.tables.get("conditions", {})
        with self.collector.under("conditions"):
            if not isinstance(tables, Mapping):
                raise wrong(WRONG_TYPE, tables, type=Text("表", "a table"))
            for name, table in tables.items():
                with self.collector.under("conditions", name):
                    if name in names.facts or not is_identifier(name):
                        raise wrong(NAME_TAKEN, name)
                    named = self.converter.structure(table, _NamedCondition)
                    condition = named.condition
                    built[name] = evolve(condition, label=named.label)
        return names

    def _rubric(self, facts: Mapping[str, Fact]) -> Rubric:
        settings = self._one("scoring", _ScoringSettings, _ScoringSettings())
        return Rubric(
            facts=facts,
            sections=self._one("sections", Mapping[str, Section], {}),
            criteria=self._one("criteria", Mapping[str, Criterion], {}),
            gates=self._one("gates", Mapping[str, Gate], {}),
            grades=self._one("grades", Mapping[str, Grade], {}),
            on_gate_failure=settings.on_gate_failure,
        )

    def _procedure(self, rubric: Rubric, names: Names) -> Procedure:
        """Build the lifecycle; its conditions may also name what the procedure knows."""
        about = procedure_facts(rubric.denominator)
        flags = {
            name: flag_condition(fact.label, fact.truth())
            for name, fact in about.items()
            if fact.type == "flag"
        }
        wider = Names({**names.facts, **about}, {**names.conditions, **flags}, names.items)
        teach_rules(self.converter, wider)
        procedure: Procedure = self._one("lifecycle", Procedure, Procedure())
        for name in procedure.transitions:
            with self.collector.under("lifecycle", "transitions", name):
                if not is_identifier(name):
                    raise wrong(UNKNOWN_NAME, name)
        return procedure

    def _moment_hook(self) -> StructureHook:
        def hook(value: object, _: object) -> Moment:
            cls: Any = date
            if isinstance(value, Mapping):
                cls = OnEvent if "event" in value else After if "after" in value else None
            if cls is None:
                raise wrong(WRONG_TYPE, value, type=_MOMENT)
            return self.converter.structure(value, cls)  # type: ignore[no-any-return] # a moment

        return hook


def read_facts(path: Path) -> FactFile:
    """Read a fact file: facts, marks and an inspection, as TOML or JSON.

    Raises:
        InputError: with every problem of its form; whether the facts fit is for `Policy.score`.
    """
    converter = strict_converter()
    converter.register_structure_hook_func(lambda cls: cls is Any, lambda value, _: value)
    try:
        return converter.structure(read_file(path), FactFile)
    except InputError as error:
        raise InputError(problem.in_file(path.name) for problem in error.problems) from None
