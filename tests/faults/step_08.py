# SPDX-License-Identifier: Apache-2.0
"""Step 8: multimedia."""

from __future__ import annotations

from tests.faults.workshop import appended, dropped, expect, fault, harmless, put, replaced, stated

_E = "estate.toml"
_A1_B, _B1, _ALL = "exports/ORS_A1_B.cfg", "exports/ORS_B1*.cfg", "exports/ORS_*.cfg"
_PULLS, _LIMIT = "orchestration/mcr-pull-by-this-node", "orchestration/mcr-pull-limit"
_NO_IXN = replaced(_E, ', "IXN_A"]', "]")
_B1_NO_IXN = replaced(_E, '"SIP_B", "URS_B", "IXN_A"', '"SIP_B", "URS_B"')
_OFF = replaced(_E, "multimedia = true", "multimedia = false")
_NOT_DECLARED = replaced(_E, "multimedia = true\n", "")
_WITHOUT_B1 = replaced(_E, "multimedia = true", 'multimedia = true\nwithout_multimedia = ["ORS_B1", "ORS_B1_B"]')
_STEP_8 = expect(not_applicable="ORS-0801 ORS-0802 ORS-0803 ORS-0805")
_PORTS = "ports = { default = 7120 }"
_SECOND = f'\n[[application]]\nname = "IXN_T"\ntype = "T-Server"\nhost = "IXN-A"\n{_PORTS}\n'
"""The legacy second object of the Interaction Server."""
_B1_BY_SECOND = replaced(_E, '"URS_B", "IXN_A"', '"URS_B", "IXN_T"')

FAULTS = (
    fault("one pair does not pull", "ORS-0801 ORS-0805", put(_B1, _PULLS, "false")),
    fault("no node pulls", "ORS-0801", put(_ALL, _PULLS, "False"), phase="deployment"),
    fault("mcr-pull-by-this-node is not set on one pair", "ORS-0801 ORS-0805", dropped(_B1, _PULLS)),
    fault("mcr-pull-by-this-node is disabled by #", "ORS-0801", replaced(_ALL, "mcr-pull-by-this", "#mcr-pull-by-this")),
    fault("mcr-pull-by-this-node is no boolean", "ORS-0801", put(_ALL, _PULLS, "yes")),
    fault("one Backup does not pull", "ORS-0305 ORS-0801", put(_A1_B, _PULLS, "false")),
    fault("a limit of nothing", "ORS-0802", put(_ALL, _LIMIT, "0")),
    fault("a negative limit", "ORS-0802", put(_B1, _LIMIT, "-1"), phase="deployment"),
    fault("an empty limit", "ORS-0802", put(_ALL, _LIMIT, "")),
    fault("a limit in words", "ORS-0802", put(_B1, _LIMIT, "unlimited")),
    fault("a limit with a fraction", "ORS-0802", put(_B1, _LIMIT, "500.0")),
    fault("no limit", "ORS-0802", dropped(_ALL, _LIMIT)),
    fault("no limit on one Backup", "ORS-0305 ORS-0802", dropped(_A1_B, _LIMIT)),
    fault("a pair that pulls without an Interaction Server", "ORS-0803", _B1_NO_IXN),
    fault(
        "a second object at the port of another server", "ORS-0803", stated("IXN_A", _PORTS),
        appended(_E, _SECOND.replace("7120", "7121")), _B1_BY_SECOND, phase="deployment",
    ),
    fault(
        "multimedia without any Interaction Server", expect(fail="ORS-0803 ORS-0804", not_applicable="ORS-0801 ORS-0802"),
        _NO_IXN,
    ),
    fault(
        "multimedia, and no application is set up for it", expect(fail="ORS-0804", not_applicable="ORS-0801 ORS-0802"), _NO_IXN,
        put(_ALL, _PULLS, "false"),
    ),
    fault("no multimedia, and all pull", _STEP_8 | expect(fail="ORS-0804"), _OFF),
    fault(
        "no multimedia, and connections to an Interaction Server", _STEP_8 | expect(fail="ORS-0804"), _OFF,
        dropped(_ALL, "orchestration/mcr-pull-*"),
    ),
    fault("no multimedia, and options to pull", _STEP_8 | expect(fail="ORS-0804"), _OFF, _NO_IXN),
    fault("one node of the cluster was forgotten", "ORS-0805", _B1_NO_IXN, put(_B1, _PULLS, "false")),
    fault("one node of the cluster pulls", "ORS-0801 ORS-0805", put("exports/ORS_A*.cfg", _PULLS, "false"), phase="deployment"),
)  # fmt: skip
HARMLESS = (
    harmless("a pair that is said not to pull, and pulls", _WITHOUT_B1),
    harmless(
        "only the Primary of a pair is said not to pull, which holds for its Backup too",
        replaced(_E, "multimedia = true", 'multimedia = true\nwithout_multimedia = ["ORS_B1"]'), put(_B1, _PULLS, "false"),
    ),
    harmless("booleans in another letter case", put(_ALL, _PULLS, "TRUE")),
    harmless("other limits on other pairs", put(_B1, _LIMIT, "1"), put("exports/ORS_A1*.cfg", _LIMIT, "0500")),
    harmless("multimedia is not declared", _NOT_DECLARED),
    harmless(
        "multimedia is not declared, and nothing says it", _NOT_DECLARED, _NO_IXN, dropped(_ALL, "orchestration/mcr-pull-*"),
        dropped("rollback/*.cfg", "orchestration/mcr-pull-*"), expected=_STEP_8,
    ),
    harmless("no multimedia", _OFF, _NO_IXN, dropped(_ALL, "orchestration/mcr-pull-*"), expected=_STEP_8),
    harmless("one pair is connected and does not pull, as is said", _WITHOUT_B1, put(_B1, _PULLS, "false")),
    harmless(
        "one pair is neither connected nor pulls, as is said", _WITHOUT_B1, _B1_NO_IXN, dropped(_B1, "orchestration/mcr-pull-*"),
    ),
    harmless("a legacy second object of the Interaction Server", stated("IXN_A", _PORTS), appended(_E, _SECOND), _B1_BY_SECOND),
    harmless(
        "both objects of the Interaction Server", stated("IXN_A", _PORTS), appended(_E, _SECOND),
        replaced(_E, '"IXN_A"]', '"IXN_A", "IXN_T"]'),
    ),
    harmless(
        "two Interaction Servers", appended(_E, '\n[[application]]\nname = "IXN_B"\ntype = "Interaction Server"\n'),
        replaced(_E, '"URS_B", "IXN_A"', '"URS_B", "IXN_A", "IXN_B"'),
    ),
)  # fmt: skip
