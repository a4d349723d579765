"""Counts the detections in exports with DuckDB: types and dialect as it finds them, all threads.

usage: duckdb_count.py FILE...    prints the number of rows and of distinct detections

The result is kept as a table, so that no part of it can be left out as unused. The port of the server is the lower one of
the two in the generated exports.
"""

import sys

import duckdb

connection = duckdb.connect()
connection.execute(
    """
    CREATE TEMP TABLE detections AS
    SELECT "Endpoint", "Domain", "User", "Process", "Local IP", "Remote IP", "Protocol", "Traffic Direction",
           "List Source", "Result", least("Local Port", "Remote Port") AS "Service",
           count(*) AS "Rows", min("Date/Time") AS "First", max("Date/Time") AS "Last"
    FROM read_csv(?)
    GROUP BY ALL
    """,
    [sys.argv[1:]],
)
print(*connection.execute('SELECT sum("Rows"), count(*) FROM detections').fetchone())
