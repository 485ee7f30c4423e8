import assert from "node:assert/strict";
import { test } from "node:test";

import { Later } from "../../src/later.ts";

const MS = 100;

test("what is asked in a moment is done once, and whoever is asked all the time still does it", async t => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    let done = 0;
    const later = new Later(() => {
        done += 1;
        return Promise.resolve();
    }, MS);
    later.soon();
    t.mock.timers.tick(MS - 1);
    later.soon();
    assert.equal(done, 0);
    t.mock.timers.tick(1);
    assert.equal(done, 1);
    await new Promise(setImmediate);
    t.mock.timers.tick(10 * MS);
    assert.equal(done, 1);
});

test("what is asked while it is being done is done once more", async t => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    let resolve: () => void = () => undefined;
    const promise = new Promise<void>(done => {
        resolve = done;
    });
    let done = 0;
    const later = new Later(async () => {
        done += 1;
        await promise;
    }, MS);
    later.soon();
    t.mock.timers.tick(MS);
    later.soon();
    later.soon();
    t.mock.timers.tick(10 * MS);
    assert.equal(done, 1);
    resolve();
    await new Promise(setImmediate);
    t.mock.timers.tick(MS);
    assert.equal(done, 2);
    await new Promise(setImmediate);
    t.mock.timers.tick(10 * MS);
    assert.equal(done, 2);
});

test("nothing is done after its end", t => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    let done = 0;
    const later = new Later(() => {
        done += 1;
        return Promise.resolve();
    }, MS);
    later.soon();
    later.dispose();
    t.mock.timers.tick(10 * MS);
    assert.equal(done, 0);
});
