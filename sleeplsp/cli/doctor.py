"""`sleeplsp doctor`: is there a language model, does it answer, what can it do, what will it cost."""

import os
from collections.abc import Iterator, Mapping

import anyio
import click
import msgspec

from sleeplsp.cli import options, output, reflecting, thinking
from sleeplsp.cli.advice import advice
from sleeplsp.cli.books import budget_entry, budget_line, budget_lines
from sleeplsp.cli.doctor_report import (
    AnewEntry,
    Doctor,
    EstimateEntry,
    ExpenseEntry,
    KeyEntry,
    ModelEntry,
    SourceEntry,
)
from sleeplsp.cli.examining import Examined, Examiner, reached, worst
from sleeplsp.cli.exits import ExitCode
from sleeplsp.cli.layers import sources
from sleeplsp.cli.scope import scope_of
from sleeplsp.cli.session import Session
from sleeplsp.cli.tell import plural
from sleeplsp.cli.verifying import testing_of
from sleeplsp.core.languages import language_of
from sleeplsp.core.lower import is_lowered
from sleeplsp.engine.entries import root_digest
from sleeplsp.engine.errors import SleepError, UsageError
from sleeplsp.engine.estimate import Estimate, Expense, estimate
from sleeplsp.engine.ledger import Ledger
from sleeplsp.engine.model import DeniedError
from sleeplsp.engine.reflection.policy import no_room
from sleeplsp.engine.settings import Settings
from sleeplsp.journal.ledger import DiskLedger
from sleeplsp.llm.endpoint import Endpoint, checked_url, shown_url
from sleeplsp.llm.keys import Key, find_key

_NAMES_SHOWN = 12

_NAMES = (
    "endpoint",
    "local_model",
    "model",
    "answer_model",
    "key_variable",
    "reasoning_effort",
    "consult",
    "sleep",
)

HOW_TO = (
    "no endpoint is set: no model is asked, and nothing leaves this machine",
    "to set one, name the base URL of an OpenAI-compatible server and a model that it offers,",
    "  in the environment: SLEEPLSP_ENDPOINT=http://localhost:8080/v1 SLEEPLSP_MODEL=NAME",
    '  or in your settings file: endpoint = "http://localhost:8080/v1" and model = "NAME"',
    "or name a GGUF file with `local_model` (SLEEPLSP_LOCAL_MODEL), which is served on this machine",
    "a key is read from the environment variable SLEEPLSP_API_KEY, or from a keyring",
)


@click.command()
@click.option("--again", is_flag=True, help="Find out anew what the models can do.")
@options.json
@options.cache_dir
@options.state_dir
@options.root
def doctor(*, again: bool, json: bool, root: str | None, **places: str | None) -> int:
    """See whether there is a language model, whether it answers, what it can do, and what it will cost.

    Asks each model that is set for one word; what a model can do is found out by a few short calls, once,
    and remembered. All of them are booked. Nothing of the workspace is sent: it is looked through, to tell
    what a precompute takes now, of what is not known yet, and what it would take if nothing were.
    """
    with thinking.opened(scope_of(root=root), places) as session:
        found, code = _examined(session, again=again)
        if session.is_misconfigured:
            code = worst((code, ExitCode.USAGE))
    output.deliver(output.json(found) if json else output.lines(_lines(found)))
    return code


def _examined(session: Session, *, again: bool) -> tuple[Doctor, int]:
    settings = session.settings
    told = tuple(_sources(session))
    if not settings.has_model:
        return _without_model(told), ExitCode.CLEAN
    key, where = _key(settings)
    ledger = DiskLedger(settings.state_dir)
    budget = None
    try:
        examined = anyio.run(lambda: _reached(session, key, ledger, again=again))
        budget = budget_entry(ledger.books(), settings)
    except SleepError as error:  # the server of a local model does not start; the journal cannot be read
        examined = Examined(problem=str(error), code=error.exit_code)
    finally:
        ledger.close()
    found = Doctor(
        endpoint=_endpoint(settings),
        local_model=settings.local_model,
        settings=told,
        key=KeyEntry(found=key is not None, where=where) if settings.local_model is None else None,
        problem=examined.problem,
        offered=examined.offered,
        models=examined.models,
        testing=testing_of(session),
        advice=(),
        budget=budget,
        precompute=_estimate(session, examined) if no_room(settings.prompt_tokens_max) is None else None,
    )
    found = msgspec.structs.replace(found, advice=tuple(advice(found, settings)))
    return found, worst((examined.code, _code_of_limits(settings)))


def _code_of_limits(settings: Settings) -> int:
    error = no_room(settings.prompt_tokens_max) if settings.sleep else None
    return error.exit_code if error is not None else ExitCode.CLEAN


async def _reached(session: Session, key: Key | None, ledger: Ledger, *, again: bool) -> Examined:
    async with reached(session.settings, key) as (settings, key_, known_as):
        root = root_digest(str(session.root))
        examiner = Examiner(settings, key_, ledger, session.store, known_as=known_as, root=root, again=again)
        return await examiner.examined()


def _endpoint(settings: Settings) -> str | None:
    is_shown = settings.endpoint is not None and settings.local_model is None
    return shown_url(settings.endpoint or "") if is_shown else None


def _without_model(told: tuple[SourceEntry, ...]) -> Doctor:
    return Doctor(
        endpoint=None,
        local_model=None,
        settings=told,
        key=None,
        problem="",
        offered=(),
        models=(),
        testing="off",
        advice=(),
        budget=None,
        precompute=None,
    )


def _sources(session: Session) -> Iterator[SourceEntry]:
    found = sources(session.root, _NAMES)
    for name in _NAMES:
        if name in found:
            value = str(getattr(session.settings, name))
            shown = shown_url(value) if name == "endpoint" else value
            yield SourceEntry(name=name, value=shown, source=found[name])


def _key(settings: Settings) -> tuple[Key | None, str]:
    if settings.local_model is not None:
        return None, ""
    try:
        host = Endpoint(base_url=checked_url(settings.endpoint or ""), model="").host
    except UsageError:
        host = ""  # what is wrong with it is told where it is asked
    return find_key(settings.key_variable, host, os.environ)


def _estimate(session: Session, examined: Examined) -> EstimateEntry:
    settings = session.settings
    files = ((each, language_of(each.path)) for each in session.files.scan().files)
    sizes = {
        each.path: each.size_bytes
        for each, language in files
        if language is not None and is_lowered(language.name)
    }
    signals, price = session.signals(), settings.prices.get(settings.model or "")

    def priced(sizes: Mapping[str, int]) -> Estimate:
        return estimate(
            sizes, settings, price, weighs=examined.weighs, several=examined.several, signals=signals
        )

    known, failed, waiting = _standing(session) or (frozenset(), frozenset(), sizes.keys())
    anew = priced(sizes)
    rest = priced({path: size for path, size in sizes.items() if path in waiting})
    return EstimateEntry(
        modules=rest.modules,
        known=len(known & sizes.keys()),
        failed=len(failed & sizes.keys()),
        likely=_expense(rest.likely),
        most=_expense(rest.most),
        anew=AnewEntry(modules=anew.modules, likely=_expense(anew.likely), most=_expense(anew.most)),
    )


def _standing(session: Session) -> reflecting.Standing | None:
    """Return which modules are known already; None if no model has thought about any."""
    try:
        if not reflecting.has_thought(session):
            return None
        thinking.brought_up(session)  # what has changed since is asked about again
        return reflecting.standing_of(session)
    except DeniedError:  # the file of a local model cannot be found, which is told already
        return None


def _expense(found: Expense) -> ExpenseEntry:
    return ExpenseEntry(
        calls=found.calls,
        prompt_tokens=found.prompt_tokens,
        cached_tokens=found.cached_tokens,
        completion_tokens=found.completion_tokens,
        cost=round(found.cost, 6) if found.cost is not None else None,
    )


def _lines(found: Doctor) -> Iterator[str]:
    if found.endpoint is None and found.local_model is None:
        yield from HOW_TO
        return
    yield f"endpoint   {found.endpoint or f'a server on this machine, with {found.local_model}'}"
    for each in found.settings:
        yield f"    {each.name} = {each.value} ({each.source})"
    if found.key is not None:
        yield f"key        {'found: ' if found.key.found else 'none: '}{found.key.where}"
    if found.problem:
        yield f"PROBLEM    {found.problem}"
    if found.offered:
        yield f"offers     {_listed(found.offered)}"
    for model in found.models:
        yield from _model_lines(model)
    if found.budget is not None:
        yield f"spent      {budget_line(found.budget)}"
        yield from budget_lines(found.budget)
    if found.precompute is not None:
        yield from _estimate_lines(found.precompute)
    yield f"testing    {found.testing}"
    yield from (f"ADVICE     {each}" for each in found.advice)


def _model_lines(model: ModelEntry) -> Iterator[str]:
    if model.problem:
        yield f"model      {model.name} for {model.use}: {model.problem}"
        return
    how = "found out now" if model.tried_now else "remembered; --again tries anew"
    yield f"model      {model.name} for {model.use}: answers, {model.seconds:.2f} s; what it can do was {how}"
    width = max(len(each.name) for each in model.abilities)
    for each in model.abilities:
        yield f"    {'yes' if each.found else 'no ':3}  {each.name:{width}}  {each.used}"


def _estimate_lines(found: EstimateEntry) -> Iterator[str]:
    modules = plural(found.modules, "module")
    known = f"; {found.known:,} known as they are now cost nothing" if found.known else ""
    failed = f"; {found.failed:,} left, since no reply was of use" if found.failed else ""
    yield f"precompute {modules} to be asked about{known}{failed}"
    yield f"    likely   {_expense_line(found.likely)}"
    yield f"    at most  {_expense_line(found.most)}"
    if found.known or found.failed:
        yield f"if all {plural(found.anew.modules, 'module')} were thought about anew"
        yield f"    likely   {_expense_line(found.anew.likely)}"
        yield f"    at most  {_expense_line(found.anew.most)}"


def _expense_line(found: ExpenseEntry) -> str:
    cost = f", {found.cost:,.6g} of money" if found.cost is not None else ""
    cached = f", {found.cached_tokens:,} of them sent before" if found.cached_tokens else ""
    return (
        f"{plural(found.calls, 'call')}, {found.prompt_tokens:,} tokens of prompts{cached}, "
        f"{found.completion_tokens:,} of replies{cost}"
    )


def _listed(names: tuple[str, ...]) -> str:
    rest = f" and {len(names) - _NAMES_SHOWN:,} more (--json)" if len(names) > _NAMES_SHOWN else ""
    return ", ".join(names[:_NAMES_SHOWN]) + rest
