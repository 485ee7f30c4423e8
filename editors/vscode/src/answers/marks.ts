/** Suspicions among the diagnostics that VS Code shows, by their ids. */
import { type Diagnostic, type Uri, languages } from "vscode";

/** Return the diagnostic that tells of a suspicion; undefined if none does. */
export function marked(uri: Uri, suspicion: string): Diagnostic | undefined {
    return languages.getDiagnostics(uri).find(each => idOf(each) === suspicion);
}

/** Return the name of the check that a diagnostic is from. */
export function checkOf(diagnostic: Diagnostic): string {
    const { code } = diagnostic;
    return String(typeof code === "object" ? code.value : code);
}

function idOf(diagnostic: Diagnostic): string | undefined {
    // The language client keeps what the server sent along with a diagnostic.
    const { data } = diagnostic as Diagnostic & { data?: unknown };
    const id: unknown = typeof data === "object" && data !== null && "id" in data ? data.id : undefined;
    return typeof id === "string" ? id : undefined;
}
