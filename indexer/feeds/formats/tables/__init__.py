"""Tables: rows of cells below a header, in text, workbooks and Parquet."""
