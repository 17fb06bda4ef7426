"""What a view behind `login_required` gets; for annotations only."""

from teamreminders.http import HtmxHttpRequest

from .models import User


class SignedInRequest(HtmxHttpRequest):
    user: User
