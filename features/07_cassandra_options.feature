Feature: Step 7: Cassandra options

  @ORS-0701 @readiness @deployment @blocker
  Scenario: Every application names a keyspace that Cassandra accepts
    Why: ORS keeps its sessions in this keyspace. Without a valid name there is no session recovery.
    Fix: Options tab of the application, section persistence: set cassandra-keyspace-name, for example to Orchestration. Use
    | at most 48 letters, digits and underscores, and begin with a letter or digit. Do the same on the Backup.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7; Apache Cassandra, keyspace names.

    Given persistence is Cassandra
    And the options of every application in scope
    Then each of them sets "persistence/cassandra-keyspace-name" to a keyspace name that Cassandra accepts

  @ORS-0702 @readiness @deployment @blocker
  Scenario: Every application names the Cassandra schema version
    Why: ORS presumably checks with this value whether it knows the column families in the keyspace (unconfirmed).
    Fix: Options tab of the application, section persistence: set cassandra-schema-version to the value that the ORS 8.1.4
    | documentation gives for this option. Do the same on the Backup.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7. Unconfirmed: what the value is for, and its form, ORS8 and six
    | digits.

    Given persistence is Cassandra
    And the options of every application in scope
    Then each of them sets the Cassandra schema version

  @ORS-0703 @readiness @deployment @blocker
  Scenario: Every application names a replication strategy
    Why: The class decides which Cassandra nodes hold the copies of a session. Cassandra refuses a class that it does not
    | know.
    Fix: Options tab of the application, section persistence: set cassandra-strategy-class to SimpleStrategy for a ring with a
    | single data center. For a ring with several, set it to NetworkTopologyStrategy. Do the same on the Backup.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7 (SimpleStrategy for a single cluster, NetworkTopologyStrategy for
    | data centers).

    Given persistence is Cassandra
    And the options of every application in scope
    Then each of them sets "persistence/cassandra-strategy-class" to a replication strategy

  @ORS-0704 @readiness @deployment @blocker
  Scenario: The strategy options can be read and fit the strategy class
    Why: Cassandra refuses a keyspace whose options do not fit its class. Cassandra 1.1.12 drops the connection when
    | NetworkTopologyStrategy is given a replication_factor.
    Fix: Options tab of the application, section persistence: set cassandra-strategy-options. With SimpleStrategy, write one
    | factor, such as replication_factor:2. With NetworkTopologyStrategy, write a number for each data center, such as
    | DC1:2;DC2:2. Do the same on the Backup.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7 (the replication factor of the keyspace); measured on Cassandra
    | 1.1.12. Unconfirmed: which separators ORS accepts.

    Given persistence is Cassandra
    And the options of every application in scope
    Then the strategy options of each of them can be read and fit its strategy class

  @ORS-0705 @readiness @deployment @blocker
  Scenario: All members of a cluster have the same keyspace and replication
    Why: Another member recovers a session only if it looks into the same keyspace. If members ask for different replication,
    | chance decides what the keyspace gets.
    Fix: Options tab of the applications that the report names, section persistence: set cassandra-keyspace-name and
    | cassandra-schema-version as on the other members. Set cassandra-strategy-class and cassandra-strategy-options in the
    | same way. Do the same on the Backup.
    Source: Genesys, "Clustering", ORS 8.1.4 (each node works with the same persistent storage); ORS Migration Procedure 8.1.2
    | to 8.1.4, steps 4 and 7.

    Given persistence is Cassandra
    Then all members of a cluster have the same keyspace, schema version and replication

  @ORS-0706 @readiness @deployment @blocker
  Scenario: SimpleStrategy is used only on a ring with a single data center
    Why: SimpleStrategy ignores data centers, so all copies of a session can be in the one that fails.
    Fix: Options tab of the application, section persistence: set cassandra-strategy-class to NetworkTopologyStrategy. Set
    | cassandra-strategy-options to a number of replicas for each data center. Do the same on the Backup. If the keyspace
    | exists, alter it too (see ORS-0708).
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7 (SimpleStrategy for a single cluster, NetworkTopologyStrategy for
    | data centers).

    Given persistence is Cassandra
    Then SimpleStrategy is used only on a ring with a single data center

  @ORS-0707 @readiness @deployment @blocker
  Scenario: The ring can hold the replicas that are asked for
    Why: Cassandra 1.1.12 accepts an unknown data center, and more replicas than Cassandra nodes, without a message. Then
    | sessions have fewer copies than planned, or none, and a quorum fails.
    Fix: Run `nodetool ring` (from 1.2 on, `nodetool status`) to see the data centers of the ring. Options tab of the
    | application, section persistence: spell them in cassandra-strategy-options exactly like that. Give no data center more
    | replicas than it has Cassandra nodes. With SimpleSnitch, write datacenter1. With RackInferringSnitch, write the second
    | octet of the address. Do the same on the Backup.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7; measured on Cassandra 1.1.12 (it accepts both mistakes); Apache
    | Cassandra, SimpleSnitch and RackInferringSnitch.

    Given persistence is Cassandra
    Then the ring has the nodes and data centers that the strategy options give replicas to

  @ORS-0708 @readiness @deployment @blocker
  Scenario: An existing keyspace is replicated as the options say
    Why: Options do not change a keyspace that exists. The ring goes on replicating as before, whatever the options promise.
    Fix: Cassandra administrator: alter the keyspace to the planned class and options. On 1.1, use cassandra-cli, for example:
    | `update keyspace KEYSPACE with placement_strategy='NetworkTopologyStrategy' and strategy_options={DC1:2,DC2:2};`. From
    | 2.2 on, use cqlsh, for example: `ALTER KEYSPACE "KEYSPACE" WITH replication = {'class': 'NetworkTopologyStrategy',
    | 'DC1': 2, 'DC2': 2};`. Then run `nodetool repair KEYSPACE` on every Cassandra node; from 2.2 on,
    | `nodetool repair -full KEYSPACE`. If the keyspace is right as it is, set the options to match it instead.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7 (the replication factor for a given keyspace); measured on
    | Cassandra 1.1.12 (cassandra-cli); Apache Cassandra, NEWS.txt (no cassandra-cli from 2.2 on); Apache Cassandra, nodetool
    | help repair (-full). Unconfirmed: that ORS leaves an existing keyspace as it is.

    Given persistence is Cassandra
    Then a keyspace that already exists has the strategy class and options of the application options

  @ORS-0709 @readiness @deployment @advice
  Scenario: Sessions outlive the loss of a node and of a data center
    Why: With one replica, a Cassandra node that fails takes sessions along. With fewer than three Cassandra nodes a quorum
    | needs each of them, and a data center without replicas reads from another one.
    Fix: Plan at least 2 replicas in each data center, and at least three Cassandra nodes. Options tab of the application,
    | section persistence: set cassandra-strategy-options to match. Do the same on the Backup.
    Source: Genesys, "Sizing Guidance", ORS 8.1.4 (replication factor 2; three nodes recommended for a quorum).

    Given persistence is Cassandra
    Then there are two replicas, three nodes, and replicas in each data center of the ring

  @ORS-0710 @readiness @deployment @warning
  Scenario: The nodes that ORS is given lead to the ring that was audited
    Why: If an application uses the Cassandra nodes of another ring, the audit says nothing about its persistence.
    Fix: Options tab of the application, section persistence: correct cassandra-nodes and cassandra-listenport. Do the same on
    | the Backup. If the options are right, write their Cassandra nodes into the estate file, [cassandra] nodes.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 5 and 7. Unconfirmed: the option names cassandra-nodes and
    | cassandra-listenport.

    Given persistence is Cassandra
    Then the Cassandra nodes and the port that ORS is given lead to the ring that was audited

  @ORS-0711 @deployment @blocker
  Scenario: The keyspace exists in the ring
    Why: Without its keyspace ORS has persisted nothing since the installation.
    Fix: Read the log of the application for Cassandra errors. Options tab of the application, section persistence: check
    | cassandra-keyspace-name. If the name is right, create the keyspace as the Cassandra Installation/Configuration Guide
    | says. Then restart the application.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 5, 7 and 10. Unconfirmed: who creates the keyspace.

    Given persistence is Cassandra
    Then the keyspace exists in the ring

  @ORS-0712 @readiness @deployment @warning
  Scenario: An existing keyspace is whole and has no double
    Why: ORS keeps sessions in the column families Session and SessionIDServerInfo. If they are missing, nobody loaded the
    | schema, or the keyspace belongs to something else.
    Fix: Cassandra administrator: load the ORS schema into the keyspace, as the Cassandra Installation/Configuration Guide
    | says. If nobody uses a second keyspace, run `nodetool snapshot KEYSPACE` on every Cassandra node and drop it. Options
    | tab of the application, section persistence: correct the letter case of cassandra-keyspace-name.
    Source: Genesys, "Sizing Guidance", ORS 8.1.4 (the column families); measured on Cassandra 1.1.12 (it refuses
    | Orchestration where orchestration exists).

    Given persistence is Cassandra
    Then an existing keyspace has the column families of ORS, and no second one has nearly its name

  @ORS-0713 @readiness @deployment @warning
  Scenario: Data center labels of cluster members are data centers of the ring
    Why: These labels need not be those of Cassandra, but a difference is usually a typing mistake. Then ORS sees other data
    | centers than the ring has.
    Fix: Annex tab of the cluster Transaction, section cluster: spell the value of the member as the ring spells its data
    | center. If you want the difference, leave it: a warning decides the verdict only with --strict.
    Source: Genesys, "Clustering", ORS 8.1.4 (the value is the data center name). Unconfirmed: that it has to be that of
    | Cassandra.

    Given persistence is Cassandra
    Then the data centers that cluster members are labelled with are data centers of the ring

  @ORS-0751 @rehearsal @blocker
  Scenario: Cassandra creates the keyspace as the options ask for it
    Why: What the server refuses or silently changes, ORS would meet in the change window. The text of the options does not
    | show it.
    Fix: Options tab of the application, section persistence: correct cassandra-keyspace-name, cassandra-strategy-class or
    | cassandra-strategy-options, as the answer of the server says. Do the same on the Backup.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7; measured on a twin of the ring (with the release that the report
    | names).

    Given persistence is Cassandra
    Then a twin of the ring creates each keyspace as the options ask for it, and gives it back the same

  @ORS-0752 @rehearsal @blocker
  Scenario: Rows of every token range can be written and read
    Why: Cassandra 1.1.12 accepts an unknown data center, and more replicas than Cassandra nodes. Then there is no quorum, and
    | ORS keeps no session.
    Fix: Options tab of the application, section persistence: spell the data centers in cassandra-strategy-options as the ring
    | does. Give no data center more replicas than it has Cassandra nodes. Do the same on the Backup.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7; measured on a twin of the ring. Unconfirmed: the consistency level
    | that ORS uses.

    Given persistence is Cassandra
    Then rows of every token range are written to the twin and read back, at QUORUM and in each data center

  @ORS-0753 @rehearsal @advice
  Scenario: The loss of one node does not keep rows from being written and read
    Why: With two replicas a quorum needs both. The loss or restart of one Cassandra node then stops what works at a quorum.
    Fix: Plan 3 replicas if a quorum must survive the loss of a Cassandra node. Options tab of the application, section
    | persistence: set cassandra-strategy-options to match, for each data center with NetworkTopologyStrategy. Do the same on
    | the Backup. Check that each data center has that many Cassandra nodes.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7; measured on a twin of the ring. Unconfirmed: the consistency level
    | that ORS uses.

    Given persistence is Cassandra
    Then rows of every token range are written to the twin and read back while one node is down

  @ORS-0754 @rehearsal @blocker
  Scenario: Each token range has the replicas that the options promise
    Why: Cassandra accepts more replicas than the ring can hold. Then a session has fewer copies than the design counts on, or
    | none in a whole data center.
    Fix: Options tab of the application, section persistence: spell the data centers in cassandra-strategy-options as the ring
    | does. Give no data center more replicas than it has Cassandra nodes. Do the same on the Backup. If the design needs more
    | replicas, add Cassandra nodes before the migration.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7 (the replication factor); measured on a twin of the ring
    | (describe_ring).

    Given persistence is Cassandra
    Then each token range of the twin has as many replicas in each data center as the options promise
