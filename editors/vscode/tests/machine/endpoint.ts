/** A language model that says what a script says: the project's own scripted endpoint, as a process. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PYTHON } from "./places.ts";
import { Group } from "./processes.ts";
import { readCase, textOf } from "./suites.ts";
import { until } from "./until.ts";
import type { User } from "./user.ts";

/** What it does, in the home of its user: the one file there that may hold its key. */
export const SCRIPT = "endpoint.toml";

export interface Endpoint {
    /** Base URL, as a user writes it into the settings. */
    url: string;
    /** Return what it has counted; it ends with that. */
    counts: () => Promise<{ requests: number; answered: number; aborted: number }>;
}

/** Start an endpoint on the machine of a user, who has to name it to make use of it. */
export async function startEndpoint(user: User, script: string): Promise<Endpoint> {
    const file = join(user.home, SCRIPT);
    const log = join(user.home, "endpoint.log");
    writeFileSync(file, script);
    const env = { ...user.env, PYTHONUNBUFFERED: "1" };
    const group = Group.start("the endpoint", [PYTHON, "-m", "sleeplsp.llm.scripted", file], { log, env });
    const [url] = await until("the endpoint's address", () => /^http\S+$/m.exec(readFileSync(log, "utf8")));
    const counts = async () => {
        await group.end();
        const last = readFileSync(log, "utf8").trim().split("\n").at(-1) ?? "";
        return JSON.parse(last) as { requests: number; answered: number; aborted: number };
    };
    return { url, counts };
}

/** Start an endpoint that follows a script of `shop.md`, and have the user name it. */
export async function speaking(
    user: User,
    script: string,
    settings: Record<string, unknown> = {},
): Promise<Endpoint> {
    const endpoint = await startEndpoint(user, textOf(readCase("shop.md", script), "script"));
    user.set({
        "sleeplsp.endpoint": endpoint.url,
        "sleeplsp.model": "scripted",
        "sleeplsp.sleep": false,
        ...settings,
    });
    return endpoint;
}
