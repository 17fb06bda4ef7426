"""What teams and people take away: reminders as JSON and as a calendar, and all that we know of a person.

`records` is the format that docs/export.md describes, `team` and `calendar` write files of a team's reminders, `own`
says what belongs to a person, `making` puts that into a ZIP file a slice at a time.
"""
