"""The tokens of programs that sign in."""

from allauth.headless.tokens.strategies.jwt import JWTTokenStrategy
from allauth.headless.tokens.strategies.jwt import internal as jwt
from django.contrib.sessions.models import Session
from django.db import transaction


class TokensOfSession(JWTTokenStrategy):
    """A refresh token that comes a second time was stolen from somebody: its session ends, for both of them."""

    def refresh_token(self, refresh_token: str) -> tuple[str, str] | None:
        """Takes the lock of the session: of two at the same moment the second finds the token used up."""
        payload = jwt.decode_token(refresh_token, "refresh") or {}
        with transaction.atomic():
            key = jwt.session_key_from_sid(str(payload.get("sid", "")))
            Session.objects.select_for_update().filter(session_key=key).first()
            fresh = super().refresh_token(refresh_token)
            session = None if fresh else jwt.get_token_session(payload)
            if session:
                session.flush()
        return fresh
