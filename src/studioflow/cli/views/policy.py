"""One policy for people: its parts with their origins, items, gates, and readings with answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from rich.table import Table
from rich.text import Text as Cell

from studioflow.cli.layout import padded, visible, width, wrap
from studioflow.cli.output import Output
from studioflow.cli.views.table import cell, lines, table
from studioflow.policy import Policy, Reading
from studioflow.text import Language, Text, exact

__all__ = ["policy_as_json", "policy_view"]

_VERSION = Text("版本 {version}", "version {version}")
_PARTS = Text("各部分", "Parts")
_ROLES = Text("角色", "Roles")
_ITEMS = Text("评分项", "Items")
_GATES = Text("必备项", "Gates")
_GRADES = Text("等级", "Grades")
_ALL = Fraction(100)
_DEDUCTIONS = Text("从总分中扣除", "Taken off the total")
_READINGS = Text(
    "读法（* 为采用的；--set readings/NAME=ANSWER 改用其他的）",
    "Readings (* is in force; --set readings/NAME=ANSWER chooses another)",
)
_ANY_NUMBER = Text('一个数，或 "none"', 'a number, or "none"')
_WITH_ORIGIN: Mapping[str, Text] = {
    "criteria": _ITEMS,
    "gates": _GATES,
    "site_check": Text("阵地检查", "Site check"),
    "records": Text("档案记录", "Records"),
    "lifecycle": Text("流程", "Lifecycle"),
    "roles": _ROLES,
    "calendar": Text("日程", "Calendar"),
    "quota": Text("名额", "Quota"),
    "readings": Text("读法", "Readings"),
}


def policy_view(policy: Policy, output: Output) -> None:
    """Print a policy."""
    view = _PolicyView(policy, output)
    output.show(view.head(), "", *view.parts())
    if policy.roles:
        output.show("", *view.roles())
    output.show("", *view.items())
    if policy.rubric.gates:
        output.show("", *view.gates())
    if policy.rubric.grades:
        output.show("", *view.grades())
    if policy.readings:
        output.show("", *view.readings())


class _PolicyView:
    """The parts of one policy."""

    def __init__(self, policy: Policy, output: Output) -> None:
        self.policy = policy
        self.say = output.say
        self.columns = output.columns()

    def head(self) -> Cell:
        """Return what it is called, and its text to the letter."""
        policy = self.policy
        version = self.say(_VERSION).replace("{version}", policy.version)
        words = [policy.id, version, policy.fingerprint[:19] + "…", policy.source or ""]
        said = " · ".join(visible(word) for word in words if word)
        return Cell.assemble((visible(self.say(policy.label)), "bold"), "\n", (said, "dim"))

    def parts(self) -> Iterator[Cell | Table]:
        """Yield which document each table comes from."""
        yield cell(self.say(_PARTS), "bold underline")
        rows = table("", "")
        for kind, origins in _origins(self.policy).items():
            said = ", ".join(origins)
            label = padded(f"  {self.say(_WITH_ORIGIN[kind])}", 14)
            rows.add_row(cell(label), lines([(said, "dim")], self.columns - 16))
        yield rows

    def roles(self) -> Iterator[Cell]:
        """Yield the roles."""
        yield from self._named(
            _ROLES, ((name, r.label, r.clause) for name, r in self.policy.roles.items())
        )

    def items(self) -> Iterator[Cell]:
        """Yield sections and items with the most points that each can give."""
        rubric = self.policy.rubric
        head = f"{self.say(_ITEMS)} {_maximum(rubric.maximum)}"
        yield cell(head, "bold underline")
        for name, section in rubric.sections.items():
            said = f"{name} {_maximum(rubric.maxima[name])} {self.say(section.label)}"
            said += f" ×{exact(section.weight)}%" if section.weight != _ALL else ""
            said += f" ({', '.join(section.kinds)})" if section.kinds else ""
            yield _indented(said, 0, self.columns, "bold")
            for key, item in rubric.criteria.items():
                if item.section == name:
                    said = f"{key} {_maximum(item.max)} {self.say(item.label)}"
                    yield _indented(said, 2, self.columns)
        if rubric.deductions:
            yield from self._named(
                _DEDUCTIONS, ((n, d.label, d.clause) for n, d in rubric.deductions.items())
            )

    def grades(self) -> Iterator[Cell]:
        """Yield the grades, best first, with what they take."""
        grades = self.policy.rubric.grades.values()
        for position, grade in enumerate(grades):
            if not position:
                yield cell(self.say(_GRADES), "bold underline")
            takes = [] if grade.at_least is None else [f"≥ {exact(grade.at_least)}"]
            takes += [self.say(condition.label) for condition in grade.needs]
            places = grade.places
            limits = (("≤", places.at_most), ("≥", places.at_least)) if places else ()
            takes += [f"{sign} {self.say(n.wording())}" for sign, n in limits if n]
            said = self.say(grade.label) + (f": {', '.join(takes)}" if takes else "")
            yield _indented(said, 2, self.columns)

    def gates(self) -> Iterator[Cell]:
        """Yield the gates."""
        yield from self._named(
            _GATES, ((n, g.label, g.clause) for n, g in self.policy.rubric.gates.items())
        )

    def readings(self) -> Iterator[Cell]:
        """Yield each reading with why it is open and its answers."""
        yield lines([(self.say(_READINGS), "bold underline")], self.columns)
        for name, reading in self.policy.readings.items():
            head = Cell.assemble((f"  {visible(name)}", "bold"))
            head.append(f"  {visible(reading.clause)}" if reading.clause else "", "dim")
            yield head
            yield _indented(self.say(reading.text), 4, self.columns, "dim")
            for answer, meaning in _answers(reading).items():
                chosen = answer == reading.in_force
                said = f"{'*' if chosen else ' '} {answer}  {self.say(meaning)}"
                yield _indented(said, 4, self.columns, "bold" if chosen else "")

    def _named(self, head: Text, entries: Iterable[tuple[str, Text, str | None]]) -> Iterator[Cell]:
        entries = list(entries)
        names = max((width(name) for name, _, _ in entries), default=0)
        yield cell(self.say(head), "bold underline")
        for name, label, clause in entries:
            words = [padded(name, names), self.say(label), clause if clause != name else ""]
            yield _indented("  ".join(word for word in words if word), 2, self.columns)


def _maximum(points: Fraction | None) -> str:
    return "/…" if points is None else f"/{exact(points)}"


def _indented(text: str, indent: int, columns: int, style: str = "") -> Cell:
    first, *others = wrap(visible(text), columns - indent - 2)
    made = Cell(" " * indent + first, style)
    for line in others:
        made.append("\n" + " " * (indent + 2) + line)
    return made


def _answers(reading: Reading) -> Mapping[str, Text]:
    """Return the answers with their meaning; where any number will do, that in force."""
    return reading.values or {reading.in_force: _ANY_NUMBER}


def _origins(policy: Policy) -> dict[str, list[str]]:
    """Return the documents that each table comes from, in the order of the table."""
    tables = policy.tables
    found = {}
    for kind in _WITH_ORIGIN:
        table = tables.get(kind)
        paths = [f"{kind}/{name}" for name in table] if isinstance(table, Mapping) else []
        origins = dict.fromkeys(origin for path in paths if (origin := policy.origin(path)))
        if origins:
            found[kind] = list(origins)
    return found


def policy_as_json(policy: Policy, language: Language) -> dict[str, object]:
    """Return the policy as `studioflow.policy-view/1`; points are exact, so they are strings."""
    rubric = policy.rubric

    def points(value: Fraction | None) -> str | None:
        return None if value is None else exact(value)

    return {
        "schema": "studioflow.policy-view/1",
        "id": policy.id,
        "version": policy.version,
        "fingerprint": policy.fingerprint,
        "label": policy.label.get(language),
        "source": policy.source,
        "parts": _origins(policy),
        "roles": [
            {"id": name, "label": role.label.get(language), "clause": role.clause}
            for name, role in policy.roles.items()
        ],
        "max": points(rubric.maximum),
        "sections": [
            {
                "id": name,
                "label": section.label.get(language),
                "max": points(rubric.maxima[name]),
                "clause": section.clause,
            }
            for name, section in rubric.sections.items()
        ],
        "criteria": [
            {
                "id": name,
                "section": item.section,
                "label": item.label.get(language),
                "max": points(item.max),
                "clause": item.clause,
                "origin": policy.origin(f"criteria/{name}"),
            }
            for name, item in rubric.criteria.items()
        ],
        "deductions": [
            {
                "id": name,
                "label": item.label.get(language),
                "max": points(item.max),
                "clause": item.clause,
                "origin": policy.origin(f"deductions/{name}"),
            }
            for name, item in rubric.deductions.items()
        ],
        "grades": [
            {
                "id": name,
                "label": grade.label.get(language),
                "at_least": points(grade.at_least),
                "needs": [condition.label.get(language) for condition in grade.needs],
                "places": grade.places is not None,
                "clause": grade.clause,
                "origin": policy.origin(f"grades/{name}"),
            }
            for name, grade in rubric.grades.items()
        ],
        "gates": [
            {
                "id": name,
                "label": gate.label.get(language),
                "clause": gate.clause,
                "origin": policy.origin(f"gates/{name}"),
            }
            for name, gate in rubric.gates.items()
        ],
        "readings": [
            {
                "id": name,
                "clause": reading.clause,
                "in_force": reading.in_force,
                "text": reading.text.get(language),
                "type": reading.type,
                "answers": {key: label.get(language) for key, label in reading.values.items()},
                "origin": policy.origin(f"readings/{name}"),
            }
            for name, reading in policy.readings.items()
        ],
    }
