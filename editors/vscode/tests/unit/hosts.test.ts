import assert from "node:assert/strict";
import { test } from "node:test";

import { hostOf, isLocal, wrongWith } from "../../src/model/hosts.ts";

test("a key belongs to a host and its port", () => {
    assert.equal(hostOf("https://API.example.org/v1"), "api.example.org");
    assert.equal(hostOf(" http://localhost:11434/v1 "), "localhost:11434");
    assert.equal(hostOf("https://api.example.org:443/v1"), "api.example.org");
    assert.equal(hostOf("https://[::1]:8080/v1"), "[::1]:8080");
    for (const text of ["", "localhost:11434", "file:///etc/passwd", "api.example.org"]) {
        assert.equal(hostOf(text), undefined, text);
    }
});

test("this machine is told from others that look like it", () => {
    for (const text of [
        "http://localhost:1",
        "http://127.0.0.1/v1",
        "http://[::1]:8080",
        "http://a.localhost",
    ]) {
        assert.ok(isLocal(text), text);
    }
    for (const text of [
        "http://localhost.evil.example",
        "http://127.evil.example",
        "http://192.168.1.5",
        "",
    ]) {
        assert.ok(!isLocal(text), text);
    }
});

test("what is wrong with an endpoint is told before it is kept", () => {
    const fatal = (text: string) => wrongWith(text)?.isFatal;
    assert.equal(fatal("https://api.example.org/v1"), undefined);
    assert.equal(fatal("http://localhost:11434/v1"), undefined);
    assert.equal(fatal("http://192.168.1.5:11434/v1"), false);
    for (const text of [
        "",
        "nonsense",
        "ftp://here/",
        "https://me:key@here/v1",
        "https://here/v1?api_key=k",
    ]) {
        assert.equal(fatal(text), true, text);
    }
});
