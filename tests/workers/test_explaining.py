"""Explaining in the deducer process: what nobody waits for any more is not gone on with."""

import pytest

from sleeplsp.engine.drift.keeper import DriftKeeper
from sleeplsp.engine.drift.watch import DriftWatch
from sleeplsp.workers.deducer import Deducer
from sleeplsp.workers.explaining import UnwantedError, explanation
from sleeplsp.workers.messages import DropRequest, Explained, Reply, WhyRequest
from tests.cli.conftest import SAMPLE
from tests.thinking import EditedFiles, Thinker

TRACEBACK = """\
Traceback (most recent call last):
  File "/elsewhere/main.py", line 5, in shout
    return load(key, table).upper()
           ^^^^^^^^^^^^^^^^^^^^^^
AttributeError: 'NoneType' object has no attribute 'upper'
"""


def thought() -> Thinker:
    thinker = Thinker(EditedFiles(SAMPLE))
    thinker.think()
    return thinker


@pytest.mark.parametrize("looks", range(4))
def test_it_is_given_up_between_two_modules(looks: int) -> None:
    answers = iter([True] * (looks + 1))
    with pytest.raises(UnwantedError):
        explanation(thought().deduction, TRACEBACK, early=False, is_wanted=lambda: next(answers, False))


def test_a_request_that_was_dropped_is_not_answered() -> None:
    thinker, told = thought(), list[Reply]()
    drift = DriftWatch(DriftKeeper(None, thinker.files, lambda _: thinker.deduction))
    deducer = Deducer(thinker.deduction, lambda _path, _text: None, drift, list, told.append)
    deducer.drop(1)  # heard while something else was done
    deducer.take(WhyRequest(1, TRACEBACK))
    deducer.take(DropRequest(1))
    deducer.take(WhyRequest(2, TRACEBACK))
    (reply,) = told
    assert isinstance(reply, Explained)
    assert reply.number == 2
    assert reply.explanation is not None
    assert reply.explanation.certainty == "certain"
