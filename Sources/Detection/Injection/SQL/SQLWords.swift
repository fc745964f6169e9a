// The words that SQL dialects give a meaning, by the part they can play in a sentence.

enum SQLWord {
  // Parts of speech; 0 is a plain identifier.
  static let setOperator: UInt8 = 1  // union, intersect, except
  static let select: UInt8 = 2
  static let statement: UInt8 = 3  // begins a statement
  static let from: UInt8 = 4
  static let condition: UInt8 = 5  // where, having
  static let by: UInt8 = 6  // group, order: 'by' follows
  static let limit: UInt8 = 7
  static let into: UInt8 = 8
  static let logical: UInt8 = 9  // and, or, xor
  static let not: UInt8 = 10
  static let comparison: UInt8 = 11  // like, rlike, regexp, glob, sounds, similar
  static let among: UInt8 = 12  // in
  static let between: UInt8 = 13
  static let isWord: UInt8 = 14
  static let arithmetic: UInt8 = 15  // div, mod
  static let constant: UInt8 = 16  // null, true, false
  static let caseWord: UInt8 = 17
  static let whenThen: UInt8 = 18  // when, then, else
  static let end: UInt8 = 19
  static let quantifier: UInt8 = 20  // all, distinct, top
  static let asWord: UInt8 = 21
  static let join: UInt8 = 22  // join, inner, left, ...
  static let procedure: UInt8 = 23
  static let exists: UInt8 = 24  // exists, any, some: a parenthesis follows
  static let binary: UInt8 = 25  // prefix of an operand
  static let collate: UInt8 = 26
  static let values: UInt8 = 27
  static let asc: UInt8 = 28
  static let byWord: UInt8 = 29
  static let on: UInt8 = 30
  static let escape: UInt8 = 31
  static let function: UInt8 = 40  // known, harmless
  static let probing: UInt8 = 41  // known, of use to one who cannot see the answer
  static let object: UInt8 = 42  // tables and columns of the database itself
  static let dangerous: UInt8 = 43  // waits, reads files, runs programs, or leaks through errors

  static let table = WordTable([
    ("union intersect except minus", setOperator),
    ("select", select),
    (
      "insert update delete drop create alter truncate exec execute declare merge shutdown begin call handler set"
        + " grant revoke waitfor if while copy vacuum attach pragma rename backup restore desc describe show use"
        + " prepare deallocate commit rollback load replace do kill flush explain analyze with lock unlock dbcc bulk",
      statement
    ),
    ("from", from), ("where having", condition), ("group order partition", by), ("by", byWord),
    ("limit offset fetch", limit), ("into", into), ("and or xor", logical), ("not", not),
    ("like rlike regexp ilike glob sounds similar match", comparison), ("in", among), ("between", between),
    ("is isnull notnull", isWord), ("div mod", arithmetic), ("null true false unknown", constant),
    ("case", caseWord), ("when then else", whenThen), ("end", end), ("all distinct distinctrow top", quantifier),
    ("as", asWord), ("join inner outer cross natural left right full", join), ("procedure", procedure),
    ("exists any some", exists), ("binary prior", binary), ("collate", collate), ("values", values),
    ("asc", asc), ("on using", on), ("escape", escape),
    (
      "abs avg count max min sum lower upper length trim round floor ceil coalesce now date year month day format"
        + " replace left right reverse first last sqrt power sin cos tan exp log pi rand random repeat space time"
        + " concat isnull nullif greatest least sign instr locate find_in_set strcmp elt field quote ifnull iif nvl"
        + " decode to_char to_number cast convert len datalength charindex patindex stuff str lcase ucase",
      function
    ),
    (
      "sleep benchmark pg_sleep pg_sleep_for pg_sleep_until extractvalue updatexml load_file group_concat concat_ws"
        + " string_agg listagg wm_concat ascii ord hex unhex substring substr mid bin char chr nchar unicode md5 sha1 sha"
        + " sha2 user current_user session_user system_user database schema version db_name user_name suser_name"
        + " host_name object_id col_name object_name name_const make_set uuid_short connection_id row_count xmltype"
        + " dbms_pipe dbms_lock dbms_utility dbms_xmlgen dbms_ldap dbms_java ctxsys utl_inaddr utl_http utl_file"
        + " httpuritype randomblob zeroblob load_extension sqlite_version current_database current_schema pg_read_file"
        + " pg_ls_dir lo_import lo_export generate_series query_to_xml database_to_xml inet_server_addr has_dbaccess"
        + " is_srvrolemember openrowset opendatasource openquery xp_cmdshell xp_dirtree xp_regread xp_fileexist"
        + " xp_regwrite xp_availablemedia xp_enumdsn sp_executesql sp_oacreate sp_password sp_makewebtask geometrycollection multipoint"
        + " polygon linestring multilinestring multipolygon st_latfromgeohash gtid_subset gtid_subtract json_keys"
        + " crypt_key regexp_substring encode aes_decrypt from_base64 to_base64 exp ltrim rtrim lpad rpad bit_length"
        + " char_length character_length dbms_random ratio_to_report analyse sys_context sqlite_compileoption_get",
      probing
    ),
    (
      "sleep benchmark pg_sleep pg_sleep_for pg_sleep_until extractvalue updatexml load_file dbms_pipe dbms_lock"
        + " dbms_xmlgen dbms_ldap dbms_java utl_inaddr utl_http utl_file httpuritype randomblob load_extension"
        + " pg_read_file pg_ls_dir lo_import lo_export query_to_xml database_to_xml openrowset opendatasource xp_cmdshell"
        + " xp_dirtree xp_regread xp_fileexist xp_regwrite xp_availablemedia sp_executesql sp_oacreate name_const"
        + " gtid_subset gtid_subtract st_latfromgeohash ctxsys crypt_key regexp_substring is_srvrolemember group_concat"
        + " xp_loginconfig sp_makewebtask sp_configure xmltype",
      dangerous
    ),
    (
      "information_schema sysobjects syscolumns sysusers sysdatabases syslogins sys systables mysql pg_catalog pg_user"
        + " pg_shadow pg_tables pg_class pg_database pg_stat_activity dual sqlite_master sqlite_temp_master all_tables"
        + " user_tables all_tab_columns user_tab_columns all_users dba_users v$version v$instance v$session"
        + " msysaccessobjects msysobjects msysaces msysqueries rdb$database sysibm syscat sysdummy1 innodb_table_stats"
        + " performance_schema master xp_loginconfig table_name column_name table_schema schemata domain hysteria",
      object
    ),
  ])
}
