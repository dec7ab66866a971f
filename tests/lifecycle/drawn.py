"""What pictures are drawn of: a studio's path, and labels that are out to be read as markup."""

from __future__ import annotations

from datetime import date

from studioflow.people import Actor
from studioflow.policy import Policy
from studioflow.studio import Event, Studio

NASTY = (
    'a "b" [c] {d} <script>alert(1)</script> &amp; #e; `f` %%g :::h --> x\n[*] --> s0 : i | j \\N'
)
HERE = ""


def walked(policy: Policy, *steps: tuple[str, str, str]) -> Studio:
    """Return a studio that took some steps: the action, the day, and the state it led to."""
    state, events = "undeclared", []
    for action, day, led_to in steps:
        dest = led_to or state
        events.append(
            Event(
                studio="s-01",
                action=action,
                source=state,
                dest=dest,
                on=date.fromisoformat(day),
                by=Actor("p-01", unit="样例学校"),
                policy=policy.reference,
            )
        )
        state = dest
    return Studio.from_events("s-01", events)


def returned_and_plaqued(policy: Policy) -> Studio:
    """Return a studio of the reference policy that was sent back once, and put on hold.

    It was on hold under an earlier version, which had a state for it.
    """
    return walked(
        policy,
        ("declare", "2023-03-22", "declared"),
        ("return_for_completion", "2023-03-25", "returned"),
        ("declare", "2023-03-29", "declared"),
        ("approve", "2023-04-14", "approved"),
        ("hold", "2023-05-02", "on_hold"),
        ("amend", "2023-06-01", "approved"),
        ("plaque", "2023-06-15", "plaqued"),
        ("record", "2023-06-16", HERE),
        ("record", "2023-06-17", HERE),
        ("inspect", "2023-06-18", HERE),
    )


def nasty(policy: Policy) -> Policy:
    """Return the reference policy with such words wherever a picture has a label."""
    places = (
        "label",
        "lifecycle/states/declared/label",
        *(f"lifecycle/transitions/{name}/label" for name in ("approve", "record", "withdraw")),
        "roles/bureau_committee/label",
    )
    # Two steps of one state are not called alike.
    labels = {place: f"{number} {NASTY}" for number, place in enumerate(places)}
    return policy.vary({place: {"zh": label, "en": label} for place, label in labels.items()})
