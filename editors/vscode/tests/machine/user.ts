/**
 * A user of a machine: a home of their own, settings, what is on their PATH, and a project.
 *
 * Nothing of whoever runs the tests gets in: no environment, no configuration, no other extension.
 */

import {
    chmodSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    readdirSync,
    realpathSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, relative } from "node:path";
import { PYTHON } from "./places.ts";
import { run } from "./processes.ts";
import { writeFiles } from "./suites.ts";

export interface Wants {
    /** The project: texts by path. */
    files: Record<string, string>;
    /** Settings of the user, beside those that keep VS Code quiet. */
    settings?: Record<string, unknown>;
    /** Whether `sleeplsp` is on the PATH; by default it is. */
    hasServer?: boolean;
    env?: Record<string, string>;
}

/** What would be in the way: advice, suggestions, and everything that asks the network. */
const QUIET = {
    "chat.disableAIFeatures": true,
    "editor.hover.delay": 100,
    "editor.occurrencesHighlight": "off",
    "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
    "extensions.ignoreRecommendations": true,
    "files.autoSave": "off",
    "git.enabled": false,
    "python.defaultInterpreterPath": "python",
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "window.menuBarVisibility": "hidden",
    "workbench.colorTheme": "Default Light Modern",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": false,
    "workbench.welcomePage.walkthroughs.openOnInstall": false,
};

export class User {
    readonly home: string;
    readonly project: string;
    readonly bin: string;
    readonly userData: string;
    readonly env: Record<string, string>;

    private constructor(home: string, wants: Wants) {
        this.home = home;
        this.project = join(home, "project");
        this.bin = join(home, "bin");
        this.userData = join(home, "vscode");
        const places = Object.fromEntries(
            ["config", "data", "state", "cache"].map(name => [
                `XDG_${name.toUpperCase()}_HOME`,
                join(home, name),
            ]),
        );
        this.env = {
            ...places,
            HOME: home,
            LANG: "C.UTF-8",
            PATH: [this.bin, "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
            SHELL: "/bin/sh",
            TMPDIR: join(home, "tmp"),
            ...wants.env,
        };
    }

    /** Make a user, in a folder of their own. */
    static make(wants: Wants): User {
        // The real path: an editor would name files by it, and we by another.
        const user = new User(realpathSync(mkdtempSync(join(tmpdir(), "sleeplsp-user-"))), wants);
        for (const each of [user.project, user.bin, join(user.home, "tmp")]) {
            mkdirSync(each, { recursive: true });
        }
        user.set(wants.settings ?? {});
        user.writeProfile();
        writeFiles(user.project, wants.files);
        if (wants.hasServer ?? true) {
            user.install("sleeplsp", ["-m", "sleeplsp"]);
        }
        return user;
    }

    /**
     * Replace the settings. In a window on a remote machine, such as this, some of ours count where they are the
     * machine's, others where they are the user's: VS Code leaves out what stands in the wrong place.
     */
    set(settings: Record<string, unknown>): void {
        const ours = Object.entries(settings).filter(([name]) => name.startsWith("sleeplsp."));
        writeFiles(this.userData, {
            "Machine/settings.json": JSON.stringify(Object.fromEntries(ours), undefined, 4),
            "User/settings.json": JSON.stringify({ ...QUIET, ...settings }, undefined, 4),
        });
    }

    /** All that stands in the settings, as text. */
    get settings(): string {
        const files = ["Machine", "User"].map(each => join(this.userData, each, "settings.json"));
        return files.map(each => readFileSync(each, "utf8")).join("\n");
    }

    /** Put a folder on the PATH, before VS Code is started. */
    putOnPath(folder: string): void {
        this.env["PATH"] = `${this.env["PATH"]}${delimiter}${folder}`;
        this.writeProfile();
    }

    /** Put a command on the PATH that runs the tests' Python. */
    install(name: string, args: string[]): void {
        const place = join(this.bin, name);
        writeFileSync(place, `#!/bin/sh\nexec '${PYTHON}' ${args.join(" ")} "$@"\n`);
        chmodSync(place, 0o755);
    }

    /** Commit the project as it is. */
    commit(): void {
        const git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-C", this.project];
        run([...git, "init", "--quiet"]);
        run([...git, "add", "."]);
        run([...git, "commit", "--quiet", "--message", "first"]);
    }

    /** VS Code asks a login shell for the environment, and on many systems that begins a PATH of its own. */
    private writeProfile(): void {
        writeFileSync(join(this.home, ".profile"), `PATH='${this.env["PATH"]}'\nexport PATH\n`);
    }

    /** Forget the user. */
    remove(): void {
        rmSync(this.home, { recursive: true, force: true, maxRetries: 10 });
    }
}

/** Return the paths of all files below a folder that hold a text. */
export function filesWith(folder: string, text: string): string[] {
    const all = readdirSync(folder, { recursive: true, withFileTypes: true });
    return all
        .filter(each => each.isFile())
        .map(each => join(each.parentPath, each.name))
        .filter(each => readFileSync(each).includes(text))
        .map(each => relative(folder, each));
}

/** Return the folder of the Python that the tests' environment was made with. */
export function folderOfPython(): string {
    return dirname(run([PYTHON, "-c", "import sys; print(sys._base_executable)"]).trim());
}
