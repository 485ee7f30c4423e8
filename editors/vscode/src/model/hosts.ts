/** Endpoints and the hosts that their keys belong to. Pure. */

/** What is wrong with an endpoint; what is not fatal may be meant. */
export interface Fault {
    readonly message: string;
    readonly isFatal: boolean;
}

/** Return the host of an endpoint's URL with its port, or undefined if it is none. */
export function hostOf(endpoint: string): string | undefined {
    return webUrl(endpoint)?.host;
}

/** Tell whether an endpoint is on this machine. */
export function isLocal(endpoint: string): boolean {
    const host = webUrl(endpoint)?.hostname ?? "";
    return (
        host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127\.[\d.]+$/.test(host)
    );
}

/** Return what is wrong with what was typed as an endpoint, or undefined if nothing is. */
export function wrongWith(endpoint: string): Fault | undefined {
    const url = webUrl(endpoint);
    if (url === undefined) {
        return { message: "Give a URL, such as http://localhost:11434/v1", isFatal: true };
    }
    if (url.username !== "" || url.password !== "" || /[?#]/.test(endpoint)) {
        return { message: "Leave the key out: Set API Key keeps it in the secret storage", isFatal: true };
    }
    if (url.protocol === "http:" && !isLocal(endpoint)) {
        return { message: "Over http, others on the way can read your code and your key", isFatal: false };
    }
    return undefined;
}

function webUrl(text: string): URL | undefined {
    try {
        const url = new URL(text.trim());
        return /^https?:$/.test(url.protocol) ? url : undefined;
    } catch {
        return undefined;
    }
}
