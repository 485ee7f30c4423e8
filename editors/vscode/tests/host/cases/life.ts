/** The server's life under VS Code: it is found, is started anew, comes back. They come last: they disturb it. */

import { commands } from "vscode";
import { until } from "../../machine/until.ts";
import type { HostCase } from "../main.ts";
import type { Ours } from "../ours.ts";
import { settled } from "../place.ts";

export const cases: HostCase[] = [
    {
        name: "the server that is on the PATH runs",
        run: async ours => {
            const state = ours.servers.state;
            if (state.kind !== "running" || !/^\d+\.\d+/.test(state.version)) {
                throw new Error(JSON.stringify(state));
            }
            await Promise.resolve();
        },
    },
    {
        name: "the server is started anew by a command",
        run: async ours => {
            const before = pidOf(ours);
            await commands.executeCommand("sleeplsp.restartServer");
            await until("another process", () => pidOf(ours) !== before && pidOf(ours) !== undefined);
            await settled(ours);
        },
    },
    {
        name: "a server that is killed comes back by itself",
        run: async ours => {
            const before = pidOf(ours) ?? 0;
            process.kill(before, "SIGKILL");
            await until("it is noticed", () => ours.servers.state.kind === "restarting");
            await until("another process", () => pidOf(ours) !== undefined && pidOf(ours) !== before);
            await settled(ours);
        },
    },
];

function pidOf(ours: Ours): number | undefined {
    return ours.servers.state.kind === "running" ? ours.servers.state.pid : undefined;
}
