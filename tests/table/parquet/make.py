"""Writes one table in the forms that Parquet has, by pyarrow, and the texts that its cells are read as.

Run in this folder: python make.py FOLDER ROWS. The files beside this one are those of 60 rows (python make.py . 60, pyarrow 18 or later).
"""

import datetime
import decimal
import json
import math
import random
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

folder, n = Path(sys.argv[1]), int(sys.argv[2])
random.seed(5)


def cells(draw, type, empty=0.2):
    return pa.array([None if random.random() < empty else draw() for _ in range(n)], type)


def whole(bits, signed):
    return lambda: random.randint(-(2 ** (bits - 1)) if signed else 0, 2 ** (bits - signed) - 1)


def moment(unit):
    start = datetime.datetime(1950, 1, 1)
    return lambda: start + datetime.timedelta(**{unit: random.randint(0, 3 * 10 ** (15 if unit == "microseconds" else 12))})


def amount(digits, scale):
    return lambda: decimal.Decimal(random.randint(-(10**digits), 10**digits)).scaleb(-scale)


table = {
    "f32": cells(lambda: random.uniform(-1e3, 1e3), pa.float32()),
    "f64": cells(lambda: random.choice([random.gauss(0, 1), 1e300, 5e-324, math.nan, math.inf]), pa.float64()),
    "i8": cells(whole(8, True), pa.int8()),
    "u16": cells(whole(16, False), pa.uint16()),
    "i32": cells(whole(32, True), pa.int32()),
    "u32": cells(whole(32, False), pa.uint32()),
    "i64": cells(whole(64, True), pa.int64()),
    "u64": cells(whole(64, False), pa.uint64()),
    "row": pa.array([i * 3 + 7 for i in range(n)], pa.int64()),
    "yes": cells(lambda: random.random() < 0.5, pa.bool_()),
    "ward": cells(lambda: random.choice(["icu", "é€💉", "", 'a,b\n"c"']), pa.string()),
    "patient": pa.array([f"hospital/patients/{i:06d}" for i in range(n)]),
    "day": cells(lambda: datetime.date(1900, 1, 1) + datetime.timedelta(days=random.randint(0, 70000)), pa.date32()),
    "ms": cells(moment("milliseconds"), pa.timestamp("ms")),
    "us": cells(moment("microseconds"), pa.timestamp("us", tz="UTC")),
    "ns": cells(moment("microseconds"), pa.timestamp("ns")),
    "clock": cells(lambda: datetime.time(random.randint(0, 23), 5, 7, random.choice([0, 120000])), pa.time64("us")),
    "d9": cells(amount(8, 3), pa.decimal128(9, 3)),
    "d18": cells(amount(15, 2), pa.decimal128(18, 2)),
    "d30": cells(amount(24, 4), pa.decimal128(30, 4)),
    "none": pa.nulls(n, pa.string()),
    "level": cells(lambda: random.choice("uvwxyz"), pa.string()).dictionary_encode(),
}
required = {"row", "patient"}
schema = pa.schema([pa.field(name, column.type, nullable=name not in required) for name, column in table.items()])
table = pa.table(table, schema=schema)


def fraction(text, microseconds):
    return text + f".{microseconds:06d}".rstrip("0") if microseconds else text


def text(value):
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return "" if math.isnan(value) else "Infinity" if math.isinf(value) else value
        case decimal.Decimal():
            return format(value, "f").rstrip("0").rstrip(".")
        case datetime.datetime():
            return f"{value:%Y-%m-%d} " + fraction(f"{value:%H:%M:%S}", value.microsecond)
        case datetime.time():
            return fraction(f"{value:%H:%M:%S}", value.microsecond)
    return str(value)


texts = {name: [text(value) for value in table[name].to_pylist()] for name in table.column_names}
(folder / "cells.json").write_text(json.dumps(texts, ensure_ascii=False) + "\n", encoding="utf-8")


def write(name, **options):
    pq.write_table(table, folder / name, store_schema=False, write_page_checksum=not name.startswith("plain"), **options)


pages = {"1": "1.0", "2": "2.0"}
for version, page in pages.items():
    write(f"snappy-dictionary-{version}.parquet", compression="snappy", data_page_version=page, row_group_size=max(1, n // 2))
    write(f"plain-{version}.parquet", compression="none", use_dictionary=False, data_page_version=page, data_page_size=500)
    deltas = {name: "DELTA_BINARY_PACKED" for name in ["i8", "i32", "u32", "i64", "u64", "row", "day"]}
    splits = {name: "BYTE_STREAM_SPLIT" for name in ["f32", "f64", "d30"]}
    shared = {"patient": "DELTA_BYTE_ARRAY", "none": "DELTA_BYTE_ARRAY", "ward": "DELTA_LENGTH_BYTE_ARRAY", "yes": "RLE"}
    encodings = {**deltas, **splits, **shared}
    write(f"deltas-{version}.parquet", use_dictionary=False, column_encoding=encodings, data_page_version=page)
write("old-timestamps.parquet", use_deprecated_int96_timestamps=True)
