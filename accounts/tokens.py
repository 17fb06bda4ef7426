"""The tokens of programs that sign in."""

from allauth.headless.tokens.strategies.jwt import JWTTokenStrategy
from allauth.headless.tokens.strategies.jwt import internal as jwt


class TokensOfSession(JWTTokenStrategy):
    """A refresh token that comes a second time was stolen from somebody: its session ends, for both of them."""

    def refresh_token(self, refresh_token: str) -> tuple[str, str] | None:
        fresh = super().refresh_token(refresh_token)
        payload = None if fresh else jwt.decode_token(refresh_token, "refresh")
        session = payload and jwt.get_token_session(payload)
        if session:
            session.flush()
        return fresh
