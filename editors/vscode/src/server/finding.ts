/** Where a server may be, and in which order it is looked for. It must not know how it is started. */
import { own } from "../settings.ts";
import type { Launch, Problem } from "./state.ts";

/** Find a server: the one that a setting names, else the one on PATH. */
export async function find(): Promise<Launch | Problem> {
    const path = own("server.path");
    return Promise.resolve(
        path === ""
            ? { command: "sleeplsp", args: ["serve"], source: "PATH" }
            : /python[\d.]*(\.exe)?$/i.test(path)
              ? { command: path, args: ["-m", "sleeplsp", "serve"], source: "setting" }
              : { command: path, args: ["serve"], source: "setting" },
    );
}
