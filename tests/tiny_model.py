"""A language model of some hundred kilobytes that says nothing sensible: for tests of what serves one.

Its file is a whole GGUF file, of the format's version 3: one layer, weights by chance, a token for every
byte. What a schema forces on it, it says; the rest is noise in plain letters, which comes to an end soon.
"""

import random
import struct
from pathlib import Path

WIDTH, HIDDEN, HEADS, CONTEXT = 32, 64, 2, 16_384

_U32, _F32, _STRING, _ARRAY, _BOOL = 4, 6, 8, 9, 7
_I32 = 5
_UNKNOWN, _CONTROL, _NORMAL, _BYTE = 2, 3, 1, 6
_ALIGNMENT = 32
_LAST = ('"', "]", "}")
_LIKED = dict.fromkeys(_LAST, 0.7) | {"</s>": -1.0, "▁": -4.0}
_TEMPLATE = (
    "{% for message in messages %}<{{ message.role }}>{{ message.content }}</s>{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)


def write_tiny_model(path: Path) -> Path:
    """Write the model to a file; return it."""
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    tokens += [chr(byte) for byte in range(33, 127)] + ["▁"]
    kinds = [_UNKNOWN, _CONTROL, _CONTROL, *[_BYTE] * 256, *[_NORMAL] * 95]
    fields = [
        ("general.architecture", _STRING, "llama"),
        ("general.name", _STRING, "tiny"),
        ("llama.context_length", _U32, CONTEXT),
        ("llama.embedding_length", _U32, WIDTH),
        ("llama.block_count", _U32, 1),
        ("llama.feed_forward_length", _U32, HIDDEN),
        ("llama.rope.dimension_count", _U32, WIDTH // HEADS),
        ("llama.attention.head_count", _U32, HEADS),
        ("llama.attention.head_count_kv", _U32, HEADS),
        ("llama.attention.layer_norm_rms_epsilon", _F32, 1e-5),
        ("llama.vocab_size", _U32, len(tokens)),
        ("tokenizer.ggml.model", _STRING, "llama"),
        ("tokenizer.ggml.bos_token_id", _U32, 1),
        ("tokenizer.ggml.eos_token_id", _U32, 2),
        ("tokenizer.ggml.unknown_token_id", _U32, 0),
        ("tokenizer.ggml.add_bos_token", _BOOL, False),
        ("tokenizer.chat_template", _STRING, _TEMPLATE),
        ("tokenizer.ggml.tokens", _ARRAY, (_STRING, tokens)),
        ("tokenizer.ggml.scores", _ARRAY, (_F32, [0.0] * len(tokens))),
        ("tokenizer.ggml.token_type", _ARRAY, (_I32, kinds)),
    ]
    tensors = _tensors(len(tokens))
    _incline(tensors, tokens)
    head = struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(fields))
    head += b"".join(
        _value(_STRING, name) + struct.pack("<I", kind) + _value(kind, value) for name, kind, value in fields
    )
    body = b""
    for name, (shape, weights) in tensors.items():
        head += _value(_STRING, name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, len(body))
        body += _padded(struct.pack(f"<{len(weights)}f", *weights))
    path.write_bytes(_padded(head) + body)
    return path


def _tensors(vocabulary: int) -> dict[str, tuple[tuple[int, ...], list[float]]]:
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (WIDTH, vocabulary),
        "output_norm.weight": (WIDTH,),
        "output.weight": (WIDTH, vocabulary),
        "blk.0.attn_norm.weight": (WIDTH,),
        "blk.0.attn_q.weight": (WIDTH, WIDTH),
        "blk.0.attn_k.weight": (WIDTH, WIDTH),
        "blk.0.attn_v.weight": (WIDTH, WIDTH),
        "blk.0.attn_output.weight": (WIDTH, WIDTH),
        "blk.0.ffn_norm.weight": (WIDTH,),
        "blk.0.ffn_gate.weight": (WIDTH, HIDDEN),
        "blk.0.ffn_up.weight": (WIDTH, HIDDEN),
        "blk.0.ffn_down.weight": (HIDDEN, WIDTH),
    }
    chance = random.Random(7)
    found = {}
    for name, shape in shapes.items():
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        is_norm = name.endswith("norm.weight")
        found[name] = (shape, [1.0 if is_norm else chance.gauss(0, 0.2) for _ in range(count)])
    return found


def _incline(tensors: dict[str, tuple[tuple[int, ...], list[float]]], tokens: list[str]) -> None:
    """Have some tokens said more often and others never, and the end only after some.

    The first number of every token's vector is the same large one, so that the output's first weight counts
    whatever was said; the second is large where it may have been the last.
    """
    vectors, output = tensors["token_embd.weight"][1], tensors["output.weight"][1]
    for number, token in enumerate(tokens):
        first, second = number * WIDTH, number * WIDTH + 1
        vectors[first], vectors[second] = 5.0, 5.0 if token in _LAST else 0.0
        output[first] = _LIKED.get(token, 0.0 if len(token) == 1 else -4.0)
        output[second] = 4.0 if token == "</s>" else 0.0


def _value(kind: int, value: object) -> bytes:
    match value:
        case str():
            raw = value.encode()
            return struct.pack("<Q", len(raw)) + raw
        case (int(inner), list(items)):
            packed = b"".join(_value(inner, each) for each in items)
            return struct.pack("<IQ", inner, len(items)) + packed
        case _:
            return struct.pack({_U32: "<I", _I32: "<i", _F32: "<f", _BOOL: "<?"}[kind], value)


def _padded(raw: bytes) -> bytes:
    return raw + b"\0" * (-len(raw) % _ALIGNMENT)
