Feature: Step 4: ORS cluster

  @ORS-0401 @readiness @deployment @blocker
  Scenario: An ORS cluster is configured
    Why: ORS learns which nodes share the load, and in which data center each is, from the member list of the cluster alone.
    Fix: Create a Transaction of type List; in its Annex create a section cluster with an option for each Primary: its Application
    | name, and its data center as the value.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 4; Genesys, "Clustering", ORS 8.1.4.

    Then an ORS cluster is configured

  @ORS-0402 @readiness @deployment @blocker
  Scenario: The members of the clusters are the Primaries
    Why: A Primary that is no member takes no part in the cluster, one that is listed twice belongs to two, and a member that is no
    | enabled Primary is a node that never serves.
    Fix: Annex of the cluster Transaction, section cluster: one option for each Primary, named exactly like its Application; no Backup,
    | and nothing else.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 4; Genesys, "Clustering", ORS 8.1.4.

    Then every Primary in scope is a member exactly once, and every member is an enabled Primary

  @ORS-0403 @readiness @deployment @blocker
  Scenario: Each data center has one spelling
    Why: Names that differ in letter case or blanks read as two data centers, so that nodes that are together are taken to be apart.
    Fix: Annex of the cluster Transaction, section cluster: write the same name in the same way for all members, in all clusters.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 4; Genesys, "Clustering", ORS 8.1.4 (the value is the data center name).

    Then no two data center names differ only in letter case or blanks

  @ORS-0404 @readiness @deployment @blocker
  Scenario: All members of a cluster use the same persistent storage
    Why: A node can recover the sessions of another one only from the keyspace and the ring in which that one keeps them.
    Fix: Options tab, section persistence: the same cassandra-keyspace-name on all members of the cluster, and in cassandra-nodes hosts
    | of the same ring.
    Source: Genesys, "Clustering" and "Persistence", ORS 8.1.4 (each node works with the same persistent storage); the option name
    | cassandra-nodes is unconfirmed.

    Given persistence is Cassandra
    Then all members of a cluster use the same persistent storage

  @ORS-0405 @readiness @deployment @warning
  Scenario: Options that must be the same on all nodes are the same
    Why: Genesys demands the same value of complete-assoc-on-target-node on all ORS nodes in a cluster.
    Fix: Options tab, section orchestration: set complete-assoc-on-target-node to the same value on all nodes, Primaries and Backups.
    Source: Genesys, "Application-Level Options", ORS 8.1.4 (complete-assoc-on-target-node, from 8.1.400.53).

    Then options that must be the same on all nodes of a cluster are the same

  @ORS-0406 @readiness @deployment @warning
  Scenario: No application contradicts the shared options of its cluster
    Why: Which value counts when the application and the Annex of its cluster set the same option is not documented.
    Fix: Delete the option on the Options tab of the application, or in the Annex of the cluster Transaction.
    Source: Genesys, "Clustering", ORS 8.1.4 (options shared by all nodes, from 8.1.400.64); which one counts is unconfirmed.

    Given a cluster has shared options
    And the target build is "8.1.400.64" or later
    Then no application sets an option to another value than the shared options of its cluster

  @ORS-0407 @readiness @deployment @warning
  Scenario: The cluster Transaction is where ORS looks for it
    Why: A Transaction that is disabled or lies under another tenant is not where ORS is documented to find its cluster.
    Fix: Enable the Transaction, and create it under the Environment tenant, or in Resources where there is a single tenant.
    Source: Genesys, "Clustering", ORS 8.1.4 (the tenant); what ORS does with a disabled Transaction is unconfirmed.

    Then each cluster Transaction is enabled, and under the tenant Environment or in Resources

  @ORS-0408 @readiness @deployment @warning
  Scenario: Either all members name a data center or none does
    Why: A member without a data center beside members that have one belongs to none of them.
    Fix: Annex of the cluster Transaction, section cluster: give each member its data center as the value, or give none to all.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 4; Genesys, "Clustering", ORS 8.1.4; how ORS treats a mixture is unconfirmed.

    Then all members of a cluster name a data center, or none does

  @ORS-0409 @readiness @deployment @warning
  Scenario: Before 8.1.400.64 the Transaction is named ORS_Cluster
    Why: Builds before 8.1.400.64 look the cluster up by this one name, and do not find one with another name.
    Fix: Name the Transaction ORS_Cluster, or create one of that name with the same Annex and delete the other.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 4; the fixed name is unconfirmed.

    Given the target build is earlier than "8.1.400.64"
    Then each cluster Transaction is named "ORS_Cluster"
