# SPDX-License-Identifier: Apache-2.0
"""Estates made up at random, as files, and what of a configuration is the same by whichever source it is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from orsgate.estate.export import Export
from orsgate.estate.inventory import Application, Cluster, Configuration
from orsgate.estate.knowledge import Unknown
from orsgate.estate.toml_text import toml_string, toml_strings

_LETTERS = st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp", "Cs"))


def _text(exclude: str = "", most: int = 12) -> st.SearchStrategy[str]:
    return st.text(_LETTERS.filter(lambda char: char not in exclude), min_size=1, max_size=most).filter(
        lambda text: text == text.strip() and text == text.strip(" \t")
    )


def _is_decimal(text: str) -> bool:
    """Whether mutagen's RAW format loses the exact text of it, as it does of every decimal number."""
    try:
        float(text)
    except ValueError:
        return text.casefold() in {"true", "false", "null"}
    return True


SECTION_NAMES = st.one_of(st.sampled_from(["orchestration", "persistence", "scxml", "log", "custom"]), _text("[]#=;/"))
OPTION_NAMES = st.one_of(
    st.sampled_from(["mcr-pull-limit", "mcr-pull-by-this-node", "functions-by-urs", "password", "cassandra-keyspace-name"]),
    _text("=[#;/"),
)
VALUES = st.one_of(
    st.sampled_from(["true", "false", "500", "0", "", "a;b:c,d#e=f[g]", "007", "-1", "http://u:p@h/"]),
    _text(most=30).filter(lambda text: not _is_decimal(text)),
)


@dataclass(frozen=True)
class Section:
    """One section of options: name, whether it is enabled, and its options with whether each is."""

    name: str
    enabled: bool
    options: tuple[tuple[str, str, bool], ...]

    def text(self) -> str:
        lines = [f"[{'' if self.enabled else '#'}{self.name}]"]
        lines += [f"{'' if enabled else '#'}{name}={value}" for name, value, enabled in self.options]
        return "\n".join(lines) + "\n"


@st.composite
def sections(draw: st.DrawFn, *, least: int = 1) -> tuple[Section, ...]:
    """Sections with at least one option each; the first option of all is enabled."""
    names = draw(st.lists(SECTION_NAMES, min_size=least, max_size=4, unique=True))
    found = []
    for number, name in enumerate(names):
        options = draw(st.lists(OPTION_NAMES, min_size=1, max_size=4, unique=True))
        flags = [True if not number else draw(st.booleans()) for _ in options]
        found.append(
            Section(
                name, number == 0 or draw(st.integers(0, 4)) > 0,
                tuple((option, draw(VALUES), flag) for option, flag in zip(options, flags, strict=True)),
            )
        )  # fmt: skip
    return tuple(found)


@st.composite
def estates(draw: st.DrawFn) -> dict[str, str]:
    """The files of an estate: path -> text."""
    files: dict[str, str] = {}
    servers = {"SIP_1": "T-Server", "URS_1": "Universal Routing Server", "IXN_1": "Interaction Server", "STAT_1": "Stat Server"}
    tables, primaries = [], []
    for number in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from([f"ORS_{number}", f"ORS {number} (Köln)", f"ors.{number}"]))
        primaries.append(name)
        connections = draw(st.lists(st.sampled_from(sorted(servers)), max_size=4, unique=True))
        tenants = draw(st.lists(st.sampled_from(["Environment", "Tenant A"]), max_size=2, unique=True))
        has_backup = draw(st.integers(0, 3)) > 0
        for role, called in enumerate([name, *([f"{name}_B"] if has_backup else [])]):
            path = f"exports/{number}-{role}.cfg"
            files[path] = "".join(section.text() for section in draw(sections()))
            lines = [
                "[[application]]", f"name = {toml_string(called)}", f"dbid = {200 + 10 * number + role}",
                f"options = {toml_string(path)}", f"connections = {toml_strings(connections)}",
                f"tenants = {toml_strings(tenants)}",
            ]  # fmt: skip
            if role == 0 and has_backup:
                lines.append(f"backup = {toml_string(name + '_B')}")
                lines.append(f"redundancy = {toml_string(draw(st.sampled_from(['warm standby', 'hot standby', 'none'])))}")
            for key, value in (("version", "8.1.200.50"), ("host", f"host-{number}{role}"), ("arguments", f"-app {number}")):
                if draw(st.booleans()):
                    lines.append(f"{key} = {toml_string(value)}")
            if draw(st.booleans()):
                lines.append(f"ports = {{ default = {7000 + number}, http = {7100 + number} }}")
            if number and draw(st.integers(0, 5)) == 0:
                lines.append("enabled = false")
            if draw(st.integers(0, 3)) == 0:
                files[f"annex/{number}-{role}.cfg"] = "".join(section.text() for section in draw(sections()))
                lines.append(f'annex = "annex/{number}-{role}.cfg"')
            tables.append("\n".join(lines))
    tables += [f'[[application]]\nname = "{name}"\ntype = "{kind}"\nhost = "h-{name}"' for name, kind in servers.items()]
    members = {name: draw(st.sampled_from(["", "DC1", "DC2"])) for name in primaries}
    annex = "[cluster]\n" + "".join(f"{name}={place}\n" for name, place in members.items())
    shared = [section for section in draw(sections(least=0)) if section.name != "cluster"]
    files["annex/cluster.cfg"] = annex + "".join(section.text() for section in shared)
    cluster = '[[cluster]]\ntransaction = "ORS_Cluster"\ntenant = "Environment"\noptions = "annex/cluster.cfg"'
    head = (
        '[estate]\nname = "Made up"\nfrom_release = "8.1.200.50"\nto_release = "8.1.400.70"\n[configuration]\nsource = "files"\n'
    )
    files["estate.toml"] = "\n\n".join([head, *tables, cluster]) + "\n"
    return files


def write(files: dict[str, str], directory: Path) -> Path:
    """Put an estate into a directory, and give its estate file."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return directory / "estate.toml"


def facts(configuration: Configuration, *, with_dbids: bool = True) -> dict[str, Any]:
    """What a configuration says, without provenance, basis and the order of its objects."""
    applications = sorted(configuration.applications, key=lambda each: each.name)
    return {
        "applications": [_application(each, with_dbids=with_dbids) for each in applications if each.name != "confserv"],
        "clusters": [_cluster(each) for each in configuration.clusters],
        "gaps": [gap.cause for gap in configuration.gaps],
    }


def _application(found: Application, *, with_dbids: bool) -> dict[str, Any]:
    return {
        "name": found.name,
        "type": "T-Server" if found.type == "SIP Server" else found.type,
        **{name: _fact(getattr(found, name)) for name in (
            "enabled", "primary", "version", "host", "backup", "redundancy", "connections", "tenants", "ports",
        )},
        "arguments": found.arguments or None,  # a source knows of none where a file that says nothing does not
        "dbid": found.dbid if with_dbids and found.is_ors else None,
        "options": _export(found.options),
        "annex": _export(found.annex),
    }  # fmt: skip


def _cluster(found: Cluster) -> dict[str, Any]:
    return {
        "transaction": found.transaction, "type": _fact(found.type), "enabled": _fact(found.enabled),
        "tenant": _fact(found.tenant),
        "members": [(member.application, member.datacenter, member.enabled) for member in found.members or ()],
        "shared": _export(found.shared) or None,
    }  # fmt: skip


def _export(found: Export | Unknown | None) -> Any:
    if not isinstance(found, Export):
        return _fact(found)
    return [
        (section.name, section.enabled, [(option.name, option.value, option.enabled, option.type) for option in section.options])
        for section in found.sections
    ]


def _fact(value: Any) -> Any:
    if isinstance(value, Unknown):
        return ("unknown", value.failure)
    return dict(value) if hasattr(value, "keys") else value
