"""The catalogue: texts are found, kept, taken in, and faults are named."""

from pathlib import Path

import pytest

from backend.web import translations

SOURCE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
A = _("Good morning, %(name)s")
B = ngettext("%(n)d visit", "%(n)d visits", 2)
C = pgettext("month", "May")
D = not_a_text("invisible")
"""
TEMPLATE = """{% load i18n %}
    <p title="{% translate "Close" %}">
  {% blocktranslate with who=name %}Call {{ who }}{% endblocktranslate %}</p>
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project of one package."""
    templates = tmp_path / "backend" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "backend" / "errors.py").write_text(SOURCE, encoding="utf-8")
    (templates / "page.html").write_text(TEMPLATE, encoding="utf-8")
    return tmp_path


def chinese(path: Path, **texts: str) -> Path:
    lines = ['msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n']
    lines += [
        f'msgid "{text.replace("_", " ")}"\nmsgstr "{string}"\n' for text, string in texts.items()
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_texts_are_found_in_modules_and_in_templates(root: Path) -> None:
    catalog = translations.collect(root)
    found = {(message.id, message.context) for message in catalog if message.id}
    assert found == {
        ("Good morning, %(name)s", None),
        (("%(n)d visit", "%(n)d visits"), None),
        ("May", "month"),
        ("Close", None),
        ("Call %(who)s", None),
    }


def test_what_is_not_translated_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert translations.main([], root) == 0
    assert translations.main(["--check"], root) == 1
    assert "not translated: Close" in capsys.readouterr().err


def test_translations_are_taken_in_and_kept(root: Path, tmp_path: Path) -> None:
    translations.main([str(chinese(tmp_path / "more.po", Close="关闭"))], root)
    translations.main([], root)
    close = translations.read(root / translations.FOLDER / "django.po").get("Close")
    assert close is not None
    assert close.string == "关闭"


def test_a_text_that_is_gone_leaves_the_catalogue(root: Path, tmp_path: Path) -> None:
    translations.main([str(chinese(tmp_path / "more.po", Gone="没了"))], root)
    assert "没了" not in (root / translations.FOLDER / "django.po").read_text(encoding="utf-8")


def test_a_new_text_makes_the_committed_catalogue_stale(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    translations.main([], root)
    (root / "backend" / "more.py").write_text('_("New")', encoding="utf-8")
    capsys.readouterr()
    assert translations.main(["--check"], root) == 1
    assert "stale" in capsys.readouterr().err


def test_a_lost_placeholder_is_a_fault(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "more.po"
    text = 'msgid ""\nmsgstr ""\n\nmsgid "Call %(who)s"\nmsgstr "打电话"\n'
    path.write_text(text, encoding="utf-8")
    catalog = translations.merge(translations.collect(root), translations.read(path))
    assert "other placeholders: Call %(who)s" in translations.faults(catalog)


def test_a_guessed_translation_is_a_fault(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "more.po"
    text = 'msgid ""\nmsgstr ""\n\n#, fuzzy\nmsgid "Close"\nmsgstr "关闭"\n'
    path.write_text(text, encoding="utf-8")
    catalog = translations.merge(translations.collect(root), translations.read(path))
    assert "fuzzy: Close" in translations.faults(catalog)


def test_punctuation_beside_chinese_is_full_width(root: Path, tmp_path: Path) -> None:
    half, full = "好,关闭:3,5", "好\uff0c关闭\uff1a3,5"
    known = translations.read(chinese(tmp_path / "more.po", Close=half))
    merged = translations.merge(translations.collect(root), known).get("Close")
    assert merged is not None
    assert merged.string == full


def test_writing_twice_changes_nothing(root: Path) -> None:
    translations.main([], root)
    first = (root / translations.FOLDER / "django.mo").read_bytes()
    translations.main([], root)
    assert (root / translations.FOLDER / "django.mo").read_bytes() == first
