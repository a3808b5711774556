Feature: Step 2: options not used any more

  @ORS-0201 @readiness @deployment @blocker
  Scenario: No application pulls by Master Super Node
    Why: ORS has had no super nodes since 8.1.3, so the option has nothing to act on and hides what really pulls.
    Fix: Options tab of the application, section orchestration: delete mcr-pull-by-msn-only, on the Backup too, and in the
    | Annex of the cluster Transaction where it stands there.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 2; Genesys, "High Availability", ORS 8.1.3.

    Given the options of every application in scope
    Then none of them sets "orchestration/mcr-pull-by-msn-only"

  @ORS-0202 @readiness @deployment @blocker
  Scenario: No application has a section cluster
    Why: The section held the super node set-up of 8.1.2; since 8.1.3 the members of a cluster are listed in the Annex of the
    | cluster Transaction, and what is left here contradicts it.
    Fix: Options tab of the application: delete the section cluster with its options name and super_node, on the Backup too.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 2.

    Given the options of every application in scope
    Then none of them has a section "cluster"

  @ORS-0203 @readiness @deployment @blocker
  Scenario: get-list-item-by-urs is deleted
    Why: The option is replaced by functions-by-urs; under its old name it has no effect.
    Fix: Options tab of the application, section orchestration: set functions-by-urs to the value that get-list-item-by-urs has,
    | then delete get-list-item-by-urs, on the Backup too.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 2.

    Given the options of every application in scope
    Then none of them sets "orchestration/get-list-item-by-urs"

  @ORS-0204 @readiness @warning
  Scenario: The value of get-list-item-by-urs was carried over
    Why: functions-by-urs is true by default, so an application that had get-list-item-by-urs = false behaves differently when the
    | value is not carried over.
    Fix: Options tab of the application, section orchestration: set functions-by-urs to the value in the rollback export.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 2; Genesys, "Application-Level Options", ORS 8.1.3 (functions-by-urs).

    Given the options of every application in scope
    Then "functions-by-urs" has the value that "get-list-item-by-urs" had before

  @ORS-0205 @readiness @deployment @warning
  Scenario: Nothing that is nearly an obsolete option is left
    Why: A name with another letter case, blanks, an underscore or in a wrong section is easily taken for the obsolete option, or
    | for its deletion.
    Fix: Options tab of the application: delete the option that is named, or put right its name and section.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 2 (the names); that ORS ignores such names is unconfirmed.

    Given the options of every application in scope
    Then none of them has an option that is nearly an obsolete one
