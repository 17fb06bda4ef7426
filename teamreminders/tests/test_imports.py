"""Who may import whom: read from the source, so that an arrow pointing back fails before anybody relies on it."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Right may import left, never back. What is not foundation in teamreminders/ is composition, imported by nobody.
LAYERS = ["foundation", "accounts", "teams", "reminders", "composition"]
FOUNDATION = {"http", "outbox", "prepared", "claims", "answers", "letter", "mould", "smtp", "line", "sending", "worker"}
FOUNDATION |= {"acting", "triggers", "heartbeat", "clock", "text", "history", "logs", "tally", "breaker", "throttle"}
FOUNDATION |= {"templatetags", "problems", "quota", "cursor", "strict_json", "requests", "dates"}
# The same within reminders/. Its other modules (forms, views, admin, …) may import exports and what is left of it.
ENGINE = ["schedule", "ladder", "language", "models", "links", "exports", "channels", "facts", "delivery"]
ENGINE += ["recipients", "steps", "dispatch", "hand_over", "simulation", "jobs", "reconciler", "scheduler"]
ENDS = {"views", "api", "admin"}
# What computes: no rows, no settings, no clock, so beside its own kind it may import only these.
PURE = {
    "schedule": {"cronsim", "django.utils", "holidays", "teamreminders.dates"},
    "ladder.py": {"django.utils.translation", "reminders.schedule"},
    "language": {"dateparser.date", "django.utils.translation", "reminders.schedule"},
}

Piece = tuple[str, str]  # ("reminders", "dispatch")
SOURCES = [
    path for layer in ("accounts", "teams", "reminders", "teamreminders") for path in (ROOT / layer).rglob("*.py")
]
OURS = [path for path in SOURCES if not {"tests", "migrations"} & set(path.parts)]


def layer(piece: Piece) -> int:
    app, module = piece
    foundation = app == "teamreminders" and module in FOUNDATION
    return LAYERS.index("foundation" if foundation else "composition" if app == "teamreminders" else app)


def may_import(importer: Piece, imported: Piece) -> bool:
    if imported[1] in ENDS:
        # Operations on one address are on one router, so the `api` of an app may know that of an earlier one.
        both_api = importer[1] == imported[1] == "api" and layer(imported) <= layer(importer)
        return importer[1] == "urls" or importer == imported or both_api
    if importer[0] == imported[0] == "reminders" and {importer[1], imported[1]} & set(ENGINE):
        reach = ENGINE.index(importer[1] if importer[1] in ENGINE else "exports")
        return imported[1] in ENGINE[: reach + 1]
    return layer(imported) <= layer(importer)


def imports(path: Path) -> Iterator[Piece]:
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1]] if node.level else []
            base += node.module.split(".") if node.module else []
            names = [[*base, alias.name] for alias in node.names]
        else:
            continue
        yield from ((name[0], name[1]) for name in names if name[0] in {*LAYERS, "teamreminders"} and len(name) > 1)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", OURS, ids=named)
def test_a_module_imports_only_what_is_left_of_it(path: Path) -> None:
    importer = (path.relative_to(ROOT).parts[0], path.relative_to(ROOT).with_suffix("").parts[1])
    assert [imported for imported in imports(path) if not may_import(importer, imported)] == []


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_imports_stand_at_the_top(path: Path) -> None:
    functions = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef))
    inside = [
        node.lineno for each in functions for node in ast.walk(each) if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def modules(path: Path) -> Iterator[str]:
    """What a module imports from outside its own package."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


@pytest.mark.parametrize("package", PURE)
def test_what_computes_is_pure(package: str) -> None:
    root = ROOT / "reminders" / package
    imported = {name for path in (root.rglob("*.py") if root.is_dir() else [root]) for name in modules(path)}
    reach = {f"{allowed}." for allowed in PURE[package]}
    assert {
        name
        for name in imported
        if name.split(".")[0] not in sys.stdlib_module_names and not f"{name}.".startswith(tuple(reach))
    } == set()


@pytest.mark.parametrize(
    ("importer", "imported", "allowed"),
    [
        (("reminders", "dispatch"), ("reminders", "models"), True),
        (("reminders", "models"), ("reminders", "dispatch"), False),
        (("reminders", "models"), ("reminders", "forms"), False),
        (("reminders", "language"), ("reminders", "schedule"), True),
        (("reminders", "schedule"), ("reminders", "language"), False),
        (("reminders", "views"), ("reminders", "forms"), True),
        (("reminders", "views"), ("reminders", "dispatch"), False),
        (("reminders", "forms"), ("reminders", "views"), False),
        (("reminders", "urls"), ("reminders", "views"), True),
        (("reminders", "api"), ("teams", "api"), True),
        (("teams", "api"), ("reminders", "api"), False),
        (("reminders", "views"), ("teams", "views"), False),
        (("teams", "models"), ("accounts", "models"), True),
        (("accounts", "models"), ("teams", "models"), False),
        (("accounts", "models"), ("teamreminders", "outbox"), True),
        (("teamreminders", "outbox"), ("accounts", "models"), False),
        (("reminders", "scheduler"), ("teamreminders", "views"), False),
        (("reminders", "models"), ("teamreminders", "settings"), False),
        (("teamreminders", "urls"), ("reminders", "views"), True),
    ],
)
def test_the_rule_itself(importer: Piece, imported: Piece, allowed: bool) -> None:
    assert may_import(importer, imported) == allowed
