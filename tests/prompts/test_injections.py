"""Instructions that somebody wrote into a repository: they change no role, fence, schema or grade."""

import re

import pytest

from sleeplsp.core.facts import MODULE
from sleeplsp.core.insight import Grade
from sleeplsp.core.languages import languages
from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.critic import critic_prompt
from sleeplsp.prompts.keys import module_key
from sleeplsp.prompts.merge import merge
from sleeplsp.prompts.predictability import question_prompts
from sleeplsp.prompts.prompt import Prompt
from sleeplsp.prompts.reply.read import read
from sleeplsp.prompts.sleep import sleep_prompt, slices
from sleeplsp.prompts.texts import sections
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.prompts.contexts import context_of
from tests.prompts.reply_cases import held_lines

CASES = read_cases(FIXTURES / "injections.md")
_ID = re.compile(r"\w+(\.\w+)*(#\d+)?")
_FENCE = re.compile(r"`{4,}")


def contexts(case: Case) -> tuple[ModuleContext, ModuleContext]:
    """Return the module of a case as it is, and as it would be without the instruction."""
    files = {each.path: each.text for each in case.blocks if each.word in languages()}
    clean = files | {each.path: each.text for each in case.blocks if each.word == "clean"}
    first = next(iter(files))
    subjects = tuple(line for text in case.texts("subjects") for line in text.splitlines())
    return context_of(files, first, subjects), context_of(clean, first)


def prompts(context: ModuleContext) -> list[Prompt]:
    """Return all prompts about a module but the critic's."""
    (part,) = slices(context, 12_000)
    return [sleep_prompt(context, part, 0), sleep_prompt(context, part, 1), *question_prompts(context, part)]


def form(prompt: Prompt) -> object:
    """Return the schema of a prompt, of which names of symbols alone may be the repository's."""
    if prompt.schema is None:
        return None
    names = prompt.schema.body.get("$defs", {}).get("symbol", {}).get("enum", [])
    assert all(name == MODULE or _ID.fullmatch(name) for name in names)
    return prompt.schema.name, prompt.schema.nameless


def outside(user: str) -> str:
    """Return what of a user message stands outside of its fences, read as a model would read it."""
    kept, fence = [], ""
    for line in user.split("\n"):
        if fence:
            fence = "" if line == fence else fence
        elif _FENCE.fullmatch(line):
            fence = line
        else:
            kept.append(line)
    assert not fence
    return "\n".join(kept)


def test_there_are_ten() -> None:
    assert len(CASES) == 10


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_instruction_stays_data(case: Case) -> None:
    injected, clean = contexts(case)
    ours = {each for version in ("sleep/2", "question/1", "critic/1") for each in sections(version).values()}
    for dirty, plain in zip(prompts(injected), prompts(clean), strict=True):
        assert (dirty.system, dirty.version) == (plain.system, plain.version)
        assert form(dirty) == form(plain)
        left = outside(dirty.user)
        for text in sorted(ours, key=len, reverse=True):
            left = left.replace(text, "")
        assert not left.strip()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_model_that_obeys_is_not_believed(case: Case) -> None:
    injected, _ = contexts(case)
    (part,) = slices(injected, 12_000)
    held = read(case.texts("obeys")[0], injected, part)
    expected = [line for text in case.texts("held") for line in text.splitlines()]
    assert list(held_lines(held)) == expected
    insight = merge(injected.path, module_key(injected, "m", {}), [held])
    grades = [each.grade for each in insight.invariants] + [each.grade for each in insight.suspicions]
    assert set(grades) <= {Grade.SINGLE}
    assert not any(each.shown or each.fix for each in insight.suspicions)
    for suspicion in insight.suspicions:
        prompt = critic_prompt(injected, suspicion)
        assert prompt is not None
        assert prompt.system == sections("critic/1")["system"]
        assert suspicion.message not in outside(prompt.user)
