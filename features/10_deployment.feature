Feature: Step 10: test the deployment

  @ORS-1001 @deployment @blocker
  Scenario: One of each pair answers HTTP
    Why: Sessions are started and reached by HTTP; where neither Primary nor Backup answers, the node is down for every client.
    Fix: Start the Primary (Solution Control Interface), and see on the Server Info tab that it has a listening port with the id http
    | that is free on its host.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 10; Genesys, "Orchestration Server External Interfaces" (HTTP) and "High
    | Availability", ORS 8.1.3 (the one that is active serves).

    Then at least one application of each pair answers HTTP

  @ORS-1002 @deployment @blocker
  Scenario: Not both of a pair answer HTTP
    Why: A Backup does not serve HTTP; where both do, both believe that they are active and work on the same sessions.
    Fix: Server Info tab of the Primary: name the Backup, redundancy type Warm Standby. Then stop the Backup and start it again, and see
    | that Solution Control Interface shows it as Backup.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 10; Genesys, "High Availability", ORS 8.1.3 (a Backup does not service the HTTP
    | port).

    Then not both applications of a pair answer HTTP

  @ORS-1003 @deployment @blocker @active
  Scenario: A session starts on each node
    Why: A server that answers may still be unable to fetch a document or to make a session, and then no interaction is routed.
    Fix: Look into the log of the application for the request; see that its host reaches the address of the document, and that the
    | connections of the application are established.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 10; Genesys, "Orchestration Server External Interfaces" (session/start).

    Then a session starts on each node

  @ORS-1004 @deployment @blocker @active
  Scenario: A session can be used and ended
    Why: Applications query sessions, send them events and end them; a session that cannot be reached hangs until its time is over.
    Fix: Look into the log of the application for the request. End a session that was left behind with the command in the notes.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 10; Genesys, "Orchestration Server External Interfaces" (query, event,
    | terminate).

    Then the session of each node can be queried, receives an event, and can be terminated

  @ORS-1005 @deployment @warning @active
  Scenario: A session is persisted
    Why: A session that is not in Cassandra is lost with its node, although persistence was decided for.
    Fix: Options tab of the application, section persistence: see that keyspace, nodes and port are those of the ring, and look into
    | the log for errors of Cassandra.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 6 and 10; Genesys, "Sizing Guidance" (column families Session and
    | SessionIDServerInfo); that the key of the row is the session id is unconfirmed.

    Given persistence is Cassandra
    Then the row of each session is found in Cassandra within 30 seconds

  @ORS-1006 @deployment @blocker @active
  Scenario: Another node redirects to the owner of a session
    Why: A load balancer may ask any node; one that does not redirect to the owner, or to an address that clients cannot reach, loses
    | the request.
    Fix: Options tab of the Primary that owns the session, section orchestration: set external-url to the address where clients reach
    | it, or correct http of its [[application]]. See that all nodes are members of the same cluster.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 4 and 10; Genesys, "Load Balancing", ORS 8.1.4 (HTTP 307 with Location).

    Given sessions are persisted
    Then every other node of the cluster redirects a request for a session to its owner

  @ORS-1007 @deployment @blocker @disruptive
  Scenario: The Backup takes over
    Why: High availability that was never tried fails in the night when it is needed.
    Fix: See in Solution Control Interface that both run, the Backup as Backup; look into the log of the Backup for the switchover. Start
    | the Primary again where it is down.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 3 and 10; Genesys, "High Availability", ORS 8.1.3; how long a takeover may take
    | is not documented (takeover_within in [active]).

    Then the Backup of each Primary that stops takes over in time and keeps the session

  @ORS-1008 @deployment @blocker @manual
  Scenario: Multimedia interactions are pulled and routed
    Why: Options and connections may be right and the interactions still wait in their queues; only an interaction that arrives shows it.
    Fix: Send a test interaction for each node, follow it to the agent, and attest it: `orsgate attest` with the id of this requirement.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 8 and 10; no documented interface shows it.

    Given ORS works with multimedia
    Then a person saw a multimedia interaction pulled and routed on each node that works with multimedia

  @ORS-1009 @deployment @blocker @manual
  Scenario: Every Backup runs
    Why: A Backup that was never started refuses HTTP just as one that stands by, and nothing takes over when the Primary stops.
    Fix: Start the Backup in Solution Control Interface. Give a status command in its [[application]], or attest what you saw there.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 3 and 10; Genesys, "High Availability", ORS 8.1.3.

    Then every Backup runs

  @ORS-1010 @deployment @blocker @manual
  Scenario: Test calls are routed
    Why: That servers run and answer does not show that a call gets to an agent; only a call does.
    Fix: Make a test call through each T-Server and SIP Server to a DN that ORS routes, and attest DN, time and session id.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 10; no documented interface shows it.

    Then a person saw a test call through each T-Server and SIP Server routed by each cluster

  @ORS-1011 @deployment @warning
  Scenario: The logs tell of no connection or Cassandra errors
    Why: ORS starts without a server that it cannot reach and says so only in its log.
    Fix: Follow the line that is named: start or correct the server that it speaks of, then see that a new log has no such line.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 10; Genesys, "Starting and Stopping" (ORS connects to all servers of its
    | Connections tab); the texts of its log are unconfirmed.

    Then the newest logs tell of no connection or Cassandra error since the start

  @ORS-1012 @deployment @warning @active
  Scenario: A terminated session is gone
    Why: A session that is still there after its end fills memory and keyspace, and says that the end was not carried out.
    Fix: Look into the log of the application for the end of the session.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 10; which status a query for an ended session gets is unconfirmed.

    Then a query for a session after its end is not answered with success
