Feature: Step 9: install

  @ORS-0903 @readiness @blocker
  Scenario: The chosen path fits
    Why: The procedure without significant loss is described for an installed 8.1.3 with persistence enabled; nothing says that it
    | saves a session in any other case.
    Fix: Set path = "standard" in [estate] and follow step 9 of the procedure; plan that active sessions are lost.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 9, note (applies if 8.1.3 is installed; the page is called "HA ORS 8.1.4
    | Migration Procedure when Persistence Enabled").

    Then the chosen path fits the release and the persistence it starts from

  @ORS-0904 @deployment @blocker
  Scenario: Only planned changes happened
    Why: A change that nobody planned was tested by nobody; it is what a later trouble is looked for in vain, and what a rollback
    | does not take back.
    Fix: Take back each change that is named, in Configuration Manager and in the tab that is named with it; or, if somebody wants it,
    | name it as [[planned_change]] in the estate file.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 1 (the export is for rollback) and 2 to 8 (what is to be changed).

    Then only planned changes happened since the baseline

  @ORS-0907 @readiness @warning
  Scenario: Somebody accepted that active sessions are lost
    Why: On the standard path active sessions are lost although they are persisted; who answers for the service has to know that
    | before the night, not after it.
    Fix: Ask the owner of the service, and write the name into session_loss_accepted_by in [estate]; or use the path without loss where
    | 8.1.3 is installed.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 9, note.

    Then a named person accepted that active sessions are lost

  @ORS-0908 @readiness @blocker
  Scenario: This procedure applies
    Why: The procedure leads from 8.1.2 or 8.1.3 to 8.1.4; from another release other steps are needed, and an application of another
    | release than said was overlooked.
    Fix: Correct from_release, to_release or the version of the application; migrate an application of another release by the
    | procedure for that release first.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, title and step 9 with its note (also from 8.1.3 to 8.1.4).

    Then the procedure applies to the releases of the migration and of every application
