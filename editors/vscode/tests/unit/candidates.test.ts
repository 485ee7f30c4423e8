import assert from "node:assert/strict";
import { posix, win32 } from "node:path";
import { suite, test } from "node:test";

import { type Places, candidates, isBelow, toolFolders } from "../../src/server/candidates.ts";

const NONE: Places = {
    setting: "",
    interpreters: [],
    path: ["/usr/bin", "/bin"],
    toolFolders: ["/home/me/.local/bin"],
    home: "/home/me",
    ownEnvironment: "/storage/environment",
    folders: ["/srv/app"],
    isTrusted: true,
    isWindows: false,
    paths: posix,
    exists: () => false,
    real: path => path,
};

function on(there: readonly string[], more: Partial<Places> = {}): Places {
    return { ...NONE, exists: path => there.includes(path), ...more };
}

function found(places: Places): string[] {
    return candidates(places).allowed.map(each => `${each.kind} ${each.path}`);
}

suite("the order in which a server is looked for", () => {
    const all = [
        "/srv/app/.venv/bin/python",
        "/usr/bin/sleeplsp",
        "/home/me/.local/bin/sleeplsp",
        "/storage/environment/bin/python",
    ];
    const selected = ["/envs/one/bin/python", "/envs/two/bin/python", "/envs/one/bin/python"];

    test("interpreters, PATH, then where tools are installed", () => {
        assert.deepEqual(found(on(all, { interpreters: selected })), [
            "python /envs/one/bin/python",
            "python /envs/two/bin/python",
            "python /srv/app/.venv/bin/python",
            "command /usr/bin/sleeplsp",
            "command /home/me/.local/bin/sleeplsp",
            "python /storage/environment/bin/python",
        ]);
    });

    test("what is set, and nothing else", () => {
        const setting = "/opt/sleeplsp/bin/sleeplsp";
        assert.deepEqual(found(on(all, { setting, interpreters: selected })), [`command ${setting}`]);
    });

    test("nothing is there", () => {
        assert.deepEqual(candidates(NONE), { allowed: [], untrusted: [] });
    });

    test("a folder of PATH that is not absolute is passed by", () => {
        const there = ["./sleeplsp", "sleeplsp", "tools/sleeplsp", "/bin/sleeplsp"];
        assert.deepEqual(found(on(there, { path: [".", "", "tools", "/bin"] })), ["command /bin/sleeplsp"]);
    });

    test("an interpreter that is the workspace's .venv is asked once", () => {
        const python = "/srv/app/.venv/bin/python";
        assert.deepEqual(found(on([python], { interpreters: [python] })), [`python ${python}`]);
    });
});

test("uv and pipx are told by variables where to put commands", () => {
    const where = { home: "/home/me", paths: posix };
    assert.deepEqual(toolFolders({}, where), ["/home/me/.local/bin"]);
    const said = {
        UV_TOOL_BIN_DIR: "/uv",
        XDG_BIN_HOME: "",
        XDG_DATA_HOME: "/home/me/d",
        PIPX_BIN_DIR: "/px",
    };
    assert.deepEqual(toolFolders(said, where), ["/uv", "/px", "/home/me/bin", "/home/me/.local/bin"]);
});

suite("what the setting may name", () => {
    const named = (setting: string, there: readonly string[] = []) => found(on(there, { setting }));

    test("a Python, by its name", () => {
        for (const name of ["python", "python3", "python3.13", "pypy3"]) {
            assert.deepEqual(named(`/env/bin/${name}`), [`python /env/bin/${name}`]);
        }
        assert.deepEqual(named("/env/bin/pythonista"), ["command /env/bin/pythonista"]);
    });

    test("a virtual environment", () => {
        assert.deepEqual(named("/env", ["/env/bin/python"]), ["python /env/bin/python"]);
    });

    test("a path below home or the workspace", () => {
        assert.deepEqual(named("~/bin/sleeplsp"), ["command /home/me/bin/sleeplsp"]);
        assert.deepEqual(named("tools/sleeplsp"), ["command /srv/app/tools/sleeplsp"]);
        assert.deepEqual(named("${workspaceFolder}/x/sleeplsp"), ["command /srv/app/x/sleeplsp"]);
    });

    test("a command on PATH", () => {
        assert.deepEqual(named("sleeplsp-next", ["/bin/sleeplsp-next"]), ["command /bin/sleeplsp-next"]);
        assert.deepEqual(named("python3", ["/usr/bin/python3"]), ["python /usr/bin/python3"]);
    });
});

suite("a workspace that is not trusted", () => {
    const refused = (more: Partial<Places>, there: readonly string[] = []) => {
        const { allowed, untrusted } = candidates(on(there, { isTrusted: false, ...more }));
        return [allowed, untrusted].map(each => each.map(one => one.path));
    };

    test("nothing in it is started", () => {
        const inside = ["/srv/app/.venv/bin/python", "/srv/app/bin/sleeplsp"];
        assert.deepEqual(refused({ path: ["/srv/app/bin", "/bin"] }, inside), [[], inside]);
        assert.deepEqual(refused({ interpreters: ["/srv/app/env/bin/python"] }), [
            [],
            ["/srv/app/env/bin/python"],
        ]);
        assert.deepEqual(refused({ setting: "./sleeplsp" }), [[], ["/srv/app/sleeplsp"]]);
    });

    test("what lies elsewhere is", () => {
        assert.deepEqual(refused({ setting: "/srv/application/sleeplsp" }), [
            ["/srv/application/sleeplsp"],
            [],
        ]);
        assert.deepEqual(refused({}, ["/usr/bin/sleeplsp"]), [["/usr/bin/sleeplsp"], []]);
    });

    test("links into it and out of it are followed", () => {
        const links: Record<string, string> = {
            "/home/me/link": "/srv/app/sleeplsp",
            "/home/me/env/bin": "/srv/app/env/bin",
            "/home/me/env/bin/python": "/usr/bin/python3",
            "/srv/app/out": "/usr/bin/sleeplsp",
            "/mnt/app": "/srv/app",
        };
        const real = (path: string) => links[path] ?? path;
        for (const setting of ["/home/me/link", "/home/me/env/bin/python", "/srv/app/out"]) {
            assert.deepEqual(refused({ setting, real }), [[], [setting]]);
        }
        assert.ok(isBelow("/srv/app/sleeplsp", { folders: ["/mnt/app"], paths: posix, real }));
    });
});

suite("Windows", () => {
    const there = ["C:\\Tools\\sleeplsp.exe", "D:\\app\\.venv\\Scripts\\python.exe"];
    const windows: Partial<Places> = {
        isWindows: true,
        paths: win32,
        home: "C:\\Users\\me",
        ownEnvironment: "C:\\storage\\environment",
        folders: ["D:\\app"],
        path: ["C:\\Tools"],
    };

    test("commands and environments have their names there", () => {
        assert.deepEqual(found(on(there, windows)), [
            "python D:\\app\\.venv\\Scripts\\python.exe",
            "command C:\\Tools\\sleeplsp.exe",
        ]);
    });

    test("another drive lies elsewhere, another case does not", () => {
        const setting = "d:\\APP\\sleeplsp.exe";
        const { untrusted } = candidates(on([], { ...windows, setting, isTrusted: false }));
        assert.deepEqual(
            untrusted.map(each => each.path),
            [setting],
        );
        const { allowed } = candidates(
            on([], { ...windows, setting: "C:\\app\\sleeplsp.exe", isTrusted: false }),
        );
        assert.equal(allowed.length, 1);
    });
});
