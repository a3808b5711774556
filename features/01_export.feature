Feature: Step 1: export, the way back

  @ORS-0101 @readiness @blocker
  Scenario: Every application has a rollback export
    Why: The export of step 1 is the only record of the options from before the migration; without it nobody can restore them
    | when the installation has to be rolled back.
    Fix: Before steps 2 to 8 change them, export the options of the application to <application>.cfg in the rollback directory:
    | orsgate export does so from GAX, GWS or mutagen, else the Options tab of the application. A Primary that was made during this
    | migration has no earlier state; export its first options once, so that the way back is whole. A Backup that was made now is
    | marked new = true.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 1 (the file can also be used for rollback); Genesys, "High Availability",
    | ORS 8.1.3 (no high availability before 8.1.3, so all Backups are new).

    Then every Primary and every Backup that is not new has a rollback export that can be read

  @ORS-0102 @readiness @blocker
  Scenario: The exports can be read back whole
    Why: An option that stands twice, a broken line or a byte that is no text is restored otherwise than it was, or not at all, and
    | that shows only in the night of the rollback.
    Fix: Export the options of the application again from its Options tab; where the export shows the same line again, put the
    | option right in Configuration Manager, then export once more.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 1; Genesys, "CFG/CONF File Format", GAX 8.1 Help. That format says nothing
    | of duplicates, comments and encodings; how they are read here is unconfirmed.

    Then the rollback export and the current export of every application can be read back whole

  @ORS-0103 @readiness @warning
  Scenario: The rollback exports are from before steps 2 to 8
    Why: An export that was made after the options were changed holds the new state and can roll nothing back.
    Fix: Put the export that was made before the change into the rollback directory; where there is none, write the old values from
    | another record of them, such as a backup of the Configuration Database, into a copy of the export.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 1, which comes before the changes of steps 2 to 8.

    Then the rollback export of every application holds the options from before steps 2 to 8

  @ORS-0104 @readiness @blocker
  Scenario: The options read live agree with the export
    Why: Where the two differ, somebody changed an option after the export was reviewed, or the export is of another environment.
    Fix: Find out who changed the option and which value is meant; set it on the Options tab of the application, then export again.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 1 (export current configuration options).

    Then the options read live agree with the export of every application

  @ORS-0105 @readiness @deployment @blocker
  Scenario: The inventory is complete
    Why: An application that nobody listed, or a name that leads nowhere, is never judged, and is found when it does not start.
    Fix: Correct the name in the estate file, or add an [[application]] for the object; in Configuration Manager, Connections tab and
    | Server Info tab, restore an object that was deleted; let the account that reads see it. Set expected_applications to the number of
    | Orchestration Server applications, Primaries and Backups.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 1 and step 3 (each instance of the Primary, with its Backup).

    Then every object that the inventory refers to is found

  @ORS-0106 @readiness @deployment @blocker
  Scenario: The configuration is that of the right environment
    Why: A GO for the test environment says nothing of production; the two often have the same application names.
    Fix: Correct url in [configuration], or server if that is the mistake.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 1 (current configuration options).

    Then the configuration was read from the server that the estate file names

  @ORS-0107 @readiness @deployment @warning
  Scenario: The current exports are recent
    Why: Exports show the options as they were when they were made; what was changed later is not judged.
    Fix: Export the options of all applications again and set exported_at in [configuration] to the time of doing so.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 1 (current configuration options); the 24 hours are a choice of this
    | catalogue.

    Then the current exports were made at most 24 hours before the run

  @ORS-0108 @readiness @warning
  Scenario: No export was saved for two applications
    Why: Two files that are equal byte for byte are mostly one export saved under two names; then the options of one application
    | were never saved.
    Fix: Open each application that is named, export its options again from its own Options tab, and check the file name.
    | If the difference is intended, leave it: this is a warning and does not decide the verdict.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 1 (from the Options tab of the ORS Application object).

    Then no two applications outside one pair have the same export byte for byte

  @ORS-0109 @readiness @warning
  Scenario: The way back covers more than options
    Why: An option export holds neither connections nor redundancy, Annex, cluster or arguments, and no binaries; who rolls back with
    | options alone rolls back half.
    Fix: Before steps 2 to 8, store what is there with `orsgate baseline ESTATE --directory DIR`, and name it with --baseline DIR.
    | It holds Connections tab, Server Info tab (Backup and redundancy type), options, Annex, the cluster Transaction and the start
    | arguments; keep the old binaries besides, and take a snapshot of the keyspace where one exists in Cassandra.
    | Without a baseline this stays open; it is a warning and does not decide the verdict.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 1 (rollback) and steps 3, 4 and 9 (what they change); Genesys, "CFG/CONF
    | File Format", GAX 8.1 Help (only options are exported).

    Then what an option export cannot hold was saved as well
