#ifndef CPOSTGRES_H
#define CPOSTGRES_H

/* libpq by its own names. The library is loaded at the first PQconnectdb: it brings some twenty others with it
   (TLS, Kerberos, LDAP), whose loading took a fifth of the start of every command. What is asked of it has been
   the same through all of version 5.

   - Source: PostgreSQL's manual, chapter "libpq". */

typedef struct pg_conn PGconn;
typedef struct pg_result PGresult;
typedef unsigned int Oid;
typedef void (*PQnoticeProcessor)(void *argument, const char *message);

/* Those of libpq's values that are compared with; others are numbers without a name here. */
typedef enum { CONNECTION_OK = 0 } ConnStatusType;
typedef enum {
    PGRES_COMMAND_OK = 1,
    PGRES_TUPLES_OK = 2,
    PGRES_COPY_OUT = 3,
    PGRES_COPY_IN = 4
} ExecStatusType;

/* 1 where libpq 5 is installed; a later call answers what the first one did. Any thread. */
int cpostgres_load(void);

/* NULL where libpq is not installed. */
PGconn *PQconnectdb(const char *connection_string);

/* What is called on a connection or a result: each as X(result, name, parameters, arguments). */
#define CPOSTGRES_FUNCTIONS(X)                                                                         \
    X(void, PQfinish, (PGconn * connection), (connection))                                             \
    X(ConnStatusType, PQstatus, (const PGconn *connection), (connection))                              \
    X(char *, PQerrorMessage, (const PGconn *connection), (connection))                                \
    X(char *, PQdb, (const PGconn *connection), (connection))                                          \
    X(char *, PQhost, (const PGconn *connection), (connection))                                        \
    X(PQnoticeProcessor, PQsetNoticeProcessor,                                                         \
      (PGconn * connection, PQnoticeProcessor processor, void *argument),                              \
      (connection, processor, argument))                                                               \
    X(PGresult *, PQexec, (PGconn * connection, const char *statement), (connection, statement))       \
    X(PGresult *, PQexecParams,                                                                        \
      (PGconn * connection, const char *statement, int count, const Oid *types,                        \
       const char *const *values, const int *lengths, const int *formats, int result_format),          \
      (connection, statement, count, types, values, lengths, formats, result_format))                  \
    X(PGresult *, PQprepare,                                                                           \
      (PGconn * connection, const char *name, const char *statement, int count, const Oid *types),     \
      (connection, name, statement, count, types))                                                     \
    X(PGresult *, PQdescribePrepared, (PGconn * connection, const char *name), (connection, name))     \
    X(PGresult *, PQgetResult, (PGconn * connection), (connection))                                    \
    X(int, PQputCopyData, (PGconn * connection, const char *bytes, int count),                         \
      (connection, bytes, count))                                                                      \
    X(int, PQputCopyEnd, (PGconn * connection, const char *failure), (connection, failure))            \
    X(int, PQgetCopyData, (PGconn * connection, char **bytes, int is_async),                           \
      (connection, bytes, is_async))                                                                   \
    X(void, PQfreemem, (void *memory), (memory))                                                       \
    X(void, PQclear, (PGresult * result), (result))                                                    \
    X(ExecStatusType, PQresultStatus, (const PGresult *result), (result))                              \
    X(char *, PQresultErrorField, (const PGresult *result, int field), (result, field))                \
    X(int, PQntuples, (const PGresult *result), (result))                                              \
    X(int, PQnfields, (const PGresult *result), (result))                                              \
    X(char *, PQfname, (const PGresult *result, int column), (result, column))                         \
    X(Oid, PQftype, (const PGresult *result, int column), (result, column))                            \
    X(char *, PQgetvalue, (const PGresult *result, int row, int column), (result, row, column))        \
    X(int, PQgetisnull, (const PGresult *result, int row, int column), (result, row, column))          \
    X(int, PQgetlength, (const PGresult *result, int row, int column), (result, row, column))

#define CPOSTGRES_DECLARE(result, name, parameters, arguments) result name parameters;
CPOSTGRES_FUNCTIONS(CPOSTGRES_DECLARE)
#undef CPOSTGRES_DECLARE

#endif
