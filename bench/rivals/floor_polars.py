"""The floor: Polars parses the used columns of the file to texts and keeps only their longest length."""

import polars as pl
from job import USED, arguments

if __name__ == "__main__":
    source, _, out = arguments()
    scan = pl.scan_csv(source, infer_schema=False)
    lengths = scan.select(pl.col(USED).str.len_bytes().max()).collect(engine="streaming")
    lengths.write_csv(out / "lengths.csv")
