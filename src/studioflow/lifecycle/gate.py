"""The gate: one for each transition, and it gives every reason, not the first.

It decides without acting: it has no side effect, so the same question may be asked at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from attrs import field, frozen

from studioflow.algebra import Interpreter, Maybe, Ranges, Remark, names
from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.lifecycle.attempt import Attempt
from studioflow.policy import UNDECLARED, Policy, Transition, TransitionCondition, procedure_facts
from studioflow.rubric import ScoreSheet
from studioflow.rules import known
from studioflow.studio import Guard, Override, Question
from studioflow.text import Message, Text, message
from studioflow.timeline import resolve
from studioflow.verdict import Reason, Verdict

__all__ = ["Decision", "Gate"]

WRONG_STATE = message(
    "wrong_state",
    zh="现为“{state}”，此事只在“{sources}”时可办",
    en="the studio is {state}; this starts from {sources}",
)
WRONG_ROLE = message("wrong_role", zh="须由{roles}办理", en="this is for {roles}")
OWN_STUDIO = message(
    "own_studio",
    zh="不得办理本人所在的工作室（{person}）",
    en="nobody acts on their own studio ({person})",
)
OWN_UNIT = message(
    "own_unit",
    zh="不得办理本单位的工作室（{unit}）",
    en="nobody acts on a studio of their own unit ({unit})",
)
MARKED_OWN_STUDIO = message(
    "marked_own_studio",
    zh="{criterion}由本工作室的{person}评分",
    en="{criterion} was marked by {person}, whose own studio it is",
)
MARKED_OWN_UNIT = message(
    "marked_own_unit",
    zh="{criterion}由同单位的{person}评分",
    en="{criterion} was marked by {person} of the studio's own unit",
)
NO_APPLICATION = message("no_application", zh="没有申报材料", en="there is no application")
TOO_EARLY = message("too_early", zh="{window}自{day}开始", en="{window} begins on {day}")
TOO_LATE = message("too_late", zh="{window}已于{day}结束", en="{window} ended on {day}")
WINDOW_NOT_SET = message(
    "window_not_set",
    zh="{window}的时间还不能确定",
    en="when {window} is, hangs on something that has not happened yet",
)
CONDITION_OPEN = message(
    "condition_open", zh="“{label}”还不能判断，尚缺：{facts}", en="{label}: not known yet: {facts}"
)
STILL_OPEN = message("still_open", zh="尚缺：{facts}", en="not known yet: {facts}")
GATE_FAILED = message("gate_failed", zh="{gate}：{because}", en="{gate}: {because}")
DECISION_AGAINST_GRADE = message(
    "decision_against_grade",
    zh="决定为“{decision}”，而按总分应为“{grade}”",
    en="the decision is {decision}, but the points give {grade}",
)
SET_ASIDE = message(
    "set_aside",
    zh="“{label}”不满足，经{person}说明理由后从宽：{reason}",
    en="{label} was set aside by {person}: {reason}",
)
OVERRIDE_WRONG_ROLE = message(
    "override_wrong_role",
    zh="“{label}”只能由{roles}从宽",
    en="{label} can be set aside by {roles} alone",
)
OVERRIDE_NO_REASON = message(
    "override_no_reason", zh="“{label}”从宽须说明理由", en="setting aside {label} needs a reason"
)
OVERRIDE_POSSIBLE = message(
    "override_possible",
    zh="{text}（{roles}可说明理由后从宽）",
    en="{text} ({roles} may set it aside with a reason)",
)
PLUGIN_FAILED = message(
    "plugin_failed", zh="插件检查“{guard}”出错：{error}", en="the guard {guard} failed: {error}"
)

WINDOW = "window"
_SHEET_NAMES = frozenset({"gates_met", "open_facts", "total", "passed", "outstanding"})
_PLAIN = (str, int, Fraction, date, Text)


@frozen(kw_only=True)
class Decision:
    """A verdict with what it was decided on.

    Attributes:
        values: every fact known, those of the studio and those handed in.
        sheet: the score sheet, where a condition asked for it.
    """

    verdict: Verdict
    values: Mapping[str, object]
    handed_in: Mapping[str, object]
    sheet: ScoreSheet | None


@frozen
class _Objection:
    """A reason, and what may be done about it."""

    reason: Reason
    key: str | None = None
    label: Text | None = None
    warns: bool = False
    override: tuple[str, ...] = ()


@frozen(eq=False)
class _Checked:
    """A condition, compiled."""

    condition: TransitionCondition
    names: frozenset[str]
    truth: Callable[..., Maybe]


@frozen(eq=False)
class Gate:
    """Decides about one transition of one policy."""

    name: str
    transition: Transition
    policy: Policy
    guards: tuple[Guard, ...] = ()
    _conditions: Mapping[str, _Checked] = field(init=False)

    @_conditions.default
    def _compiled(self) -> Mapping[str, _Checked]:
        compiled = {}
        for name, condition in self.transition.conditions.items():
            term = condition.condition.truth
            truth = Interpreter(Ranges()).truth(term)
            compiled[name] = _Checked(condition, names(term), truth)
        return compiled

    def decide(self, attempt: Attempt) -> Decision:
        """Return the verdict with every reason; nothing is changed.

        Raises:
            InputError: for facts, marks, a decision or overrides that do not fit the policy: that
                is bad input, not a denial.
        """
        self._check_input(attempt)
        handed_in = self.policy.values(attempt.facts)
        values = {**attempt.studio.facts, **handed_in}
        sheet = self._sheet(attempt, values, handed_in)
        role_fits = attempt.by.has_role(*self.transition.by)
        objections = [
            *self._state(attempt),
            *self._role(attempt),
            *self._independence(attempt),
            *self._window(attempt),
            *self._conditions_unmet(attempt, values, sheet),
            *self._decision(attempt, sheet),
        ]
        if role_fits:
            objections += self._plugins(attempt, values, sheet)
        refusing, warnings = self._set_aside(objections, attempt)
        verdict = Verdict(
            self.transition.label,
            tuple(refusing),
            tuple(warnings),
            plugins_asked=role_fits,
        )
        return Decision(verdict=verdict, values=values, handed_in=handed_in, sheet=sheet)

    # --- what may stand against it ----------------------------------------------------------

    def _check_input(self, attempt: Attempt) -> None:
        collector = Collector()
        overridable = {name for name, c in self._conditions.items() if c.condition.override}
        if self.transition.window_override:
            overridable.add(WINDOW)
        for name in attempt.overrides:
            with collector.under("overrides", name):
                if name not in overridable:
                    raise wrong(UNKNOWN_NAME, name, known=overridable)
        with collector.under("decision"):
            grades = self.policy.rubric.grades
            if attempt.decision is not None and attempt.decision not in grades:
                raise wrong(UNKNOWN_NAME, attempt.decision, known=grades)
        collector.finish()

    def _sheet(
        self, attempt: Attempt, values: Mapping[str, object], handed_in: Mapping[str, object]
    ) -> ScoreSheet | None:
        """Return the sheet that the conditions ask for: the one on file, unless facts came in."""
        wanted = any(checked.names & _SHEET_NAMES for checked in self._conditions.values())
        if not wanted:
            return None
        if attempt.studio.sheet is not None and not handed_in:
            return attempt.studio.sheet
        return self.policy.score_values(values, attempt.facts.marks)

    def _state(self, attempt: Attempt) -> Iterable[_Objection]:
        states = self.policy.procedure.states
        if attempt.studio.state not in self.transition.sources:
            parameters = {
                "state": _state_label(states, attempt.studio.state),
                "sources": tuple(_state_label(states, name) for name in self.transition.sources),
            }
            yield _Objection(Reason(WRONG_STATE, parameters, self.transition.clause))
        elif attempt.studio.state == UNDECLARED and attempt.application is None:
            yield _Objection(Reason(NO_APPLICATION, {}, self.transition.clause))

    def _role(self, attempt: Attempt) -> Iterable[_Objection]:
        if not attempt.by.has_role(*self.transition.by):
            roles = self._labels(self.transition.by)
            yield _Objection(Reason(WRONG_ROLE, {"roles": roles}, self.transition.clause))

    def _independence(self, attempt: Attempt) -> Iterable[_Objection]:
        """Nobody approves or scores their own studio: by person and by unit."""
        if not self.transition.independent:
            return
        people, unit = attempt.studio.people(), attempt.studio.unit
        judges = [
            (OWN_STUDIO, OWN_UNIT, attempt.by.id, attempt.by.unit, ""),
            *(
                (MARKED_OWN_STUDIO, MARKED_OWN_UNIT, mark.by, mark.unit, mark.criterion)
                for mark in attempt.facts.marks
            ),
        ]
        inspection = attempt.facts.inspection
        if inspection is not None and inspection.by is not None:
            judges.append((OWN_STUDIO, OWN_UNIT, inspection.by, None, ""))
        for own_studio, own_unit, person, person_unit, criterion in judges:
            parameters = {"person": person, "unit": unit, "criterion": criterion}
            if person in people:
                yield _Objection(Reason(own_studio, parameters, self.transition.clause))
            elif unit is not None and person_unit == unit:
                yield _Objection(Reason(own_unit, parameters, self.transition.clause))

    def _window(self, attempt: Attempt) -> Iterable[_Objection]:
        if self.transition.window is None:
            return
        calendar = self.policy.calendar
        window = calendar.windows[self.transition.window]
        days = attempt.studio.days()
        for moment, late in ((window.start, False), (window.end, True)):
            if moment is None:
                continue
            day = resolve(moment, calendar.moments, days)
            if day is None:
                text: Message | None = WINDOW_NOT_SET
            elif late:
                text = TOO_LATE if attempt.on > day else None
            else:
                text = TOO_EARLY if attempt.on < day else None
            if text is not None:
                yield _Objection(
                    Reason(text, {"window": window.label, "day": day}, window.clause),
                    key=WINDOW,
                    label=window.label,
                    warns=self.transition.window_severity == "warn",
                    override=self.transition.window_override,
                )

    def _conditions_unmet(
        self, attempt: Attempt, values: Mapping[str, object], sheet: ScoreSheet | None
    ) -> Iterable[_Objection]:
        about = procedure_facts(self.policy.rubric.denominator)
        procedure = {
            "today": attempt.on,
            "places_left": attempt.places_left,
            **self._about_sheet(attempt, sheet),
        }
        facts = known({**self.policy.facts, **about}, {**values, **procedure})
        for key, checked in self._conditions.items():
            remarks: list[Remark] = []
            outcome = checked.truth(facts.ranges, remarks)
            if outcome.value is True:
                continue
            condition = checked.condition
            if outcome.value is None:
                labels = {**self.policy.facts, **about}
                parameters: dict[str, object] = {
                    "label": condition.label,
                    "facts": tuple(labels[name].label for name in sorted(outcome.open)),
                }
                text = CONDITION_OPEN
            else:
                # What is open and which gate failed says more than a count or a flag.
                because = [
                    *_about_open(checked.names, self.policy, sheet),
                    *_about_gates(checked.names, sheet),
                ] or [Reason(remark.message, remark.parameters) for remark in remarks]
                text = _told(key, condition.text, because)
                parameters = {"because": tuple(because)}
            yield _Objection(
                Reason(text, parameters, condition.clause, self._labels(condition.who)),
                key=key,
                label=condition.label,
                warns=condition.severity == "warn",
                override=condition.override,
            )

    def _about_sheet(self, attempt: Attempt, sheet: ScoreSheet | None) -> Mapping[str, object]:
        """Return what conditions may ask of the sheet and of what was decided."""
        if sheet is None:
            return {}
        grades = self.policy.rubric.grades
        ranked = [name for name, grade in grades.items() if not grade.otherwise]
        # Passing is decided with the sheet; what is decided later presupposes it.
        on_file = attempt.studio.sheet is not None
        passing = attempt.studio.decision if on_file else attempt.decision
        latest = attempt.decision or attempt.studio.decision
        about: dict[str, object] = {
            "gates_met": sheet.eligible,
            "open_facts": len(sheet.open),
            "total": sheet.total.points,
        }
        if ranked:
            # A grade without a cut-off is for the committee to decide.
            pass_mark = grades[ranked[-1]].at_least
            best_mark = grades[ranked[0]].at_least
            about["passed"] = passing in ranked if pass_mark is None else _in(sheet.grade, ranked)
            about["outstanding"] = (
                latest == ranked[0] if best_mark is None else _reached(sheet, best_mark)
            )
        return about

    def _decision(self, attempt: Attempt, sheet: ScoreSheet | None) -> Iterable[_Objection]:
        """A decision can not contradict the grade that the points give."""
        if sheet is None or sheet.grade is None or attempt.decision is None:
            return
        grades = self.policy.rubric.grades
        undecided = (
            grades[attempt.decision].at_least is None and not grades[attempt.decision].otherwise
        )
        if attempt.decision != sheet.grade and not undecided:
            parameters = {
                "decision": grades[attempt.decision].label,
                "grade": grades[sheet.grade].label,
            }
            yield _Objection(Reason(DECISION_AGAINST_GRADE, parameters, self.transition.clause))

    def _plugins(
        self, attempt: Attempt, values: Mapping[str, object], sheet: ScoreSheet | None
    ) -> list[_Objection]:
        guards = [guard for guard in self.guards if guard.concerns(self.name)]
        if not guards:
            return []
        studio, application = attempt.studio, attempt.application or attempt.studio.application
        question = Question(
            action=self.name,
            actor=attempt.by,
            on=attempt.on,
            studio=studio.id,
            state=studio.state,
            unit=application.unit if application else None,
            lead=application.lead.id if application else None,
            people=application.people() if application else frozenset(),
            level=application.level if application else None,
            facts=MappingProxyType(dict(values)),
            history=tuple((event.action, event.on) for event in studio.history),
            total=sheet.total.points if sheet else None,
        )
        return [_Objection(reason) for guard in guards for reason in _asked(guard, question)]

    # --- what is set aside ------------------------------------------------------------------

    def _set_aside(
        self, objections: Iterable[_Objection], attempt: Attempt
    ) -> tuple[list[Reason], list[Reason]]:
        """Divide objections into those that refuse and those that only warn."""
        refusing: list[Reason] = []
        warnings: list[Reason] = []
        for objection in objections:
            override = attempt.overrides.get(objection.key) if objection.key else None
            if objection.warns:
                warnings.append(objection.reason)
            elif override is not None:
                against = self._override_refused(objection, override, attempt)
                if against is None:
                    person = (override.by or attempt.by).id
                    parameters = {
                        "label": objection.label,
                        "person": person,
                        "reason": override.reason,
                    }
                    warnings.append(Reason(SET_ASIDE, parameters, objection.reason.clause))
                else:
                    refusing += [objection.reason, against]
            else:
                refusing.append(self._with_way_out(objection))
        return refusing, warnings

    def _override_refused(
        self, objection: _Objection, override: Override, attempt: Attempt
    ) -> Reason | None:
        parameters = {"label": objection.label, "roles": self._labels(objection.override)}
        if not (override.by or attempt.by).has_role(*objection.override):
            return Reason(OVERRIDE_WRONG_ROLE, parameters, objection.reason.clause)
        if not override.reason.strip():
            return Reason(OVERRIDE_NO_REASON, parameters, objection.reason.clause)
        return None

    def _with_way_out(self, objection: _Objection) -> Reason:
        """Say who may set it aside, where somebody may."""
        if not objection.override:
            return objection.reason
        reason = objection.reason
        told = Message(
            reason.code,
            Text(
                *(
                    OVERRIDE_POSSIBLE.text.get(language).replace(
                        "{text}", reason.message.text.get(language)
                    )
                    for language in ("zh", "en")
                )
            ),
        )
        roles = self._labels(objection.override)
        who = () if set(reason.who) <= set(roles) else reason.who
        return Reason(told, {**reason.parameters, "roles": roles}, reason.clause, who)

    def _labels(self, roles: Iterable[str]) -> tuple[Text, ...]:
        return tuple(self.policy.roles[role].label for role in roles)


_UNDECLARED_LABEL = Text("未申报", "not declared")


def _state_label(states: Mapping[str, object], name: str) -> Text:
    state = states.get(name)
    return state.label if state is not None else _UNDECLARED_LABEL  # type: ignore[attr-defined] # a State


def _told(key: str, text: Text, because: list[Reason]) -> Message:
    """Return the policy's own sentence, and after it what was found."""
    if not because:
        return Message(key, text)
    return Message(key, Text(f"{text.zh}：{{because}}", f"{text.en}: {{because}}"))


def _about_open(
    asked: frozenset[str], policy: Policy, sheet: ScoreSheet | None
) -> Iterable[Reason]:
    if sheet is not None and sheet.open and "open_facts" in asked:
        yield Reason(STILL_OPEN, {"facts": tuple(policy.facts[n].label for n in sheet.open)})


def _about_gates(asked: frozenset[str], sheet: ScoreSheet | None) -> Iterable[Reason]:
    if sheet is not None and "gates_met" in asked:
        for gate in sheet.gates:
            if gate.met is False:
                yield Reason(GATE_FAILED, {"gate": gate.label, "because": gate.reasons})


def _in(grade: str | None, ranked: list[str]) -> bool | None:
    return None if grade is None else grade in ranked


def _reached(sheet: ScoreSheet, mark: Fraction) -> bool | None:
    return None if sheet.total.points is None else sheet.total.points >= mark


def _asked(guard: Guard, question: Question) -> list[Reason]:
    """Ask one guard; whatever it does wrong is its own, named reason against the action."""
    try:
        answer = guard.check(question)
        if not isinstance(answer, list | tuple):
            return [_failed(guard, f"answered {type(answer).__name__}, not a list of reasons")]
    except Exception as error:  # noqa: BLE001 - a plugin may raise anything, and must not stop us
        return [_failed(guard, f"{type(error).__name__}: {error}")]
    reasons = []
    for reason in answer:
        if not isinstance(reason, Reason):
            reasons.append(_failed(guard, f"answered {reason!r}, not a reason"))
        elif not all(_plain(value) for value in reason.parameters.values()):
            reasons.append(_failed(guard, f"{reason.code}: parameters that are not plain values"))
        else:
            reasons.append(
                Reason(
                    reason.message,
                    MappingProxyType(dict(reason.parameters)),
                    reason.clause,
                    reason.who,
                    guard.origin or guard.id,
                )
            )
    return reasons


def _plain(value: object) -> bool:
    if isinstance(value, tuple):
        return all(_plain(item) for item in value)
    return value is None or isinstance(value, _PLAIN)


def _failed(guard: Guard, error: str) -> Reason:
    parameters = {"guard": guard.id, "error": error[:200]}
    return Reason(PLUGIN_FAILED, parameters, origin=guard.origin or guard.id)
