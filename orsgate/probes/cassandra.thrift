// SPDX-License-Identifier: Apache-2.0
//
// The read-only part of Cassandra's Thrift interface (1.0 to 3.x) that the probe asks, written for this project from the
// wire facts: names, field ids and types. A field that the probe never looks at is left out: the decoder skips it.

namespace py cassandra

enum Compression { GZIP = 1, NONE = 2 }
enum ConsistencyLevel { ONE = 1, QUORUM = 2 }
enum CqlResultType { ROWS = 1, VOID = 2, INT = 3 }

exception InvalidRequestException { 1: required string why }
exception AuthenticationException { 1: required string why }
exception AuthorizationException { 1: required string why }
exception UnavailableException {}
exception TimedOutException {}
exception SchemaDisagreementException {}

struct AuthenticationRequest { 1: required map<string, string> credentials }

struct Column {
  1: required binary name
  2: optional binary value
}

struct CqlRow {
  1: required binary key
  2: required list<Column> columns
}

struct CqlResult {
  1: required CqlResultType type
  2: optional list<CqlRow> rows
}

struct ColumnParent { 3: required string column_family }

struct SliceRange {
  1: required binary start
  2: required binary finish
  3: required bool reversed
  4: required i32 count
}

struct SlicePredicate { 2: optional SliceRange slice_range }

struct CfDef { 2: required string name }

struct KsDef {
  1: required string name
  2: required string strategy_class
  3: optional map<string, string> strategy_options
  4: optional i32 replication_factor
  5: required list<CfDef> cf_defs
}

struct EndpointDetails {
  1: required string host
  2: required string datacenter
  3: optional string rack
}

struct TokenRange {
  3: required list<string> endpoints
  4: optional list<string> rpc_endpoints
  5: optional list<EndpointDetails> endpoint_details
}

service Cassandra {
  void login(1: required AuthenticationRequest auth_request)
    throws (1: AuthenticationException authnx, 2: AuthorizationException authzx)

  void set_keyspace(1: required string keyspace)
    throws (1: InvalidRequestException ire)

  i32 get_count(1: required binary key, 2: required ColumnParent column_parent, 3: required SlicePredicate predicate,
                4: required ConsistencyLevel consistency_level)
    throws (1: InvalidRequestException ire, 2: UnavailableException ue, 3: TimedOutException te)

  string describe_version()
  string describe_cluster_name()
  string describe_partitioner()
  string describe_snitch()

  map<string, list<string>> describe_schema_versions()
    throws (1: InvalidRequestException ire)

  list<KsDef> describe_keyspaces()
    throws (1: InvalidRequestException ire)

  list<TokenRange> describe_ring(1: required string keyspace)
    throws (1: InvalidRequestException ire)

  map<string, string> describe_token_map()
    throws (1: InvalidRequestException ire)

  CqlResult execute_cql_query(1: required binary query, 2: required Compression compression)
    throws (1: InvalidRequestException ire, 2: UnavailableException ue, 3: TimedOutException te,
            4: SchemaDisagreementException sde)

  CqlResult execute_cql3_query(1: required binary query, 2: required Compression compression,
                               3: required ConsistencyLevel consistency)
    throws (1: InvalidRequestException ire, 2: UnavailableException ue, 3: TimedOutException te,
            4: SchemaDisagreementException sde)
}
