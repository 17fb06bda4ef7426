"""What workers do for reminders. A job carries ids and no other fact."""

from . import delivery


def deliver(ids: list[int]) -> None:
    """Send these deliveries. May run twice."""
    delivery.deliver(ids)
