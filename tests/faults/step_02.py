# SPDX-License-Identifier: Apache-2.0
"""Step 2: options not used any more."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase

from orsgate.estate.export import Export, Section
from orsgate.estate.inventory import Application, Configuration
from orsgate.estate.snapshot import Snapshot
from tests.faults.workshop import Change, appended, dropped, expect, fault, harmless, put, read_live, replaced, snapshot, written

_BOTH = "exports/ORS_A1*.cfg"
_ONE = "exports/ORS_A1.cfg"
_OTHER = "exports/ORS_A1_B.cfg"
_B1 = "exports/ORS_B1*.cfg"
_ALL = "exports/ORS_*.cfg"
_MSN = "orchestration/mcr-pull-by-msn-only"
_LIST = "orchestration/get-list-item-by-urs"
_URS = "orchestration/functions-by-urs"
_BUILD_64 = replaced("estate.toml", "8.1.400.27", "8.1.400.64")
_ANNEX = replaced("estate.toml", 'transaction = "ORS_Cluster"\n', 'transaction = "ORS_Cluster"\noptions = "annex.cfg"\n')
_SHARED = expect(passes="ORS-0405 ORS-0406", not_applicable="ORS-0409")
"""From 8.1.400.64 on, with options in the Annex."""


def _renamed_live(pattern: str, old: str, new: str) -> Change:
    """An option as a live source gives its name, where blanks around it are kept."""

    def section(found: Section) -> Section:
        options = tuple(replace(option, name=new) if option.name == old else option for option in found.options)
        return replace(found, options=options)

    def application(found: Application) -> Application:
        if not isinstance(found.options, Export) or not fnmatchcase(found.name, pattern):
            return found
        return replace(found, options=replace(found.options, sections=tuple(map(section, found.options.sections))))

    def alter(found: Snapshot) -> Snapshot:
        read = found.configuration
        assert isinstance(read, Configuration)
        return replace(found, configuration=replace(read, applications=tuple(map(application, read.applications))))

    return snapshot(alter)


FAULTS = (
    fault("mcr-pull-by-msn-only left on a pair", "ORS-0201", put(_BOTH, _MSN, "false")),
    fault("mcr-pull-by-msn-only deleted on the Primary alone", "ORS-0201 ORS-0305", put(_OTHER, _MSN, "false")),
    fault("mcr-pull-by-msn-only left empty", "ORS-0201", put(_ALL, _MSN, ""), phase="deployment"),
    fault(
        "mcr-pull-by-msn-only shared in the Annex", _SHARED | expect(fail="ORS-0201"), _BUILD_64, _ANNEX,
        written("annex.cfg", "[orchestration]\nmcr-pull-by-msn-only=true\n"),
    ),
    fault("the section cluster left on a pair", "ORS-0202", appended(_BOTH, "\n[cluster]\nname=Old\nsuper_node=true\n")),
    fault("an empty section cluster", "ORS-0202", appended(_ONE, "\n[cluster]\n")),
    fault("a section cluster with its options disabled", "ORS-0202", appended(_BOTH, "\n[cluster]\n#name=Old\n")),
    fault("a section cluster with an option of another kind", "ORS-0202", put(_BOTH, "cluster/label", "x"), phase="deployment"),
    fault("the section cluster deleted on the Primary alone", "ORS-0202 ORS-0305", put(_OTHER, "cluster/super_node", "false")),
    fault("get-list-item-by-urs left on a pair", "ORS-0203", put(_BOTH, _LIST, "true")),
    fault("get-list-item-by-urs left everywhere", "ORS-0203", put(_ALL, _LIST, "FALSE"), phase="deployment"),
    fault("get-list-item-by-urs deleted on the Backup alone", "ORS-0203 ORS-0305", put(_ONE, _LIST, "true")),
    fault(
        "get-list-item-by-urs shared in the Annex", _SHARED | expect(fail="ORS-0203"), _BUILD_64, _ANNEX,
        written("annex.cfg", "[orchestration]\nget-list-item-by-urs=false\n"),
    ),
    fault("functions-by-urs turned about", "ORS-0204", put(_B1, _URS, "true")),
    fault("functions-by-urs forgotten where the value was false", "ORS-0204", dropped(_B1, _URS)),
    fault("functions-by-urs disabled by #", "ORS-0204", replaced(_B1, "functions-by-urs", "#functions-by-urs")),
    fault("functions-by-urs is no boolean", "ORS-0204", put(_BOTH, _URS, "yes")),
    fault("functions-by-urs carried over on the Backup alone", "ORS-0204 ORS-0305", dropped("exports/ORS_B1.cfg", _URS)),
    fault("mcr-pull-by-msn-only in another letter case", "ORS-0205", put(_BOTH, "orchestration/MCR-pull-by-MSN-only", "true")),
    fault("get-list-item-by-urs with underscores", "ORS-0205", put(_B1, "orchestration/get_list_item_by_urs", "true")),
    fault("mcr-pull-by-msn-only in a wrong section", "ORS-0205", put(_BOTH, "scxml/mcr-pull-by-msn-only", "true")),
    fault("super_node in a wrong section", "ORS-0205", put(_BOTH, "orchestration/super_node", "true"), phase="deployment"),
    fault("super-node for super_node", "ORS-0205", put(_BOTH, "orchestration/super-node", "true")),
    fault("the section Cluster in another letter case", "ORS-0205", put(_BOTH, "Cluster/label", "Old")),
    fault(
        "nearly an obsolete option in the Annex", _SHARED | expect(fail="ORS-0205"), _BUILD_64, _ANNEX,
        written("annex.cfg", "[orchestration]\nmcr_pull_by_msn_only=true\n"),
    ),
    fault(
        "an obsolete option with a blank before its name, read live", expect(fail="ORS-0205", not_applicable="ORS-0107"),
        put(_BOTH, "orchestration/old", "true"), read_live(), _renamed_live("ORS_A1*", "old", " mcr-pull-by-msn-only"),
    ),
)  # fmt: skip
HARMLESS = (
    harmless(
        "the obsolete option disabled by #",
        replaced(_BOTH, "[orchestration]\n", "[orchestration]\n#mcr-pull-by-msn-only=true\n"),
    ),
    harmless("the section cluster disabled as [#cluster]", appended(_ALL, "\n[#cluster]\nname=Old\nsuper_node=true\n")),
    harmless("the section cluster disabled as #[cluster]", appended(_ALL, "\n#[cluster]\nname=Old\nsuper_node=true\n")),
    harmless("nearly an obsolete option, disabled by #", replaced(_ALL, "[scxml]\n", "[scxml]\n#super_node=true\n")),
    harmless("an option called name in another section", put(_ALL, "custom/name", "x")),
    harmless(
        "sections and options that only begin like obsolete ones", put(_ALL, "cluster-map/site", "x"),
        put(_ALL, _MSN + "-x", "1"),
    ),
    harmless("functions-by-urs in capitals", put(_BOTH, _URS, "TRUE"), put(_B1, _URS, "False")),
    harmless("get-list-item-by-urs was never set before", dropped("rollback/*.cfg", _LIST), dropped(_ALL, _URS)),
    harmless(
        "the member list stands in the Annex as section cluster", _BUILD_64, _ANNEX,
        written("annex.cfg", "[cluster]\nORS_A1=DC1\nORS_A2=DC1\nORS_B1=DC2\n\n[orchestration]\nmcr-pull-limit=500\n"),
        expected=_SHARED,
    ),
)  # fmt: skip
