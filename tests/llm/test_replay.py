"""Recordings: asked once, answered again without a model."""

import json
from pathlib import Path

import msgspec
import pytest

from sleeplsp.engine.model import Call, ModelError, UnreachableError, Weight
from sleeplsp.llm.replay import Mode, ReplayModel
from sleeplsp.llm.scripted.model import ALL_ABILITIES, ScriptedModel
from tests.llm.books import PLANTED, call_of, desk

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def _call(key: str) -> Call:
    return msgspec.structs.replace(call_of(f"secret words of {key}"), key=key)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


async def test_what_was_asked_once_is_answered_again_in_the_same_order(tmp_path: Path) -> None:
    real = ScriptedModel(["one", "two", "other"], weigh=lambda *_: Weight(-1.5, 3))
    first = ReplayModel(real, tmp_path / "new" / "folder")
    said = [(await first.answer(_call(key))).text for key in ("a", "a", "b")]
    weight, abilities = await first.weigh(_call("a"), "text"), await first.abilities()
    assert said == ["one", "two", "other"]
    assert (first.asked, first.replayed) == (5, 0)

    again = ReplayModel(None, tmp_path / "new" / "folder")
    heard: list[str] = []
    answers = [await again.answer(_call(key), heard.append) for key in ("b", "a", "a")]
    assert [each.text for each in answers] == heard == ["other", "one", "two"]
    assert all(each.replayed and each.usage.total for each in answers)
    assert (await again.weigh(_call("a"), "text"), await again.abilities()) == (weight, abilities)
    assert abilities == ALL_ABILITIES
    assert (again.asked, again.replayed) == (0, 5)
    with pytest.raises(ModelError, match=r"a\.2\.json is not recorded"):
        await again.answer(_call("a"))


async def test_what_is_not_recorded_is_asked_and_recorded(tmp_path: Path) -> None:
    await ReplayModel(ScriptedModel(["one"]), tmp_path).answer(_call("a"))
    real = ScriptedModel(["two"])
    mixed = ReplayModel(real, tmp_path)
    assert [(await mixed.answer(_call("a"))).text for _ in range(2)] == ["one", "two"]
    assert len(real.calls) == 1
    with pytest.raises(ModelError, match="not recorded"):
        await ReplayModel(real, tmp_path, Mode.REPLAY).answer(_call("c"))
    anew = ReplayModel(ScriptedModel(["three"]), tmp_path, Mode.RECORD)
    assert (await anew.answer(_call("a"))).text == "three"
    assert [(await ReplayModel(None, tmp_path).answer(_call("a"))).text] == ["three"]


async def test_a_failure_is_not_recorded_and_the_next_takes_its_place(tmp_path: Path) -> None:
    model = ReplayModel(ScriptedModel([UnreachableError("gone"), "one"]), tmp_path)
    with pytest.raises(UnreachableError):
        await model.answer(_call("a"))
    assert not _files(tmp_path)
    await model.answer(_call("a"))
    assert (await ReplayModel(None, tmp_path).answer(_call("a"))).text == "one"


async def test_a_recording_can_be_read_and_holds_neither_key_nor_prompt(tmp_path: Path) -> None:
    async with desk('[[step]]\ntext = "One, “two”."') as at:
        model = ReplayModel(at.model, tmp_path)
        await model.answer(_call("probe/1 ../../x"))
        await model.close()
    (file,) = _files(tmp_path)
    text = file.read_text("utf-8")
    assert json.loads(text)["text"] == "One, “two”."
    assert "“two”" in text
    assert text.count("\n") > 5
    assert PLANTED not in text
    assert "secret words" not in text


async def test_what_is_no_recording_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.0.json").write_text('{"text": 3}')
    with pytest.raises(ModelError, match=r"a\.0\.json is no recording"):
        await ReplayModel(None, tmp_path).answer(_call("a"))


async def test_keys_that_are_alike_as_names_are_told_apart(tmp_path: Path) -> None:
    model = ReplayModel(ScriptedModel(["one", "two"]), tmp_path)
    assert (await model.answer(_call("a/b"))).text == "one"
    assert (await model.answer(_call("a-b"))).text == "two"
    assert len(_files(tmp_path)) == 2
