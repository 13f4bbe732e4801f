"""Writes fixtures/parquet/: twenty chat pairs as pyarrow (and so Hugging Face datasets) stores them, in each codec that
the importer's tests read; and bombs/, files of few kilobytes that hold more than a tab's memory. Run:
python tools/make_parquet.py (needs pyarrow)."""
from pathlib import Path

import numpy as np
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


bombs = folder / "bombs"
bombs.mkdir(exist_ok=True)
# One row of 72 million equal numbers, by runs of one index: less than a kilobyte.
long_list = pa.ListArray.from_arrays(pa.array([0, 72_000_000], pa.int32()), pa.array(np.zeros(72_000_000, np.int32)))
pq.write_table(pa.table({"prompt": long_list}), bombs / "long-list.parquet", compression="none", data_page_size=1 << 12)
# 40,000 rows of one text of 10 kB, written out and packed: 39 kB hold 400 MB.
text = pa.array(["x" * 10_000] * 40_000)
pq.write_table(pa.table({"prompt": text}), bombs / "same-text.parquet", compression="zstd", use_dictionary=False)
# The same in three columns, by a dictionary of one text: a kilobyte holds 1.2 GB.
pairs = pa.table({name: text for name in ("prompt", "chosen", "rejected")})
pq.write_table(pairs, bombs / "dictionary.parquet", compression="zstd")
