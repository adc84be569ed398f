"""The house's own rules (H1) without semgrep, which is too heavy for every test run: one function a rule, one parse a file.

They are the rules of ``scan/rules.yml`` and refuse the same lines; ``scan/planted.py`` holds both to it.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from shelter.embedded.home import PROJECT

RULES_FILE = PROJECT / "scan" / "rules.yml"
PLANTED = PROJECT / "scan" / "planted.py"
CODE = ("shelter", "sites", "residents", "casework")
SQL_CALLS = {"execute", "executemany", "raw", "RawSQL"}
SESSION_SETTING = re.compile(
    r"^\s*SET\s+(?!LOCAL\b|CONSTRAINTS\b|TRANSACTION\b)|set_config\([^()]*,\s*false\s*\)", re.IGNORECASE
)
ALLOWED = re.compile(r"#.*nosemgrep: ([\w-]+) -- \S")

Rule = Callable[[ast.AST, Path], bool]


def words_of(rule: str, variable: str) -> frozenset[str]:
    """The words that ``rules.yml`` lists for a variable of one rule: they are written down once."""
    rules = {each["id"]: each for each in yaml.safe_load(RULES_FILE.read_text())["rules"]}
    [listed] = (
        each["metavariable-regex"]["regex"]
        for each in rules[rule]["patterns"]
        if each.get("metavariable-regex", {}).get("metavariable") == variable
    )
    return frozenset(listed.strip("^()$").split("|"))


UNSCOPED = words_of("unscoped-manager", "$METHOD")
PERSONAL = words_of("logged-person", "$WHAT")


def formatted_sql(node: ast.AST, _path: Path) -> bool:
    name, arguments = _called(node)
    if name == "extra" and isinstance(node.func, ast.Attribute):
        return True
    return name in SQL_CALLS and bool(arguments) and _is_formatted(arguments[0])


def unscoped_manager(node: ast.AST, path: Path) -> bool:
    in_a_view = "views" in path.parts or path.name == "views.py" or path == PLANTED
    name, _ = _called(node)
    manager = node.func.value if name and isinstance(node.func, ast.Attribute) else None
    return in_a_view and name in UNSCOPED and isinstance(manager, ast.Attribute) and manager.attr == "objects"


def set_without_local(node: ast.AST, _path: Path) -> bool:
    name, arguments = _called(node)
    return name in SQL_CALLS and any(SESSION_SETTING.search(text) for text in _texts(arguments[:1]))


def mark_safe(node: ast.AST, _path: Path) -> bool:
    return _called(node)[0] in {"mark_safe", "SafeString", "SafeText"}


def csrf_exempt(node: ast.AST, _path: Path) -> bool:
    decorators = getattr(node, "decorator_list", [])
    return _called(node)[0] == "csrf_exempt" or any(getattr(each, "id", "") == "csrf_exempt" for each in decorators)


def logged_person(node: ast.AST, _path: Path) -> bool:
    _, arguments = _called(node)
    logs = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    return (
        logs
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "logger"
        and any(_is_personal(argument) for argument in arguments[1:])
    )


RULES: dict[str, Rule] = {
    rule.__name__.replace("_", "-"): rule
    for rule in (formatted_sql, unscoped_manager, set_without_local, mark_safe, csrf_exempt, logged_person)
}


def broken(path: Path) -> Iterator[tuple[str, int]]:
    """Each rule that the file breaks, and at which line; not where the line itself says why it must."""
    source = path.read_text()
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        for name, rule in RULES.items():
            if rule(node, path) and not _is_allowed(name, node, lines):
                yield name, node.lineno


def files() -> Iterator[Path]:
    for top in CODE:
        yield from (path for path in sorted((PROJECT / top).rglob("*.py")))


def _is_allowed(name: str, node: ast.AST, lines: list[str]) -> bool:
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
    said = (ALLOWED.search(line) for line in lines[first - 1 : node.lineno])
    return any(found and found[1] == name for found in said)


def _called(node: ast.AST) -> tuple[str, list[ast.expr]]:
    """The last name of what is called, and its arguments; no name for anything but a call."""
    if not isinstance(node, ast.Call):
        return "", []
    return getattr(node.func, "attr", "") or getattr(node.func, "id", ""), node.args


def _is_formatted(argument: ast.expr) -> bool:
    if isinstance(argument, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in argument.values)
    if isinstance(argument, ast.BinOp):
        return isinstance(argument.op, ast.Add | ast.Mod)
    name, _ = _called(argument)
    return name == "format" and isinstance(argument.func.value, ast.Constant)


def _texts(arguments: list[ast.expr]) -> Iterator[str]:
    for argument in arguments:
        for part in ast.walk(argument):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


def _is_personal(argument: ast.expr) -> bool:
    name, inner = _called(argument)
    if name == "str" and inner:
        return _is_personal(inner[0])
    return (getattr(argument, "attr", "") or getattr(argument, "id", "")) in PERSONAL
