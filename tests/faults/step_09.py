# SPDX-License-Identifier: Apache-2.0
"""Step 9, before it: install."""

from __future__ import annotations

from tests.faults.step_06 import WITHOUT_PERSISTENCE
from tests.faults.workshop import dropped, expect, fault, harmless, in_application, replaced

_E = "estate.toml"
_ALL = "exports/ORS_*.cfg"
_OPTIONS = "persistence/cassandra-*"
_ZERO_LOSS = replaced(_E, 'path = "standard"', 'path = "zero-loss"')
_FROM_813 = replaced(_E, '"8.1.200.50"', '"8.1.300.39"')
_NO_PERSISTENCE = replaced(_E, 'persistence = "cassandra"', 'persistence = "none"')
_NOBODY = replaced(_E, 'session_loss_accepted_by = "change manager of the sample (made up)"\n', "")
_ORIGIN, _TARGET = 'from_release = "8.1.200.50"', 'to_release = "8.1.400.27"'
_VERSION = 'version = "8.1.200.50"'

FAULTS = (
    fault("the path without loss from 8.1.2", expect(fail="ORS-0903", not_applicable="ORS-0907"), _ZERO_LOSS),
    fault(
        "the path without loss without persistence", WITHOUT_PERSISTENCE | expect(fail="ORS-0903"), _ZERO_LOSS, _FROM_813,
        _NO_PERSISTENCE, dropped(_ALL, _OPTIONS),
    ),
    fault("nobody accepted the loss of sessions", expect(manual="ORS-0907"), _NOBODY),
    fault("from 8.1.3 on the standard path nobody accepted the loss", expect(manual="ORS-0907"), _FROM_813, _NOBODY),
    fault("from a release before 8.1.2", "ORS-0908", replaced(_E, '"8.1.200.50"', '"8.1.100.30"')),
    fault("from another release than the applications have", "ORS-0908", replaced(_E, _ORIGIN, 'from_release = "8.1.300.39"')),
    fault(
        "to a release after 8.1.4", expect(fail="ORS-0908", passes="ORS-0405", not_applicable="ORS-0409"),
        replaced(_E, '"8.1.400.27"', '"8.5.100.10"'),
    ),
    fault("to 8.1.3", "ORS-0908", replaced(_E, '"8.1.400.27"', '"8.1.300.39"')),
    fault("one application has an older release", "ORS-0908", in_application("ORS_B1", _VERSION, 'version = "8.1.100.30"')),
    fault("one Primary was upgraded already", "ORS-0908", in_application("ORS_A1", _VERSION, 'version = "8.1.400.27"')),
    fault("one Backup has a release of neither", "ORS-0908", in_application("ORS_A1_B", '"8.1.400.27"', '"8.0.100.10"')),
    fault("the version of a Primary is not known", expect(blocked="ORS-0908"), in_application("ORS_A2", f"{_VERSION}\n", "")),
)  # fmt: skip
HARMLESS = (
    harmless("the path without loss from 8.1.3", _ZERO_LOSS, _FROM_813, _NOBODY, expected=expect(not_applicable="ORS-0907")),
    harmless(
        "nobody has to accept a loss where nothing is kept", _NO_PERSISTENCE, dropped(_ALL, _OPTIONS), _NOBODY,
        expected=WITHOUT_PERSISTENCE,
    ),
    harmless(
        "releases without build numbers", replaced(_E, _ORIGIN, 'from_release = "8.1.2"'),
        replaced(_E, _VERSION, 'version = "8.1.2"'),
    ),
    harmless("an application on another build of the same release", in_application("ORS_A2", _VERSION, 'version = "8.1.200.44"')),
    harmless("the version of a new Backup is not known", in_application("ORS_A1_B", 'version = "8.1.400.27"\n', "")),
)  # fmt: skip
