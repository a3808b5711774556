Feature: Step 5: Cassandra

  @ORS-0501 @readiness @deployment @blocker
  Scenario: Every node runs a Cassandra release that the target ORS build supports
    Why: ORS stores sessions through a Thrift library, which Genesys supports with certain releases of Apache Cassandra only.
    | With another release nobody answers for session recovery.
    Fix: Cassandra administrator: install a supported release on every Cassandra node that the report names;
    | `orsgate explain ORS-0501` lists them. If the release must stay, choose an ORS build that supports it. Estate file,
    | [policy]: add to cassandra, with a reason, what Genesys confirmed to you.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 5 (1.1.x from 1.1.12); Genesys, "Cassandra 2.2.5 / 3.9
    | Installation/Configuration Guide", ORS 8.1.4 (2.2.5 from build 8.1.400.40, 3.9 from 8.1.400.51, no DataStax DSE).

    Given persistence is Cassandra
    Then every node of the ring runs a Cassandra release that the target ORS build supports

  @ORS-0502 @readiness @deployment @blocker
  Scenario: All nodes run the same Cassandra release
    Why: Two releases in one ring mean an unfinished upgrade. Until it is finished, a schema change may reach some Cassandra
    | nodes only.
    Fix: Cassandra administrator: install the release of the others on every Cassandra node that the report names. Check each
    | one with `nodetool version`.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 5 (one release line). Unconfirmed: that ORS itself needs one release,
    | and what a mixed ring does.

    Given persistence is Cassandra
    Then all nodes of the ring run the same release

  @ORS-0503 @readiness @deployment @blocker
  Scenario: Every node of the ring answers Thrift
    Why: ORS reaches Cassandra over Thrift only. A Cassandra node that is down keeps its replicas back, and one without Thrift
    | answers no request of ORS.
    Fix: Cassandra administrator: start Cassandra on the Cassandra node that the report names. Check rpc_address and rpc_port
    | (9160) in cassandra.yaml. With release 2.2 or later, set start_rpc: true there and restart. With release 4.0 or later,
    | install a release that ORS supports, because 4.0 has no Thrift. Check with `nodetool statusthrift`.
    Source: Genesys, "Cassandra 2.2.5 / 3.9 Installation/Configuration Guide", ORS 8.1.4 (ORS uses a C++ library based on
    | Thrift); ORS Migration Procedure 8.1.2 to 8.1.4, step 5; Apache Cassandra, NEWS.txt (Thrift is off by default from 2.2
    | on, and gone from 4.0 on).

    Given persistence is Cassandra
    Then every node of the ring answers Thrift

  @ORS-0504 @readiness @deployment @blocker
  Scenario: The ring has one schema version and no unreachable member
    Why: Cassandra nodes of different schema versions have different keyspaces and column families, so sessions on some are
    | missing on others. A lost member takes its replicas with it.
    Fix: Cassandra administrator: start the Cassandra node that others cannot reach. If it is gone for good, remove it:
    | `nodetool removetoken TOKEN` on 1.1, `nodetool removenode HOST_ID` from 1.2 on. Restart a Cassandra node with another
    | schema version. Check with `describe cluster;` in cassandra-cli on 1.1. From 2.2 on, check with
    | `nodetool describecluster`.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 5; Apache Cassandra, describe_schema_versions; measured on Cassandra
    | 1.1.12 (describe cluster; its nodetool has no describecluster); Apache Cassandra, NEWS.txt (removenode from 1.2 on, no
    | cassandra-cli from 2.2 on).

    Given persistence is Cassandra
    Then the ring has one schema version and no unreachable member

  @ORS-0505 @readiness @deployment @warning
  Scenario: All nodes agree on the cluster name and the partitioner
    Why: Another cluster name or partitioner means another ring. What ORS writes to one ring, it does not find on the other.
    Fix: Cassandra administrator: correct cluster_name or partitioner in cassandra.yaml of the Cassandra node that the report
    | names. If the node has data, do not change its partitioner: set it up anew. If it belongs to another ring, remove it
    | from persistence/cassandra-nodes.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 5; Apache Cassandra, cassandra.yaml; Apache Cassandra, NEWS.txt (no
    | other partitioner once there is data).

    Given persistence is Cassandra
    Then all nodes of the ring agree on the cluster name and the partitioner

  @ORS-0506 @readiness @deployment @blocker
  Scenario: All nodes give the same data center and rack for every member
    Why: Each Cassandra node computes data centers from its own files. With an old file it looks for replicas where there are
    | none, and schema agreement does not show it.
    Fix: Cassandra administrator: give every Cassandra node the same endpoint_snitch and the same
    | cassandra-topology.properties. Restart the changed ones, one by one. Compare `nodetool ring` of all nodes. Do not move a
    | Cassandra node with data to another data center or rack: from 2.2.4 on Cassandra does not allow it.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 7 (NetworkTopologyStrategy for data centers); measured on Cassandra
    | 1.1.12 (describe_ring answers from the files of the node that is asked); Apache Cassandra, NEWS.txt (2.2.4, data center
    | and rack).

    Given persistence is Cassandra
    Then all nodes of the ring give the same data center and rack for every member

  @ORS-0507 @readiness @advice
  Scenario: The Cassandra release is still maintained
    Why: Nobody repairs the faults of a release at its end of life, and ORS 8.1.4 supports only such releases. Genesys no
    | longer recommends Cassandra for session recovery.
    Fix: Plan to keep sessions in Redis, which ORS supports from build 8.1.401.10 on. Estate file, [estate]: set persistence
    | to redis once you use it.
    Source: Genesys, "Persistence", ORS 8.1.4; https://endoflife.date/apache-cassandra.

    Given persistence is Cassandra
    Then the release of the ring is still maintained

  @ORS-0508 @readiness @deployment @warning
  Scenario: Tokens are spread evenly within each data center
    Why: A Cassandra node that owns much more than the others stores more sessions and carries more load.
    Fix: Cassandra administrator: compute evenly spaced tokens for each data center. Run `nodetool move TOKEN` on one
    | Cassandra node after the other. Then run `nodetool cleanup` on all of them. If a node has several tokens (num_tokens,
    | from 1.2 on), leave it: Cassandra refuses to move it.
    Source: ORS Migration Procedure 8.1.2 to 8.1.4, step 5; Apache Cassandra, cassandra.yaml (initial_token, num_tokens).

    Given persistence is Cassandra
    Then within each data center no node of the ring owns more than twice what another owns
