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

/** Tell whether a language model is named for the folder of a file; for any folder, if it lies in none. */
export function hasModel(statuses: readonly Status[], uri: string): boolean {
    const own = folderOf(statuses, uri);
    // Where nothing can cost anything, there is no budget.
    return (own === undefined ? statuses : [own]).some(each => each.budget !== null);
}
