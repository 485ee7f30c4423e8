"""What the tests ask a model, about 300 tokens at a time, and what may come of it."""

from sleeplsp.engine.model import Call, Phase
from sleeplsp.prompts.prompt import Prompt, Schema

CODE = '''\
class Basket:
    """What somebody is about to buy."""

    def __init__(self, owner):
        self.owner = owner
        self.items = {}

    def add(self, name, price, count=1):
        if count < 1:
            raise ValueError(f"count must be positive, not {count}")
        known = self.items.get(name)
        self.items[name] = (price, count + (known[1] if known else 0))

    def total(self):
        return sum(price * count for price, count in self.items.values())

    def cheapest(self):
        if not self.items:
            return None
        return min(self.items, key=lambda name: self.items[name][0])
'''
SYSTEM = "You answer questions about Python code."
SCHEMA = Schema(
    "answer",
    {
        "type": "object",
        "properties": {
            "method": {"type": "string", "enum": ["add", "total", "cheapest"]},
            "pure": {"type": "boolean"},
            "lines": {"type": "integer", "minimum": 0, "maximum": 99},
        },
        "required": ["method", "pure", "lines"],
        "additionalProperties": False,
    },
)

ENDLESS = Schema(
    "endless",
    {
        "type": "array",
        "items": {"type": "string", "enum": ["basket", "item"]},
        "minItems": 400,
        "maxItems": 400,
    },
)


def call_of(
    question: str, schema: Schema | None = None, reply_tokens_max: int = 64, code: str = CODE
) -> Call:
    """Return a question about the code."""
    prompt = Prompt(version="test/1", system=SYSTEM, parts=(f"{code}\n", question), schema=schema)
    return Call(
        phase=Phase.TEST,
        path="basket.py",
        key="k",
        prompt=prompt,
        reply_tokens_max=reply_tokens_max,
        temperature=0.0,
        deadline_s=600.0,
    )


def messages(question: str) -> list[dict[str, str]]:
    """Return the same as a client of the protocol sends it."""
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": f"{CODE}\n{question}"}]
