import assert from "node:assert/strict";
import { test } from "node:test";

import { BackOff, CRASHES_MAX, FORGET_MS } from "../../src/server/backoff.ts";

test("each crash doubles the wait, until it was too often", () => {
    const backOff = new BackOff();
    const waits = Array.from({ length: CRASHES_MAX + 1 }, (_, number) => backOff.crashed(number));
    assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, undefined]);
});

test("a crash is forgotten after a while", () => {
    const backOff = new BackOff();
    assert.equal(backOff.crashed(0), 1000);
    assert.equal(backOff.crashed(FORGET_MS - 1), 2000);
    assert.equal(backOff.crashed(FORGET_MS), 2000);
    assert.equal(backOff.crashed(3 * FORGET_MS), 1000);
});

test("who asks for a new start begins from nothing", () => {
    const backOff = new BackOff();
    for (let crash = 0; crash <= CRASHES_MAX; crash++) {
        backOff.crashed(crash);
    }
    backOff.forget();
    assert.equal(backOff.crashed(10), 1000);
});
