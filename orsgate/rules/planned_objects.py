# SPDX-License-Identifier: Apache-2.0
"""Which changes of connections, redundancy and clusters steps 3 and 4 ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cached_property

from orsgate.estate.decisions import multimedia
from orsgate.estate.differences import Difference
from orsgate.estate.inventory import INTERACTION_SERVER
from orsgate.estate.items import Aspect, Key
from orsgate.rules.planned import Class, Migration, Sort, note, planned, unplanned
from orsgate.rules.planned_options import NO_EFFECT

WARM_STANDBY = "warm standby"
NOT_JUDGED = "ORS-0904 does not judge it: check that it is meant"
_CONNECTING = ("ORS-0310", "ORS-0803")
"""What a new connection may mend."""

Follow = Callable[[Difference], Class]


class ObjectChanges:
    """Classifies changes of everything but options.

    Args:
        migration: both states.
        classify: gives the class of another difference.
    """

    def __init__(self, migration: Migration, classify: Follow) -> None:
        self._migration = migration
        self._classify = classify
        self._of: dict[Aspect, Follow] = {
            Aspect.APPLICATION: self._application,
            Aspect.CONNECTION: self._connection,
            Aspect.TENANT: lambda difference: self._as_on_primary(difference) or unplanned(),
            Aspect.BACKUP: self._backup,
            Aspect.REDUNDANCY: self._redundancy,
            Aspect.PRIMARY: self._role,
            Aspect.ENABLED: self._state,
            Aspect.HOST: lambda difference: self._mended(difference, "ORS-0306") or note(NOT_JUDGED),
            Aspect.PORT: lambda difference: self._mended(difference, "ORS-0308") or note(NOT_JUDGED),
            Aspect.VERSION: lambda _: Class(Sort.INSTALLATION, "step 9", "the installation changes the version"),
            Aspect.ARGUMENTS: lambda _: Class(Sort.INSTALLATION, "step 9", "the installation changes the arguments"),
            Aspect.TRANSACTION: self._transaction,
            Aspect.MEMBER: self._member,
            Aspect.ANNEX: lambda _: unplanned(),
        }

    def classify(self, difference: Difference) -> Class:
        """The class of a difference that is no option of an application and no shared option."""
        return self._of[difference.key.aspect](difference)

    def _mended(self, difference: Difference, *requirements: str) -> Class | None:
        names = self._migration.subjects_of(difference.key.object)
        found = (requirement for requirement in requirements if self._migration.mends(requirement, names))
        return next(map(planned, found), None)

    def _application(self, difference: Difference) -> Class:
        """A new application is planned where it is the Backup that a Primary got; one that is gone never is."""
        name = difference.key.object
        if difference.after is None:
            return unplanned("the application is not there any more")
        if difference.before is not None:
            return unplanned("it is an application of another type now")
        primary = self._migration.primary_of(name)
        named = primary and self._migration.difference(primary.name, Aspect.BACKUP)
        if primary is None or not (named and self._classify(named).sort is Sort.PLANNED):
            return unplanned("it is no Backup that step 3 asks for")
        return planned("ORS-0303", f"the new Backup of {primary.name}")

    def _as_on_primary(self, difference: Difference) -> Class | None:
        """A connection or tenant by which a Backup becomes as its Primary is, in what that did not change unasked."""
        key = difference.key
        primary = self._migration.primary_of(key.object)
        if primary is None:
            return None
        names = primary.connections if key.aspect is Aspect.CONNECTION else primary.tenants
        if not isinstance(names, tuple) or (key.name in names) is (difference.after is None):
            return None
        of_primary = self._migration.difference(primary.name, key.aspect, key.name)
        if of_primary is None:
            return planned("ORS-0304", f"as on its Primary {primary.name}")
        of = self._connection(of_primary, alone=True) if key.aspect is Aspect.CONNECTION else unplanned()
        return planned("ORS-0304", f"as on its Primary {primary.name}, for {of.asked_by}") if of.sort is Sort.PLANNED else of

    def _connection(self, difference: Difference, *, alone: bool = False) -> Class:
        if not alone and (as_primary := self._as_on_primary(difference)):
            return as_primary
        name = difference.key.name
        then, now = self._migration.before.applications.get(name), self._migration.after.applications.get(name)
        if difference.after is None:
            if then is None or then.enabled is False:
                return self._mended(difference, "ORS-0309") or unplanned()
            leads = then.type == INTERACTION_SERVER and self._multimedia == "no"
            return planned("ORS-0804", "ORS does not work with multimedia") if leads else unplanned()
        if now is None:
            return unplanned("it names no server")
        if now.type == INTERACTION_SERVER and self._first_interaction_server:
            return planned("ORS-0804", "ORS works with multimedia, and no application was connected to an Interaction Server")
        return self._mended(difference, *_CONNECTING) or unplanned()

    @cached_property
    def _multimedia(self) -> str:
        value = multimedia(self._migration.after).value
        return value if isinstance(value, str) else ""

    @cached_property
    def _first_interaction_server(self) -> bool:
        return self._multimedia == "yes" and self._migration.mends("ORS-0804", (self._migration.after.name,))

    def _backup(self, difference: Difference) -> Class:
        if difference.after is None:
            return self._mended(difference, "ORS-0303") or unplanned()
        return self._mended(difference, "ORS-0301", "ORS-0303") or unplanned()

    def _redundancy(self, difference: Difference) -> Class:
        if difference.after is not None and difference.after.text == WARM_STANDBY:
            return planned("ORS-0302")
        primary = self._migration.primary_of(difference.key.object)
        backup_alone = primary is not None and difference.after is not None and difference.after.text == "none"
        # The type is that of the Primary; a Backup need not show one.
        return note("the Backup of a Primary need not show a redundancy type") if backup_alone else unplanned()

    def _role(self, difference: Difference) -> Class:
        primary = self._migration.primary_of(difference.key.object)
        named = primary and self._migration.difference(primary.name, Aspect.BACKUP)
        if difference.after is not None and difference.after.text == "Backup" and primary is not None and named:
            its = self._classify(named)
            return planned("ORS-0303", f"it is the Backup of {primary.name} now") if its.sort is Sort.PLANNED else its
        return self._mended(difference, "ORS-0303") or unplanned()

    def _state(self, difference: Difference) -> Class:
        if difference.after is not None and difference.after.text == "disabled":
            return unplanned("an application that was in the scope is disabled")
        primary = self._migration.primary_of(difference.key.object)
        names = (primary.name,) if primary else ()
        if self._migration.mends("ORS-0303", names):
            return planned("ORS-0303")
        return self._mended(difference, "ORS-0402") or note(NOT_JUDGED)

    # Step 4: the cluster

    @cached_property
    def _renamed(self) -> dict[str, str]:
        """Transaction of now -> its name before, where ORS-0409 asked for another name."""
        before = {each.transaction: each for each in self._migration.before.configuration.clusters}
        after = {each.transaction: each for each in self._migration.after.configuration.clusters}
        gone = [name for name in before if name not in after and self._migration.broken_before[0].by("ORS-0409", (name,))]
        new = [name for name in after if name not in before and not self._migration.broken_after.by("ORS-0409", (name,))]
        return {new[0]: gone[0]} if len(gone) == 1 and len(new) == 1 else {}

    def _by_renaming(self, difference: Difference) -> Class | None:
        """What goes with the old name of a Transaction and comes with the new one."""
        key, renamed = difference.key, self._renamed
        other = renamed.get(key.object) if difference.before is None else next(
            (now for now, then in renamed.items() if then == key.object), None
        )  # fmt: skip
        if other is None:
            return None
        partner = self._migration.differences.get(Key(other, key.aspect, key.name))
        values = [value.text for each in (difference, partner) if each for value in (each.before, each.after) if value]
        if partner is None or len(values) != 2 or values[0] != values[1]:
            return None
        return planned("ORS-0409", f"{renamed.get(key.object, key.object)} has another name now")

    def _transaction(self, difference: Difference) -> Class:
        if found := self._by_renaming(difference):
            return found
        name = difference.key.object
        if difference.after is None:
            return unplanned("the Transaction is not there any more")
        if difference.before is not None:
            mended = (each for each in ("ORS-0401", "ORS-0407") if self._migration.mends(each, (name,)))
            return next(map(planned, mended), None) or unplanned()
        was = self._migration.broken_before[0]
        right = not any(self._migration.broken_after.by(each, (name,)) for each in ("ORS-0401", "ORS-0407"))
        asking = next((each for each in ("ORS-0401", "ORS-0402") if was.at_all(each)), "")
        return planned(asking) if asking and right else unplanned()

    def _member(self, difference: Difference) -> Class:
        if found := self._by_renaming(difference):
            return found
        transaction, name = difference.key.object, difference.key.name
        if name.startswith("#"):
            deletion = self._migration.difference(transaction, Aspect.MEMBER, name.removeprefix("#"))
            if difference.before is None and deletion is not None and deletion.after is None:
                return self._classify(deletion)
            return note(NO_EFFECT)
        if difference.before is None:
            return self._member_added(name)
        if difference.after is None:
            return self._member_removed(name)
        found_by = (
            requirement
            for requirement in ("ORS-0403", "ORS-0408", "ORS-0713")
            if self._migration.mends(requirement, (name,) if requirement == "ORS-0713" else (transaction,))
        )
        return next(map(planned, found_by), None) or unplanned()

    @cached_property
    def _memberships(self) -> tuple[Counter[str], Counter[str]]:
        """How often each application was an enabled member, and is one now."""
        before, after = (
            Counter(
                member.application
                for cluster in estate.configuration.clusters
                for member in cluster.members or ()
                if member.enabled
            )
            for estate in (self._migration.before, self._migration.after)
        )
        return before, after

    def _member_added(self, name: str) -> Class:
        application = self._migration.after.applications.get(name)
        if application is None or not application.is_ors or application.enabled is False or application.primary is False:
            return unplanned("it is no Primary that is enabled")
        new = self._migration.difference(name, Aspect.APPLICATION)
        if new is not None:
            return self._classify(new)
        was, now = self._memberships
        if was[name]:
            return unplanned("it was a member before")
        return planned("ORS-0402") if now[name] == 1 else unplanned("it is a member more than once")

    def _member_removed(self, name: str) -> Class:
        for estate in (self._migration.before, self._migration.after):
            application = estate.applications.get(name)
            if application is None or not application.is_ors or application.primary is False:
                return planned("ORS-0402", "it was no Primary")
            if application.enabled is False:
                return planned("ORS-0402", "it is disabled")
        was, now = self._memberships
        again = was[name] > 1 and now[name] == 1
        return planned("ORS-0402", "it was a member more than once") if again else unplanned()
