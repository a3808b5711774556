Feature: Step 3: high availability

  @ORS-0301 @readiness @deployment @blocker
  Scenario: Every Primary has a Backup
    Why: When a Primary stops, only its Backup can take over its sessions.
    Fix: Create a Backup with the same connections, tenants and options as the Primary. Server Info tab of the Primary: set
    | Backup Server to it, and Redundancy Type to Warm Standby.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 3; Genesys, "High Availability", ORS 8.1.3.

    Then every Primary in scope names a Backup

  @ORS-0302 @readiness @deployment @blocker
  Scenario: The redundancy type is Warm Standby
    Why: ORS offers no other type, and Genesys describes no switchover of ORS with another one.
    Fix: Server Info tab of the Primary: set Redundancy Type to Warm Standby.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 3; Genesys, "High Availability", ORS 8.1.3 (ORS offers warm standby
    | only).

    Then the redundancy type of every Primary in scope is "warm standby"

  @ORS-0303 @readiness @deployment @blocker
  Scenario: The Backup can take over
    Why: A Backup that is missing, disabled, of another type, a Primary itself or shared by two Primaries cannot replace its
    | Primary.
    Fix: Server Info tab of the Primary: set Backup Server to an enabled application of type Orchestration Server. Give each
    | Primary a Backup of its own. If the Backup is disabled, enable it on its General tab.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 3; Genesys, "CfgServer", Platform SDK ("One backup server cannot be
    | associated with more than one primary server").

    Then each Backup is an enabled Orchestration Server that backs up exactly one Primary

  @ORS-0304 @readiness @deployment @blocker
  Scenario: Primary and Backup have the same connectivity
    Why: After a switchover the Backup reaches only the servers and tenants in its own configuration.
    Fix: Connections tab of the Backup: list the servers of its Primary, in any order. Tenants tab of the Backup: list the
    | tenants of its Primary.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 3 ("with the same connectivity and configuration settings").

    Then Primary and Backup have the same connections and tenants

  @ORS-0305 @readiness @deployment @blocker
  Scenario: Primary and Backup have the same configuration settings
    Why: The Configuration Layer copies connections and tenants to a Backup, but no options. After a switchover a Backup with
    | other options behaves differently.
    Fix: Options tab of the Backup: set the options as on its Primary. If you did steps 2, 7 and 8 on the Primary alone, do
    | them on the Backup. Estate file, [estate]: name the options that must differ in may_differ.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 3 ("with the same connectivity and configuration settings"); Genesys,
    | "CfgApplication", Platform SDK (what the Configuration Layer copies to a Backup).

    Then the options of Primary and Backup agree

  @ORS-0306 @readiness @deployment @warning
  Scenario: Primary and Backup run on different hosts
    Why: If both run on one host, its failure stops both.
    Fix: Server Info tab of the Backup: set Host to another host. Install the Backup there.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 3 (High Availability). Unconfirmed: that Genesys asks for different
    | hosts.

    Then Primary and Backup run on different hosts

  @ORS-0307 @deployment @blocker
  Scenario: Primary and Backup have the same version
    Why: After a switchover the Backup continues the sessions of its Primary. A pair with two versions is half migrated.
    Fix: Install the same build of Orchestration Server on both hosts. General tab of both applications: check that Version
    | shows it.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 3 and 9.

    Then Primary and Backup have the same version

  @ORS-0308 @readiness @deployment @warning
  Scenario: The Backup listens on the ports that its Primary has
    Why: After a switchover clients look for the same port ids on the Backup. Without http it serves no HTTP request.
    Fix: Server Info tab of the Backup, Listening Ports: add the port ids that the report names, http above all.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 3 ("with the same connectivity and configuration settings").
    | Unconfirmed: that every client looks for the port id http; one client of the Platform SDK does.

    Then the Backup has every listening port of its Primary

  @ORS-0309 @readiness @deployment @warning
  Scenario: Connections name enabled servers
    Why: When ORS starts it connects to every server on its Connections tab. A deleted or disabled server never answers.
    Fix: Connections tab of the application: remove the server that the report names. If you need the server, enable it on its
    | General tab instead. Do the same on the Backup.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 3 (connectivity); Genesys, "Starting and Stopping", ORS 8.1.4.

    Then every connection of every application in scope names an enabled server

  @ORS-0310 @readiness @deployment @warning
  Scenario: Each application is connected to what ORS works with
    Why: Without a T-Server, SIP Server or Interaction Server no interaction reaches ORS. Without a Universal Routing Server
    | (URS) ORS routes none.
    Fix: Connections tab of the application: add a server of the missing type. Do the same on the Backup.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 3 (connectivity); Genesys, "Clustering", ORS 8.1.4; Genesys,
    | "eServices", ORS 8.1.4.

    Then every application in scope is connected to one of "T-Server, SIP Server, Interaction Server" and to one of "Universal Routing Server"
