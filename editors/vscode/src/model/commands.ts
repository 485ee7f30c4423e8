/** Commands that name an endpoint and a model, and keep or forget the endpoint's key. */
import { ConfigurationTarget, type ExtensionContext, InputBoxValidationSeverity } from "vscode";
import { commands, window, workspace } from "vscode";

import type { Services } from "../services.ts";
import { SECTION } from "../settings.ts";
import { hostOf, isLocal, wrongWith } from "./hosts.ts";
import { environment, has, host, keep, onChange } from "./keys.ts";

/** Register the commands, and start the server anew when its key is another one. */
export function register({ context, servers, prompts }: Services): void {
    const renew = async () => {
        const given = servers.environment;
        if (given !== undefined && JSON.stringify(await environment(context)) !== JSON.stringify(given)) {
            await servers.restart();
        }
    };
    onChange(context, () => void renew());
    context.subscriptions.push(
        commands.registerCommand("sleeplsp.setEndpoint", () => prompts.during(() => setEndpoint(context))),
        commands.registerCommand("sleeplsp.setApiKey", () => prompts.during(() => setKey(context))),
        commands.registerCommand("sleeplsp.removeApiKey", () => prompts.during(() => removeKey(context))),
        workspace.onDidChangeConfiguration(event => {
            if (["endpoint", "key_variable"].some(name => event.affectsConfiguration(`${SECTION}.${name}`))) {
                void renew();
            }
        }),
    );
}

/**
 * Ask for the endpoint, the model and, if it is elsewhere, the key; an empty endpoint removes the model. Return
 * whether there is one.
 */
async function setEndpoint(context: ExtensionContext): Promise<boolean> {
    const settings = workspace.getConfiguration(SECTION);
    const before = settings.get<string | null>("endpoint") ?? "";
    const endpoint = await window.showInputBox({
        title: "Language model: endpoint",
        prompt:
            "Base URL of an OpenAI-compatible endpoint. It will be sent parts of your code, without secrets." +
            (before === "" ? "" : " Leave it empty to have no model."),
        placeHolder: "http://localhost:11434/v1",
        value: before,
        validateInput: text => (text.trim() === "" && before !== "" ? undefined : told(text)),
        ignoreFocusOut: true,
    });
    if (endpoint === undefined) {
        return false;
    }
    if (endpoint.trim() === "") {
        await removeModel(before);
        return false;
    }
    const model = await window.showInputBox({
        title: "Language model: model",
        prompt: "The model's name, as the endpoint knows it",
        placeHolder: "qwen2.5-coder:7b",
        value: settings.get<string | null>("model") ?? "",
        validateInput: name => (name.trim() === "" ? "Give a name" : undefined),
        ignoreFocusOut: true,
    });
    if (model === undefined) {
        return false;
    }
    // The key comes first: without it, the endpoint would refuse what it is asked at once.
    const chosen = hostOf(endpoint);
    if (chosen !== undefined && !isLocal(endpoint) && !(await has(context, chosen))) {
        await askForKey(context, chosen);
    }
    await settings.update("model", model.trim(), ConfigurationTarget.Global);
    await settings.update("endpoint", endpoint.trim(), ConfigurationTarget.Global);
    return true;
}

/** Have no model any more, if the user means it; the key is kept until it is removed itself. */
async function removeModel(endpoint: string): Promise<void> {
    const remove = "Remove";
    const answer = await window.showWarningMessage(
        `Have no language model? ${endpoint} is not asked any more.`,
        { modal: true, detail: "A key that is kept for it stays until you remove it (Remove API Key)." },
        remove,
    );
    if (answer === remove) {
        const settings = workspace.getConfiguration(SECTION);
        for (const name of ["endpoint", "model", "answer_model"]) {
            await settings.update(name, undefined, ConfigurationTarget.Global);
        }
    }
}

/** Ask for the key of the endpoint that is set, or for the endpoint; return whether it is set. */
async function setKey(context: ExtensionContext): Promise<boolean> {
    const chosen = host();
    return chosen === undefined ? setEndpoint(context) : askForKey(context, chosen);
}

async function askForKey(context: ExtensionContext, chosen: string): Promise<boolean> {
    const key = await window.showInputBox({
        title: `Language model: key for ${chosen}`,
        prompt: "It is kept in VS Code's secret storage, and given to the server's process alone.",
        password: true,
        ignoreFocusOut: true,
        validateInput: text =>
            text.trim() === "" ? "Give a key, or press Escape if it needs none" : undefined,
    });
    if (key !== undefined) {
        await keep(context, chosen, key.trim());
    }
    return key !== undefined;
}

/** Forget the key of the endpoint that is set. */
async function removeKey(context: ExtensionContext): Promise<void> {
    const chosen = host();
    if (chosen === undefined || !(await has(context, chosen))) {
        const about = chosen === undefined ? "no endpoint is set in VS Code" : `none is kept for ${chosen}`;
        await window.showInformationMessage(`There is no key to remove: ${about}.`);
        return;
    }
    await keep(context, chosen, undefined);
    await window.showInformationMessage(`The key for ${chosen} is removed.`);
}

function told(endpoint: string) {
    const fault = wrongWith(endpoint);
    return (
        fault && {
            message: fault.message,
            severity: fault.isFatal ? InputBoxValidationSeverity.Error : InputBoxValidationSeverity.Warning,
        }
    );
}
