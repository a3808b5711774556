# SPDX-License-Identifier: Apache-2.0
"""Step 1: export, the way back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any

from orsgate.estate.evidence_files import Baseline
from orsgate.estate.export import Export, parse
from orsgate.estate.inventory import Application, Configuration
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.snapshot import Snapshot
from orsgate.rules.catalogue import catalogue
from tests import make
from tests.faults.workshop import (
    Change,
    Workshop,
    appended,
    copied,
    expect,
    fault,
    harmless,
    in_application,
    put,
    read_live,
    removed,
    replaced,
    rewritten,
    snapshot,
    stated,
    unlisted,
    written,
)  # fmt: skip

ALL = "exports/ORS_*.cfg"
_ROLLBACK = ("ORS_A1", "ORS_A2", "ORS_B1")
FROM_813 = replaced("estate.toml", '"8.1.200.50"', '"8.1.300.39"')
"""The migration starts from 8.1.3, where there was high availability already."""
UNREAD_OPTIONS = expect(
    blocked="ORS-0103 ORS-0201 ORS-0202 ORS-0203 ORS-0204 ORS-0205 ORS-0305 ORS-0404 ORS-0701 ORS-0702 ORS-0703 ORS-0704 "
    "ORS-0705 ORS-0706 ORS-0707 ORS-0708 ORS-0709 ORS-0710 ORS-0712 ORS-0801 ORS-0802 ORS-0805"
)
"""What reads the options of a node that pulls and uses Cassandra, all of which cannot be known.

Whether it uses Cassandra (ORS-0601, ORS-0602) is known where one of its options still shows it.
"""
UNREAD_ROLLBACK = expect(blocked="ORS-0103 ORS-0204")


def _application(name: str, **fields: object) -> Change:
    """Replace facts of one application of the snapshot."""

    def alter(found: Snapshot) -> Snapshot:
        read = found.configuration
        assert isinstance(read, Configuration)
        applications = tuple(
            dataclasses.replace(each, **fields) if each.name == name else each  # type: ignore[arg-type]
            for each in read.applications
        )
        return dataclasses.replace(found, configuration=dataclasses.replace(read, applications=applications))

    return snapshot(alter)


def _exported(hours: float, zone: tzinfo = UTC) -> Change:
    """``exported_at``, so many hours before the run."""

    def alter(text: str) -> str:
        time = (datetime.now(UTC) - timedelta(hours=hours)).astimezone(zone).isoformat(timespec="seconds")
        return text.replace('source = "files"\n', f'source = "files"\nexported_at = {time}\n')

    return rewritten("estate.toml", alter)


def _stored(
    alter: Callable[[Application], Application | None] = lambda found: found, *, hours: float = 1, **fields: Any
) -> Change:
    """A baseline of what the snapshot holds, stored so many hours before the run.

    Args:
        alter: gives an application as it was; None where it was not there.
        hours: before the run.
        fields: of the baseline, besides.
    """

    def change(found: Snapshot) -> Snapshot:
        read = found.configuration
        assert isinstance(read, Configuration)
        then = tuple(was for each in read.applications if (was := alter(each)) is not None)
        given: dict[str, Any] = {
            "place": "baseline", "created": found.started - timedelta(hours=hours), "estate_name": found.estate.estate.name,
            "configuration": dataclasses.replace(read, applications=then), "cassandra": found.cassandra,
        }  # fmt: skip
        return dataclasses.replace(found, baseline=Baseline(**(given | fields)))

    return snapshot(change)


def _was(name: str, **fields: Any) -> Callable[[Application], Application | None]:
    """One application, as it was before; without fields it was not there."""
    return lambda found: found if found.name != name else dataclasses.replace(found, **fields) if fields else None


def _no_cluster(found: Snapshot) -> Snapshot:
    assert isinstance(found.baseline, Baseline)
    before = dataclasses.replace(found.baseline.configuration, clusters=())
    return dataclasses.replace(found, baseline=dataclasses.replace(found.baseline, configuration=before))


_BEFORE_THE_CLUSTER = snapshot(_no_cluster)


def _spoilt(cause: str) -> Change:
    """A baseline that cannot be relied on."""
    return snapshot(lambda found: dataclasses.replace(found, baseline=Unknown(cause, "baseline")))


def _as_conf(name: str) -> Change:
    """An export ends in ``.conf``, as one that was made on UNIX."""

    def change(workshop: Workshop) -> None:
        workshop.path(f"{name}.cfg").rename(workshop.path(f"{name}.conf"))

    return change


def _reversed(text: str) -> str:
    """The sections of an export in reverse order, and the options of each."""
    blocks = [block.split("\n") for block in reversed(text.strip().split("\n\n"))]
    return "\n\n".join("\n".join([header, *reversed(options)]) for header, *options in blocks)


def _same(application: Application) -> Export | Unknown | None:
    return application.options


def _with(name: str, old: str, new: str) -> Callable[[Application], Export | Unknown | None]:
    """The export that the estate file names, with a text replaced in that of one application."""

    def exported(application: Application) -> Export | Unknown | None:
        read = application.options
        if application.name != name or not isinstance(read, Export):
            return read
        text = Path(read.place).read_text(encoding="utf-8")
        assert old in text
        return parse(text.replace(old, new).encode(), read.place, make.REDACTOR)

    return exported


def _missing(application: Application) -> Unknown:
    return Unknown(f"the export of {application.name} is not there", "exports", Failure.MISSING)


def _server(name: str) -> Change:
    return replaced("estate.toml", 'source = "files"\n', f'source = "files"\nserver = "{name}"\n')


_WITHOUT_CONFIGURATION = frozenset(
    ["ORS-0501", "ORS-0502", "ORS-0503", "ORS-0504", "ORS-0505", "ORS-0506", "ORS-0507", "ORS-0508", "ORS-0903", "ORS-0907"]
)
"""What rests on the ring and on the decisions of the estate file alone."""
LIVE = expect(not_applicable="ORS-0107")
"""Options that are read live are of now, whenever the export besides them was made."""
_NO_CONFIGURATION = expect(
    blocked=" ".join(
        name
        for name, requirement in catalogue().items()
        if "readiness" in requirement.phases and name not in _WITHOUT_CONFIGURATION
    )
)
_REFUSED = Unknown("GAX refuses the account", "gax-1:8080", Failure.DENIED)
NO_OPTION = "# nothing was exported\n"

FAULTS = (
    fault("a Primary without rollback export", expect(fail="ORS-0101", blocked="ORS-0204"), removed("rollback/ORS_A2.cfg")),
    fault(
        "a Primary that is called new", expect(fail="ORS-0101", blocked="ORS-0204"), removed("rollback/ORS_A1.cfg"),
        stated("ORS_A1", "new = true"),
    ),
    fault("an empty rollback export", expect(fail="ORS-0101") | UNREAD_ROLLBACK, written("rollback/ORS_B1.cfg", "")),
    fault(
        "a rollback export that holds comments only", expect(fail="ORS-0101") | UNREAD_ROLLBACK,
        written("rollback/ORS_B1.cfg", NO_OPTION),
    ),
    fault(
        "a rollback export with every option disabled by #", expect(fail="ORS-0101") | UNREAD_ROLLBACK,
        rewritten(
            "rollback/ORS_A1.cfg", lambda text: "".join(f"#{line}" if "=" in line else line for line in text.splitlines(True)),
        ),
    ),
    fault(
        "no rollback directory is named", expect(fail="ORS-0101", blocked="ORS-0102 ORS-0103 ORS-0204"),
        replaced("estate.toml", 'rollback = "rollback"\n', ""),
    ),
    fault(
        "from 8.1.3 a Backup that is not new has no rollback export", expect(fail="ORS-0101", blocked="ORS-0204"), FROM_813,
        in_application("ORS_A1_B", "new = true\n", ""),
    ),
    fault(
        "a rollback export that is no text of options", expect(fail="ORS-0101 ORS-0102") | UNREAD_ROLLBACK,
        written("rollback/ORS_A1.cfg", "<html>\n<body>Session expired</body>\n</html>\n"),
    ),
    fault(
        "an option twice, with the same value", "ORS-0102",
        replaced("exports/ORS_A1*.cfg", "mcr-pull-limit=500\n", "mcr-pull-limit=500\n" * 2),
    ),
    fault(
        "an option twice, with two values", expect(fail="ORS-0102", blocked="ORS-0305 ORS-0802"),
        replaced("exports/ORS_A1*.cfg", "mcr-pull-limit=500\n", "mcr-pull-limit=500\nmcr-pull-limit=600\n"),
    ),
    fault("a section that begins a second time", "ORS-0102", appended("exports/ORS_A1*.cfg", "\n[scxml]\nmax-includes=500\n")),
    fault("an option twice in a rollback export", "ORS-0102", appended("rollback/ORS_A1.cfg", "verbose=standard\n")),
    fault(
        "a rollback export with an option before the first section", expect(fail="ORS-0101 ORS-0102") | UNREAD_ROLLBACK,
        rewritten("rollback/ORS_A2.cfg", lambda text: f"verbose=all\n{text}"),
    ),
    fault(
        "a rollback export with a byte that is no text", expect(fail="ORS-0101 ORS-0102") | UNREAD_ROLLBACK,
        rewritten("rollback/ORS_A2.cfg", lambda text: text.encode() + b"[custom]\nlabel=\x81\x8d\n"),
    ),
    fault(
        "a broken line in a current export", UNREAD_OPTIONS | expect(fail="ORS-0102"),
        rewritten("exports/ORS_B1.cfg", lambda text: text.replace("system-id=-1", "system-id -1")),
    ),
    fault(
        "a current export in UTF-16", UNREAD_OPTIONS | expect(blocked="ORS-0102 ORS-0108 ORS-0601 ORS-0602"),
        rewritten("exports/ORS_B1.cfg", lambda text: text.encode("utf-16")),
    ),
    fault(
        "a current export that is not there", {**UNREAD_OPTIONS, **expect(blocked="ORS-0102 ORS-0601 ORS-0602")},
        removed("exports/ORS_B1.cfg"),
    ),
    fault("the rollback export was made after the changes", "ORS-0103", copied("exports/ORS_A1.cfg", "rollback/ORS_A1.cfg")),
    fault(
        "the rollback export holds the new state in other bytes", "ORS-0103", copied("exports/ORS_B1.cfg", "rollback/ORS_B1.cfg"),
        rewritten("rollback/ORS_B1.cfg", lambda text: "; exported again\r\n" + text.replace("\n", "\r\n")),
    ),
    fault(
        "an option was changed after the export was made", {**LIVE, "ORS-0104": "fail"},
        read_live(exported=_with("ORS_A1", "mcr-pull-limit=500", "mcr-pull-limit=400")),
    ),
    fault(
        "an option was added after the export was made", {**LIVE, "ORS-0104": "fail"},
        read_live(exported=_with("ORS_B1_B", "mcr-pull-interval=1000\n", "")),
    ),
    fault(
        "an option was deleted after the export was made", {**LIVE, "ORS-0104": "fail"},
        read_live(exported=_with("ORS_A2", "[scxml]\n", "[scxml]\nmax-includes=500\n")),
    ),
    fault("the export to compare with is not there", LIVE | expect(blocked="ORS-0102 ORS-0104"), read_live(exported=_missing)),
    fault(
        "a connection that names nothing", "ORS-0105 ORS-0309",
        replaced("estate.toml", '["SIP_A", "URS_A", "IXN_A"]', '["SIP_A", "URS_A", "IXN_A", "STAT_A"]'),
    ),
    fault(
        "a Backup that names nothing", expect(fail="ORS-0105 ORS-0303", blocked="ORS-0304 ORS-0305 ORS-0306 ORS-0308"),
        in_application("ORS_A2", 'backup = "ORS_A2_B"', 'backup = "ORS_A2-B"'), stated("ORS_A2_B", "primary = false"),
    ),
    fault(
        "an application was forgotten in the estate file", "ORS-0105",
        replaced("estate.toml", "expected_applications = 6", "expected_applications = 8"),
    ),
    fault(
        "one application too many", "ORS-0105", replaced("estate.toml", "expected_applications = 6", "expected_applications = 5"),
        phase="deployment",
    ),
    fault(
        "a live source that does not show a server", {**LIVE, **expect(blocked="ORS-0105 ORS-0309 ORS-0310")}, unlisted("URS_B"),
        read_live(),
    ),
    fault(
        "the configuration of the test environment", {**LIVE, "ORS-0106": "fail"}, _server("cfg-prod:2020"),
        read_live("cfg-test:2020"),
    ),
    fault(
        "the Configuration Server at another port", {**LIVE, "ORS-0106": "fail"}, _server("cfg-1:2020"), read_live("cfg-1:2030"),
        phase="deployment",
    ),
    fault(
        "a live source that does not say what it is", {**LIVE, "ORS-0106": "blocked"}, _server("cfg-prod:2020"),
        read_live(Unknown("the source does not say which Configuration Server it reads", "gax-1:8080")),
    ),
    fault(
        "another GAX than the one that was meant", {**LIVE, "ORS-0106": "fail"}, _server("gax-prod:8080"),
        read_live("cfg-1:2020", address="gax-test:8080"),
    ),
    fault(
        "an object of a live source that is not understood", {**LIVE, "ORS-0105": "blocked"},
        read_live(gaps=(Unknown('the CfgApplication "ORS_X" of gax-1:8080 is not understood: it has no type', "gax-1:8080"),)),
    ),
    fault(
        "a host that a live source does not show", {**LIVE, **expect(blocked="ORS-0105 ORS-0306")}, read_live(),
        _application("ORS_A1", host=Unknown("the host with DBID 7 is not visible to this account", "gax-1", Failure.DENIED)),
    ),
    fault(
        "the host of a server that a live source does not show", {**LIVE, "ORS-0105": "blocked"}, read_live(),
        _application("SIP_A", host=Unknown("the host with DBID 9 is not visible to this account", "gax-1", Failure.DENIED)),
    ),
    fault("exports of three days ago", "ORS-0107", _exported(72)),
    fault("a baseline of another estate", "ORS-0109", _stored(estate_name="Another sample (made up)")),
    fault("a baseline that was stored after the run began", "ORS-0109", _stored(hours=-1)),
    fault("a baseline without one of the Primaries", "ORS-0109", _stored(_was("ORS_A2"))),
    fault(
        "a baseline that lacks a Backup which was there before", "ORS-0109", FROM_813,
        in_application("ORS_A1_B", "new = true\n", ""),
        written("rollback/ORS_A1_B.cfg", "[orchestration]\nget-list-item-by-urs=true\n; ORS_A1_B\n"), _stored(_was("ORS_A1_B")),
    ),
    fault(
        "a baseline of which a file was changed", expect(blocked="ORS-0109"),
        _spoilt('baseline: is not the baseline that was stored: "exports/ORS_A1.cfg" was changed; use another copy'),
    ),
    fault(
        "a baseline without the options of one application", expect(blocked="ORS-0109"),
        _stored(_was("ORS_A1", options=Unknown("the current export of ORS_A1 is not there: exports/ORS_A1.cfg"))),
    ),
    fault(
        "a baseline without the connections of one application", expect(blocked="ORS-0109"),
        _stored(_was("ORS_B1", connections=Unknown("the server with DBID 7 is not visible to this account, or deleted"))),
    ),
    fault(
        "exports of 25 hours ago, in another time zone", "ORS-0107", _exported(25, timezone(timedelta(hours=9))),
        phase="deployment",
    ),
    fault("exports of tomorrow", "ORS-0107", _exported(-24)),
    fault("one rollback export saved for two applications", "ORS-0108", copied("rollback/ORS_A1.cfg", "rollback/ORS_A2.cfg")),
    fault("one current export saved for two applications", "ORS-0108", copied("exports/ORS_A1.cfg", "exports/ORS_A2.cfg")),
    fault(
        "one export named for two applications", "ORS-0108",
        in_application("ORS_A2_B", "exports/ORS_A2_B.cfg", "exports/ORS_A1_B.cfg"),
    ),
    fault(
        "a live source that does not show a Backup",
        LIVE | expect(blocked="ORS-0105 ORS-0303 ORS-0304 ORS-0305 ORS-0306 ORS-0308"), unlisted("ORS_B1_B"),
        replaced("estate.toml", "expected_applications = 6", "expected_applications = 5"), read_live(),
    ),
    fault(
        "a live source that does not show a member", LIVE | expect(blocked="ORS-0105 ORS-0402"),
        replaced("estate.toml", 'ORS_B1 = "DC2"', 'ORS_B1 = "DC2", ORS_X1 = "DC2"'), read_live(),
    ),
    fault(
        "a live source that shows a member in another letter case", LIVE | expect(fail="ORS-0402", blocked="ORS-0105"),
        replaced("estate.toml", "ORS_B1 =", "Ors_B1 ="), read_live(),
    ),
    fault(
        "the configuration was not collected", _NO_CONFIGURATION,
        snapshot(lambda found: dataclasses.replace(found, configuration=None)),
    ),
    fault(
        "the configuration could not be read", _NO_CONFIGURATION,
        snapshot(lambda found: dataclasses.replace(found, configuration=_REFUSED)),
    ),
)  # fmt: skip
HARMLESS = (
    harmless("rollback exports that end in .conf", *(_as_conf(f"rollback/{name}") for name in _ROLLBACK)),
    harmless("from 8.1.2 no Backup can have been there before", replaced("estate.toml", "new = true\n", "")),
    harmless("from 8.1.3 with new Backups", FROM_813),
    harmless(
        "from 8.1.3 with Backups that were there before", FROM_813, replaced("estate.toml", "new = true\n", ""),
        *(copied(f"rollback/{name}.cfg", f"rollback/{name}_B.cfg") for name in _ROLLBACK),
    ),
    harmless(
        "a new Backup whose first options were exported as well", copied("exports/ORS_A1_B.cfg", "rollback/ORS_A1_B.cfg"),
        put("rollback/ORS_A1_B.cfg", "log/verbose", "all"),
    ),
    harmless(
        "CRLF, BOM, and no line end at the end",
        rewritten("*/ORS_*.cfg", lambda text: b"\xef\xbb\xbf" + text.strip().replace("\n", "\r\n").encode()),
    ),
    harmless(
        "blank lines and blanks around names and values",
        rewritten("*/ORS_*.cfg", lambda text: text.replace("=", " \t= ", 3).replace("[", "\n \t[").replace("\n", "  \n")),
    ),
    harmless(
        "comments of all kinds",
        rewritten("*/ORS_*.cfg", lambda text: "; made by hand\n# of 2026\n// checked\n" + text.replace("\n[", "\n#\n# next\n[")),
    ),
    harmless(
        "umlauts in Windows-1252",
        rewritten("*/ORS_*.cfg", lambda text: f"{text}\n[custom]\nsite=K\u00f6ln, Stra\u00dfe 5\n".encode("cp1252")),
    ),
    harmless("values that hold ; : , # = [ ]", put("*/ORS_*.cfg", "custom/odd", "a;b:c,d#e=f[g]")),
    harmless("an option set to nothing", put("*/ORS_*.cfg", "custom/empty", "")),
    harmless(
        "a current export that ends in .conf", _as_conf("exports/ORS_A1"),
        replaced("estate.toml", "exports/ORS_A1.cfg", "exports/ORS_A1.conf"),
    ),
    harmless("sections and options in reverse order", rewritten(ALL, _reversed)),
    harmless(
        "nothing has been changed by steps 2 to 8",
        *(copied(f"exports/{name}.cfg", f"rollback/{name}.cfg") for name in _ROLLBACK),
    ),
    harmless(
        "one option makes a rollback export differ", copied("exports/ORS_A1.cfg", "rollback/ORS_A1.cfg"),
        put("rollback/ORS_A1.cfg", "orchestration/mcr-pull-limit", "50"),
    ),
    harmless("Primary and Backup have the same export byte for byte", copied("exports/ORS_A1.cfg", "exports/ORS_A1_B.cfg")),
    harmless(
        "two applications with the same options in other bytes", copied("exports/ORS_A1.cfg", "exports/ORS_A2.cfg"),
        appended("exports/ORS_A2.cfg", "; ORS_A2\n"),
    ),
    harmless("a baseline of the state as it is", _stored(), expected=expect(passes="ORS-0109")),
    harmless(
        "a baseline of before the Backups were made", _stored(lambda found: None if found.name.endswith("_B") else found),
        expected=expect(passes="ORS-0109"),
    ),
    harmless(
        "a baseline of before the cluster was made",
        _stored(), _BEFORE_THE_CLUSTER, expected=expect(passes="ORS-0109"),
    ),
    harmless("a baseline by a clock that is a minute ahead", _stored(hours=-1 / 60), expected=expect(passes="ORS-0109")),
    harmless("exports of an hour ago", _exported(1), expected=expect(passes="ORS-0107")),
    harmless(
        "exports of 23 hours ago, in another time zone", _exported(23, timezone(timedelta(hours=-8))),
        expected=expect(passes="ORS-0107"),
    ),
    harmless("read live, with exports that agree", read_live(exported=_same), expected=LIVE | expect(passes="ORS-0104")),
    harmless(
        "the Configuration Server that was meant", _server("cfg-1:2020"), read_live(), expected=LIVE | expect(passes="ORS-0106"),
    ),
    harmless(
        "the Configuration Server that was meant, in another letter case and without its port", _server("CFG-1"), read_live(),
        expected=LIVE | expect(passes="ORS-0106"),
    ),
    harmless(
        "one of two Configuration Servers", _server("cfg-2:2020"), read_live("cfg-1:2020, cfg-2:2020"),
        expected=LIVE | expect(passes="ORS-0106"),
    ),
    harmless(
        "the GAX that was meant, which does not say what it reads", _server("gax-1:8080"),
        read_live(Unknown("it does not say", "gax-1:8080"), address="gax-1:8080"), expected=LIVE | expect(passes="ORS-0106"),
    ),
    harmless(
        "what was seen of a live source", read_live(remarks=("the Transaction X was not taken for a cluster",)), expected=LIVE,
    ),
    harmless(
        "a pair is left out", replaced("estate.toml", "expected_applications = 6", "expected_applications = 4"),
        appended("estate.toml", '\n[scope]\nexclude = [{ application = "ORS_B1*", reason = "migrated later" }]\n'),
    ),
    harmless(
        "a pair is disabled", stated("ORS_B1", "enabled = false"), stated("ORS_B1_B", "enabled = false"),
        replaced("estate.toml", "expected_applications = 6", "expected_applications = 4"),
        replaced("estate.toml", ', ORS_B1 = "DC2"', ""),
    ),
    harmless("the number of applications is not given", replaced("estate.toml", "expected_applications = 6\n", "")),
    harmless(
        "a connection that names nothing, of a disabled application",
        appended(
            "estate.toml", '\n[[application]]\nname = "ORS_OLD"\nenabled = false\nconnections = ["GONE"]\nbackup = "GONE_TOO"\n',
        ),
    ),
    harmless(
        "a lab application is left out",
        appended(
            "estate.toml",
            '\n[scope]\nexclude = [{ application = "ORS_LAB*", reason = "not in production" }]\n'
            '\n[[application]]\nname = "ORS_LAB1"\nversion = "8.0.100.10"\nconnections = ["GONE"]\n',
        ),
    ),
    harmless(
        "a disabled member that names nothing", replaced("estate.toml", 'ORS_B1 = "DC2"', 'ORS_B1 = "DC2", "#ORS_X1" = "DC3"'),
    ),
)  # fmt: skip
