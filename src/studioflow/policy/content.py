"""From a policy's tables to what they say: names looked up, and all problems at once."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from attrs import evolve, field, frozen

from studioflow.codec import (
    NOT_AN_IDENTIFIER,
    UNKNOWN_KEY,
    is_identifier,
    wrong,
)
from studioflow.policy.ballots import BallotForm, check_ballots
from studioflow.policy.checks import (
    NAME_TAKEN,
    check_calendar,
    check_procedure,
    check_quota,
    check_rubric,
)
from studioflow.policy.document import POLICY_SCHEMA, WRONG_SCHEMA, Tables
from studioflow.policy.fact_building import expanded_facts, names_meant
from studioflow.policy.judged import judged_facts
from studioflow.policy.lifecycle_checks import check_lifecycle
from studioflow.policy.measure_building import teach_measures
from studioflow.policy.measures import Measure, check_measure, measure_of_cells
from studioflow.policy.place_checks import check_places
from studioflow.policy.procedure import (
    Amending,
    Calendar,
    Procedure,
    Quota,
    Role,
)
from studioflow.policy.procedure_building import LIFECYCLE_TABLES, build_procedure, teach_moments
from studioflow.policy.procedure_facts import procedure_facts
from studioflow.policy.readings import Reading, checked_reading
from studioflow.policy.record_checks import check_records
from studioflow.policy.records import RecordKind
from studioflow.policy.section_checks import check_sections, results_by_name
from studioflow.policy.surroundings import Surroundings
from studioflow.policy.table_builder import TableBuilder
from studioflow.policy.words import with_words
from studioflow.rubric import (
    Criterion,
    Deduction,
    Gate,
    Grade,
    Rubric,
    Section,
    Settings,
    SiteCheck,
)
from studioflow.rules import (
    Condition,
    DeclaredFact,
    Fact,
    Names,
    RuleKind,
    SiteItem,
    Tally,
    teach_rules,
)
from studioflow.rules.amount import teach_amounts
from studioflow.text import Text

__all__ = ["Content", "build_content"]

_HEADER = ("schema", "id", "version", "label", "source")
_TABLES = (
    "words",
    "readings",
    "facts",
    "conditions",
    "sections",
    "criteria",
    "deductions",
    "gates",
    "grades",
    "scoring",
    "site_check",
    "roles",
    "calendar",
    "quota",
    "lifecycle",
    "amendment",
    "records",
    "measures",
    "ballots",
)
_WORDS: Any = Mapping[str, Mapping[str, Text]]
_NO_SITE_CHECK = SiteCheck(label=Text("阵地检查", "site check"))


@frozen(eq=False, kw_only=True)
class Content:
    """What a policy's tables say.

    Attributes:
        id, version, label, source: its own.
        rubric, site_check: how a studio is scored, and what its site must have.
        roles, calendar, quota, procedure: who may do what, and when.
        amending: what becomes of the studios of the version that it takes the place of.
        procedure_facts: what conditions of transitions may name beside the rubric's facts.
        record_kinds: which records of a studio are kept.
        measures: how facts are counted from the records, by the fact's name.
        ballots: who votes with what, and when a ballot is void.
        readings: every open question with the answer in force.
        names: what the names in its rules stand for.
    """

    id: str
    version: str
    label: Text
    source: str | None = None
    rubric: Rubric
    site_check: SiteCheck
    roles: Mapping[str, Role]
    calendar: Calendar
    quota: Quota | None
    procedure: Procedure
    amending: Amending
    procedure_facts: Mapping[str, Fact] = field(repr=False)
    record_kinds: Mapping[str, RecordKind]
    measures: Mapping[str, Measure]
    ballots: Mapping[str, BallotForm]
    readings: Mapping[str, Reading]
    names: Names = field(repr=False)


@frozen(kw_only=True)
class _Header:
    schema: str
    id: str
    version: str
    label: Text
    source: str | None = None


@frozen(eq=False, kw_only=True)
class _NamedCondition:
    label: Text
    condition: Condition = field(metadata={"rest": True})
    clause: str | None = None


def build_content(tables: Tables, kinds: Mapping[str, RuleKind] | None = None) -> Content:
    """Build what assembled tables say.

    Args:
        tables: of the whole policy.
        kinds: of rules that plugins bring, by id.

    Raises:
        InputError: with every problem; a name that is missing because its own table is wrong is
            not a problem of those who use it.
    """
    return _Builder(tables, kinds or {}).build()


class _Builder(TableBuilder):
    """Builds the tables one after the other: each kind may name what stands before it."""

    def __init__(self, tables: Tables, kinds: Mapping[str, RuleKind]) -> None:
        super().__init__(tables)
        self.kinds = MappingProxyType(dict(kinds))
        teach_amounts(self.converter)
        teach_moments(self.converter)

    def build(self) -> Content:
        self.check_tables(*((key,) for key in _TABLES))
        self.check_tables(*(("lifecycle", key) for key in LIFECYCLE_TABLES))
        self._words()
        header = self._header()
        readings = self.converter.readings = self._readings()
        site_check = self.one("site_check", SiteCheck, _NO_SITE_CHECK)
        facts, tallies = self._facts(site_check)
        items = {
            name: SiteItem(item.label, facts[f"site_{name}"].truth())
            for name, item in site_check.items.items()
        }
        # Nobody computes with a day: what a rule asks changes from one on.
        days = frozenset(name for name, fact in facts.items() if fact.type == "date")
        names = self._conditions(Names(facts, {}, items, tallies, days, kinds=self.kinds))
        rubric = self._rubric(names)
        roles = self.entries(Role, "roles")
        calendar = self.one("calendar", Calendar, Calendar())
        quota = self.one("quota", Quota, None)
        check_rubric(self.collector, rubric, roles)
        check_places(self.collector, rubric.grades)
        written, about = build_procedure(self, rubric, names, roles, calendar)
        check_calendar(self.collector, calendar, written)
        check_quota(self.collector, quota, written)
        check_procedure(self.collector, written, roles, calendar)
        procedure = written.without_what_is_off()
        amending = self.one("amendment", Amending, Amending())
        around = Surroundings(
            roles=roles,
            calendar=calendar,
            quota=quota,
            rubric=rubric,
            amending=amending,
            facts=about,
        )
        parts = {key: dict(self.table("lifecycle", key)) for key in ("states", "transitions")}
        check_lifecycle(self.collector, written, around, parts)
        record_kinds = self._record_kinds(roles)
        measures = self._measures(names, record_kinds, calendar)
        ballots = self.entries(BallotForm, "ballots")
        check_ballots(self.collector, ballots, names, roles, measures)
        self.finish()
        return Content(
            id=header.id,
            version=header.version,
            label=header.label,
            source=header.source,
            rubric=rubric,
            site_check=site_check,
            roles=roles,
            calendar=calendar,
            quota=quota,
            procedure=procedure,
            amending=amending,
            procedure_facts=about,
            record_kinds=record_kinds,
            measures=measures,
            ballots=ballots,
            readings=readings,
            names=names,
        )

    def _words(self) -> None:
        """Put shared words in the place of their names."""
        with self.collector.under("words"):
            self.converter.structure(self.table("words"), _WORDS)
        self.collector.finish()  # a word that is none would be wrong wherever it is named
        self.tables = with_words(self.tables, self.collector)

    def _header(self) -> _Header:
        for key in self.tables:
            with self.collector.under(key):
                if key not in (*_HEADER, *_TABLES):
                    parts = ("extends", "rubric", "case_file")
                    raise wrong(UNKNOWN_KEY, key, known=(*_HEADER, *_TABLES, *parts))
        with self.collector.under("schema"):
            if "schema" in self.tables and self.tables["schema"] != POLICY_SCHEMA:
                raise wrong(WRONG_SCHEMA, self.tables["schema"], schema=POLICY_SCHEMA)
        with self.collector.under():
            own = {key: self.tables[key] for key in _HEADER if key in self.tables}
            return self.converter.structure(own, _Header)
        return _Header(schema="", id="", version="", label=Text("", ""))

    def _readings(self) -> Mapping[str, Reading]:
        readings: dict[str, Reading] = {}
        for name, reading in self.entries(Reading, "readings").items():
            with self.collector.under("readings", name, "value"):
                readings[name] = checked_reading(reading, self.converter)
            if name not in readings:
                self.broken.add(name)
        return MappingProxyType(readings)

    def _facts(self, site_check: SiteCheck) -> tuple[Mapping[str, Fact], Mapping[str, Tally]]:
        """Build the declared facts with each cell of a tally, and a flag for each site item."""
        of_site = site_check.facts()
        declared = self.entries(DeclaredFact, "facts")
        for name, table in self.table("facts").items():
            with self.collector.under("facts", name, "name"):
                if isinstance(table, Mapping) and "name" in table:  # its id is its name
                    raise wrong(UNKNOWN_KEY, "name", known=("label",))
            if name not in declared:
                self.broken.update(names_meant(name, table))
        facts, tallies = expanded_facts(declared, self.collector)
        for name in {**declared, **facts}:
            with self.collector.under("facts", name):
                if name in of_site or name in procedure_facts(1):
                    raise wrong(NAME_TAKEN, name)
        for name in site_check.items:
            with self.collector.under("site_check", "items", name):
                if not is_identifier(name):
                    raise wrong(NOT_AN_IDENTIFIER, name)
        return MappingProxyType({**facts, **of_site}), MappingProxyType(tallies)

    def _conditions(self, names: Names) -> Names:
        """Build the named conditions in their order: each may name those before it."""
        built: dict[str, Condition] = {}
        names = evolve(names, conditions=built)
        teach_rules(self.converter, names)
        for name, table in self.table("conditions").items():
            with self.collector.under("conditions", name):
                if not is_identifier(name):
                    raise wrong(NOT_AN_IDENTIFIER, name)
                taken = names.facts.keys() | names.tallies
                if name in taken or name in procedure_facts(1):
                    raise wrong(NAME_TAKEN, name)
                named = self.converter.structure(table, _NamedCondition)
                built[name] = evolve(named.condition, label=named.label)
            if name not in built:
                self.broken.add(name)
        return evolve(names, conditions=MappingProxyType(built))

    def _rubric(self, names: Names) -> Rubric:
        rubric = Rubric(
            facts=names.facts,
            sections=self.entries(Section, "sections"),
            criteria=self.entries(Criterion, "criteria"),
            deductions=self.entries(Deduction, "deductions"),
            gates=self.entries(Gate, "gates"),
            judged=judged_facts(self.tables, names.facts, self.collector),
            settings=self.one("scoring", Settings, Settings()),
        )
        check_sections(self.collector, rubric)
        results = results_by_name(rubric, self.tables)
        teach_rules(self.converter, evolve(names, results=results))
        grades = self.entries(Grade, "grades")
        teach_rules(self.converter, names)
        return evolve(rubric, grades=grades)

    def _record_kinds(self, roles: Mapping[str, Role]) -> Mapping[str, RecordKind]:
        """Build the record kinds, each of which has its id as its name."""
        for name, table in self.table("records").items():
            with self.collector.under("records", name, "name"):
                if isinstance(table, Mapping) and "name" in table:
                    raise wrong(UNKNOWN_KEY, "name", known=("label",))
        declared = self.entries(RecordKind, "records")
        check_records(self.collector, declared, roles)
        kinds = {name: evolve(kind, name=name) for name, kind in declared.items()}
        return MappingProxyType(kinds)

    def _measures(
        self,
        names: Names,
        kinds: Mapping[str, RecordKind],
        calendar: Calendar,
    ) -> Mapping[str, Measure]:
        """Build the measures, that of a tally once for each cell.

        The conditions of each may name the fields of its own records.
        """
        teach_measures(self.converter, kinds, self.kinds)
        measures: dict[str, Measure] = {}
        declared = self.entries(Measure, "measures")
        for name, each in declared.items():
            tally = names.tallies.get(name)
            cells = {name: each} if tally is None else measure_of_cells(each, tally)
            with self.collector.under("measures", name):
                check_measure(name, each, names=names, kinds=kinds, calendar=calendar)
                for cell in cells:
                    if cell != name and cell in declared:
                        raise wrong(NAME_TAKEN, cell)
            measures |= cells
        return MappingProxyType(measures)
