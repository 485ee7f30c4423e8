/**
 * VS Code as a server: the real workbench and the real extension host, as in a window on a remote machine.
 *
 * code-server is what serves it. Each user has a server of their own, which ends with the test.
 */

import { createServer } from "node:net";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CACHE, LEFT } from "./places.ts";
import { Group, run } from "./processes.ts";
import { until } from "./until.ts";
import type { User } from "./user.ts";

export const CODE_SERVER = "4.139.1";
export const PREFIX = join(CACHE, `code-server-${CODE_SERVER}`);
const ENTRY = join(PREFIX, "node_modules", "code-server", "out", "node", "entry.js");

const START_MS = 120_000;
/** A server that nobody looks at any more ends by itself. */
const IDLE_S = 300;

export class Code {
    readonly user: User;
    readonly group: Group;
    readonly log: string;
    private readonly port: number;

    private constructor(user: User, group: Group, port: number, log: string) {
        this.user = user;
        this.group = group;
        this.port = port;
        this.log = log;
    }

    /** Start a server with the extensions of a folder; `name` is that of its log. */
    static async start(name: string, user: User, extensions: string, asksForTrust = false): Promise<Code> {
        const port = await freePort();
        const log = join(LEFT, `${name}.log`);
        mkdirSync(LEFT, { recursive: true });
        const command = [
            ...commandFor(user.home, user.userData, extensions),
            ...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`],
            ...["--disable-telemetry", "--disable-update-check"],
            ...(asksForTrust ? [] : ["--disable-workspace-trust"]),
            ...["--disable-getting-started-override", "--idle-timeout-seconds", String(IDLE_S)],
            ...["--reconnection-grace-time", "1", user.project],
        ];
        const group = Group.start("code-server", command, {
            log,
            env: environment(user.env),
            cwd: user.home,
        });
        const code = new Code(user, group, port, log);
        await until("VS Code answers", () => code.answers(), START_MS).catch((error: unknown) => {
            group.kill();
            throw new Error(readFileSync(log, "utf8"), { cause: error });
        });
        return code;
    }

    /** The address of a window on a folder or a `.code-workspace`. */
    url(place: string = this.user.project): string {
        const kind = place.endsWith(".code-workspace") ? "workspace" : "folder";
        return `http://127.0.0.1:${this.port}/?${kind}=${encodeURIComponent(place)}`;
    }

    /** End it, with its windows' extension hosts and their servers. */
    async end(): Promise<void> {
        await this.group.end();
    }

    private async answers(): Promise<boolean> {
        if (!this.group.isRunning) {
            throw new Error("it has ended");
        }
        return (await fetch(`http://127.0.0.1:${this.port}/healthz`)).ok;
    }
}

/** Install packaged extensions into a folder, in the place of what is there. */
export function installExtensions(folder: string, packages: string[]): void {
    const home = join(CACHE, "home");
    mkdirSync(home, { recursive: true });
    const command = commandFor(home, join(home, "vscode"), folder);
    const env = environment({ HOME: home, PATH: process.env["PATH"] ?? "" });
    run([...command, "--force", ...packages.flatMap(each => ["--install-extension", each])], { env });
}

function commandFor(home: string, userData: string, extensions: string): string[] {
    const config = join(home, "code-server.yaml");
    if (!existsSync(config)) {
        writeFileSync(config, "auth: none\n");
    }
    const places = ["--config", config, "--user-data-dir", userData, "--extensions-dir", extensions];
    return [process.execPath, ENTRY, ...places];
}

function environment(env: Record<string, string>): Record<string, string> {
    return { ...env, EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
}

async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    await new Promise(resolve => server.close(resolve));
    if (address === null || typeof address === "string") {
        throw new Error("no port is free");
    }
    return address.port;
}
