/** Whether code of the workspace may be run: what counts, and what does not. */

import { workspace } from "vscode";
import type { HostCase } from "../main.ts";
import { uriOf } from "../place.ts";

export const cases: HostCase[] = [
    {
        // The project of these cases has a file of settings that says so, and names a program besides.
        name: "a workspace can neither have its code run, nor say by what",
        run: async () => {
            const settings = workspace.getConfiguration("sleeplsp", uriOf("shop"));
            const found = { verify: settings.get("verify"), python: settings.get("verify_python") };
            check(found.verify === false && found.python === null, found);
            const excludes = settings.inspect("excludes")?.workspaceValue;
            check(excludes !== undefined, "the file of settings is not read at all");
            await Promise.resolve();
        },
    },
    {
        name: "what is decided for a folder is told the server, and nothing once it is forgotten",
        run: async ({ decisions }) => {
            const folder = uriOf("").toString();
            const told = (set: unknown) => decisions.settings(folder, set).verify;
            const changed: string[] = [];
            const listening = decisions.onChange(each => changed.push(each));
            check(told(undefined) === null && told(true) === true, told(undefined));
            await decisions.decide(folder, "never");
            check(told(true) === false, told(true));
            await decisions.decide(folder, "allowed");
            check(told(undefined) === true && told(false) === true, told(false));
            // The server may write what need not be escaped as an escape.
            check(decisions.of(folder.replace("project", "%70roject")) === "allowed", folder);
            check(decisions.of("file:///elsewhere") === undefined, "another folder has it, too");
            await decisions.decide(folder, undefined);
            check(told(undefined) === null, told(undefined));
            check(changed.length === 3, changed);
            listening.dispose();
        },
    },
];

function check(holds: boolean, found: unknown): void {
    if (!holds) {
        throw new Error(JSON.stringify(found));
    }
}
