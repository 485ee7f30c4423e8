import assert from "node:assert/strict";
import { test } from "node:test";

import { kept } from "../../src/answers/page/keeping.ts";

test("what is the same at the beginning and at the end of a page stays", () => {
    const of = (before: string, after: string) => kept(Array.from(before), Array.from(after));
    assert.deepEqual(of("abc", "abc"), { head: 3, tail: 0 });
    assert.deepEqual(of("abc", "axc"), { head: 1, tail: 1 });
    assert.deepEqual(of("abc", "ac"), { head: 1, tail: 1 });
    assert.deepEqual(of("abc", "abbc"), { head: 2, tail: 1 });
    // What is the same twice does not count twice.
    assert.deepEqual(of("aa", "a"), { head: 1, tail: 0 });
    assert.deepEqual(of("", "abc"), { head: 0, tail: 0 });
    assert.deepEqual(of("abc", ""), { head: 0, tail: 0 });
});
