"""What keeps an embedded service from running."""


class Fault(Exception):
    """One sentence for the person at the keyboard: what is wrong and what to do."""
