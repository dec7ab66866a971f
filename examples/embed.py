"""The shortest useful embedding: score a studio, vary the policy, explain a denial.

Run it with `uv run python examples/embed.py`.
"""

from datetime import date

from studioflow import Actor, Application, Lifecycle, Person, Studio, load_policy

policy = load_policy("yongjia-2023")

# A fact that is missing is not known yet: the score is what is still possible.
facts = {"activities": 14, "members": 9, "trainees": 22, "trainees_with_output": 19}
sheet = policy.score(facts)
print("research activities:", sheet.criterion("5.2.2").points.points, "points")
print("because:", sheet.criterion("5.2.2").reasons[0].explain("en"))
least, most = sheet.total.range or (None, None)
print(f"total: {least} to {most}, with {len(sheet.open)} facts open")

# What if twelve activities were enough?
varied = policy.vary({"criteria/5.2.2/norm": 12})
print("with a norm of 12:", varied.score(facts).criterion("5.2.2").points.points, "points")

# May this school declare its studio on the second of April?
school = Actor("h-01", unit="School One", roles={"host_party"})
application = Application(name="Studio One", unit="School One", lead=Person("t-01", "Lead One"))
lifecycle = Lifecycle(policy)
for day in (date(2023, 4, 2), date(2023, 3, 28)):
    verdict = lifecycle.can(
        "declare", Studio(id="s-01"), by=school, on=day, application=application
    )
    print(f"{day}:", verdict.explain("en"))
