"""Dataset -> csv, parquet; findings -> text, json."""
