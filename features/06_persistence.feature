Feature: Step 6: persistence, yes or no

  @ORS-0601 @readiness @deployment @blocker
  Scenario: A cluster decides on Cassandra as one
    Why: All nodes of a cluster must work with the same persistent storage; a session of a node without it cannot be recovered by
    | another one.
    Fix: Options tab of the applications that are named, section persistence: set the cassandra options as on the other nodes, or
    | delete them on all nodes, Primary and Backup.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 6; Genesys, "Persistence" and "Clustering", ORS 8.1.4 (all instances of a
    | cluster use the same persistent storage).

    Then all applications of a cluster use Cassandra or none does

  @ORS-0602 @readiness @blocker
  Scenario: The decision on persistence agrees with the options
    Why: Without Cassandra there is no session recovery and there are no HTTP redirects of sessions; that has to be chosen, not to happen
    | because an option was forgotten.
    Fix: Set persistence in [estate] to what was decided; then on the Options tab of the applications that are named, section
    | persistence, set or delete the cassandra options accordingly.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 6 with its note; Genesys, "Cassandra Installation/Configuration Guide", ORS
    | 8.1.3 (what is lost); Genesys, "Persistence", ORS 8.1.3 (required up to 8.1.2) and ORS 8.1.4 (Redis from 8.1.401.10).

    Then the decision on persistence agrees with the options of every application
