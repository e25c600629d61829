"""The one catalogue of translations, kept in step with the texts in the source.

`python -m backend.web.translations [FILE.po …]` collects the texts of all packages, keeps their
Chinese, takes what is missing from the files named, and writes `locale/`. `--check` writes
nothing and fails when a text is missing, fuzzy or stale. English is the source, so it needs no
catalogue; ES modules take their words from data attributes, so templates hold them too.

Not named `messages`: apps have modules of that name for what is sent to people, which are
imported at start, and this one needs Babel, which only developers have.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path("locale/zh_Hans/LC_MESSAGES")
PACKAGES = ("backend", "devices", "notifications", "services")
HEADER = """\
# Chinese of Yian. Texts are collected by `python -m backend.web.translations`;
# only msgstr is written by hand.
#"""
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands in the compiled catalogue, so that it changes only when a text does."""

PLAIN, PLURAL = None, (1, 2)
IN_CONTEXT, PLURAL_IN_CONTEXT = ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    "_": PLAIN,
    "gettext": PLAIN,
    "gettext_lazy": PLAIN,
    "gettext_noop": PLAIN,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": IN_CONTEXT,
    "pgettext_lazy": IN_CONTEXT,
    "npgettext": PLURAL_IN_CONTEXT,
    "npgettext_lazy": PLURAL_IN_CONTEXT,
}
FULL_WIDTH = str.maketrans(",:;?", "\uff0c\uff1a\uff1b\uff1f")
HALF_WIDTH_BESIDE_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff])[,:;?]|[,:;?](?=[\u4e00-\u9fff])")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}")


def collect(root: Path) -> Catalog:
    """All texts in Python modules and templates below the packages, untranslated."""
    catalog = _empty()
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            for text, context in _texts(path):
                catalog.add(text, context=context)
    return catalog


def _empty() -> Catalog:
    return Catalog(
        locale="zh_Hans",
        header_comment=HEADER,
        creation_date=UNDATED,
        revision_date=UNDATED,
        fuzzy=False,
    )


def _texts(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    if path.suffix == ".py" and "migrations" not in path.parts:
        source = path.read_text(encoding="utf-8")
    elif path.suffix in {".html", ".txt", ".xml"} and "templates" in path.parts:
        # Python's tokenizer minds indentation, which means nothing in a template.
        lines = templatize(path.read_text(encoding="utf-8")).splitlines()
        source = "\n".join(line.strip() for line in lines)
    else:
        return
    for _, text, _, context in extract("python", BytesIO(source.encode()), KEYWORDS):
        yield text, context


def merge(found: Catalog, *known: Catalog) -> Catalog:
    """The texts found, with their translations from the first catalogue that has them."""
    merged = _empty()
    for message in _messages(found):
        entry = merged.add(message.id, context=message.context)
        for catalog in known:
            old = catalog.get(_ids(message)[0], message.context)
            if old and _is_translated(old):
                entry.string = _typeset(old)
                entry.flags |= old.flags & {"fuzzy"}
                break
    return merged


def _messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def _ids(message: Message) -> list[str]:
    """The text, or its singular and plural."""
    return [message.id] if isinstance(message.id, str) else list(message.id)


def _strings(message: Message) -> list[str]:
    string = message.string or ""
    return [string] if isinstance(string, str) else list(string)


def _is_translated(message: Message) -> bool:
    return all(_strings(message))


def _typeset(message: Message) -> str | tuple[str, ...]:
    """The Chinese with full-width punctuation beside its characters."""
    strings = [
        HALF_WIDTH_BESIDE_CHINESE.sub(lambda mark: mark.group().translate(FULL_WIDTH), string)
        for string in _strings(message)
    ]
    return strings[0] if isinstance(message.string, str) else tuple(strings)


def faults(catalog: Catalog) -> list[str]:
    """What is wrong with the translations, one line a fault."""
    lines = []
    for message in _messages(catalog):
        key = _ids(message)[0]
        if not _is_translated(message):
            lines.append(f"not translated: {key}")
        elif message.fuzzy:
            lines.append(f"fuzzy: {key}")
        elif not _has_same_placeholders(message):
            lines.append(f"other placeholders: {key}")
    return lines


def _has_same_placeholders(message: Message) -> bool:
    wanted = set(PLACEHOLDER.findall(_ids(message)[-1]))
    return all(set(PLACEHOLDER.findall(string)) == wanted for string in _strings(message))


def po_text(catalog: Catalog) -> bytes:
    """The catalogue as it is committed: sorted, without dates and line numbers."""
    file = BytesIO()
    write_po(file, catalog, width=100, no_location=True, sort_output=True, ignore_obsolete=True)
    kept = ("Language:", "Plural-Forms:", "MIME-Version:", "Content-")
    head, _, rest = file.getvalue().decode().partition("\n\n")
    lines = [
        line
        for line in head.splitlines()
        if ":" not in line or line.startswith(("#", *(f'"{name}' for name in kept)))
    ]
    return ("\n".join(lines) + "\n\n" + rest.rstrip("\n") + "\n").encode()


def mo_bytes(catalog: Catalog) -> bytes:
    """The catalogue as Django reads it."""
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def read(path: Path) -> Catalog:
    """A catalogue from a file; an empty one if there is none."""
    if not path.exists():
        return _empty()
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans", ignore_obsolete=True, abort_invalid=True)


def write(catalog: Catalog, root: Path) -> None:
    """Write and compile the catalogue."""
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "django.po").write_bytes(po_text(catalog))
    (folder / "django.mo").write_bytes(mo_bytes(catalog))


def is_written(catalog: Catalog, root: Path) -> bool:
    """Whether both files say exactly this."""
    wanted = {"django.po": po_text(catalog), "django.mo": mo_bytes(catalog)}
    folder = root / FOLDER
    return all(
        (folder / name).exists() and (folder / name).read_bytes() == content
        for name, content in wanted.items()
    )


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Write the catalogue, or with `--check` say what is wrong with it."""
    parser = argparse.ArgumentParser(prog="python -m backend.web.translations")
    parser.add_argument("--check", action="store_true", help="write nothing, fail on any fault")
    parser.add_argument("files", nargs="*", type=Path, help="catalogues to take Chinese from")
    options = parser.parse_args(arguments)
    known = [read(root / FOLDER / "django.po"), *map(read, options.files)]
    catalog = merge(collect(root), *known)
    lines = faults(catalog)
    if not options.check:
        write(catalog, root)
    elif not is_written(catalog, root):
        lines.append("the catalogue is stale: python -m backend.web.translations")
    sys.stderr.writelines(f"{line}\n" for line in lines)
    return 1 if lines and options.check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
