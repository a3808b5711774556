Feature: Step 6: persistence, yes or no

  @ORS-0601 @readiness @deployment @blocker
  Scenario: A cluster decides on Cassandra as one
    Why: All ORS nodes of a cluster must work with the same persistent storage. No other ORS node can recover a session of one
    | that works without it.
    Fix: Options tab of the applications that the report names, section persistence: set the cassandra-* options as on the
    | other members. If you decided against Cassandra, delete them on all members. Do the same on the Backup.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 6; Genesys, "Persistence", ORS 8.1.4; Genesys, "Clustering", ORS
    | 8.1.4 (all instances of a cluster use the same persistent storage).

    Then all applications of a cluster use Cassandra or none does

  @ORS-0602 @readiness @blocker
  Scenario: The decision on persistence agrees with the options
    Why: Without persistence ORS recovers no session, and no ORS node redirects an HTTP request to the owner of a session. A
    | forgotten option must not make that choice.
    Fix: Estate file, [estate]: set persistence to cassandra, redis or none, as you decided. Options tab of the applications
    | that the report names, section persistence: set or delete the cassandra-* options to match.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 6, note; Genesys, "Cassandra Installation/Configuration Guide", ORS
    | 8.1.3 (what is lost without it); Genesys, "Persistence", ORS 8.1.3 (required up to 8.1.2); Genesys, "Persistence", ORS
    | 8.1.4 (Redis from 8.1.401.10).

    Then the decision on persistence agrees with the options of every application
