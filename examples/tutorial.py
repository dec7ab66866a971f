"""The statements of the first tutorial (docs/tutorial.md), one after the other.

Run it with `uv run python examples/tutorial.py`, in a clone.
"""

import tempfile
from datetime import date
from fractions import Fraction
from pathlib import Path

from attrs import evolve

from studioflow import (
    Actor,
    Application,
    Denied,
    FactFile,
    InputError,
    InspectedItem,
    Inspection,
    Lifecycle,
    Mark,
    Person,
    Studio,
    load_policy,
    read_facts,
)
from studioflow.policy import differences

# Score a studio
policy = load_policy("yongjia-2023")
sheet = policy.score({"activities": 15})
item = sheet.criterion("5.2.2")
print(item.points.points)
for reason in item.reasons:
    print(reason.explain("en"))
print(sheet.total.points is None)
print([str(end) for end in sheet.total.range])
print(len(sheet.open), sheet.open[:3])
try:
    policy.score({"activites": 15, "members": 3.9, "goal_mark": 11})
except InputError as error:
    print(error)

# Who judged, and what the inspection found
handed_in = read_facts(Path("examples/studio.toml"))
sheet = policy.score(handed_in)
print(str(sheet.total.points), sheet.eligible, sheet.open)
mark = sheet.marks[2]
print(mark.criterion, str(mark.points), mark.role)
first = Mark(
    criterion="5.1.1",
    by="p-11",
    role="assessor",
    unit="County Bureau",
    on=date(2024, 11, 12),
    points=Fraction(9),
)
in_memory = FactFile(facts={"activities": 18, "members": 9}, marks=(first,))
print(str(policy.score(in_memory).criterion("5.1.1").points.points))
second = evolve(first, points=Fraction(8), remark="after a second look")
in_memory = evolve(in_memory, marks=(second,))
print(str(policy.score(in_memory).criterion("5.1.1").points.points))
site = ("fixed_place", "flag", "emblem", "oath", "resources", "records", "management")
found = Inspection(
    by="p-02",
    role="county_bureau",
    unit="County Bureau",
    on=date(2023, 6, 14),
    items={item: InspectedItem(present=item != "oath") for item in site},
)
print(policy.site_check.inspect(found).explain("en"))
items = {**found.items, "oath": InspectedItem(present=True, evidence=("oath.jpg",))}
complete = evolve(found, items=items, on=date(2023, 6, 15))
print(policy.site_check.inspect(complete).met)

# Vary the policy
six_a_year = policy.vary({"criteria/5.2.2/norm": 12})
print(str(six_a_year.score(handed_in).total.points), six_a_year.reference.varied)
print(policy.readings["lead_in_headcount"].in_force)
included = policy.vary({"readings/lead_in_headcount": "include"})
print([p.score({"members": 12}).gate("5.0.2").met for p in (policy, included)])

# One step of the lifecycle
lifecycle = Lifecycle(policy)
school = Actor("h-01", unit="School One", roles={"host_party"})
committee = Actor("p-07", unit="bureau", roles={"bureau_committee"})
application = Application(name="Studio One", unit="School One", lead=Person("t-01", "Lead A"))
step = lifecycle.act(
    "declare", Studio(id="s-01"), by=school, on=date(2023, 3, 22), application=application
)
studio = step.studio
print(studio.state)
try:
    lifecycle.act("approve", studio, by=school, on=date(2023, 4, 14), places_left=3)
except Denied as no:
    for reason in no.reasons:
        print(reason.code, reason.clause)
print(lifecycle.can("approve", studio, by=committee, on=date(2023, 4, 14), places_left=3).allowed)
studio = lifecycle.act("approve", studio, by=committee, on=date(2023, 4, 14), places_left=3).studio
county = Actor("p-02", unit="County Bureau", roles={"county_bureau"})
at_the_plaque = FactFile(facts={"members": 9}, inspection=complete)
studio = lifecycle.act(
    "plaque", studio, by=county, on=date(2023, 6, 15), facts=at_the_plaque
).studio
lead = Actor("t-01", unit="School One", roles={"lead"})
studio = lifecycle.act("operate", studio, by=lead, on=date(2023, 6, 19)).studio
print(studio.state)
papers = evolve(handed_in, studio="s-01")
verdict = lifecycle.can("evaluate", studio, by=committee, on=date(2024, 11, 20), facts=papers)
print(verdict.explain("en"))
step = lifecycle.act(
    "evaluate", studio, by=committee, on=date(2024, 11, 20), facts=papers, decision="passed"
)
print(step.studio.state, step.studio.decision, str(step.studio.sheet.total.points))

# A policy that changes one thing
folder = Path(tempfile.mkdtemp())
file = folder / "our-county.toml"
_ = file.write_text(
    """
schema = "studioflow.policy/1"
id = "our-county-2025"
version = "1"
label = { zh = "我县工作室", en = "Studios of our county" }
extends = "yongjia-2023"

[criteria."5.2.2"]
norm = 12
""",
    encoding="utf-8",
)
ours = load_policy(file)
print(str(ours.score({"activities": 14}).criterion("5.2.2").points.points))
print(
    [(d.path, d.before, d.after, d.clause) for d in differences(policy, ours) if "5.2.2" in d.path]
)
