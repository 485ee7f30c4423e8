"""`sleeplsp query prompt`: what a model would be sent of a module, to the letter, and what would not.

It is shown as it is made for the first generation of a sleep, whether there is a model or not.
"""

from collections.abc import Iterator

import click
import msgspec

from sleeplsp.cli import options, tell
from sleeplsp.cli.prompt_report import PromptEntry, Prompts, SecretEntry
from sleeplsp.cli.querying import answered, code_of, known
from sleeplsp.cli.scope import scope_of
from sleeplsp.cli.session import Session
from sleeplsp.core.spelling import native
from sleeplsp.engine.errors import UsageError
from sleeplsp.engine.reflection.gathering import module_context
from sleeplsp.engine.reflection.policy import no_room
from sleeplsp.llm.endpoint import shown_url
from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.sleep import sleep_prompt, slices
from sleeplsp.redact import redact


@click.command()
@click.argument("file", metavar="FILE")
@options.json
@options.cache_dir
@options.state_dir
@options.root
def prompt(file: str, *, json: bool, root: str | None, **places: str | None) -> int:
    """Show what a model would be sent of a module while nobody waits; nothing is sent.

    It is shown to the letter, secrets taken out: one prompt for each part of the module that fits into
    `prompt_tokens_max`. What is sent stands behind `| `; other lines are headings. Further generations differ
    in the order of the symbols at the end; a later pass is told what was claimed before.
    """
    scope = scope_of([file], root)
    if not scope.paths or (scope.root / native(scope.paths[0])).is_dir():
        raise UsageError(f"{file} is a folder; a prompt is about a file")
    with known(scope, places) as (session, outcome):
        context = module_context(session.deduction, scope.paths[0], session.history, redact)
        if context is None:
            raise UsageError(f"{file} cannot be read any more")
        if (error := no_room(session.settings.prompt_tokens_max)) is not None:
            raise error
        told = prompts_of(session, context)
    if not json:
        _note(told)
    answered(told, prompt_lines(told), json=json)
    return code_of(outcome, scope)


def prompts_of(session: Session, context: ModuleContext) -> Prompts:
    """Return what would be sent of a module."""
    settings = session.settings
    tokens_max = settings.prompt_tokens_max
    made = [(part, sleep_prompt(context, part)) for part in slices(context, tokens_max)]
    return Prompts(
        path=context.path,
        endpoint=shown_url(settings.endpoint) if settings.endpoint else settings.local_model,
        model=settings.model,
        tokens_max=tokens_max,
        secrets=tuple(
            SecretEntry(kind=each.kind, line=context.text.line_of(each.start) + 1) for each in context.hidden
        ),
        prompts=tuple(
            PromptEntry(
                version=each.version,
                part=part.part,
                symbols=part.subjects,
                tokens=each.tokens,
                system=each.system,
                user=each.user,
                reply_schema=dict(each.schema.body) if each.schema is not None else {},
            )
            for part, each in made
        ),
    )


def prompt_lines(told: Prompts) -> Iterator[str]:
    """Yield what would be sent, for people."""
    for each in told.prompts:
        of = (
            f"{each.part} of {len(told.prompts)}, {each.version}, at most {tell.plural(each.tokens, 'token')}"
        )
        yield f"=== prompt {of}"
        yield "=== system"
        yield from _sent(each.system)
        yield "=== user"
        yield from _sent(each.user)
        yield "=== schema of the reply"
        yield from _sent(msgspec.json.encode(each.reply_schema).decode())


def _sent(text: str) -> Iterator[str]:
    """Yield lines that cannot be taken for headings, whatever the repository's text says."""
    yield from (f"| {each}" for each in text.split("\n"))


def _note(told: Prompts) -> None:
    for each in told.secrets:
        tell.note(f"{told.path}:{each.line}: a secret is not sent ({each.kind})")
    if told.endpoint is None:
        tell.note("nothing is sent: no endpoint is set")
