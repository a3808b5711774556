# SPDX-License-Identifier: Apache-2.0
"""Step 6: persistence, yes or no."""

from __future__ import annotations

from tests.faults.workshop import dropped, expect, fault, harmless, put, replaced, rewritten, written

_E = "estate.toml"
_ALL, _B1 = "exports/ORS_*.cfg", "exports/ORS_B1*.cfg"
_OPTIONS = "persistence/cassandra-*"
_DECLARED = 'persistence = "cassandra"\n'
_STEP_5 = " ".join(f"ORS-050{number}" for number in range(1, 9))
_STEP_7 = " ".join(f"ORS-07{number:02}" for number in (*range(1, 11), 12, 13))
WITHOUT_CASSANDRA = expect(not_applicable=f"ORS-0404 {_STEP_5} {_STEP_7}")
WITHOUT_PERSISTENCE = WITHOUT_CASSANDRA | expect(not_applicable="ORS-0907")
_AFTER = {name: outcome for name, outcome in WITHOUT_CASSANDRA.items() if name != "ORS-0507"}
"""In the phase deployment, in which ORS-0507 is not judged."""
_FROM_813 = replaced(_E, '"8.1.200.50"', '"8.1.300.39"')
_NOT_SET = expect(fail="ORS-0701 ORS-0702 ORS-0703 ORS-0704", blocked="ORS-0706 ORS-0707 ORS-0708 ORS-0709 ORS-0712")
"""Where applications that should use Cassandra have no option of it."""


def _declared(persistence: str) -> tuple[str, str, str]:
    return _E, _DECLARED, f'persistence = "{persistence}"\n' if persistence else ""


def _target(release: str) -> tuple[str, str, str]:
    return _E, 'to_release = "8.1.400.27"', f'to_release = "{release}"'


_IN_THE_ANNEX = (
    replaced(_E, 'transaction = "ORS_Cluster"\n', 'transaction = "ORS_Cluster"\noptions = "annex.cfg"\n'),
    written(
        "annex.cfg",
        "[persistence]\ncassandra-keyspace-name=Orchestration\ncassandra-listenport=9160\n"
        "cassandra-nodes=127.0.1.1;127.0.1.2\ncassandra-schema-version=ORS8140000\n"
        "cassandra-strategy-class=NetworkTopologyStrategy\ncassandra-strategy-options=DC1:2;DC2:2\n",
    ),
    rewritten(_ALL, lambda text: text[: text.index("[persistence]")] + text[text.index("[scxml]") :]),
)


FAULTS = (
    fault(
        "one pair of the cluster without Cassandra", _NOT_SET | expect(fail="ORS-0404 ORS-0601 ORS-0602 ORS-0705"),
        dropped(_B1, _OPTIONS),
    ),
    fault(
        "the options of one pair disabled by #", _NOT_SET | expect(fail="ORS-0404 ORS-0601 ORS-0602 ORS-0705"),
        replaced(_B1, "\ncassandra-", "\n#cassandra-"),
    ),
    fault(
        "no persistence, and one pair still uses Cassandra", WITHOUT_PERSISTENCE | expect(fail="ORS-0601 ORS-0602"),
        replaced(*_declared("none")), dropped("exports/ORS_A*.cfg", _OPTIONS),
    ),
    fault(
        "after the installation one pair still uses Cassandra",
        _AFTER | expect(fail="ORS-0601", not_applicable="ORS-0711 ORS-1005 ORS-1006"),
        replaced(*_declared("none")), dropped("exports/ORS_A*.cfg", _OPTIONS), phase="deployment",
    ),
    fault(
        "no persistence, and all still use Cassandra", WITHOUT_PERSISTENCE | expect(fail="ORS-0602"),
        replaced(*_declared("none")),
    ),
    fault("Cassandra, and no application has its options", _NOT_SET | expect(fail="ORS-0602"), dropped(_ALL, _OPTIONS)),
    fault(
        "Redis before it is supported", WITHOUT_CASSANDRA | expect(fail="ORS-0602"), replaced(*_declared("redis")),
        dropped(_ALL, _OPTIONS),
    ),
    fault(
        "Redis, and all still use Cassandra",
        WITHOUT_CASSANDRA | expect(fail="ORS-0602", passes="ORS-0405", not_applicable="ORS-0409"), replaced(*_declared("redis")),
        replaced(*_target("8.1.401.10")),
    ),
    fault(
        "from 8.1.2 nothing is declared, and the options are gone", _NOT_SET | expect(fail="ORS-0602"), replaced(*_declared("")),
        dropped(_ALL, _OPTIONS),
    ),
    fault(
        "from 8.1.3 nothing is declared, and nothing says what was meant",
        expect(blocked=f"ORS-0404 {_STEP_5} {_STEP_7} ORS-0602 ORS-0907"), _FROM_813, replaced(*_declared("")),
        dropped(_ALL, _OPTIONS), dropped("rollback/*.cfg", _OPTIONS),
    ),
    fault(
        "the options of Cassandra stand in an Annex that the target build does not read", _NOT_SET | expect(fail="ORS-0602"),
        *_IN_THE_ANNEX,
    ),
)  # fmt: skip
HARMLESS = (
    harmless("persistence is not declared", replaced(*_declared(""))),
    harmless("from 8.1.3 persistence is not declared, and the options say it", _FROM_813, replaced(*_declared(""))),
    harmless("persistence was turned off", replaced(*_declared("none")), dropped(_ALL, _OPTIONS), expected=WITHOUT_PERSISTENCE),
    harmless(
        "from 8.1.3 without Cassandra, as before", _FROM_813, replaced(*_declared("none")), dropped("*/ORS_*.cfg", _OPTIONS),
        expected=WITHOUT_PERSISTENCE,
    ),
    harmless(
        "its options disabled by # with their section", replaced(*_declared("none")),
        replaced(_ALL, "[persistence]", "[#persistence]"), expected=WITHOUT_PERSISTENCE,
    ),
    harmless(
        "Redis from 8.1.401.10 on", replaced(*_declared("redis")), replaced(*_target("8.1.401.10")), dropped(_ALL, _OPTIONS),
        expected=WITHOUT_CASSANDRA | expect(passes="ORS-0405", not_applicable="ORS-0409"),
    ),
    harmless("other options of persistence", put(_ALL, "persistence/password", "x")),
    harmless(
        "the options of Cassandra stand in the Annex", replaced(*_target("8.1.400.64")), *_IN_THE_ANNEX,
        expected=expect(passes="ORS-0405 ORS-0406", not_applicable="ORS-0409"),
    ),
)  # fmt: skip
