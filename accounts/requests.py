"""What a request is behind `login_required`; for annotations only."""

from teamreminders.http import HtmxHttpRequest

from .models import User


class PersonsRequest(HtmxHttpRequest):
    """A request of somebody who is signed in."""

    user: User
