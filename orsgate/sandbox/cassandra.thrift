// SPDX-License-Identifier: Apache-2.0
// The calls of Cassandra's Thrift interface (1.0 to 3.x) that make, change, fill and watch a sandbox ring.

enum ConsistencyLevel { ONE = 1, QUORUM = 2, LOCAL_QUORUM = 3, EACH_QUORUM = 4, ALL = 5, ANY = 6, TWO = 7, THREE = 8 }
enum Compression { GZIP = 1, NONE = 2 }
enum CqlResultType { ROWS = 1, VOID = 2, INT = 3 }

exception NotFoundException {}
exception InvalidRequestException { 1: required string why }
exception UnavailableException {}
exception TimedOutException {}
exception SchemaDisagreementException {}
exception AuthenticationException { 1: required string why }
exception AuthorizationException { 1: required string why }

struct AuthenticationRequest { 1: required map<string, string> credentials }
struct Column { 1: required binary name, 2: optional binary value, 3: optional i64 timestamp, 4: optional i32 ttl }
struct ColumnOrSuperColumn { 1: optional Column column }
struct ColumnParent { 3: required string column_family }
struct ColumnPath { 3: required string column_family, 5: optional binary column }
struct SliceRange { 1: required binary start, 2: required binary finish, 3: required bool reversed, 4: required i32 count }
struct SlicePredicate { 1: optional list<binary> column_names, 2: optional SliceRange slice_range }
struct CqlRow { 1: required binary key, 2: required list<Column> columns }
struct CqlMetadata {
  1: map<binary, string> name_types, 2: map<binary, string> value_types,
  3: string default_name_type, 4: string default_value_type
}
struct CqlResult { 1: required CqlResultType type, 2: optional list<CqlRow> rows, 3: optional i32 num, 4: optional CqlMetadata schema }
struct CfDef {
  1: required string keyspace, 2: required string name, 3: optional string column_type,
  5: optional string comparator_type, 15: optional string default_validation_class, 26: optional string key_validation_class
}
struct KsDef {
  1: required string name, 2: required string strategy_class, 3: optional map<string, string> strategy_options,
  5: required list<CfDef> cf_defs, 6: optional bool durable_writes
}
struct EndpointDetails { 1: string host, 2: string datacenter, 3: optional string rack }
struct TokenRange {
  1: required string start_token, 2: required string end_token, 3: required list<string> endpoints,
  4: optional list<string> rpc_endpoints, 5: optional list<EndpointDetails> endpoint_details
}

service Cassandra {
  void login(1: AuthenticationRequest auth_request) throws (1: AuthenticationException authnx, 2: AuthorizationException authzx),
  void set_keyspace(1: string keyspace) throws (1: InvalidRequestException ire),
  string describe_version(),
  map<string, list<string>> describe_schema_versions() throws (1: InvalidRequestException ire),
  map<string, string> describe_token_map() throws (1: InvalidRequestException ire),
  list<TokenRange> describe_ring(1: string keyspace) throws (1: InvalidRequestException ire),
  KsDef describe_keyspace(1: string keyspace) throws (1: NotFoundException nfe, 2: InvalidRequestException ire),
  string system_add_keyspace(1: KsDef ks_def) throws (1: InvalidRequestException ire, 2: SchemaDisagreementException sde),
  string system_update_keyspace(1: KsDef ks_def) throws (1: InvalidRequestException ire, 2: SchemaDisagreementException sde),
  string system_drop_keyspace(1: string keyspace) throws (1: InvalidRequestException ire, 2: SchemaDisagreementException sde),
  string system_add_column_family(1: CfDef cf_def) throws (1: InvalidRequestException ire, 2: SchemaDisagreementException sde),
  string system_drop_column_family(1: string column_family) throws (1: InvalidRequestException ire, 2: SchemaDisagreementException sde),
  void insert(1: binary key, 2: ColumnParent column_parent, 3: Column column, 4: ConsistencyLevel consistency_level)
    throws (1: InvalidRequestException ire, 2: UnavailableException ue, 3: TimedOutException te),
  list<ColumnOrSuperColumn> get_slice(1: binary key, 2: ColumnParent column_parent, 3: SlicePredicate predicate, 4: ConsistencyLevel consistency_level)
    throws (1: InvalidRequestException ire, 2: UnavailableException ue, 3: TimedOutException te),
  void remove(1: binary key, 2: ColumnPath column_path, 3: i64 timestamp, 4: ConsistencyLevel consistency_level)
    throws (1: InvalidRequestException ire, 2: UnavailableException ue, 3: TimedOutException te),
  CqlResult execute_cql_query(1: binary query, 2: Compression compression)
    throws (1: InvalidRequestException ire, 2: UnavailableException ue, 3: TimedOutException te, 4: SchemaDisagreementException sde),
  CqlResult execute_cql3_query(1: binary query, 2: Compression compression, 3: ConsistencyLevel consistency)
    throws (1: InvalidRequestException ire, 2: UnavailableException ue, 3: TimedOutException te, 4: SchemaDisagreementException sde),
}
