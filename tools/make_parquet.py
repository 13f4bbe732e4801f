"""Writes fixtures/parquet/: twenty chat pairs as pyarrow (and so Hugging Face datasets) stores them, in each codec that
the importer's tests read. Run: python tools/make_parquet.py (needs pyarrow)."""
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

folder = Path(__file__).parent.parent / "fixtures" / "parquet"
folder.mkdir(parents=True, exist_ok=True)
say = lambda role, content: [{"role": role, "content": content}]
table = pa.table({
    "prompt": [say("user", f"Question {i}: 왜?") for i in range(20)],
    "chosen": [say("assistant", f"Good answer {i}.") for i in range(20)],
    "rejected": [say("assistant", f"Bad {i}.") for i in range(20)],
    "score": pa.array(range(20), pa.int64()),
})
for codec in ("snappy", "zstd", "gzip", "none"):
    pq.write_table(table, folder / f"{codec}.parquet", compression=codec, row_group_size=8)
