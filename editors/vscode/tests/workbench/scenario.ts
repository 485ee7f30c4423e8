/**
 * A scenario: a user before a window of VS Code, with the extension installed, and what they do and see.
 *
 * Everything is ended and cleared away with it, and nothing may outlive it. What is seen and logged at the end of
 * one that fails is kept.
 */

import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Browser, chromium } from "playwright-core";
import { EXTENSIONS, LEFT } from "../machine/places.ts";
import { Code } from "../machine/code.ts";
import { findChromium } from "../machine/install.ts";
import { ours, sweep } from "../machine/processes.ts";
import { until } from "../machine/until.ts";
import { User, type Wants } from "../machine/user.ts";
import { Window } from "./window.ts";

/** Folders of installed extensions: ours, and ours with our cases. */

const SIZE = { width: 1280, height: 800 };
const SCENARIO_MS = 240_000;
const END_MS = 20_000;

export interface Place extends Wants {
    /** What is done with the user before VS Code starts. */
    before?: (user: User) => void | Promise<void>;
    /** What is opened: by default the project. */
    opens?: (user: User) => string;
    extensions?: keyof typeof EXTENSIONS;
    /** Whether VS Code asks if a workspace is trusted; by default all are. */
    asksForTrust?: boolean;
    /** Of the window, in pixels. */
    size?: { width: number; height: number };
}

export interface Scene {
    user: User;
    code: Code;
    window: Window;
    browser: Browser;
}

/** Say what a user does and sees, as a test. */
export function scenario(
    name: string,
    place: Place,
    play: (scene: Scene & { test: TestContext }) => Promise<void>,
): void {
    test(name, { timeout: SCENARIO_MS }, context =>
        stage(name, place, scene => play({ ...scene, test: context })),
    );
}

/** Set a scene, have it played, clear it away. */
export async function stage(
    name: string,
    place: Place,
    play: (scene: Scene) => Promise<void>,
): Promise<void> {
    const file = name.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase();
    const user = User.make(place);
    try {
        await place.before?.(user);
        const code = await Code.start(file, user, EXTENSIONS[place.extensions ?? "ours"], place.asksForTrust);
        try {
            await inWindow(file, place, code, play);
        } catch (error) {
            keepLogs(file, user);
            throw error;
        } finally {
            await code.end();
        }
        await nothingOfOursIsLeft();
    } finally {
        sweep();
        user.remove();
    }
}

async function inWindow(
    file: string,
    place: Place,
    code: Code,
    play: (scene: Scene) => Promise<void>,
): Promise<void> {
    const { user } = code;
    const browser = await openBrowser(user);
    try {
        const permissions = ["clipboard-read", "clipboard-write"];
        const page = await browser.newPage({ viewport: place.size ?? SIZE, permissions });
        const window = new Window(page, user.project);
        try {
            await window.open(code.url(place.opens?.(user)));
            await play({ user, code, window, browser });
        } catch (error) {
            await window.picture(`${file}-failed`).catch(() => undefined);
            throw error;
        }
    } finally {
        await browser.close();
    }
}

/** What VS Code itself leaves to end by and by is not ours; `sweep` ends it. */
async function nothingOfOursIsLeft(): Promise<void> {
    await until("the end of our processes", () => ours().length === 0, END_MS).catch(() => {
        throw new Error(["these still run:", ...ours().map(each => `${each.id} ${each.command}`)].join("\n"));
    });
}

function keepLogs(file: string, user: User): void {
    const logs = join(user.userData, "logs");
    if (existsSync(logs)) {
        cpSync(logs, join(LEFT, `${file}-logs`), { recursive: true });
    }
}

async function openBrowser(user: User): Promise<Browser> {
    const found = findChromium();
    if ("why" in found) {
        throw new Error(found.why);
    }
    const quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ];
    return chromium.launch({
        executablePath: found.path,
        args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", ...quiet],
        env: { ...process.env, HOME: user.home, XDG_CONFIG_HOME: join(user.home, "browser") } as Record<
            string,
            string
        >,
    });
}
