import assert from "node:assert/strict";
import { posix, win32 } from "node:path";
import { test } from "node:test";

import { type Disk, isPath, source, wrongWith } from "../../src/install/sources.ts";

const FILES: Record<string, string> = {
    "/src/sleeplsp/pyproject.toml": '[project]\nname = "sleeplsp"\n',
    "/src/other/pyproject.toml": '[project]\nname = "sleeplsp-other"\n',
    "/home/me/sleeplsp-0.1.0-py3-none-any.whl": "",
    "/home/me/other-0.1.0-py3-none-any.whl": "",
};
const DISK: Disk = {
    home: "/home/me",
    paths: posix,
    read: path => FILES[path],
    exists: path => path in FILES,
};

test("a source is refused, doubted or taken", () => {
    const verdicts = {
        "/src/sleeplsp": "taken",
        " /src/sleeplsp ": "taken",
        "~/sleeplsp-0.1.0-py3-none-any.whl": "taken",
        "git+https://example.org/sleeplsp.git@v0.1.0": "taken",
        "git+ssh://git@example.org/sleeplsp.git": "taken",
        "https://example.org/sleeplsp-0.1.0-py3-none-any.whl": "taken",
        "sleeplsp @ https://example.org/sleeplsp.whl": "taken",
        "sleeplsp[local] @ git+https://example.org/x": "taken",
        // What others may choose or change is for the user to know.
        sleeplsp: "doubted",
        "sleeplsp==0.1.0": "doubted",
        "sleeplsp[local] >=0.1,<1": "doubted",
        "http://example.org/sleeplsp.whl": "doubted",
        "git://example.org/sleeplsp": "doubted",
        "": "refused",
        "  ": "refused",
        "--index-url=https://example.org": "refused",
        "-r requirements.txt": "refused",
        "two names": "refused",
        "./sleeplsp": "refused",
        "/src/other": "refused",
        "/src/nothing": "refused",
        "/home/me/other-0.1.0-py3-none-any.whl": "refused",
        "/home/me/sleeplsp-9.9.9-py3-none-any.whl": "refused",
    };
    for (const [typed, verdict] of Object.entries(verdicts)) {
        const fault = wrongWith(typed, DISK);
        const found = fault === undefined ? "taken" : fault.isFatal ? "refused" : "doubted";
        assert.equal(found, verdict, JSON.stringify([typed, fault]));
    }
});

test("a path is a path on its own machine", () => {
    const windows = { ...DISK, home: "C:\\Users\\me", paths: win32 };
    assert.equal(source("~\\sleeplsp", windows), "C:\\Users\\me\\sleeplsp");
    assert.ok(isPath("C:\\src\\sleeplsp", windows));
    assert.ok(!isPath("git+https://example.org/x", DISK) && !isPath("sleeplsp", DISK));
});
