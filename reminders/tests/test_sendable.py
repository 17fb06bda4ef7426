"""Whether a message may be sent is said twice: in SQL, for the claim, and in Python, which says why not."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from reminders.delivery import DeliveryRound, why_not
from reminders.ladder import DUE
from reminders.models import Delivery, Occurrence, OccurrenceState, Reminder
from teams.models import OutsideState, Team
from teams.tests.factories import MembershipFactory, OutsideAddressFactory

from .factories import DeliveryFactory, OccurrenceFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
STOPPED = [
    {"deleted_at": deleted_at, "paused_at": paused_at, "paused_until": paused_until}
    for deleted_at, paused_at, paused_until in product(
        [None, NOW - SECOND], [None, NOW - SECOND], [None, NOW - SECOND, NOW, NOW + SECOND]
    )
]
RECIPIENTS = 7 + len(OutsideState)


def addressed_to_all_kinds_of_people(occurrence: Occurrence, step: str) -> None:
    """A member, one who has left for another team, one who is not active, one whose account is gone, three who do not
    want it, and outside addresses in every state."""
    team: Team = occurrence.reminder.team
    DeliveryFactory(occurrence=occurrence, step=step)
    occurrence.reminder.mute(DeliveryFactory(occurrence=occurrence, step=step).user)
    kind = "notice" if step.startswith("advance") else "reminder"
    unwilling = MembershipFactory(team=team, muted=["request", kind]).user
    DeliveryFactory(occurrence=occurrence, step=step, user=unwilling)
    other_kind = MembershipFactory(team=team, muted=[*{"notice", "reminder", "request"} - {kind}]).user
    DeliveryFactory(occurrence=occurrence, step=step, user=other_kind)
    for state in OutsideState:
        address = OutsideAddressFactory(team=team, state=state)
        named = {"outside": address, "recipient_key": f"mail:{address.email}", "address": address.email}
        DeliveryFactory(occurrence=occurrence, step=step, user=None, **named)
    DeliveryFactory(occurrence=occurrence, step=step, user=MembershipFactory().user)
    DeliveryFactory(occurrence=occurrence, step=step, user=MembershipFactory(team=team, user__is_active=False).user)
    gone = DeliveryFactory(occurrence=occurrence, step=step)
    gone.user.delete()
    Delivery.objects.update(next_try_at=NOW)


@pytest.mark.parametrize("step", [DUE, "advance-1d", "test-1"])
@pytest.mark.parametrize("state", OccurrenceState)
def test_a_claim_is_won_exactly_where_there_is_no_reason_against_it(state: OccurrenceState, step: str) -> None:
    addressed_to_all_kinds_of_people(OccurrenceFactory(state=state), step)
    won = 0
    for stopped in STOPPED:
        Reminder.objects.update(**stopped)
        Delivery.objects.update(state="queued", tries=0, next_try_at=NOW)
        rows = list(Delivery.objects.select_related("occurrence__reminder").order_by("pk"))
        assert len(rows) == RECIPIENTS
        for row in rows:
            reason = why_not(row, NOW)
            is_won = DeliveryRound.claims.begin(row, NOW).won()
            assert is_won == (reason is None), f"{stopped}, {row.user}: {reason}"
            won += is_won
    if step == "test-1":  # to all four members, willing or not, and one address, unless deleted
        assert won == 5 * 8
        return
    # To two members and one address, while neither deleted nor paused: no pause, or one that is over.
    assert won == (9 if (state, step) in {("open", DUE), ("upcoming", "advance-1d")} else 0)


@pytest.mark.parametrize("lateness", ["late", "skip"])
@pytest.mark.parametrize("next_step_at", [None, NOW - SECOND, NOW, NOW + SECOND])
def test_so_it_is_of_what_is_snoozed_or_late(next_step_at: datetime | None, lateness: str) -> None:
    row = DeliveryFactory(occurrence=OccurrenceFactory(state=OccurrenceState.OPEN))
    Occurrence.objects.update(next_step_at=next_step_at)
    Reminder.objects.update(lateness=lateness, late_hours=2)
    limit = Reminder.objects.get().late_limit
    won = 0
    for late, queued_late in product([limit - SECOND, limit, limit + SECOND], repeat=2):
        times = {"planned_for": NOW - late, "created_at": NOW - late + queued_late}
        Delivery.objects.update(state="queued", tries=0, next_try_at=NOW, **times)
        row = Delivery.objects.select_related("occurrence__reminder").get()
        reason = why_not(row, NOW)
        is_won = DeliveryRound.claims.begin(row, NOW).won()
        assert is_won == (reason is None), f"{late}, queued again at {queued_late}: {reason}"
        won += is_won
    # In time, whenever it was queued; or queued again by hand after the limit.
    assert won == (0 if next_step_at and next_step_at > NOW else 5)
