"""What `sleeplsp doctor` advises: settings that do not fit each other, or the endpoint.

Pure. It must not know how anything was found out.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from sleeplsp.cli.doctor_report import Doctor, ModelEntry
from sleeplsp.engine.reflection.policy import no_room
from sleeplsp.engine.settings import Settings
from sleeplsp.prompts.sleep import tokens_min

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def advice(found: Doctor, settings: Settings) -> Iterator[str]:
    """Yield what the user may want to change, a line each."""
    url = urlsplit(found.endpoint or "")
    if url.scheme == "http" and url.hostname not in _LOOPBACK:
        yield "what is sent can be read on its way: http, and not on this machine; use https if you can"
    if (error := no_room(settings.prompt_tokens_max)) is not None:
        yield f"{error}; as it is, nothing is thought about beforehand"
    for model in found.models:
        yield from _of_model(model, found, settings)
    if found.precompute is not None:
        yield from _of_precompute(found, settings)
    if not settings.sleep:
        yield "`sleep` is off: the model only answers, nothing is thought about beforehand"


def _of_model(model: ModelEntry, found: Doctor, settings: Settings) -> Iterator[str]:
    if found.offered and model.name not in found.offered:
        yield f"{model.name} is not among the models that the endpoint lists"
    needed = settings.prompt_tokens_max + settings.reply_tokens_max
    if model.context_tokens is not None and model.context_tokens < needed:
        fits = model.context_tokens - settings.reply_tokens_max
        if fits >= tokens_min():
            what = f"set prompt_tokens_max to {fits:,} or less"
        elif (rest := model.context_tokens - tokens_min()) > 0:
            what = f"set prompt_tokens_max to {tokens_min():,} and reply_tokens_max to {rest:,} or less"
        else:
            what = f"the smallest prompt takes {tokens_min():,}"
        yield (
            f"{model.name} takes {model.context_tokens:,} tokens, and prompt_tokens_max and reply_tokens_max "
            f"are {needed:,} together: {what}"
        )
    if model.name not in settings.prices and _has_money_limit(settings):
        yield f"there is no price for {model.name} in `prices`: limits of money do not hold for it"


def _of_precompute(found: Doctor, settings: Settings) -> Iterator[str]:
    if found.precompute is None or not found.precompute.modules:
        return
    likely = found.precompute.likely
    tokens = likely.prompt_tokens + likely.completion_tokens
    for name, limit in (("day", settings.tokens_day_max), ("run", settings.tokens_run_max)):
        if limit is not None and tokens > limit:
            yield (
                f"a precompute is likely to take {tokens:,} tokens, and tokens_{name}_max is {limit:,}: "
                "it stops there, and what is done is kept"
            )


def _has_money_limit(settings: Settings) -> bool:
    return any(
        each is not None for each in (settings.cost_day_max, settings.cost_run_max, settings.cost_module_max)
    )
