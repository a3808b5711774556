Feature: Step 2: options not used any more

  @ORS-0201 @readiness @deployment @blocker
  Scenario: No application pulls by Master Super Node
    Why: ORS has no super nodes since 8.1.3, so this option acts on nothing and hides what really pulls.
    Fix: Options tab of the application, section orchestration: delete mcr-pull-by-msn-only. Do the same on the Backup. If the
    | cluster Transaction sets the option too, delete it on its Annex tab.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 2; Genesys, "High Availability", ORS 8.1.3 (no super nodes).

    Given the options of every application in scope
    Then none of them sets "orchestration/mcr-pull-by-msn-only"

  @ORS-0202 @readiness @deployment @blocker
  Scenario: No application has a section cluster
    Why: ORS has no super nodes since 8.1.3, and its cluster stands in the cluster Transaction. A section left here
    | contradicts it.
    Fix: Options tab of the application: delete the section cluster with its options name and super_node. Do the same on the
    | Backup. Keep the section cluster on the Annex tab of the cluster Transaction: it lists the members.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 2; Genesys, "High Availability", ORS 8.1.3 (no super nodes).
    | Unconfirmed: what 8.1.2 used the section for.

    Given the options of every application in scope
    Then none of them has a section "cluster"

  @ORS-0203 @readiness @deployment @blocker
  Scenario: get-list-item-by-urs is deleted
    Why: functions-by-urs replaces this option, and ORS 8.1.4 does not use the old name.
    Fix: Options tab of the application, section orchestration: set functions-by-urs to the value of get-list-item-by-urs.
    | Then delete get-list-item-by-urs. Do the same on the Backup.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 2.

    Given the options of every application in scope
    Then none of them sets "orchestration/get-list-item-by-urs"

  @ORS-0204 @readiness @warning
  Scenario: The value of get-list-item-by-urs was carried over
    Why: functions-by-urs is true by default. An application that had false before behaves differently with that default.
    Fix: Options tab of the application, section orchestration: set functions-by-urs to the value that get-list-item-by-urs
    | has in the rollback export. Do the same on the Backup.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 2; Genesys, "Application-Level Options", ORS 8.1.3 (functions-by-urs
    | and its default).

    Given the options of every application in scope
    Then "functions-by-urs" has the value that "get-list-item-by-urs" had before

  @ORS-0205 @readiness @deployment @warning
  Scenario: Nothing that is nearly an obsolete option is left
    Why: A misspelled name, or the right name in a wrong section, looks like the old option. Whoever checks step 2 by eye
    | takes it for kept or for deleted.
    Fix: Options tab of the application: delete the option that the report names, or correct its name and section. Do the same
    | on the Backup. If the report names the cluster Transaction, do it on its Annex tab.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 2 (the names). Unconfirmed: that ORS ignores such names.

    Given the options of every application in scope
    Then none of them has an option that is nearly an obsolete one
