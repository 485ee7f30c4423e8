/** What the tests need, fetched once and kept: the tools of the extension and ours, VS Code, Chromium. */

import {
    copyFileSync,
    existsSync,
    mkdirSync,
    readFileSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { CACHE, EXTENSION, PYTHON, ROOT, TESTS } from "./places.ts";
import { CODE_SERVER, PREFIX } from "./code.ts";
import { run } from "./processes.ts";

const QUIET = ["--no-audit", "--no-fund", "--loglevel=error", "--cache", join(CACHE, "npm")];

/** Install the packages of a folder as its lock file says, unless that was done. */
export function installPackages(folder: string): void {
    const lock = join(folder, "package-lock.json");
    once(join(folder, "node_modules", ".installed"), readFileSync(lock, "utf8"), () => {
        say(`installing the packages of ${folder} ...`);
        run(["npm", "ci", ...QUIET], { cwd: folder });
    });
}

export function installTools(): void {
    installPackages(TESTS);
    installPackages(EXTENSION);
}

/** Install VS Code: npm packages without their scripts, of which none is needed on this platform. */
export function installCode(): void {
    once(join(PREFIX, "installed"), `${process.version} 2`, () => {
        say("installing VS Code ...");
        rmSync(PREFIX, { recursive: true, force: true });
        mkdirSync(PREFIX, { recursive: true });
        const bare = ["--ignore-scripts", "--omit=dev", ...QUIET];
        run(["npm", "install", "--prefix", PREFIX, `code-server@${CODE_SERVER}`, ...bare]);
        const inner = join(PREFIX, "node_modules", "code-server", "lib", "vscode");
        // Not `npm ci`: its lock files do not agree with its package files.
        run(["npm", "install", ...bare], { cwd: inner });
        run(["npm", "install", ...bare], { cwd: join(inner, "extensions") });
        copyFileSync(
            join(TESTS, "machine", "spdlog.cjs"),
            join(inner, "node_modules", "@vscode", "spdlog", "index.js"),
        );
        const system = process.platform === "darwin" ? "darwin" : "linux";
        for (const [folder, name, to] of [
            ["remote-cli", "code-server", `code-${system}.sh`],
            ["helpers", "browser.sh", `browser-${system}.sh`],
        ] as const) {
            const link = join(inner, "bin", folder, name);
            rmSync(link, { force: true });
            symlinkSync(to, link);
        }
    });
}

/** Return a folder of packages in which pip finds the server of this checkout, and all it needs; made anew each time. */
export function makeWheels(): string {
    const folder = join(CACHE, "wheels");
    const pip = [
        PYTHON,
        "-m",
        "pip",
        "--quiet",
        "--disable-pip-version-check",
        "wheel",
        "--wheel-dir",
        folder,
    ];
    once(join(folder, "made"), readFileSync(join(ROOT, "pyproject.toml"), "utf8"), () => {
        say("fetching the packages that the server needs ...");
        rmSync(folder, { recursive: true, force: true });
        run([...pip, ROOT, "--find-links", folder]);
    });
    run([...pip, ROOT, "--no-deps"]);
    return folder;
}

/** Return where Chromium is, or why there is none. */
export function findChromium(): { path: string } | { why: string } {
    const found = lookForChromium();
    if (found !== undefined) {
        return { path: found };
    }
    if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
        say("installing Chromium ...");
        const install = [
            "apt-get",
            "install",
            "-y",
            "--no-install-recommends",
            "chromium",
            "fonts-dejavu-core",
        ];
        const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
        try {
            run(["apt-get", "update"], { env });
            run(install, { env });
        } catch (error) {
            return { why: `Chromium cannot be installed: ${(error as Error).message}` };
        }
        const now = lookForChromium();
        if (now !== undefined) {
            return { path: now };
        }
    }
    return {
        why: "there is no Chromium: `apt-get install chromium`, or name one: CHROMIUM=/path/to/chromium",
    };
}

function lookForChromium(): string | undefined {
    const named = process.env["CHROMIUM"];
    const folders = (process.env["PATH"] ?? "").split(":");
    const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
    const places = names.flatMap(name => folders.map(folder => join(folder, name)));
    return [...(named ? [named] : []), ...places].find(each => existsSync(each));
}

/** Do something unless it was done for the same text. */
function once(stamp: string, text: string, make: () => void): void {
    const digest = createHash("sha256").update(text).digest("hex");
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) {
        return;
    }
    make();
    writeFileSync(stamp, digest);
}

function say(text: string): void {
    process.stderr.write(`${text}\n`);
}
