/**
 * What was decided for each folder, as VS Code keeps it with the workspace: in no file of the workspace, nor in a
 * setting that it could bring along. It must not know who asks.
 */
import { type Disposable, EventEmitter, type Memento, Uri, workspace } from "vscode";

import { type Decision, type Known, isDecision, verifyOf } from "./deciding.ts";

/** Where the decisions stand, by the folder's URI. */
const KEPT = "verification";

/** See above. */
export class Decisions implements Disposable {
    private readonly changes = new EventEmitter<string>();
    /** Told of a folder, as `folderAt` spells it, whenever something is decided for it. */
    readonly onChange = this.changes.event;
    private readonly state: Memento;

    constructor(state: Memento) {
        this.state = state;
    }

    /** Return what was decided for a folder, by URI. */
    of(folder: string): Decision | undefined {
        const found = this.all[folderAt(folder)];
        return isDecision(found) ? found : undefined;
    }

    /** Keep what was decided for a folder, or (undefined) forget it. */
    async decide(folder: string, decision: Decision | undefined): Promise<void> {
        const key = folderAt(folder);
        const others = Object.entries(this.all).filter(([name]) => name !== key);
        const kept = decision === undefined ? others : [...others, [key, decision]];
        await this.state.update(KEPT, Object.fromEntries(kept));
        this.changes.fire(key);
    }

    /** Return all that matters of a folder, by URI (undefined: of files that lie in none), where `set` is set. */
    known(folder: string | undefined, set: unknown): Known {
        const decision = folder === undefined ? undefined : this.of(folder);
        return { isTrusted: workspace.isTrusted, decision, set };
    }

    /** Return what the server is told of a folder, in the place of what is `set`. */
    settings(folder: string | undefined, set: unknown): { readonly verify: unknown } {
        return { verify: verifyOf(this.known(folder, set)) };
    }

    dispose(): void {
        this.changes.dispose();
    }

    private get all(): Readonly<Record<string, unknown>> {
        return this.state.get<Record<string, unknown>>(KEPT, {});
    }
}

/** Return a folder's URI as VS Code spells it: the server may spell it otherwise. */
export function folderAt(uri: string): string {
    const parsed = Uri.parse(uri);
    return (workspace.getWorkspaceFolder(parsed)?.uri ?? parsed).toString();
}
