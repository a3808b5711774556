Feature: Step 4: ORS cluster

  @ORS-0401 @readiness @deployment @blocker
  Scenario: An ORS cluster is configured
    Why: The cluster Transaction tells ORS which ORS nodes share the load, and in which data center each one is.
    Fix: Create a Transaction of type List. Annex tab of the Transaction: create the section cluster. Add one option for each
    | Primary there: its application name, with its data center as the value. If you audit exports, add the same members to
    | the estate file as a [[cluster]].
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 4; Genesys, "Clustering", ORS 8.1.4.

    Then an ORS cluster is configured

  @ORS-0402 @readiness @deployment @blocker
  Scenario: The members of the clusters are the Primaries
    Why: A Primary outside the list takes no part in the cluster, and a Primary in two lists belongs to both. A member that is
    | no enabled Primary never serves.
    Fix: Annex tab of the cluster Transaction, section cluster: keep one option for each Primary, named exactly like its
    | application. Delete Backups and all other names.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 4; Genesys, "Clustering", ORS 8.1.4.

    Then every Primary in scope is a member exactly once, and every member is an enabled Primary

  @ORS-0403 @readiness @deployment @blocker
  Scenario: Each data center has one spelling
    Why: Two spellings of one name can read as two data centers. Then ORS nodes that are together count as apart.
    Fix: Annex tab of the cluster Transaction, section cluster: write each data center name in the same way for all members,
    | in all clusters.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 4; Genesys, "Clustering", ORS 8.1.4 (the value is the data center
    | name).

    Then no two data center names differ only in letter case or blanks

  @ORS-0404 @readiness @deployment @blocker
  Scenario: All members of a cluster use the same persistent storage
    Why: An ORS node can recover the sessions of another one only from the keyspace and the ring that hold them.
    Fix: Options tab of all members and their Backups, section persistence: set cassandra-keyspace-name to the same keyspace.
    | Set cassandra-nodes to hosts of the same ring; the hosts may differ.
    Source: Genesys, "Clustering", ORS 8.1.4 (each node works with the same persistent storage); Genesys, "Persistence", ORS
    | 8.1.4. Unconfirmed: the option name cassandra-nodes.

    Given persistence is Cassandra
    Then all members of a cluster use the same persistent storage

  @ORS-0405 @readiness @deployment @warning
  Scenario: Options that must be the same on all nodes are the same
    Why: Genesys demands one value of complete-assoc-on-target-node for all ORS nodes in a cluster, and describes no mixture.
    Fix: Options tab of all members and their Backups, section orchestration: set complete-assoc-on-target-node to the same
    | value.
    Source: Genesys, "Application-Level Options", ORS 8.1.4 (complete-assoc-on-target-node, from 8.1.400.53).

    Then options that must be the same on all nodes of a cluster are the same

  @ORS-0406 @readiness @deployment @warning
  Scenario: No application contradicts the shared options of its cluster
    Why: Genesys does not say which value counts when the application and the cluster Transaction set one option differently.
    Fix: If the shared value is right, delete the option on the Options tab of the application and of its Backup. If the value
    | of the application is right, delete the option on the Annex tab of the cluster Transaction.
    Source: Genesys, "Clustering", ORS 8.1.4 (options shared by all nodes, from 8.1.400.64). Unconfirmed: which value counts.

    Given a cluster has shared options
    And the target build is "8.1.400.64" or later
    Then no application sets an option to another value than the shared options of its cluster

  @ORS-0407 @readiness @deployment @warning
  Scenario: The cluster Transaction is where ORS looks for it
    Why: Genesys names the Environment tenant, or Resources, as its place. ORS may miss a Transaction that lies elsewhere or
    | is disabled.
    Fix: General tab of the cluster Transaction: set State Enabled. If it lies under another tenant, create it under the
    | Environment tenant. With a single tenant, create it in Resources.
    Source: Genesys, "Clustering", ORS 8.1.4 (the tenant). Unconfirmed: what ORS does with a disabled Transaction.

    Then each cluster Transaction is enabled, and under the tenant Environment or in Resources

  @ORS-0408 @readiness @deployment @warning
  Scenario: Either all members name a data center or none does
    Why: Beside members with a data center, a member without one belongs to none of them.
    Fix: Annex tab of the cluster Transaction, section cluster: give each member its data center as the value. If you use no
    | data centers, clear the value of every member.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 4; Genesys, "Clustering", ORS 8.1.4. Unconfirmed: how ORS treats a
    | mixture.

    Then all members of a cluster name a data center, or none does

  @ORS-0409 @readiness @deployment @warning
  Scenario: Before 8.1.400.64 the Transaction is named ORS_Cluster
    Why: Earlier builds look the cluster up by this one name, and find no other.
    Fix: General tab of the cluster Transaction: set Name to ORS_Cluster. If you cannot rename it, create ORS_Cluster with the
    | same Annex tab and delete the old one.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 4. Unconfirmed: the fixed name.

    Given the target build is earlier than "8.1.400.64"
    Then each cluster Transaction is named "ORS_Cluster"
