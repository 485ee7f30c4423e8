import assert from "node:assert/strict";
import { test } from "node:test";

import { isOlder, pythonVersion, serverVersion } from "../../src/server/versions.ts";

test("the server's version is read of its own line alone", () => {
    assert.equal(serverVersion("sleeplsp 0.1.0\n"), "0.1.0");
    assert.equal(serverVersion("DeprecationWarning: old\r\nsleeplsp 1.2.0rc1\r\n"), "1.2.0rc1");
    assert.equal(serverVersion("sleeplsp: no such command 3.2\n"), undefined);
    assert.equal(serverVersion("Python 3.12.1\n"), undefined);
    assert.equal(serverVersion(""), undefined);
});

test("a Python's version is read wherever it is printed", () => {
    assert.equal(pythonVersion("Python 3.11.7\n"), "3.11.7");
    assert.equal(pythonVersion("Python 3.13.0a1+\n"), "3.13.0");
    assert.equal(pythonVersion("Python 3.10.14 (39dc8d3c85a7)\n[PyPy 7.3.17]\n"), "3.10.14");
    assert.equal(pythonVersion("sh: python: not found"), undefined);
});

test("versions are compared by their numbers", () => {
    assert.ok(isOlder("3.9.18", "3.11"));
    assert.ok(!isOlder("3.11", "3.11"));
    assert.ok(!isOlder("3.11.0", "3.11"));
    assert.ok(isOlder("0.9", "0.10.0"));
    assert.ok(!isOlder("1.0.0rc1", "1.0.0"));
    assert.ok(!isOlder("10.0", "9.9.9"));
});
