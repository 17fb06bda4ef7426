"""The local inbox of `make run` and the pages that show it. Not routed in production (settings.LOCAL_INBOX)."""
