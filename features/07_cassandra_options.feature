Feature: Step 7: Cassandra options

  @ORS-0701 @readiness @deployment @blocker
  Scenario: Every application names a keyspace that Cassandra accepts
    Why: Sessions are kept in this keyspace. Without a name, or with one that Cassandra refuses, there is no session recovery.
    Fix: Options tab of the application, section persistence: set cassandra-keyspace-name (Orchestration, for example) to letters,
    | digits and underscores, on the Backup too.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7 (the option); Apache Cassandra (what a keyspace may be called).

    Given persistence is Cassandra
    And the options of every application in scope
    Then each of them sets "persistence/cassandra-keyspace-name" to a keyspace name that Cassandra accepts

  @ORS-0702 @readiness @deployment @blocker
  Scenario: Every application names the Cassandra schema version
    Why: Presumably (unconfirmed) ORS finds out by it whether the column families in the keyspace are those it works with.
    Fix: Options tab of the application, section persistence: set cassandra-schema-version to the value in the ORS 8.1.4
    | documentation of this option, on the Backup too.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7; what it is for, and its form ORS8 and six digits, are unconfirmed.

    Given persistence is Cassandra
    And the options of every application in scope
    Then each of them sets the Cassandra schema version

  @ORS-0703 @readiness @deployment @blocker
  Scenario: Every application names a replication strategy
    Why: The class decides on which nodes the copies of a session are kept; Cassandra refuses one that it does not know.
    Fix: Options tab of the application, section persistence: set cassandra-strategy-class to SimpleStrategy for a single Cassandra
    | cluster, or to NetworkTopologyStrategy where Cassandra is deployed in data centers.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7.

    Given persistence is Cassandra
    And the options of every application in scope
    Then each of them sets "persistence/cassandra-strategy-class" to a replication strategy

  @ORS-0704 @readiness @deployment @blocker
  Scenario: The strategy options can be read and fit the strategy class
    Why: Options that do not fit make Cassandra refuse the keyspace; Cassandra 1.1.12 drops the connection without a word when
    | NetworkTopologyStrategy is given a replication_factor.
    Fix: Options tab of the application, section persistence: set cassandra-strategy-options to replication_factor:2 with
    | SimpleStrategy, or to a number for each data center, DC1:2;DC2:2, with NetworkTopologyStrategy.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7 (the replication factor of the keyspace); measured on Cassandra 1.1.12.
    | Which separators ORS accepts is unconfirmed.

    Given persistence is Cassandra
    And the options of every application in scope
    Then the strategy options of each of them can be read and fit its strategy class

  @ORS-0705 @readiness @deployment @blocker
  Scenario: All members of a cluster have the same keyspace and replication
    Why: A session is recovered by another member of the cluster only if that looks for it in the same keyspace; two members that
    | ask for different replication make the keyspace depend on who comes first.
    Fix: Options tab of the applications that are named, section persistence: give cassandra-keyspace-name, -schema-version,
    | -strategy-class and -strategy-options the same values on all members, and on their Backups.
    Source: Genesys, "Clustering", ORS 8.1.4 (each node works with the same persistent storage); ORS Migration Procedure 8.1.2 to
    | 8.1.4, steps 4 and 7.

    Given persistence is Cassandra
    Then all members of a cluster have the same keyspace, schema version and replication

  @ORS-0706 @readiness @deployment @blocker
  Scenario: SimpleStrategy is used only on a ring with a single data center
    Why: SimpleStrategy places replicas without regard to data centers, so all copies of a session can be in the one that fails.
    Fix: Options tab of the application, section persistence: set cassandra-strategy-class to NetworkTopologyStrategy and
    | cassandra-strategy-options to a number of replicas for each data center; an existing keyspace has to be altered as well.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7 (SimpleStrategy for a single cluster, NetworkTopologyStrategy for data
    | centers).

    Given persistence is Cassandra
    Then SimpleStrategy is used only on a ring with a single data center

  @ORS-0707 @readiness @deployment @blocker
  Scenario: The ring can hold the replicas that are asked for
    Why: Cassandra accepts a data center that does not exist and more replicas than nodes without a word; then there are fewer
    | copies of a session than planned, or none, and a quorum cannot be reached.
    Fix: Options tab of the application, section persistence: in cassandra-strategy-options spell the data centers as the ring does
    | (nodetool ring; SimpleSnitch calls its data center datacenter1, RackInferringSnitch uses the second octet of the address),
    | with not more replicas than the data center has nodes.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7; measured on Cassandra 1.1.12 (both mistakes are accepted).

    Given persistence is Cassandra
    Then the ring has the nodes and data centers that the strategy options give replicas to

  @ORS-0708 @readiness @deployment @blocker
  Scenario: An existing keyspace is replicated as the options say
    Why: Options do not change a keyspace that exists: its sessions are replicated as the ring has it, not as the options promise.
    Fix: Cassandra administrator: alter the keyspace to the class and options that are planned, then run nodetool repair on every
    | node; or set cassandra-strategy-class and cassandra-strategy-options to what the keyspace has, if that is what is wanted.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7 (the replication factor for a given keyspace); that ORS leaves an existing
    | keyspace as it is, is unconfirmed.

    Given persistence is Cassandra
    Then a keyspace that already exists has the strategy class and options of the application options

  @ORS-0709 @readiness @deployment @advice
  Scenario: Sessions outlive the loss of a node and of a data center
    Why: With one replica the loss of a node loses sessions; with fewer than three nodes there is no quorum without each of them; a
    | data center without replicas has to read every session from another one.
    Fix: Plan at least 2 replicas in each data center, and at least three nodes.
    Source: Genesys, "Sizing Guidance", ORS (replication factor 2; three nodes recommended for a quorum).

    Given persistence is Cassandra
    Then there are two replicas, three nodes, and replicas in each data center of the ring

  @ORS-0710 @readiness @deployment @warning
  Scenario: The nodes that ORS is given lead to the ring that was audited
    Why: Where an application is given nodes of another ring, this audit says nothing about its persistence.
    Fix: Options tab of the application, section persistence: put right cassandra-nodes and cassandra-listenport; or name the nodes
    | of the right ring in [cassandra] nodes of the estate file.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 5 and 7; the names cassandra-nodes and cassandra-listenport are unconfirmed.

    Given persistence is Cassandra
    Then the Cassandra nodes and the port that ORS is given lead to the ring that was audited

  @ORS-0711 @deployment @blocker
  Scenario: The keyspace exists in the ring
    Why: After the installation ORS has connected to Cassandra; without the keyspace it has persisted nothing.
    Fix: Look for Cassandra errors in the ORS log, and for the name in cassandra-keyspace-name; create the keyspace as the Cassandra
    | Installation/Configuration Guide says, then restart ORS.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, steps 7 and 10; who creates the keyspace is unconfirmed.

    Given persistence is Cassandra
    Then the keyspace exists in the ring

  @ORS-0712 @readiness @deployment @warning
  Scenario: An existing keyspace is whole and has no double
    Why: ORS keeps sessions in the column families Session and SessionIDServerInfo; where they are missing, the schema was not loaded
    | or belongs to something else. Cassandra refuses keyspace names that differ only in letter case.
    Fix: Cassandra administrator: load the schema for ORS into the keyspace; correct the letter case in cassandra-keyspace-name, or
    | drop the keyspace that is not used.
    Source: Genesys, "Sizing Guidance", ORS (the column families); measured on Cassandra 1.1.12 (Orchestration is refused where
    | orchestration exists).

    Given persistence is Cassandra
    Then an existing keyspace has the column families of ORS, and no second one has nearly its name

  @ORS-0713 @readiness @deployment @warning
  Scenario: Data center labels of cluster members are data centers of the ring
    Why: The labels need not be those of Cassandra, but a difference is usually a typing mistake, and then ORS sees other data
    | centers than the ring has.
    Fix: Annex of the cluster Transaction, section cluster: spell the value of the member as the ring spells its data center.
    | If the difference is intended, leave it: this is a warning and does not decide the verdict.
    Source: Genesys, "Clustering", ORS 8.1.4 (the value is the data center name); that it has to be that of Cassandra is unconfirmed.

    Given persistence is Cassandra
    Then the data centers that cluster members are labelled with are data centers of the ring

  @ORS-0751 @rehearsal @blocker
  Scenario: Cassandra creates the keyspace as the options ask for it
    Why: What the server refuses, or silently changes, ORS finds out in the change window; no check of the text of the options shows
    | it. Cassandra 1.1.12 drops the connection when NetworkTopologyStrategy is given a replication_factor.
    Fix: Options tab of the application, section persistence: put right cassandra-keyspace-name, cassandra-strategy-class or
    | cassandra-strategy-options, as the answer of the server says, on the Backup too.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7; measured on a twin of the ring, with the release that the report names.

    Given persistence is Cassandra
    Then a twin of the ring creates each keyspace as the options ask for it, and gives it back the same

  @ORS-0752 @rehearsal @blocker
  Scenario: Rows of every token range can be written and read
    Why: Cassandra 1.1.12 accepts a data center that does not exist and more replicas than nodes; then there is no quorum, and no
    | session is kept. Only writing and reading shows it.
    Fix: Options tab of the application, section persistence: in cassandra-strategy-options spell the data centers as the ring does,
    | with not more replicas than there are nodes.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7; measured on a twin of the ring. The consistency level that ORS uses is
    | unconfirmed.

    Given persistence is Cassandra
    Then rows of every token range are written to the twin and read back, at QUORUM and in each data center

  @ORS-0753 @rehearsal @advice
  Scenario: The loss of one node does not keep rows from being written and read
    Why: With two replicas a quorum needs both, so that the loss or the restart of one node stops what works at a quorum.
    Fix: Plan 3 replicas where a quorum is to survive the loss of a node: in cassandra-strategy-options for SimpleStrategy, or for
    | each data center where LOCAL_QUORUM is used; it needs as many nodes there.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7; measured on a twin of the ring. The consistency level that ORS uses is
    | unconfirmed.

    Given persistence is Cassandra
    Then rows of every token range are written to the twin and read back while one node is down

  @ORS-0754 @rehearsal @blocker
  Scenario: Each token range has the replicas that the options promise
    Why: A promise of replicas that the ring cannot keep is accepted without a word; then there are fewer copies of a session than
    | the design counts on, or none in a whole data center.
    Fix: Options tab of the application, section persistence: in cassandra-strategy-options spell the data centers as the ring does,
    | with not more replicas than the data center has nodes; or add nodes to the ring before the migration.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7 (the replication factor); measured on a twin of the ring (describe_ring).

    Given persistence is Cassandra
    Then each token range of the twin has as many replicas in each data center as the options promise
