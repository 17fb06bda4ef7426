"""People, the mail that their accounts need, and what their programs use."""

from .answer import IdempotentAnswer
from .mail import AccountMail
from .token import AccessToken, Scope
from .user import User

__all__ = ["AccessToken", "AccountMail", "IdempotentAnswer", "Scope", "User"]
