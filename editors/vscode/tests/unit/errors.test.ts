import assert from "node:assert/strict";
import { test } from "node:test";

import { isRefusal, refusal } from "../../src/answers/errors.ts";

const OTHERWISE = "It must be open.";

function refused(data: unknown): Error {
    return Object.assign(new Error("no"), { code: -32602, data });
}

test("of a file that is too large it is said that it is, and by which setting", () => {
    assert.match(refusal(refused({ isTooLarge: true }), OTHERWISE), /file_bytes_max/);
});

test("of any other it is said what is to be seen to", () => {
    for (const data of [undefined, null, "isTooLarge", { isTooLarge: "yes" }, {}]) {
        assert.ok(isRefusal(refused(data)));
        assert.equal(refusal(refused(data), OTHERWISE), OTHERWISE);
    }
});
