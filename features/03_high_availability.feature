Feature: Step 3: high availability

  @ORS-0301 @readiness @deployment @blocker
  Scenario: Every Primary has a Backup
    Why: Without a Backup nothing takes over the sessions of a Primary that stops.
    Fix: Create a Backup Application with the same connectivity and configuration settings, and name it as Backup Server on the
    | Server Info tab of the Primary.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 3; Genesys, "High Availability", ORS 8.1.3.

    Then every Primary in scope names a Backup

  @ORS-0302 @readiness @deployment @blocker
  Scenario: The redundancy type is Warm Standby
    Why: ORS offers warm standby only; with another type the Management Layer does not switch over as ORS expects.
    Fix: Server Info tab of the Primary: set the Redundancy Type to Warm Standby.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 3; Genesys, "High Availability", ORS 8.1.3.

    Then the redundancy type of every Primary in scope is "warm standby"

  @ORS-0303 @readiness @deployment @blocker
  Scenario: The Backup can take over
    Why: A Backup that does not exist, is disabled, has another type, is a Primary itself or stands behind two Primaries cannot take
    | over when its Primary stops.
    Fix: Server Info tab of the Primary: name an enabled Orchestration Server of its own as Backup Server.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 3; Genesys, Platform SDK, class CfgServer ("One backup server cannot be
    | associated with more than one primary server").

    Then each Backup is an enabled Orchestration Server that backs up exactly one Primary

  @ORS-0304 @readiness @deployment @blocker
  Scenario: Primary and Backup have the same connectivity
    Why: After a switchover the Backup reaches only the servers and tenants that it is connected to itself.
    Fix: Connections tab and Tenants tab: make those of the Backup the same as those of its Primary; the order does not matter.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 3 ("with the same connectivity and configuration settings").

    Then Primary and Backup have the same connections and tenants

  @ORS-0305 @readiness @deployment @blocker
  Scenario: Primary and Backup have the same configuration settings
    Why: The Configuration Layer copies connections and tenants to a Backup, never options; a Backup with other options behaves in
    | another way after a switchover. Most often steps 2, 7 and 8 were done on the Primary alone.
    Fix: Options tab: make the options of the Backup the same as those of its Primary; what must differ is named in may_differ of the
    | estate file.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 3 ("with the same connectivity and configuration settings"); Genesys,
    | Platform SDK, class CfgApplication (what is copied to a Backup).

    Then the options of Primary and Backup agree

  @ORS-0306 @readiness @deployment @warning
  Scenario: Primary and Backup run on different hosts
    Why: A host that fails takes both with it when both run there.
    Fix: Server Info tab of the Backup: choose another host, and install the Backup there.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 3 (High Availability); that Genesys asks for different hosts is unconfirmed.

    Then Primary and Backup run on different hosts

  @ORS-0307 @deployment @blocker
  Scenario: Primary and Backup have the same version
    Why: After a switchover the Backup has to go on with sessions of its Primary; a pair in which only one was upgraded is half
    | migrated.
    Fix: Install the same build of Orchestration Server on both, and see that the Version of both Application objects says so.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 3 and 9.

    Then Primary and Backup have the same version

  @ORS-0308 @readiness @deployment @warning
  Scenario: The Backup listens on the ports that its Primary has
    Why: After a switchover clients look for the same port ids on the Backup; without http it serves no web request.
    Fix: Server Info tab of the Backup, Listening Ports: add the port id that is missing, http above all.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 3 ("with the same connectivity and configuration settings"); the port id http
    | is read from a client of the Genesys Platform SDK.

    Then the Backup has every listening port of its Primary

  @ORS-0309 @readiness @deployment @warning
  Scenario: Connections name enabled servers
    Why: When ORS starts it connects to all servers on its Connections tab; one that is gone or disabled never answers.
    Fix: Connections tab of the application: remove the server, or enable it, on Primary and Backup.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 3 (connectivity); Genesys, "Starting and Stopping", ORS 8.1.4.

    Then every connection of every application in scope names an enabled server

  @ORS-0310 @readiness @deployment @warning
  Scenario: Each application is connected to what ORS works with
    Why: Without a T-Server, SIP Server or Interaction Server no interaction reaches ORS, and without a Universal Routing Server it
    | cannot route one.
    Fix: Connections tab of the application: add the server of the type that is missing, on Primary and Backup.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 3 (connectivity); Genesys, "Clustering" and "eServices", ORS 8.1.4.

    Then every application in scope is connected to one of "T-Server, SIP Server, Interaction Server" and to one of "Universal Routing Server"
