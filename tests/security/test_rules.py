"""Each rule finds what it forbids, and the source holds to all of them."""

import pytest

from tests.security import rules
from tests.security.findings import Acceptance, Finding, acceptances, judge

FORBIDDEN = {
    "csv-writer": "csv.writer(out).writerow(row)",
    "mark-safe": "mark_safe(said)",
    "no-timeout": "httpx.get(url)",
    "tls-unverified": "httpx.get(url, timeout=1, verify=False)",
    "shell": "subprocess.run(command, shell=True)",
    "unpickle": "pickle.loads(body)",
    "eval": "eval(said)",
    "unscoped-get": "Resident.objects.get(pk=resident_id)",
    "told-in-a-log": "logger.info('rang %s', contact.phone)",
    "open-csrf": "@csrf_exempt\ndef view(request): ...",
}
FORBIDDEN_IN_TEMPLATES = {
    "raw-html": "{{ words|safe }}",
    "open-csrf": '<form method="post"><button>Send</button></form>',
}


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_what_a_rule_forbids_is_found(rule: str) -> None:
    assert [found for _line, found in rules.flaws_in(FORBIDDEN[rule], "app/pages.py")] == [rule]


@pytest.mark.parametrize(
    "source",
    [
        "csv.DictWriter(out, names)",
        "writer(out)",
        "openpyxl.Workbook()",
        "Workbook(write_only=True)",
        "xlsxwriter.Workbook(path)",
    ],
)
def test_a_writer_of_tables_is_found_by_whatever_name(source: str) -> None:
    assert [found for _line, found in rules.flaws_in(source, "app/pages.py")] == ["csv-writer"]


@pytest.mark.parametrize("rule", FORBIDDEN_IN_TEMPLATES)
def test_what_a_rule_forbids_in_a_template_is_found(rule: str) -> None:
    found = rules.flaws_in_template(FORBIDDEN_IN_TEMPLATES[rule])
    assert [each for _line, each in found] == [rule]


def test_every_rule_is_shown_to_find_something() -> None:
    assert set(rules.FLAWS) == {*FORBIDDEN, *FORBIDDEN_IN_TEMPLATES}


def test_the_source_holds_to_the_rules_or_says_why_not() -> None:
    verdict = judge(rules.findings(), acceptances(), tools=[rules.TOOL])
    assert [str(each) for each in verdict.open] == []
    assert [str(each) for each in verdict.stale] == []


def test_a_reason_that_covers_nothing_any_more_is_told() -> None:
    reason = Acceptance("rules", "eval", "backend/*", "it computes only what we wrote")
    here = Finding("rules", "eval", "backend/a.py")

    assert judge([here], [reason], tools=["rules"]).open == []
    assert judge([], [reason], tools=["rules"]).stale == [reason]
    assert judge([], [reason], tools=["bandit"]).stale == []
    assert judge([Finding("rules", "eval", "devices/a.py")], [reason], tools=["rules"]).open
