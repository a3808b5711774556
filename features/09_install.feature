Feature: Step 9: install

  @ORS-0901 @deployment @blocker
  Scenario: An audit said GO before the installation, and nothing changed since
    Why: What was installed over was never judged where no audit came before, or where options, connections or the cluster changed
    | after it; nobody can then say whether the migration or the change broke something.
    Fix: Run `orsgate audit --record FILE` before step 9 and name the file with --record; write installed_at into [estate]; undo what
    | changed since, in Configuration Manager on the tab that is named.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, order of the steps: steps 1 to 8 come before step 9.

    Then an audit at most 24 hours before the installation said GO, and nothing changed since

  @ORS-0902 @deployment @blocker
  Scenario: Every application is registered with the target release
    Why: A Primary or Backup that was forgotten stays on the old release, and the pair breaks at the next switchover.
    Fix: Install the new release on the host of the application, and see that the General tab shows its version (the Application
    | Template of the new release gives it).
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 9; step 3 (the Backup has the same configuration settings).

    Then every application in scope is registered with the target release

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

  @ORS-0905 @deployment @warning
  Scenario: No application is started with a licence argument
    Why: ORS 8.1.4 is started without a licence file; an argument left from before tells that the start settings were not gone through.
    Fix: Start Info tab of the application: delete -l and the licence file from Command Line Arguments, and from start scripts.
    Source: Genesys, "Starting and Stopping", ORS 8.1.3 (with -l) and latest (without); what 8.1.4 does with the argument is unconfirmed.

    Then no application in scope is started with a licence argument

  @ORS-0906 @deployment @blocker
  Scenario: The target release runs
    Why: The version in Configuration Manager is a text; an old binary may still run under it.
    Fix: Install the new release on the host of the application, stop it and start it. Then name its newest log (log in its
    | [[application]]), or attest what the head of the log says.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 9; that the head of a log tells the release is unconfirmed, and without it a
    | person attests it.

    Then the newest log of every application in scope says that the target release runs

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
