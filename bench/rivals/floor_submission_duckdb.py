"""The other floor of submissions: DuckDB parses every column of the file to texts, and keeps their longest lengths."""

import sys

import duckdb

if __name__ == "__main__":
    file = f"read_csv('{sys.argv[1]}', all_varchar=true, header=true, delim=',', quote='\"', escape='\"')"
    duckdb.sql(f"select max(length(columns(*))) from {file}").fetchall()
