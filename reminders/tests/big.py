"""Big tables in seconds: teams with reminders of every fifth day, their history and messages, by INSERT ... SELECT."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from accounts.models import User
from reminders.models import Reminder
from teams.models import Team

PEOPLE = 5  # in a team
OF_A_TEAM = 100  # reminders
# Person 1 of team 1 is an operator too; nobody can sign in by password.
STATEMENTS = """
INSERT INTO accounts_user (uuid, password, email, name, zone, zone_kept, language, is_staff, is_superuser,
    is_active, date_joined)
SELECT gen_random_uuid(), '!', 'person' || n || '@big.example', 'Person ' || n, 'UTC', '', '', n = 1, n = 1,
       true, %(now)s
  FROM generate_series(1, %(people)s) AS n;

INSERT INTO teams_team (uuid, name, zone, subject_prefix, working_days, country, region, days_off, created_at)
SELECT gen_random_uuid(), 'Big team ' || n, 'UTC', '', '{0,1,2,3,4}', '', '', '{}', %(now)s
  FROM generate_series(1, %(teams)s) AS n;

INSERT INTO teams_membership (team_id, user_id, role, muted, joined_at)
SELECT team.id, person.id, CASE WHEN person.n %% %(team_of)s = 1 THEN 'owner' ELSE 'member' END,
       '{}', %(now)s - interval '1 year'
  FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM teams_team WHERE name LIKE 'Big team%%') AS team
  JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM accounts_user WHERE email LIKE '%%@big.example') AS person
    ON (person.n - 1) / %(team_of)s = team.n - 1;

INSERT INTO reminders_reminder (uuid, team_id, author_id, title, notes, zone, start, times, rule, cron, month_end,
    day_off, holidays_only, skipped, moved, zone_mode, planned_zones, lead_times, lateness, late_hours, audience,
    roles, completion, created_at, changed_at)
SELECT gen_random_uuid(), member.team_id, member.user_id, 'Big reminder ' || numbered.n, '', 'UTC', due::date - 100,
       ARRAY[due::time], 'FREQ=DAILY;INTERVAL=5', '', 'last', 'stay', false, '{}', '{}',
       CASE WHEN numbered.n %% 20 = 1 THEN 'recipient' ELSE 'fixed' END, '{UTC}', '{}', 'late', 24,
       CASE WHEN numbered.n %% 5 = 0 THEN 'people' WHEN numbered.n %% 7 = 0 THEN 'roles' ELSE 'team' END, '{owner}',
       CASE WHEN numbered.n %% 3 = 0 THEN 'nobody' ELSE 'anyone' END,
       %(now)s - interval '100 days', %(now)s - interval '100 days'
  FROM (SELECT n, %(begin)s AT TIME ZONE 'UTC' + n * interval '1 minute' AS due
          FROM generate_series(0, %(reminders)s - 1) AS n) AS numbered
  JOIN (SELECT team_id, user_id, row_number() OVER (ORDER BY team_id) AS n
          FROM teams_membership JOIN teams_team ON teams_team.id = team_id
         WHERE role = 'owner' AND teams_team.name LIKE 'Big team%%') AS member
    ON member.n = numbered.n / %(of_a_team)s + 1
 ORDER BY numbered.n;

INSERT INTO reminders_reminder_people (reminder_id, user_id)
SELECT id, author_id FROM reminders_reminder WHERE audience = 'people';

INSERT INTO reminders_occurrence (uuid, reminder_id, slot, zone, due_at, state, round, next_step, next_step_at,
    missed_before, settled_from, settled_by_id, settled_at, error, created_at)
SELECT gen_random_uuid(), reminder.id, slot, 'UTC', slot AT TIME ZONE 'UTC',
       CASE WHEN time = 0 THEN 'upcoming' WHEN time = 1 THEN 'open' ELSE 'done' END, 0, 'due',
       CASE WHEN time = 0 THEN slot AT TIME ZONE 'UTC' END, 0, CASE WHEN time > 1 THEN 'open' ELSE '' END,
       CASE WHEN time > 1 THEN reminder.author_id END, CASE WHEN time > 1 THEN slot AT TIME ZONE 'UTC' END, '',
       slot AT TIME ZONE 'UTC' - interval '5 days'
  FROM generate_series(%(times)s, 0, -1) AS time,
       (SELECT id, author_id, %(begin)s AT TIME ZONE 'UTC'
               + (row_number() OVER (ORDER BY id) - 1) * interval '1 minute' AS due
          FROM reminders_reminder WHERE title LIKE 'Big reminder%%') AS reminder,
       LATERAL (SELECT due - time * interval '5 days' AS slot) AS slots
 ORDER BY time DESC, reminder.id;

INSERT INTO reminders_delivery (uuid, occurrence_id, team_id, user_id, recipient_key, address, channel, step, round,
    reason, planned_for, state, next_try_at, tries, error, reply, why_not, sent_at, created_at)
SELECT gen_random_uuid(), occurrence.id, reminder.team_id, reminder.author_id, 'user:' || reminder.author_id,
       'person@big.example', 'email', 'due', 0, 'team', due_at, 'sent', NULL, 1, '', '250 2.0.0 accepted', '', due_at,
       due_at
  FROM reminders_occurrence AS occurrence JOIN reminders_reminder AS reminder ON reminder.id = reminder_id
 WHERE occurrence.state <> 'upcoming' AND title LIKE 'Big reminder%%'
 ORDER BY occurrence.id
"""
TABLES = ("accounts_user", "teams_team", "teams_membership", "reminders_reminder_people")
BIG = ("reminders_reminder", "reminders_occurrence", "reminders_delivery", "teams_change")


class Big(NamedTuple):
    """`begin`: when the first of the reminders is due next; each minute one more is."""

    begin: datetime
    team: Team
    operator: User

    @property
    def reminder(self) -> Reminder:
        return Reminder.objects.filter(team=self.team).order_by("pk")[50]


def fill(*, reminders: int, times: int, now: datetime, begin: datetime) -> Big:
    """Reminders of every fifth day that have come due so many times, and wait for an answer to the last."""
    teams = -(-reminders // OF_A_TEAM)
    sizes = {"reminders": reminders, "times": times, "teams": teams, "people": teams * PEOPLE}
    with connection.cursor() as cursor:
        for statement in STATEMENTS.split(";\n"):
            cursor.execute(statement, {**sizes, "team_of": PEOPLE, "of_a_team": OF_A_TEAM, "now": now, "begin": begin})
        # First, since this connection may have plans for its foreign keys that read the tables as small as they were.
        cursor.execute(f"ANALYZE {', '.join(TABLES + BIG)}")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")  # once, not after every test
    operator = User.objects.get(email="person1@big.example")
    return Big(begin, operator.teams.get(), operator)
