# SPDX-License-Identifier: Apache-2.0
"""Step 3: high availability."""

from __future__ import annotations

from tests.faults.workshop import (
    appended,
    dropped,
    expect,
    fault,
    harmless,
    in_application,
    put,
    replaced,
    rewritten,
    stated,
    unlisted,
)  # fmt: skip

_A1, _A1_B, _B1, _B1_B = "exports/ORS_A1.cfg", "exports/ORS_A1_B.cfg", "exports/ORS_B1.cfg", "exports/ORS_B1_B.cfg"
_A1_PAIR, _ALL = "exports/ORS_A1*.cfg", "exports/ORS_*.cfg"
_FIVE = replaced("estate.toml", "expected_applications = 6", "expected_applications = 5")
_CONNECTED_A, _CONNECTED_B = 'connections = ["SIP_A", "URS_A", "IXN_A"]', 'connections = ["SIP_B", "URS_B", "IXN_A"]'
_PORTS = "ports = { default = 7200, http = 7210 }"
_TWO_ROLES = expect(fail="ORS-0101 ORS-0301 ORS-0302 ORS-0303 ORS-0402 ORS-0908", blocked="ORS-0204")
"""What fails for a Backup that is configured as a Primary: it has neither Backup nor rollback export nor membership."""


def _connections(*names: str) -> str:
    return "connections = [" + ", ".join(f'"{name}"' for name in names) + "]"


def _server(name: str, kind: str, *lines: str) -> str:
    return "\n".join(("\n[[application]]", f'name = "{name}"', f'type = "{kind}"', *lines, ""))


FAULTS = (
    fault(
        "a Primary without a Backup", "ORS-0301", in_application("ORS_A1", 'backup = "ORS_A1_B"\n', ""), unlisted("ORS_A1_B"),
        _FIVE,
    ),
    fault(
        "a Primary whose Backup nobody names", "ORS-0301 ORS-0303", in_application("ORS_B1", 'backup = "ORS_B1_B"\n', ""),
        stated("ORS_B1_B", "primary = false"), phase="deployment",
    ),
    fault(
        "a Primary with neither Backup nor redundancy", "ORS-0301 ORS-0302",
        in_application("ORS_B1", 'backup = "ORS_B1_B"\nredundancy = "warm standby"\n', ""), unlisted("ORS_B1_B"), _FIVE,
    ),
    fault("hot standby", "ORS-0302", in_application("ORS_A1", "warm standby", "hot standby")),
    fault("cold standby everywhere", "ORS-0302", replaced("estate.toml", "warm standby", "cold standby"), phase="deployment"),
    fault("no redundancy type", "ORS-0302", in_application("ORS_A2", 'redundancy = "warm standby"\n', "")),
    fault("a disabled Backup", "ORS-0303", stated("ORS_A1_B", "enabled = false"), _FIVE),
    fault(
        "a disabled Backup that is counted on", expect(fail="ORS-0105 ORS-0303", blocked="ORS-1002"),
        stated("ORS_B1_B", "enabled = false"), phase="deployment",
    ),
    fault("a Backup of another type", "ORS-0303", stated("ORS_A1_B", 'type = "Stat Server"'), _FIVE),
    fault("a Backup that is configured as a Primary", _TWO_ROLES, stated("ORS_A1_B", "primary = true")),
    fault(
        "a Primary that names itself", "ORS-0303", in_application("ORS_A1", '"ORS_A1_B"', '"ORS_A1"'),
        stated("ORS_A1_B", "primary = false"),
    ),
    fault(
        "one Backup for two Primaries", "ORS-0303", in_application("ORS_A2", '"ORS_A2_B"', '"ORS_A1_B"'), unlisted("ORS_A2_B"),
        _FIVE,
    ),
    fault("a pair whose two name each other", "ORS-0303 ORS-0402", stated("ORS_A1_B", 'backup = "ORS_A1"')),
    fault(
        "a Backup that lacks a connection", "ORS-0304 ORS-0803",
        in_application("ORS_A1_B", _CONNECTED_A, _connections("SIP_A", "URS_A")),
    ),
    fault("a Backup at another SIP Server", "ORS-0304", in_application("ORS_B1_B", '"SIP_B"', '"SIP_A"'), phase="deployment"),
    fault("a Primary with one connection more", "ORS-0304", in_application("ORS_A2", '"IXN_A"', '"IXN_A", "SIP_B"')),
    fault("a Backup under another tenant", "ORS-0304", in_application("ORS_B1_B", '["Environment"]', '["Sales"]')),
    fault("a Backup that lacks a tenant", "ORS-0304", in_application("ORS_B1", '["Environment"]', '["Environment", "Sales"]')),
    fault("an option missing on the Backup", "ORS-0305", dropped(_A1_B, "scxml/max-pending-events")),
    fault("an option on the Backup only", "ORS-0305", put(_B1_B, "scxml/max-includes", "500")),
    fault("an option disabled on the Backup only", "ORS-0305", replaced(_A1_B, "system-id", "#system-id")),
    fault(
        "another value on the Backup", "ORS-0305", put(_A1_B, "orchestration/call-watching-timeout", "6000"), phase="deployment",
    ),
    fault("a section in another letter case on the Backup", "ORS-0305", replaced(_A1_B, "[scxml]", "[SCXML]")),
    fault(
        "step 7 left out on one Backup",
        expect(
            fail="ORS-0305 ORS-0404 ORS-0601 ORS-0602 ORS-0701 ORS-0702 ORS-0703 ORS-0704",
            blocked="ORS-0706 ORS-0707 ORS-0708 ORS-0709 ORS-0712",
        ),
        dropped(_A1_B, "persistence/*"),
    ),
    fault(
        "step 8 left out on one Backup", "ORS-0305 ORS-0801 ORS-0802", dropped(_B1_B, "orchestration/mcr-pull-by-this-node"),
        dropped(_B1_B, "orchestration/mcr-pull-limit"),
    ),
    fault(
        "a file path on one side and none on the other", "ORS-0305", put(_A1, "custom/store", "/var/ors"),
        put(_A1_B, "custom/store", "none"),
    ),
    fault(
        "what may differ is named, and something else differs", "ORS-0305",
        replaced("estate.toml", "expected_app", 'may_differ = ["custom/*"]\nexpected_app'), put(_A1_B, "scxml/system-id", "7"),
    ),
    fault(
        "the name of a third application on the Backup", "ORS-0305", put(_A1, "custom/instance", "ORS_A1"),
        put(_A1_B, "custom/instance", "ORS_A2_B"),
    ),
    fault("Primary and Backup on one host", "ORS-0306", in_application("ORS_A1_B", '"ors-a1-b"', '"ors-a1"')),
    fault(
        "one host in another letter case and with its domain", "ORS-0306",
        in_application("ORS_B1_B", '"ors-b1-b"', '"ORS-B1.example.com"'), phase="deployment",
    ),
    fault("the host of a Backup is not known", expect(blocked="ORS-0306"), in_application("ORS_A1_B", 'host = "ors-a1-b"\n', "")),
    fault(
        "another build on the Backup", "ORS-0307 ORS-0902", in_application("ORS_B1_B", "8.1.400.27", "8.1.400.30"),
        phase="deployment",
    ),
    fault(
        "the Primary was not upgraded", "ORS-0307 ORS-0902", in_application("ORS_A1", "8.1.400.27", "8.1.200.50"),
        phase="deployment",
    ),
    fault(
        "the version of a Backup is not known", expect(blocked="ORS-0307 ORS-0902"),
        in_application("ORS_A1_B", 'version = "8.1.400.27"\n', ""), phase="deployment",
    ),
    fault("no port http on the Backup", "ORS-0308", in_application("ORS_A1_B", _PORTS, "ports = { default = 7200 }")),
    fault(
        "one listening port more on the Primary", "ORS-0308",
        in_application("ORS_B1", _PORTS, "ports = { default = 7200, http = 7210, https = 7211 }"), phase="deployment",
    ),
    fault(
        "the port http in another letter case", "ORS-0308",
        in_application("ORS_A2_B", _PORTS, "ports = { default = 7200, HTTP = 7210 }"),
    ),
    fault("connected to a disabled server", "ORS-0309", stated("URS_B", "enabled = false")),
    fault(
        "connected to a disabled server of no known type", "ORS-0309",
        appended("estate.toml", _server("STAT_A", "Stat Server", "enabled = false")),
        replaced("estate.toml", '"SIP_A", "URS_A"', '"SIP_A", "STAT_A", "URS_A"'), phase="deployment",
    ),
    fault(
        "a connection in another letter case", "ORS-0105 ORS-0309",
        replaced("estate.toml", '"URS_A", "IXN_A"]', '"URS_A", "IXN_A", "Sip_B"]'),
    ),
    fault("no Universal Routing Server", "ORS-0310", replaced("estate.toml", _CONNECTED_B, _connections("SIP_B", "IXN_A"))),
    fault(
        "neither T-Server nor Interaction Server", "ORS-0310 ORS-0803",
        replaced("estate.toml", _CONNECTED_B, _connections("URS_B")),
    ),
    fault(
        "a Stat Server in place of the routing server", "ORS-0310", appended("estate.toml", _server("STAT_B", "Stat Server")),
        replaced("estate.toml", _CONNECTED_B, _connections("SIP_B", "STAT_B", "IXN_A")), phase="deployment",
    ),
)  # fmt: skip
HARMLESS = (
    harmless(
        "connections and tenants in another order", replaced("estate.toml", '["Environment"]', '["Environment", "Sales"]'),
        in_application("ORS_A1_B", _CONNECTED_A, _connections("IXN_A", "URS_A", "SIP_A")),
        in_application("ORS_A1_B", '["Environment", "Sales"]', '["Sales", "Environment"]'),
    ),
    harmless(
        "Backups on other builds before the installation", in_application("ORS_A1_B", "8.1.400.27", "8.1.400.70"),
        in_application("ORS_B1_B", "8.1.400.27", "8.1.4"),
    ),
    harmless("Backups still on the old build", replaced("estate.toml", 'version = "8.1.400.27"', 'version = "8.1.200.50"')),
    harmless("each names itself in an option", put(_A1, "custom/instance", "ORS_A1"), put(_A1_B, "custom/instance", "ORS_A1_B")),
    harmless(
        "each names its host, with and without domain", put(_A1, "custom/url", "http://ors-a1:80/x"),
        put(_A1_B, "custom/url", "http://ORS-A1-B.example.com:80/x"),
        in_application("ORS_A1_B", '"ors-a1-b"', '"ors-a1-b.example.com"'),
    ),
    harmless("both name the same other host", put(_A1_PAIR, "custom/url", "http://ors-a1.example.com:80/x")),
    harmless(
        "each names its address", in_application("ORS_A1", '"ors-a1"', '"10.1.0.1"'),
        in_application("ORS_A1_B", '"ors-a1-b"', '"10.1.0.2"'), put(_A1, "custom/bind", "10.1.0.1:80"),
        put(_A1_B, "custom/bind", "10.1.0.2:80"),
    ),
    harmless("paths that differ", put(_A1, "custom/store", "/var/ors/a"), put(_A1_B, "custom/store", "D:\\ors\\b")),
    harmless(
        "ports that differ", put(_A1, "custom/debug-port", "7001"), put(_A1_B, "custom/debug-port", "7002"),
        in_application("ORS_A1_B", _PORTS, "ports = { http = 8210, default = 8200 }"),
    ),
    harmless("booleans in another letter case on the Backup", replaced(_A1_B, "=true", "=TRUE")),
    harmless("the section log is a matter of each host", put(_A1_B, "log/verbose", "all"), dropped(_B1_B, "log/expire")),
    harmless("external-url on the Primary only", dropped("exports/ORS_*_B.cfg", "orchestration/external-url")),
    harmless(
        "what may differ is named",
        replaced("estate.toml", "expected_app", 'may_differ = ["custom/*", "scxml/system-id"]\nexpected_app'),
        put(_A1_B, "custom/label", "x"), put(_B1_B, "scxml/system-id", "7"),
    ),
    harmless(
        "a Backup with one port more",
        in_application("ORS_A1_B", _PORTS, "ports = { default = 7200, http = 7210, https = 7211 }"),
    ),
    harmless(
        "hosts that begin alike", in_application("ORS_A1", '"ors-a1"', '"ors.dc1.example.com"'),
        in_application("ORS_A1_B", '"ors-a1-b"', '"ors.dc2.example.com"'),
    ),
    harmless(
        "a disabled server that nobody is connected to",
        appended("estate.toml", _server("URS_OLD", "Universal Routing Server", "enabled = false")),
    ),
    harmless("a T-Server in place of a SIP Server", in_application("SIP_A", '"SIP Server"', '"T-Server"')),
    harmless("no SIP Server, an Interaction Server only", replaced("estate.toml", _CONNECTED_B, _connections("URS_B", "IXN_A"))),
    harmless(
        "no listening ports are given", replaced("estate.toml", f"{_PORTS}\n", ""), expected=expect(not_applicable="ORS-0308"),
    ),
    harmless(
        "after the installation the versions have no build number",
        replaced("estate.toml", 'version = "8.1.400.27"', 'version = "8.1.4"'), phase="deployment",
    ),
    harmless(
        "options of the Backup in reverse order",
        rewritten(_B1_B, lambda text: "\n\n".join(reversed(text.strip().split("\n\n")))),
    ),
)  # fmt: skip
