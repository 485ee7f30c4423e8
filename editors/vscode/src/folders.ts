/** Which of the server's folders a file lies in. Pure. */
import type { Status } from "./server/protocol.ts";

/** Return the status of the innermost folder that a file lies in; undefined if it lies in none. */
export function folderOf(statuses: readonly Status[], uri: string): Status | undefined {
    return statuses
        .filter(({ root }) => root !== null && uri.startsWith(root.endsWith("/") ? root : `${root}/`))
        .reduce<Status | undefined>(
            (best, each) => ((best?.root?.length ?? -1) < (each.root?.length ?? 0) ? each : best),
            undefined,
        );
}
