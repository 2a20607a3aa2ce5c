"""The other floor: DuckDB parses the same columns to texts and keeps only their longest length."""

import duckdb
from job import USED, arguments

if __name__ == "__main__":
    source, _, out = arguments()
    file = f"read_csv('{source}', all_varchar=true, header=true, delim=',', quote='\"', escape='\"')"
    lengths = ", ".join(f"max(length({name}))" for name in USED)
    rows = duckdb.connect().execute(f"select {lengths} from {file}").fetchall()
    (out / "lengths.csv").write_text(",".join(map(str, rows[0])), encoding="utf-8")
