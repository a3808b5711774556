Feature: Step 9: install

  @ORS-0901 @deployment @blocker
  Scenario: An audit said GO before the installation, and nothing changed since
    Why: Without that audit nobody knows what the installation started from. Nobody can then tell whether the migration or a
    | later change broke something.
    Fix: Before step 9, run `orsgate audit ESTATE --record FILE`. Estate file, [estate]: set installed_at to the time of the
    | installation. Then run `orsgate verify ESTATE --record FILE`. If something changed since the audit, undo it on the tab
    | that the report names.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 1 to 9 (steps 1 to 8 come before step 9).

    Then an audit at most 24 hours before the installation said GO, and nothing changed since

  @ORS-0902 @deployment @blocker
  Scenario: Every application is registered with the target release
    Why: A forgotten Primary or Backup stays on the old release. After a switchover the old release may serve.
    Fix: Install the new release on the host of the application. General tab of the application: check that Version shows it;
    | the Application Template of that release sets it.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 3 and 9. Unconfirmed: that the Application Template sets Version.

    Then every application in scope is registered with the target release

  @ORS-0903 @readiness @blocker
  Scenario: The chosen path fits
    Why: Genesys describes the path without loss for an installed 8.1.3 with persistence. Nothing says that it saves a session
    | in any other case.
    Fix: Estate file, [estate]: set path = "standard". Follow step 9 of the procedure. Plan for the loss of active sessions.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 9, note (the page "HA ORS 8.1.4 Migration Procedure when Persistence
    | Enabled").

    Then the chosen path fits the release and the persistence it starts from

  @ORS-0904 @deployment @blocker
  Scenario: Only planned changes happened
    Why: Nobody tested a change that nobody planned, and no rollback plan takes it back.
    Fix: In Configuration Manager, undo each change on the tab that the report names. If somebody wants a change, name it in
    | the estate file as a [[planned_change]].
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 1 to 8 (step 1 is for rollback, steps 2 to 8 say what changes).

    Then only planned changes happened since the baseline

  @ORS-0905 @deployment @warning
  Scenario: No application is started with a licence argument
    Why: ORS 8.1.4 starts without a licence file. A leftover -l shows that nobody reviewed the start arguments.
    Fix: Start Info tab of the application: delete -l and the licence file from Command Line Arguments. Do the same in start
    | scripts.
    Source: Genesys, "Starting and Stopping", ORS 8.1.3 (with -l); Genesys, "Starting and Stopping", ORS 8.1.4 (without it).
    | Unconfirmed: what 8.1.4 does with -l.

    Then no application in scope is started with a licence argument

  @ORS-0906 @deployment @blocker
  Scenario: The target release runs
    Why: Version in Configuration Manager is only a text. An old binary may still run under it.
    Fix: Install the new release on the host of the application. Stop the application and start it. Estate file,
    | [[application]]: set log to its newest log. If the head of the log shows no release, attest what runs:
    | `orsgate attest ORS-0906 ESTATE --by NAME --statement TEXT`.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 9. Unconfirmed: that the head of a log shows the release.

    Then the newest log of every application in scope says that the target release runs

  @ORS-0907 @readiness @warning
  Scenario: Somebody accepted that active sessions are lost
    Why: The standard path has no step that saves active sessions. Whoever answers for the service must know that before the
    | change window.
    Fix: Ask the owner of the service to accept the loss. Estate file, [estate]: write the name into session_loss_accepted_by.
    | If 8.1.3 with persistence is installed, consider the path without loss: path = "zero-loss".
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 9, note.

    Then a named person accepted that active sessions are lost

  @ORS-0908 @readiness @blocker
  Scenario: This procedure applies
    Why: The procedure leads from 8.1.2 or 8.1.3 to 8.1.4. Another release needs other steps first.
    Fix: Estate file, [estate]: correct from_release and to_release. If an application has another release, migrate it by the
    | procedure for that release first. If its version is wrong in the estate file, correct it there.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, title and step 9, note (also from 8.1.3 to 8.1.4).

    Then the procedure applies to the releases of the migration and of every application
