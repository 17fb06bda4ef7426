"""Answers that are given again when a program asks the same twice."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from .user import User

# A program that asks again later than this gets a new answer; `prune` removes older ones.
KEPT_FOR = timedelta(days=1)


class IdempotentAnswer(models.Model):
    """What a POST with an Idempotency-Key was answered, written in its transaction: no answer without the deed."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # of method, address and body
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("idempotent answer")
        verbose_name_plural = _("idempotent answers")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_person_and_key")]

    def __str__(self) -> str:
        return f"answer {self.pk}"
