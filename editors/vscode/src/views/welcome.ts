/** What the view says where it has nothing to list, by name: the texts stand in the extension's description. Pure. */
import type { ServerState } from "../server/state.ts";
import type { Overview } from "./overview.ts";

/** See above. */
export type Welcome = "starting" | "off" | "thinking" | "hidden" | "nothing";

/** Return the name of what is said; `isHidden` if something is told on hover alone and is not listed. */
export function welcomeOf(state: ServerState["kind"], overview: Overview, isHidden: boolean): Welcome {
    if (state === "looking" || state === "starting" || state === "restarting") {
        return "starting";
    }
    if (state !== "running") {
        return "off";
    }
    if (isHidden) {
        return "hidden";
    }
    return overview.roots.every(root => root.isComplete) && overview.roots.length > 0
        ? "nothing"
        : "thinking";
}
