"""Taking an answer: which of its texts are replies that can be read, and what is kept of them.

It must not know what is asked next.
"""

import time

from sleeplsp.engine.model import Answer, Usage
from sleeplsp.engine.reflection.course import Ask, Course, UnreadableError
from sleeplsp.engine.reflection.rows import Reply, Shelf


def keep_replies(course: Course, shelf: Shelf, ask: Ask, answer: Answer) -> str | None:
    """Take up and keep the replies of an answer; return why none of them can be read, or None."""
    slots, reason = [ask.slot, *ask.others], ""
    usage, seconds = answer.usage, answer.seconds
    # The same letters twice are one reply: what is drawn once and sent twice agrees with itself.
    for text in tuple(dict.fromkeys((answer.text, *answer.others)))[: len(slots)]:
        reply = Reply(text=text, model=answer.model, usage=usage, seconds=seconds, made_at=time.time())
        try:
            course.take(slots[0], reply)
        except UnreadableError as error:
            reason = str(error)
        else:
            shelf.keep_reply(slots.pop(0), reply)
            usage, seconds = Usage(), 0.0  # what the call took is told of one of its replies
    return reason if ask.slot in slots else None
