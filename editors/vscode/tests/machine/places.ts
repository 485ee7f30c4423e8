/** Where things are: the checkout, what is installed below its `.cache/`, what a run leaves behind. */

import { fileURLToPath } from "node:url";
import { join } from "node:path";

export const TESTS = fileURLToPath(new URL("..", import.meta.url));
export const EXTENSION = join(TESTS, "..");
export const ROOT = join(EXTENSION, "..", "..");
export const FIXTURES = join(TESTS, "fixtures");

/** All that is fetched or made; nothing in it is worth keeping but the time it took. */
export const CACHE = join(ROOT, ".cache", "vscode");
/** The environment that `scripts/test` makes, with the server of this checkout. */
export const PYTHON = join(ROOT, ".cache", "test", "bin", "python");
/** The extension that is tested, packaged. */
export const VSIX = join(CACHE, "sleeplsp.vsix");
/** Our cases that run within VS Code, packaged as an extension of their own. */
export const HOST_VSIX = join(CACHE, "cases.vsix");
/** Folders of installed extensions: ours alone, and with our cases. */
export const EXTENSIONS = { ours: join(CACHE, "extensions"), cases: join(CACHE, "extensions-and-cases") };
/** What is left of the last run: screenshots and logs. */
export const LEFT = join(CACHE, "last-run");
