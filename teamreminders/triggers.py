"""Triggers of PostgreSQL as django-pgtrigger declares and migrates them, without its way of switching them off.

That looks for a parameter which is never set, and catching the exception makes a row cost 122 µs instead of 16; its
function also wants the schema `public`, which may not be ours.
"""

from typing import Any

import pgtrigger
from pgtrigger import compiler


class PlainTriggerSql(compiler.UpsertTriggerSql):
    """The library's template, less that. Migrations name this class: another template needs another class."""

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}() RETURNS TRIGGER AS $$
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql;
            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE TRIGGER {pgid} {when} {operation} ON {table} FOR EACH {level} {condition} EXECUTE FUNCTION {pgid}();
            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class PlainTrigger(pgtrigger.Trigger):
    """One that runs after each row."""

    when = pgtrigger.After

    def compile(self, model: Any) -> compiler.Trigger:
        compiled = super().compile(model)
        taken = ("pgid", "func", "table", "when", "operation", "level", "condition")
        arguments = {name: value for name, value in compiled.sql.kwargs.items() if name in taken}
        return compiler.Trigger(name=compiled.name, sql=PlainTriggerSql(**arguments))
