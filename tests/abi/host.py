"""A host of core.wasm that is no JavaScript: opens a model file of TabDDPM and draws rows. Needs the package wasmtime, and nothing else.

    python3 host.py core.wasm the.model COUNT SEED

prints the rows as JSON: what the diffusion drew, and the columns that they stand for. docs/abi.md says why each call is made.
"""

import json
import math
import struct
import sys

from wasmtime import Engine, Instance, Module, Store

MASK = 0xFFFFFFFF


class Core:
    """The module's exports, with its memory as an arena."""

    def __init__(self, path):
        engine = Engine()
        self.store = Store(engine)
        self.exports = Instance(self.store, Module.from_file(engine, path), []).exports(self.store)
        self.memory = self.exports["memory"]

    def __getattr__(self, name):
        function = self.exports[name]
        signed = lambda a: a - (1 << 32) if isinstance(a, int) and a >= 1 << 31 else a
        return lambda *numbers: function(self.store, *map(signed, numbers))

    def room(self, size, count):
        """`count` numbers of `size` bytes, all zero."""
        at = self.alloc(max(1, count) * size) & MASK
        if at == 0:
            raise MemoryError("the core's memory cannot grow any further")
        self.memory.write(self.store, bytes(count * size), at)
        return at

    def put(self, kind, values):
        data = struct.pack(f"<{len(values)}{kind}", *values)
        at = self.room(1, len(data))
        self.memory.write(self.store, data, at)
        return at

    def get(self, kind, at, count):
        size = struct.calcsize(kind)
        return list(struct.unpack(f"<{count}{kind}", self.memory.read(self.store, at, at + count * size)))


class Stream:
    """Random numbers of a path of labels: a key and a counter of blocks (ts/random.ts)."""

    def __init__(self, key0, key1):
        self.key0, self.key1, self.block = key0, key1, 0

    @staticmethod
    def of_seed(seed):
        return Stream(seed & MASK, seed >> 32)

    def child(self, label):
        units = struct.unpack(f"<{len(label.encode('utf-16-le')) // 2}H", label.encode("utf-16-le"))
        key0, key1 = self.key0, self.key1
        for at in range(0, len(units) + 1, 4):
            u = [units[at + i] + 1 if at + i < len(units) else 0 for i in range(4)]
            key0, key1 = philox([(u[0] | u[1] << 16) & MASK, (u[2] | u[3] << 16) & MASK, at, MASK], key0, key1)[:2]
        return Stream(key0, key1)

    def take(self, words):
        first = self.block
        self.block += (words + 3) // 4
        return self.key0, self.key1, first


def philox(counter, key0, key1):
    """Philox4x32-10 (Salmon et al. 2011)."""
    c0, c1, c2, c3 = counter
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ key0, p1 & MASK, (p0 >> 32) ^ c3 ^ key1, p0 & MASK
        key0, key1 = (key0 + 0x9E3779B9) & MASK, (key1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


def read_model(path):
    """Texts and arrays of a safetensors file. (A careful reader also checks `crc32`, see docs/formats.md.)"""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    texts = header.pop("__metadata__")
    kinds = {"F64": "d", "F32": "f", "F16": "e", "I32": "i", "U32": "I"}
    arrays = {}
    for name, entry in header.items():
        begin, end = (8 + length + at for at in entry["data_offsets"])
        kind = kinds[entry["dtype"]]
        arrays[name] = struct.unpack(f"<{(end - begin) // struct.calcsize(kind)}{kind}", data[begin:end])
    return texts, arrays


def rounded(x):
    """To the nearest whole number, halves up."""
    below = math.floor(x)
    return below + 1 if x - below >= 0.5 else below


def layout_of(columns):
    """Number of numeric columns, levels of each category column, and (numeric, code) of each column; -1 = none."""
    numeric, levels, places = 0, [], []
    for column in columns:
        number = "index" not in column
        categories = (2 if column["someMissing"] else 0) if number else len(column["index"]["levels"])
        has_number = number and column["quantiles"] is not None
        places.append((numeric if has_number else -1, len(levels) if categories > 1 else -1))
        numeric += has_number
        if categories > 1:
            levels.append(categories)
    return numeric, levels, places


NONE, RELU, SILU = 0, 1, 2
PREDICTIONS = {"v": 0, "epsilon": 1, "x0": 2}
SAMPLERS = {"ddpm": 0, "ddim": 1, "dpm++": 2}


def place_process(core, options, numeric, levels):
    """The diffusion process in the core's memory."""
    T = options["timesteps"]
    beta, alpha_bar = core.room(8, T), core.room(8, T)
    if options["schedule"] == "cosine":
        core.scheduleCosine(T, beta)
    else:
        scale = 1000 / T if options["schedule"] == "linear" else 1.0
        core.scheduleLinear(T, 1e-4 * scale, 0.02 * scale, beta)
    core.scheduleCumulate(T, beta, alpha_bar)
    lanes = core.room(16, 3 * max([1, *levels]))
    process = core.room(1, core.diffusionProcessBytes())
    bounds = float(options["oneHotFloor"]), float(options["clip"])
    core.diffusionProcess(
        process, numeric, len(levels), T, PREDICTIONS[options["prediction"]], *bounds, core.put("I", levels), beta, alpha_bar, lanes
    )
    return process


def denoiser(core, arrays, options, kind, rows, width, times):
    """predict(input, i, output): (rows, width) at the i-th time. Embeddings of the times are biases of the first layer."""
    U, H, layers = len(times), options["hidden"], options["layers"]
    w = {name[9:]: core.put("f", values) for name, values in arrays.items() if name.startswith("denoiser.")}
    table, z, time, shift = (core.room(4, U * H) for _ in range(4))
    core.timeEmbedding(core.put("I", times), U, H, table)
    core.linear(U, H, H, table, w["t1.w"], w["t1.b"], time, z, SILU)
    core.linear(U, H, H, time, w["t2.w"], w["t2.b"], shift, 0, NONE)
    core.addRows(U, H, w["in.b"], core.room(4, U), shift)

    names, widths = [f"l{i + 1}" for i in range(len(layers))] + ["out"], [*layers, width]
    O = widths[0]
    chain = []  # (inputs, outputs, weights, bias, activation)
    if O * width < H * (width + O):  # nothing bends before the first layer: its product with `in` is made once
        first, bias = core.room(4, O * width), core.room(4, U * O)
        core.gemm(O, width, H, w[f"{names[0]}.w"], H, 1, w["in.w"], width, 1, first, width, 0, width)
        core.linear(U, H, O, shift, w[f"{names[0]}.w"], w[f"{names[0]}.b"], bias, 0, NONE)
        start = (width, O, first, bias, kind if layers else NONE)
        inputs, rest = O, list(zip(names[1:], widths[1:]))
    else:
        start = (width, H, w["in.w"], shift, NONE)
        inputs, rest = H, list(zip(names, widths))
    for name, outputs in rest:
        chain.append((inputs, outputs, w[f"{name}.w"], w[f"{name}.b"], NONE if name == "out" else kind))
        inputs = outputs
    held = [core.room(4, rows * step[1]) for step in [start, *chain[:-1]]] if chain else []

    def predict(source, i, output):
        steps = [(*start[:3], start[3] + 4 * i * start[1], start[4]), *chain]
        for step, (I, O, weights, bias, act) in enumerate(steps):
            target = held[step] if step < len(steps) - 1 else output
            core.linear(rows, I, O, source, weights, bias, target, 0, act)
            source = target

    return predict


def draw(core, texts, arrays, count, stream):
    """Numbers (count, F) and codes (count, C) of up to 1,024 new rows."""
    options, state = json.loads(texts["options"]), json.loads(texts["state"])
    F, levels, _ = layout_of(state["encoder"]["columns"])
    C, width = len(levels), F + sum(levels)
    T, sampler = options["timesteps"], options["sampler"]
    steps = options["samplingSteps"] or (min(50, T) if sampler == "dpm++" else T)
    times = [T - 1] if steps == 1 else [rounded((steps - 1 - i) * (T - 1) / (steps - 1)) for i in range(steps)]
    eta = options["eta"] if options["eta"] is not None else (1.0 if sampler == "ddpm" else 0.0)

    process = place_process(core, options, F, levels)
    predict = denoiser(core, arrays, options, RELU if state["diffusion"]["activation"] == "relu" else SILU, count, width, times)
    x, x0, z = (core.room(4, count * F) for _ in range(3))
    codes, words = core.room(4, count * C), core.room(4, count * C)
    source, output = core.room(4, count * width), core.room(4, count * width)
    six = core.room(8, 6)

    own = stream.child("#0")
    normals = lambda at: F and core.randomNormal(at, count * F, *own.take(count * F))
    random_words = lambda at: C and core.randomWords(at, count * C, *own.take(count * C))
    normals(x)
    random_words(codes)
    core.multinomialStart(process, count, codes)
    core.diffusionInput(process, x, codes, count, source)
    for i, t in enumerate(times):
        s = times[i + 1] if i + 1 < len(times) else -1
        predict(source, i, output)
        core.gaussianCoefficients(process, SAMPLERS[sampler], t, s, float(eta), t, six)
        if core.get("d", six, 6)[4] > 0:
            normals(z)
        before, remembered = (times[i - 1] if i else t, x0) if sampler == "dpm++" else (t, 0)
        core.gaussianStep(process, SAMPLERS[sampler], t, s, float(eta), before, output, count, x, z, remembered)
        random_words(words)
        core.multinomialStep(process, t, s, output, count, codes, words)
        core.diffusionInput(process, x, codes, count, source)
    return core.get("f", x, count * F), core.get("I", codes, count * C)


def from_normal(core, knots, count, z):
    """The number at the quantile of a normal score (ts/encode/quantile.ts, ends `ranked`)."""
    rank = 0.0 if count == 1 else (core.ndtr(z) * count - 0.5) / (count - 1)
    last = len(knots) - 1
    position = min(max(rank, 0.0), 1.0) * last
    below = min(math.floor(position), max(last - 1, 0))
    return knots[below] + (knots[min(below + 1, last)] - knots[below]) * (position - below)


def to_grid(grid, value):
    if grid["seen"] is not None:
        return min(grid["seen"], key=lambda seen: abs(seen - value))  # the first of equals
    inside = min(max(value, grid["low"]), grid["high"])
    if grid["decimals"] < 0:
        return inside
    power = 10.0 ** grid["decimals"]
    return rounded(inside * power) / power + 0.0


def decode(core, texts, arrays, numbers, codes, count):
    """Columns of the table: numbers and levels, None where missing."""
    columns = json.loads(texts["state"])["encoder"]["columns"]
    F, levels, places = layout_of(columns)
    knots, at = arrays["encoder.knots"], 0
    made = {}
    for column, (numeric, code) in zip(columns, places):
        category = [codes[row * len(levels) + code] for row in range(count)] if code >= 0 else [0] * count
        if "index" in column:
            made[column["name"]] = [column["index"]["levels"][level] for level in category]
            continue
        low = column["grid"] and column["grid"]["low"]
        values = [low] * count
        if numeric >= 0:
            size = column["quantiles"]["knots"]
            own, at = knots[at : at + size], at + size
            scores = [numbers[row * F + numeric] for row in range(count)]
            values = [to_grid(column["grid"], from_normal(core, own, column["quantiles"]["count"], z)) for z in scores]
        made[column["name"]] = [None if missing == 1 else value for value, missing in zip(values, category)]
    return made


def main(wasm, model, count, seed):
    core = Core(wasm)
    texts, arrays = read_model(model)
    stream = Stream.of_seed(int(seed)).child("augment").child(texts["method"]).child("sample")
    mark = core.mark()
    numbers, codes = draw(core, texts, arrays, int(count), stream)
    core.release(mark)
    table = decode(core, texts, arrays, numbers, codes, int(count))
    json.dump({"numeric": numbers, "codes": codes, "table": table}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
