"""Rules of this house, found in the source itself.

semgrep would say them in YAML, but is 350 MB beside tools of 60; these are a page of Python.
Each rule is shown to find what it forbids in `test_rules.py`.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.security.findings import Finding

ROOT = Path(__file__).parents[2]
PACKAGES = ("backend", "notifications", "services", "devices")
TOOL = "rules"
CLIENTS = {"httpx", "requests", "urllib3"}
CALLS = {"get", "post", "put", "patch", "delete", "request", "stream", "Client", "AsyncClient"}
EDGES = re.compile(r"(^|/)(api|pages|consumers)(\.py|_[a-z]+\.py|/)")
TELLING = re.compile(
    r"phone|door_code|id_number|birth|address\.text|health|\.words"
    r"|(resident|contact|caregiver|person|user|actor)\.name"
)
WRITER = re.compile(r"(csv\.)?(writer|DictWriter)|([a-z_.]*\.)?(Workbook|write_only_workbook)")
"""Whatever the writer of a table is called, by Python's csv or a library of workbooks."""
LOGS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
FLAWS = {
    "csv-writer": "tables are written by core.tables, which leaves no formula in them",
    "mark-safe": "text is escaped by the template; what is marked safe is not",
    "no-timeout": "every call out has a timeout",
    "tls-unverified": "certificates are checked",
    "shell": "no shell runs our commands",
    "unpickle": "what was pickled runs when it is read",
    "eval": "text is no program",
    "unscoped-get": "an edge fetches within the actor's scope, by a query of the app",
    "told-in-a-log": "logs name nobody: ids only",
    "raw-html": "templates escape",
    "open-csrf": "a form without its token can be sent by another site",
}

Flaws = Iterator[tuple[int, str]]


def findings(root: Path = ROOT) -> Iterator[Finding]:
    """Everything that the rules find in the packages."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if "migrations" not in path.parts:
                name = path.relative_to(root).as_posix()
                yield from _found(name, flaws_in(path.read_text("utf-8"), name))
        for path in sorted((root / package).rglob("*.html")):
            name = path.relative_to(root).as_posix()
            yield from _found(name, flaws_in_template(path.read_text("utf-8")))


def _found(name: str, flaws: Flaws) -> Iterator[Finding]:
    for line, rule in flaws:
        yield Finding(TOOL, rule, name, f"line {line}: {FLAWS[rule]}")


def flaws_in(source: str, name: str = "module.py") -> Flaws:
    """Lines of a module and the rules that they break."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            for rule, breaks in _RULES.items():
                if breaks(node, called, name):
                    yield node.lineno, rule
        elif isinstance(node, ast.FunctionDef) and any(
            "csrf_exempt" in ast.unparse(each) for each in node.decorator_list
        ):
            yield node.lineno, "open-csrf"


def flaws_in_template(text: str) -> Flaws:
    """Lines of a template and the rules that they break."""
    for number, line in enumerate(text.splitlines(), start=1):
        if re.search(r"\|\s*safe\b|autoescape off|\|\s*safeseq\b", line):
            yield number, "raw-html"
    for form in re.finditer(r"<form\b[^>]*method=.post.*?</form>", text, re.I | re.S):
        is_ours = "{% csrf_token %}" in form[0] or "csrfmiddlewaretoken" in form[0]
        if not is_ours:
            yield text[: form.start()].count("\n") + 1, "open-csrf"


def _keywords(node: ast.Call) -> dict[str, str]:
    return {each.arg or "": ast.unparse(each.value) for each in node.keywords}


def _is_untimed(node: ast.Call, called: str, _name: str) -> bool:
    module, _, method = called.rpartition(".")
    return module in CLIENTS and method in CALLS and "timeout" not in _keywords(node)


def _is_unscoped(node: ast.Call, called: str, name: str) -> bool:
    """`Model.objects.get(pk=…)` at an edge, with a key that the request brought."""
    if not EDGES.search(name) or not re.fullmatch(r"\w+\.objects\.get", called):
        return False
    keys = [value for name, value in _keywords(node).items() if name in {"pk", "id"}]
    return any(value.isidentifier() or "request" in value for value in keys)


def _is_telling(node: ast.Call, called: str, _name: str) -> bool:
    owner, _, method = called.rpartition(".")
    if method not in LOGS or owner not in {"logger", "logging", "log"}:
        return False
    return any(TELLING.search(ast.unparse(each)) for each in node.args[1:])


_RULES: dict[str, Callable[[ast.Call, str, str], bool]] = {
    "csv-writer": lambda _node, called, name: (
        WRITER.fullmatch(called) is not None and name != "backend/core/tables.py"
    ),
    "mark-safe": lambda _node, called, _name: (
        called.rpartition(".")[2] in {"mark_safe", "SafeString"}
    ),
    "no-timeout": _is_untimed,
    "tls-unverified": lambda node, _called, _name: _keywords(node).get("verify") == "False",
    "shell": lambda node, called, _name: (
        _keywords(node).get("shell") == "True" or called in {"os.system", "os.popen"}
    ),
    "unpickle": lambda _node, called, _name: called in {"pickle.loads", "pickle.load", "yaml.load"},
    "eval": lambda _node, called, _name: called in {"eval", "exec"},
    "unscoped-get": _is_unscoped,
    "told-in-a-log": _is_telling,
    "open-csrf": lambda _node, called, _name: called.rpartition(".")[2] == "csrf_exempt",
}
