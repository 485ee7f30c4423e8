/** Versions: what is read of what a program prints, and what is too old. Pure. */

/** The oldest server that this extension understands. */
export const SERVER_MIN = "0.1.0";

/** The oldest Python that the server runs in. */
export const PYTHON_MIN = "3.11";

/** Return the version that `sleeplsp --version` printed, or undefined if something else did. */
export function serverVersion(printed: string): string | undefined {
    return /^sleeplsp (\d+(?:\.\d+)*\S*)\s*$/m.exec(printed)?.[1];
}

/** Return the version that a Python printed of itself. */
export function pythonVersion(printed: string): string | undefined {
    return /^Python (\d+(?:\.\d+)+)/m.exec(printed)?.[1];
}

/** Tell whether a version is older than another; what follows the numbers (`rc1`, `.dev3`) is left out. */
export function isOlder(version: string, than: string): boolean {
    const [ours, theirs] = [numbers(version), numbers(than)];
    for (let place = 0; place < Math.max(ours.length, theirs.length); place++) {
        const difference = (ours[place] ?? 0) - (theirs[place] ?? 0);
        if (difference !== 0) {
            return difference < 0;
        }
    }
    return false;
}

function numbers(version: string): number[] {
    return (/^\d+(\.\d+)*/.exec(version)?.[0] ?? "").split(".").map(Number);
}
