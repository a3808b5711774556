Feature: Step 1: export, the way back

  @ORS-0101 @readiness @blocker
  Scenario: Every application has a rollback export
    Why: The export of step 1 records the options from before the migration. Without it you cannot restore them when you roll
    | back.
    Fix: Before steps 2 to 8, run `orsgate export ESTATE`; it reads GAX, GWS or mutagen. Without them, export the options from
    | the Options tab of the application to <application>.cfg in the rollback directory. Estate file, [[application]]: set new
    | = true for a Backup that this migration creates. If this migration creates the Primary too, export its first options
    | once.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 1 (the file also serves rollback); Genesys, "High Availability", ORS
    | 8.1.3 (no high availability before 8.1.3, so all Backups are new).

    Then every Primary and every Backup that is not new has a rollback export that can be read

  @ORS-0102 @readiness @blocker
  Scenario: The exports can be read back whole
    Why: A duplicate option, a broken line or an undecodable byte comes back changed, or not at all. You would learn that
    | during the rollback.
    Fix: Open the export at the line that the report names. Options tab of the application: export the options again. If the
    | new export has the same fault, correct the option there and export once more. After steps 2 to 8, correct a rollback
    | export by hand: a new export holds the new values.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 1; Genesys, "CFG/CONF File Format", GAX 8.1 Help. Unconfirmed: how
    | that format treats duplicates, comments and encodings.

    Then the rollback export and the current export of every application can be read back whole

  @ORS-0103 @readiness @warning
  Scenario: The rollback exports are from before steps 2 to 8
    Why: An export made after the change holds the new values, and nobody can roll back with it.
    Fix: Put the export from before the change into the rollback directory. If there is none, copy the current export and
    | write the old values into it. Take them from another record, for example a backup of the Configuration Database.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 1 (it comes before the changes of steps 2 to 8).

    Then the rollback export of every application holds the options from before steps 2 to 8

  @ORS-0104 @readiness @blocker
  Scenario: The options read live agree with the export
    Why: If the two differ, somebody changed an option after the review, or the export comes from another environment.
    Fix: Find out who changed the option and which value is right. Options tab of the application: set that value. Then export
    | the options again.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 1 (export current configuration options).

    Then the options read live agree with the export of every application

  @ORS-0105 @readiness @deployment @blocker
  Scenario: The inventory is complete
    Why: An application outside the inventory stays unjudged, and a name that leads nowhere may hide one. You would meet it
    | first when it does not start.
    Fix: Estate file: correct the name, or add an [[application]] for the object. If somebody deleted the object, create it
    | again, or remove its name from the Connections tab or the Server Info tab. If the object exists, let the account that
    | reads see it. Estate file, [estate]: set expected_applications to the number of Orchestration Server applications,
    | Primaries and Backups.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 1 and 3 (each Primary, with its Backup).

    Then every object that the inventory refers to is found

  @ORS-0106 @readiness @deployment @blocker
  Scenario: The configuration is that of the right environment
    Why: A GO for the test environment says nothing about production. The two may have the same application names.
    Fix: Estate file, [configuration]: correct url. If server is wrong, correct server instead.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 1 (current configuration options).

    Then the configuration was read from the server that the estate file names

  @ORS-0107 @readiness @deployment @warning
  Scenario: The current exports are recent
    Why: An export shows the options at the time of the export. Nobody judges what changed later.
    Fix: Options tab of each application: export the options again. Estate file, [configuration]: set exported_at to the time
    | of the export.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 1 (current configuration options); this catalogue (the limit of 24
    | hours).

    Then the current exports were made at most 24 hours before the run

  @ORS-0108 @readiness @warning
  Scenario: No export was saved for two applications
    Why: Two equal files are usually one export under two names. Then nobody saved the options of the other application.
    Fix: Options tab of each application that the report names: export the options again. Check that each file has the name of
    | its application. If the options really are equal, leave them: a warning decides the verdict only with --strict.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 1 (from the Options tab of the ORS Application object).

    Then no two applications outside one pair have the same export byte for byte

  @ORS-0109 @readiness @warning
  Scenario: The way back covers more than options
    Why: An option export holds no connections, redundancy, Annex, cluster, start arguments or binaries. With options alone
    | you roll back half.
    Fix: Before steps 2 to 8, run `orsgate baseline ESTATE --directory DIR`. Then audit with `--baseline DIR`. Keep the old
    | binaries. If the keyspace exists, take a snapshot on every Cassandra node: `nodetool snapshot KEYSPACE`. If you save all
    | this in another way, attest it: `orsgate attest ORS-0109 ESTATE --by NAME --statement TEXT`.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 1, 3, 4 and 9 (rollback, and what else changes); Genesys, "CFG/CONF
    | File Format", GAX 8.1 Help (it holds only options).

    Then what an option export cannot hold was saved as well
