Feature: Step 5: Cassandra

  @ORS-0501 @readiness @deployment @blocker
  Scenario: Every node runs a Cassandra release that the target ORS build supports
    Why: ORS reads and writes sessions through a Thrift library made for certain releases of Apache Cassandra; with another one
    | sessions are not persisted or not recovered, and Genesys gives no support.
    Fix: Install a supported release of Apache Cassandra on the nodes that are named (orsgate explain ORS-0501 shows the list), or
    | choose an ORS build that supports theirs. What Genesys has confirmed to you goes into [policy] cassandra of the estate file.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 5 (1.1.x from 1.1.12); Genesys, "Cassandra 2.2.5 / 3.9
    | Installation/Configuration Guide" (2.2.5 from build 8.1.400.40, 3.9 from 8.1.400.51, no DataStax DSE).

    Given persistence is Cassandra
    Then every node of the ring runs a Cassandra release that the target ORS build supports

  @ORS-0502 @readiness @deployment @blocker
  Scenario: All nodes run the same Cassandra release
    Why: A ring of several releases is a rolling upgrade that was not finished; while it lasts, the schema must not be changed and
    | nodes cannot stream data to each other, so a keyspace may exist on some nodes only.
    Fix: Cassandra administrator: bring the nodes that are named to the release of the others.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 5 names one release line; that ORS itself minds is unconfirmed.

    Given persistence is Cassandra
    Then all nodes of the ring run the same release

  @ORS-0503 @readiness @deployment @blocker
  Scenario: Every node of the ring answers Thrift
    Why: ORS reaches Cassandra over Thrift only. A node that is down, or whose Thrift server is off, holds replicas that ORS cannot
    | read, also where no option names this node.
    Fix: Start Cassandra on the node; from 2.2 on set start_rpc: true in cassandra.yaml; check rpc_address and rpc_port (9160).
    | Cassandra 4.0 and later have no Thrift: use a release that ORS supports.
    Source: Genesys, "Cassandra 2.2.5 / 3.9 Installation/Configuration Guide" (ORS uses a C++ library based on Thrift);
    | ORS Migration Procedure 8.1.2 to 8.1.4, step 5.

    Given persistence is Cassandra
    Then every node of the ring answers Thrift

  @ORS-0504 @readiness @deployment @blocker
  Scenario: The ring has one schema version and no unreachable member
    Why: Nodes of different schema versions do not have the same keyspaces and column families, so sessions are written to some
    | and lost on others; a member that the others cannot reach takes its replicas with it.
    Fix: Cassandra administrator: start the unreachable member, or remove it from the ring if it is gone for good; restart a node
    | whose schema version differs, and check with `describe cluster` in cassandra-cli (nodetool describecluster) again.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 5; Apache Cassandra, describe_schema_versions.

    Given persistence is Cassandra
    Then the ring has one schema version and no unreachable member

  @ORS-0505 @readiness @deployment @warning
  Scenario: All nodes agree on the cluster name and the partitioner
    Why: Nodes with another cluster name or partitioner are another ring: what ORS writes to one is not found on the other.
    Fix: Cassandra administrator: correct cluster_name or partitioner in cassandra.yaml of the node that is named, or take the node
    | out of persistence/cassandra-nodes if it belongs to another ring. A partitioner cannot be changed on a node that has data.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 5; Apache Cassandra, cassandra.yaml.

    Given persistence is Cassandra
    Then all nodes of the ring agree on the cluster name and the partitioner

  @ORS-0506 @readiness @deployment @blocker
  Scenario: All nodes give the same data center and rack for every member
    Why: Each node computes data centers from its own files. A cassandra-topology.properties forgotten on one node makes it look for
    | replicas where there are none, and the agreement of schemas does not show it.
    Fix: Cassandra administrator: give every node the same endpoint_snitch and the same cassandra-topology.properties, and restart
    | those that were changed, one by one.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7 (NetworkTopologyStrategy with data centers); measured on Cassandra 1.1.12:
    | describe_ring answers from the files of the node that is asked.

    Given persistence is Cassandra
    Then all nodes of the ring give the same data center and rack for every member

  @ORS-0507 @readiness @advice
  Scenario: The Cassandra release is still maintained
    Why: Every release that ORS 8.1.4 supports is end of life: nobody repairs its faults any more. Genesys no longer recommends
    | Cassandra for session recovery.
    Fix: Plan to keep sessions in Redis, which ORS supports from build 8.1.401.10 on (persistence = "redis").
    Source: Genesys, "Persistence", ORS 8.1.4; https://endoflife.date/apache-cassandra.

    Given persistence is Cassandra
    Then the release of the ring is still maintained

  @ORS-0508 @readiness @deployment @warning
  Scenario: Tokens are spread evenly within each data center
    Why: A node that owns much more than the others carries more sessions and more load than they do, and becomes the limit of all.
    Fix: Cassandra administrator: give the nodes of a data center evenly spaced tokens (nodetool move, then nodetool cleanup).
    Source: Apache Cassandra, initial_token in cassandra.yaml; ORS Migration Procedure 8.1.2 to 8.1.4, step 5.

    Given persistence is Cassandra
    Then within each data center no node of the ring owns more than twice what another owns
