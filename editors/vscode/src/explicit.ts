/** Which settings somebody has set. Pure: where they are set is told by what VS Code says of each. */

/** What VS Code says of one setting: a value for each place where it is set. */
export interface Inspected {
    readonly defaultValue?: unknown;
    readonly globalValue?: unknown;
    readonly workspaceValue?: unknown;
    readonly workspaceFolderValue?: unknown;
}

/** Return the names of those that are set, also to what is their default. */
export function setOf(names: Iterable<string>, inspect: (name: string) => Inspected | undefined): string[] {
    return [...names].filter(name => {
        const { globalValue, workspaceValue, workspaceFolderValue } = inspect(name) ?? {};
        return [globalValue, workspaceValue, workspaceFolderValue].some(value => value !== undefined);
    });
}

/** Return the names of the settings for the server, of the extension's own description. */
export function serverSettings(packageJson: unknown, section: string, own: readonly string[]): string[] {
    const { contributes } = packageJson as {
        contributes: { configuration: { properties: Record<string, unknown> }[] };
    };
    return contributes.configuration
        .flatMap(each => Object.keys(each.properties))
        .map(name => name.slice(section.length + 1))
        .filter(name => !own.includes(name));
}
