"""Our own rules hold in our code, and each of them fires where it is broken on purpose (H1)."""

import re

import pytest
import yaml

from shelter.embedded.home import PROJECT
from tests.security.lint_rules import PLANTED, RULES, RULES_FILE, broken, files

HELP_TEXTS = PROJECT / "templates/django/forms/field.html"  # written by us and Django, with a list in it
UNSAFE_MARKUP = re.compile(r"(?<!['\"])\|\s*safe\b|autoescape\s+off|\bsafeseq\b")  # a literal may be called safe


def test_no_code_breaks_a_rule():
    found = [f"{path.relative_to(PROJECT)}:{line} {rule}" for path in files() for rule, line in broken(path)]
    assert found == []


def test_no_template_switches_escaping_off():
    found = {path for path in (PROJECT / "templates").rglob("*.html") if UNSAFE_MARKUP.search(path.read_text())}
    assert found == {HELP_TEXTS}


def test_every_planted_line_is_found_and_no_other():
    lines = PLANTED.read_text().splitlines()
    marks = {(number + 1, line.split(": ")[1]) for number, line in enumerate(lines, start=1) if "# ruleid: " in line}
    assert {(line, rule) for rule, line in broken(PLANTED)} == marks
    assert {rule for _, rule in marks} == set(RULES)


def test_semgrep_reads_the_same_rules():
    assert {rule["id"] for rule in yaml.safe_load(RULES_FILE.read_text())["rules"]} == set(RULES)


@pytest.mark.parametrize("comment", ["# nosemgrep", "# nosemgrep: mark-safe", "# nosemgrep: csrf-exempt -- ours"])
def test_an_exception_names_its_rule_and_its_reason(tmp_path, comment):
    path = tmp_path / "markup.py"
    path.write_text(f"mark_safe(text)  {comment}\n")
    assert [rule for rule, _ in broken(path)] == ["mark-safe"]
    path.write_text("mark_safe(text)  # nosemgrep: mark-safe -- a constant\n")
    assert list(broken(path)) == []
