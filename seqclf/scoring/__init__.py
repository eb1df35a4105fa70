"""A table in, the same table with a run's predictions out, in constant memory.

`source` finds the texts, `results` names what is added, `outputs` and `parquet` write files,
`score` does it all.
"""
