Feature: Step 10: test the deployment

  @ORS-1001 @deployment @blocker
  Scenario: One of each pair answers HTTP
    Why: Clients start and reach sessions by HTTP. If neither application answers, the ORS node serves no client.
    Fix: Solution Control Interface: start the Primary. Server Info tab of the Primary, Listening Ports: check that a port has
    | the id http. Check that no other program on its host uses that port.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 10; Genesys, "Orchestration Server External Interfaces", ORS 8.1.4
    | (HTTP); Genesys, "High Availability", ORS 8.1.3 (only the active application serves).

    Then at least one application of each pair answers HTTP

  @ORS-1002 @deployment @blocker
  Scenario: Not both of a pair answer HTTP
    Why: A Backup in standby does not serve HTTP. If both answer, both act as the active one and may work on the same
    | sessions.
    Fix: Server Info tab of the Primary: set Backup Server to the Backup, and Redundancy Type to Warm Standby. Solution
    | Control Interface: stop the Backup and start it. Check there that it runs as Backup.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 10; Genesys, "High Availability", ORS 8.1.3 (a Backup does not
    | service the HTTP port).

    Then not both applications of a pair answer HTTP

  @ORS-1003 @deployment @blocker @active
  Scenario: A session starts on each node
    Why: A server that answers may still fetch no document or make no session. Then it routes no interaction.
    Fix: Read the log of the application at the time of the request. Check that its host reaches the address of the test
    | document. Check that the connections of the application are up.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 10; Genesys, "Orchestration Server External Interfaces", ORS 8.1.4
    | (session/start).

    Then a session starts on each node

  @ORS-1004 @deployment @blocker @active
  Scenario: A session can be used and ended
    Why: Clients query sessions, send them events and end them. A session that answers none of that is lost to its client.
    Fix: Read the log of the application at the time of the request. If a session was left behind, end it with the command in
    | the notes.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 10; Genesys, "Orchestration Server External Interfaces", ORS 8.1.4
    | (query, event, terminate).

    Then the session of each node can be queried, receives an event, and can be terminated

  @ORS-1005 @deployment @warning @active
  Scenario: A session is persisted
    Why: A session that is not in Cassandra is lost with its ORS node.
    Fix: Options tab of the application, section persistence: check that cassandra-keyspace-name, cassandra-nodes and
    | cassandra-listenport lead to the ring. Read the log of the application for Cassandra errors.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 6 and 10; Genesys, "Sizing Guidance", ORS 8.1.4 (column families
    | Session and SessionIDServerInfo). Unconfirmed: that the key of the row is the session id.

    Given persistence is Cassandra
    Then the row of each session is found in Cassandra within 30 seconds

  @ORS-1006 @deployment @blocker @active
  Scenario: Another node redirects to the owner of a session
    Why: A load balancer may ask any ORS node. A missing redirect, or one to an address that clients cannot reach, loses the
    | request.
    Fix: Options tab of the Primary that owns the session, section orchestration: set external-url to the address where
    | clients reach it. If external-url is not set, correct http in its [[application]]. Check that all ORS nodes are members
    | of the same cluster.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 4 and 10; Genesys, "Load Balancing", ORS 8.1.4 (HTTP 307 with
    | Location).

    Given sessions are persisted
    Then every other node of the cluster redirects a request for a session to its owner

  @ORS-1007 @deployment @blocker @disruptive
  Scenario: The Backup takes over
    Why: If nobody tries a switchover now, the first one comes with the first failure.
    Fix: Solution Control Interface: check that both run, the Backup as Backup. Read the log of the Backup at the time of the
    | switchover. If the Primary is down, start it.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 3 and 10; Genesys, "High Availability", ORS 8.1.3. Unconfirmed: how
    | long a takeover may take (takeover_within in [active]).

    Then the Backup of each Primary that stops takes over in time and keeps the session

  @ORS-1008 @deployment @blocker @manual
  Scenario: Multimedia interactions are pulled and routed
    Why: Options and connections can be right while interactions still wait in their queues. Only an interaction that arrives
    | proves the way.
    Fix: Send a test interaction for each ORS node that pulls. Follow it to the agent. Attest what you saw:
    | `orsgate attest ORS-1008 ESTATE --by NAME --statement TEXT`.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 8 and 10 (no documented interface shows it).

    Given ORS works with multimedia
    Then a person saw a multimedia interaction pulled and routed on each node that works with multimedia

  @ORS-1009 @deployment @blocker @manual
  Scenario: Every Backup runs
    Why: A Backup that nobody started refuses HTTP like one in standby. Then nothing takes over when the Primary stops.
    Fix: Solution Control Interface: start the Backup. Estate file, [[application]]: give a status command. If you have none,
    | attest what you saw: `orsgate attest ORS-1009 ESTATE --by NAME --statement TEXT`.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 3 and 10; Genesys, "High Availability", ORS 8.1.3.

    Then every Backup runs

  @ORS-1010 @deployment @blocker @manual
  Scenario: Test calls are routed
    Why: Running servers do not prove that a call reaches an agent. Only a call does.
    Fix: Make a test call through each T-Server and SIP Server to a DN that ORS routes. Attest DN, time and session id:
    | `orsgate attest ORS-1010 ESTATE --by NAME --statement TEXT`.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 10 (no documented interface shows it).

    Then a person saw a test call through each T-Server and SIP Server routed by each cluster

  @ORS-1011 @deployment @warning
  Scenario: The logs tell of no connection or Cassandra errors
    Why: ORS runs on without Cassandra, but recovers no session. You see a failed connection in its log.
    Fix: Read the line that the report names. Start or correct the server in that line. Check that a new log has no such line.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 10; Genesys, "Starting and Stopping", ORS 8.1.4 (ORS connects to all
    | servers on its Connections tab); Genesys, "Cassandra Installation/Configuration Guide", ORS 8.1.3 (ORS executes without
    | Cassandra). Unconfirmed: the texts of the log.

    Then the newest logs tell of no connection or Cassandra error since the start

  @ORS-1012 @deployment @warning @active
  Scenario: A terminated session is gone
    Why: A session that still answers was not ended, and such sessions add up.
    Fix: Read the log of the application at the time of the end. If the session still answers, end it again:
    | `POST /scxml/session/ID/terminate`.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 10; Genesys, "Orchestration Server External Interfaces", ORS 8.1.4
    | (terminate). Unconfirmed: which status a query for an ended session gets.

    Then a query for a session after its end is not answered with success
