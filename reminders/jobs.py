"""What workers do for reminders. A job carries ids and no other fact."""

from django.utils import timezone

from . import delivery
from .exports import making


def deliver(ids: list[int]) -> None:
    """Send these deliveries. May run twice."""
    delivery.deliver(ids)


def make_export(pk: int) -> None:
    """Make the next slice of a person's export. May run twice."""
    making.make_slice(pk, timezone.now())
