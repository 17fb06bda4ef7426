"""Random runs of real processes among faults, and what is compared at their end.

The modules, each a noun:

    population   what is written before a run, drawn from its seed, and the ledger of who must be told what and when
    people       who is in the teams, and who wants which mail
    visits       what people do while a run goes on: answer, put off, mute, turn off, stop
    ledger       that ledger against the one of the mail server
    world        the processes and services of one run, and the list of what was done to them
    faults       what can be done to them
    run          one run: a seed, its faults, its verdict
    process      `manage.py` with the engine's time spans cut to a fifth, so that a lease lapses within a run
"""
